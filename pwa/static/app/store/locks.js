// What one tab does at a time, over all tabs of the app. Phones stop tabs in the middle of anything, and a stopped one
// keeps its lock: so whoever waits asks the holder for a sign of life, and takes the lock over where none comes.

import { failure } from "../core/failure.js";

/** A tab that lives answers at once, also one in the background. */
const ASK_EVERY_MS = 2_000;
/** One answer may come late: whoever asks may have been stopped in between. */
const MOST_UNANSWERED = 3;

/** @typedef {{isLost: () => boolean}} Holding */

/** The locks that this tab has, and how often. @type {Map<string, number>} */
const held = new Map();
/** Called with the name of a lock whose holder has answered. @type {Set<(name: string) => void>} */
const waiting = new Set();
const channel = new BroadcastChannel("undercroft-locks");

channel.addEventListener("message", ({ data: { asked, lives } }) => {
  if (held.has(asked)) channel.postMessage({ lives: asked });
  for (const hear of [...waiting]) hear(lives);
});

/**
 * Do `work` while no other tab has the lock of that name; waits for its turn.
 * @template Result
 * @param {string} name
 * @param {(holding: Holding) => Promise<Result>} work goes on where the lock is lost, so it asks before it writes
 * @returns {Promise<Result>}
 * @throws turn_lost where this tab was stopped for so long that another one has taken over
 */
export async function holdingLock(name, work) {
  for (let mayTake = false; ;) {
    const { given, result } = await request(name, work, mayTake);
    if (given) return result;
    mayTake = true;
  }
}

/**
 * @template Result
 * @param {string} name
 * @param {(holding: Holding) => Promise<Result>} work
 * @param {boolean} steal whether to take it from a holder that has stopped
 * @returns {Promise<{given: true, result: Result} | {given: false, result: null}>} not given where the holder has
 *   stopped
 */
async function request(name, work, steal) {
  const patience = new AbortController();
  const stopAsking = steal ? () => {} : askForLife(name, () => patience.abort());
  let isLost = false;
  let isGiven = false;
  /** @type {unknown} */
  let ownProblem = null;
  const run = async () => {
    isGiven = true;
    stopAsking();
    count(name, 1);
    return work({ isLost: () => isLost }).catch((problem) => {
      ownProblem = problem;
      throw problem;
    });
  };
  try {
    const how = steal ? { steal } : { signal: patience.signal };
    return { given: true, result: /** @type {Result} */ (await navigator.locks.request(name, how, run)) };
  } catch (problem) {
    if (problem === ownProblem || !(problem instanceof DOMException && problem.name === "AbortError")) throw problem;
    if (!isGiven) return { given: false, result: null };
    isLost = true;
    throw failure("turn_lost");
  } finally {
    stopAsking();
    if (isGiven) count(name, -1);
  }
}

/**
 * @param {string} name
 * @param {() => void} onSilence the holder has not answered for long
 * @returns {() => void} ends it
 */
function askForLife(name, onSilence) {
  let unanswered = 0;
  const hear = (/** @type {string} */ lives) => {
    if (lives === name) unanswered = 0;
  };
  waiting.add(hear);
  const timer = setInterval(() => {
    // Two runs of this very tab wait for each other without asking.
    if (held.has(name)) unanswered = 0;
    else if (unanswered === MOST_UNANSWERED) onSilence();
    else {
      unanswered += 1;
      channel.postMessage({ asked: name });
    }
  }, ASK_EVERY_MS);
  return () => {
    clearInterval(timer);
    waiting.delete(hear);
  };
}

/** @param {string} name @param {1 | -1} step */
function count(name, step) {
  const now = (held.get(name) ?? 0) + step;
  if (now > 0) held.set(name, now);
  else held.delete(name);
}
