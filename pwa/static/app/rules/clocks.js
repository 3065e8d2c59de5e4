/** Whether this phone's clock was moved between two of its own readings, by the signs that the server goes by. */

/** @typedef {{wall: string, mono: number, run: string}} Reading `wall` RFC 3339, `mono` in ms since the run began */
/**
 * @typedef {{code: "clock_moved", how: "backwards" | "monotonic" | "elapsed", direction: "back", seconds: number}} Sign
 */

/**
 * What is known of the phone's clock: `met` whether the server ever said what time it is, `apart_s` how far the clock
 * is from the server's (0 where that does not matter), `moved_s` by how much it was moved since the last line (0: it
 * was not).
 * @typedef {{met: boolean, apart_s: number, moved_s: number}} Clock
 */

/** How far honest clocks differ, as the server allows it: a part of the time between two readings, and a little. */
const DRIFT = 200 / 1_000_000;
const CLOCK_S = 2;

/**
 * What shows that the clock was moved since an earlier reading of the same ledger; `seconds` by how much. More elapsed
 * time than the calendar clock shows is a sign, less is none: the clock that only runs may stop while a phone sleeps.
 * @param {Reading} at
 * @param {Reading | null} earlier
 * @returns {Sign[]}
 */
export function signsOfAMovedClock(at, earlier) {
  if (earlier === null) return [];
  const byWall = (Date.parse(at.wall) - Date.parse(earlier.wall)) / 1000;
  const byMono = (at.mono - earlier.mono) / 1000;
  const sameRun = at.run === earlier.run;
  return [
    ...(byWall < -CLOCK_S ? [sign("backwards", byWall)] : []),
    ...(sameRun && byMono < 0 ? [sign("monotonic", byMono)] : []),
    ...(sameRun && byMono >= 0 && byMono - byWall > CLOCK_S + byMono * DRIFT ? [sign("elapsed", byWall - byMono)] : []),
  ];
}

/**
 * All three signs are of a clock that was put back.
 * @param {Sign["how"]} how
 * @param {number} seconds by how much, negative
 * @returns {Sign}
 */
function sign(how, seconds) {
  return { code: "clock_moved", how, direction: "back", seconds: Math.round(-seconds * 10) / 10 };
}
