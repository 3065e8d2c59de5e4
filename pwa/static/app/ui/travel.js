/**
 * Going back in the history by the app itself. A browser moves later than it is asked: what comes after waits until it
 * has arrived.
 */

/** A browser that did not move does not say so. */
const PATIENCE_MS = 1000;

/** What to do once the history stands still. @type {(() => void)[]} */
const waiting = [];
/** @type {(() => void)[]} */
let arrived = [];
/** @type {ReturnType<typeof setTimeout> | null} */
let patience = null;

/** @returns {boolean} whether the history is on its way to where the app sent it */
export function isTravelling() {
  return patience !== null;
}

/** @param {number} by places in the history, below nought to go back */
export function travel(by) {
  patience = setTimeout(arrive, PATIENCE_MS);
  history.go(by);
}

/** @param {() => void} step done now, or once the history stands where it was sent and what waits before is done */
export function afterwards(step) {
  if (isTravelling() || waiting.length > 0) waiting.push(step);
  else step();
}

/** @param {...(() => void)} steps done each time that the history has arrived and nothing else waits */
export function whenStill(...steps) {
  arrived = steps;
}

function arrive() {
  if (patience === null) return;
  clearTimeout(patience);
  patience = null;
  while (!isTravelling() && waiting.length > 0) waiting.shift()?.();
  for (const step of arrived) if (!isTravelling()) step();
}

// Who else hears of it still finds the history on its way.
addEventListener("popstate", () => {
  if (patience !== null) setTimeout(arrive);
});
