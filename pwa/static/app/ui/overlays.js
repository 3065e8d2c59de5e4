/**
 * What lies over a page: camera, viewer, sheets, questions, the search. Each stands in the history, so that going back
 * closes the topmost and nothing else; the router keeps the history in step with what is open here.
 */
import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * `close` as its own button closes it; `stays` where it is still open when its page is seen again; `hears` where its
 * element hears Escape by itself.
 * @typedef {{close: () => void, stays: boolean, hears: boolean}} Overlay
 */

/** The lowest first. @type {Overlay[]} */
const open = [];

/** Told whenever something was opened or closed. @type {() => void} */
let tell = () => {};

/** @param {() => void} told called after each change, until another is given */
export function watchOverlays(told) {
  tell = told;
}

/** @returns {number} how many lie over the page */
export function overlaysOpen() {
  return open.length;
}

/** @returns {number} how many of them are there again with their page */
export function overlaysStaying() {
  return open.filter(({ stays }) => stays).length;
}

/** Closes the upper ones, each as its own button does. @param {number} count how many stay open */
export function closeAbove(count) {
  for (const overlay of open.slice(count).reverse()) overlay.close();
}

/**
 * Says that this part lies over the page, for as long as it is shown.
 * @param {() => void} onClose
 * @param {{stays?: boolean, hears?: boolean, shown?: boolean}} [how]
 */
export function useOverlay(onClose, { stays = false, hears = false, shown = true } = {}) {
  const newest = useRef(onClose);
  newest.current = onClose;
  // Before the screen is painted: what follows at once in another's place takes its entry in the history.
  useLayoutEffect(() => {
    if (!shown) return undefined;
    const own = { close: () => newest.current(), stays, hears };
    open.push(own);
    tell();
    return () => {
      open.splice(open.indexOf(own), 1);
      tell();
    };
  }, [shown]);
}

addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || open.length === 0 || open.at(-1)?.hears) return;
  event.preventDefault();
  closeAbove(open.length - 1);
});
