/**
 * How old a position fix is, and whether it is one. Its time stamp may show satellite time, or the phone's own clock,
 * and either may be hours off: what counts is when it came in, and whether its stamps move along with the phone's
 * clocks.
 */

/** @typedef {{latitude: number, longitude: number, accuracy: number}} Found what a browser says of a place */
/**
 * @typedef {{mono: number, wall: number, stamp: number}} Receipt when a fix came in by both clocks, and its stamp; all
 *   in ms
 */

/**
 * What is known of a phone's stamps: a fix whose age as it came in was `age_s`, and the one with whose stamps the next
 * ones are compared, to see whether they move along.
 * @typedef {{base: Receipt & {age_s: number}, probe: Receipt}} Stamps
 */

const ROLLOVER_MS = 1024 * 7 * 86_400_000;
const DAY_MS = 86_400_000;
/** A stamp may lie so far ahead of a clock that it was made by. */
const AHEAD_S = 30;
/** So long stamps have to move along with both clocks, to so much, before they are believed to. */
const WATCHED_MS = 3000;
const IN_STEP_MS = 1500;
/** As the server takes them. */
const WIDEST_M = 1e8;
const LAST_MOMENT_MS = Date.UTC(9999, 0, 1);

/**
 * Whether a browser's answer is a position at all.
 * @param {Found} coords
 * @param {number} timestamp
 */
export function isPosition({ latitude, longitude, accuracy }, timestamp) {
  const within = (/** @type {number} */ value, /** @type {number} */ limit) =>
    Number.isFinite(value) && Math.abs(value) <= limit;
  return (
    within(latitude, 90) &&
    within(longitude, 180) &&
    within(accuracy, WIDEST_M) &&
    accuracy > 0 &&
    timestamp >= 0 &&
    timestamp < LAST_MOMENT_MS
  );
}

/**
 * How old a fix is by its stamp, in seconds: by the clock that makes it younger, unless that makes it one of the
 * future.
 * @param {number} stamp
 * @param {number[]} clocks what the phone's clock says, and what the server's would
 * @returns {number | null} null where none of them explains the stamp
 */
export function ageByStamp(stamp, clocks) {
  const counted = countedOn(stamp, clocks[clocks.length - 1]);
  const ages = clocks.map((clock) => (clock - counted) / 1000).filter((age_s) => age_s >= -AHEAD_S);
  return ages.length === 0 ? null : Math.max(0, Math.min(...ages));
}

/**
 * How old a fix is that comes in now, and what is known of the phone's stamps from now on.
 * @param {Stamps | null} known
 * @param {Receipt} received
 * @param {number[]} clocks as for `ageByStamp`
 * @returns {{age_s: number, stamps: Stamps}}
 */
export function fixAge(known, received, clocks) {
  const came = { ...received, stamp: countedOn(received.stamp, clocks[clocks.length - 1]) };
  const begun = (/** @type {number} */ age_s) => ({ age_s, stamps: { base: { ...came, age_s }, probe: came } });
  if (known === null) return begun(ageByStamp(came.stamp, clocks) ?? 0);
  const { base, probe } = known;
  const late_ms = base.age_s * 1000 + passedMs(base, came) - (came.stamp - base.stamp);
  // A stamp that jumped by days says nothing; the next one is compared with the clocks again.
  if (Math.abs(late_ms) > DAY_MS) return begun(ageByStamp(came.stamp, clocks) ?? 0);
  const step = inStep(probe, came);
  if (late_ms <= 0 || (step && came.mono - probe.mono >= WATCHED_MS)) return begun(0);
  return { age_s: late_ms / 1000, stamps: { base, probe: step ? probe : came } };
}

/**
 * How much time has passed since: by the clock that says more, since one stands still while the phone sleeps, and the
 * other can be set back.
 * @param {{mono: number, wall: number}} since
 * @param {{mono: number, wall: number}} now
 */
export function passedMs(since, now) {
  return Math.max(now.mono - since.mono, now.wall - since.wall);
}

/** Whether a stamp has moved along with both clocks. @param {Receipt} since @param {Receipt} now */
function inStep(since, now) {
  const moved = now.stamp - since.stamp;
  return [now.mono - since.mono, now.wall - since.wall].every((passed) => Math.abs(moved - passed) <= IN_STEP_MS);
}

/**
 * The stamp with the weeks that a receiver has lost whose count of them began anew.
 * @param {number} stamp
 * @param {number} near
 */
function countedOn(stamp, near) {
  const times = Math.round((near - stamp) / ROLLOVER_MS);
  return times >= 1 && Math.abs(near - stamp - times * ROLLOVER_MS) <= DAY_MS ? stamp + times * ROLLOVER_MS : stamp;
}
