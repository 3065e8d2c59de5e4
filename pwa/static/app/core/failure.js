// Errors with a stable code: the screens say them in the person's language (`problem-<code>`, `phone-…`).

/** @typedef {Error & {code: string, figures: Record<string, unknown>}} Failure */

/**
 * An error to throw.
 * @param {string} code words with underscores, as in the server's catalogue
 * @param {Record<string, unknown>} [figures] what a person needs to know besides
 * @returns {Failure}
 */
export function failure(code, figures = {}) {
  return Object.assign(new Error(code), { code, figures });
}

/**
 * The figures of anything that was thrown; none where it carries none.
 * @param {unknown} thrown
 * @returns {Record<string, unknown>}
 */
export function figuresOf(thrown) {
  return (thrown instanceof Error && /** @type {Partial<Failure>} */ (thrown).figures) || {};
}

/** What the browser's own exceptions mean here, by their names. @type {Record<string, string>} */
const OF_THE_BROWSER = {
  QuotaExceededError: "storage_full",
  NotReadableError: "not_readable",
  NotFoundError: "not_readable",
  AbortError: "broken_off",
  TimeoutError: "broken_off",
  NetworkError: "no_contact",
  NotAllowedError: "not_allowed",
  SecurityError: "not_allowed",
};

/**
 * The code of anything that was thrown; `unexpected` where it carries none.
 * @param {unknown} thrown
 * @returns {string}
 */
export function codeOf(thrown) {
  const { code, name } = /** @type {Partial<Failure>} */ (thrown instanceof Error ? thrown : {});
  if (typeof code === "string") return code;
  return (thrown instanceof DOMException && OF_THE_BROWSER[name ?? ""]) || "unexpected";
}
