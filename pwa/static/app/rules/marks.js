// By what a person tells one device or browser from another of the same name. The same rule is in Python.

const LETTERS = 4;

/**
 * The last letters of a UUID, as capitals.
 * @param {string} id
 * @returns {string}
 */
export function markOf(id) {
  return id.slice(-LETTERS).toUpperCase();
}
