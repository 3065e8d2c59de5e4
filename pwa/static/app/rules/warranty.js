/** Whether a job is under warranty on a day, from what the document says of the term. */

/**
 * As the server computed it: `until` is the last covered day ("2028-11-02"), null where nobody can know.
 * @typedef {{covered: boolean | null, until: string | null, why: {code: string, [figure: string]: unknown}}} Warranty
 */

/**
 * The document's warranty on the day `on`; what is unknown stays so.
 * @param {Warranty} known
 * @param {string} on a date, "2026-11-24", in the company's time zone
 * @returns {Warranty}
 */
export function coveredOn(known, on) {
  if (known.until === null) return known;
  const covered = on <= known.until;
  return { covered, until: known.until, why: { ...known.why, code: covered ? "within_term" : "term_over" } };
}
