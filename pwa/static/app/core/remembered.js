// Small things that the browser remembers beside the database: how a person likes to read, that somebody worked here.
// A browser that forbids storing anything answers with an exception even to the question.

/** @param {string} key @returns {string | null} */
export function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It is not remembered; nothing that was recorded depends on it.
  }
}
