/** Where a short message lies: over no button while there is room, and never over what is pressed next. */

const CONTROLS = "button, a[href], input, textarea, select, summary";
/** What a person presses next, or has just pressed: nothing lies over it. */
const NEXT =
  ".main, .under :is(button, a), .bar button, .heading button, .head button, .shutter, .deck button, .deeds button";
const STEP_PX = 8;
/** A finger's own width around the place that it touched. */
const FINGER_PX = 24;

/** @typedef {{left: number, right: number, top: number, bottom: number}} Box */

/** @type {{element: Element | null, at: Box} | null} */
let touched = null;

addEventListener(
  "pointerdown",
  ({ target, clientX: x, clientY: y }) => {
    const element = target instanceof Element && !target.closest(".toasts") ? target.closest(CONTROLS) : null;
    touched = { element, at: { left: x - FINGER_PX, right: x + FINGER_PX, top: y - FINGER_PX, bottom: y + FINGER_PX } };
  },
  { capture: true },
);

/** @param {Box} one @param {Box} other @returns {number} how much of them lies over each other */
function shared(one, other) {
  const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return wide > 0 && high > 0 ? wide * high : 0;
}

/** @returns {Element} what is on top and can be pressed */
function reachable() {
  const layers = [...document.querySelectorAll("dialog[open], .camera")];
  return layers.findLast((layer) => layer.localName === "dialog") ?? layers.at(-1) ?? document.body;
}

/** @returns {{near: Box[], all: Box[]}} where the controls in sight are; `near` are those that nothing may cover */
function controls() {
  const within = [...reachable().querySelectorAll(CONTROLS)].filter((one) => !one.closest(".toasts"));
  const boxes = (/** @type {Element[]} */ some) =>
    some.map((one) => one.getBoundingClientRect()).filter(({ width, height }) => width > 0 && height > 0);
  const last = touched?.element?.isConnected ? [touched.element.getBoundingClientRect()] : [];
  return {
    near: [...boxes(within.filter((one) => one.matches(NEXT))), ...last, ...(touched ? [touched.at] : [])],
    all: boxes(within),
  };
}

/** @param {Box} box @param {Box[]} others */
const covered = (box, others) => others.reduce((sum, other) => sum + shared(box, other), 0);

/**
 * Puts the messages where they cover nothing, from the foot of the page upwards; where there is no such place, where
 * they cover least. What lies well already stays: nothing moves under a finger.
 * @param {HTMLElement} layer
 */
export function placeToasts(layer) {
  const shown = [...layer.children].map((each) => each.getBoundingClientRect());
  if (shown.length === 0) return;
  const { near, all } = controls();
  const here = layer.getBoundingClientRect();
  const moved = (/** @type {number} */ by) =>
    shown.map(({ left, right, top, bottom }) => ({ left, right, top: top + by, bottom: bottom + by }));
  const badness = (/** @type {number} */ by) =>
    moved(by).reduce((sum, box) => sum + covered(box, all) + 1000 * covered(box, near), 0);
  const inSight = here.top >= 0 && here.bottom <= innerHeight;
  if (layer.dataset.placed && inSight && moved(0).every((box) => covered(box, near) === 0)) return;
  const foot = document.querySelector(".under")?.getBoundingClientRect().top ?? innerHeight;
  let [best, least] = [Math.max(Math.min(foot, innerHeight) - STEP_PX - here.height, 0), Infinity];
  for (let top = best; top >= 0; top -= STEP_PX) {
    const bad = badness(top - here.top);
    if (bad < least) [best, least] = [top, bad];
    if (bad === 0) break;
  }
  layer.style.insetBlock = `${best}px auto`;
  layer.dataset.placed = "yes";
}
