/** How the stage of a work order moves: forward only, with four ways back. */

/** @typedef {"new" | "accepted" | "en_route" | "on_site" | "working" | "paused" | "finished" | "unable"} Stage */

/** @type {Record<Stage, number>} */
const RANKS = { new: 0, accepted: 1, en_route: 2, on_site: 3, working: 4, paused: 4, finished: 5, unable: 5 };

/** After these nobody works on it any more. */
export const ENDS = new Set(["finished", "unable"]);

/**
 * The stage after someone says `to`, or `not_forward` where that changes nothing. Steps may be skipped; `paused` and
 * `working` follow each other in both ways; an order that has ended goes back to `working` after a review that returned
 * it; and `unable` goes back there, or to where the order stood `before` it, where whoever said it takes it back before
 * a review. Throws RangeError for a word that is no stage.
 * @param {Stage} current
 * @param {Stage} to
 * @param {boolean} reviewReturned
 * @param {boolean} [ownUnable]
 * @param {Stage | null} [before]
 * @returns {Stage | "not_forward"}
 */
export function advance(current, to, reviewReturned, ownUnable = false, before = null) {
  if (!Object.hasOwn(RANKS, current) || !Object.hasOwn(RANKS, to)) throw new RangeError(`no stage: ${current}, ${to}`);
  if (RANKS[to] > RANKS[current]) return to;
  if ((current === "working" && to === "paused") || (current === "paused" && to === "working")) return to;
  if (ENDS.has(current) && to === "working" && reviewReturned) return to;
  if (current === "unable" && ownUnable && RANKS[to] < RANKS.unable && (to === "working" || to === before)) return to;
  return "not_forward";
}
