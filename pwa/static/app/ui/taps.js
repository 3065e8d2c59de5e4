/**
 * Wet fingers tap twice. What a press has brought under the finger, or has made another button of, rests for half a
 * second: the second tap does nothing, and a deliberate one after it does what the button says. The one place for
 * that: it listens before anybody else does, to fingers and to keys.
 */

/** How long a changed button rests, from its change on. */
export const REST_MS = 500;
/** For how long after a press a change is looked for: a slow disk, a dialog that comes late. */
const WATCHED_MS = 10_000;
/** A button that has moved less than this is where it was. */
const MOVED_PX = 8;
/** How far from its first touch a finger comes down again where it had hit no button. */
const FINGER_PX = 24;
const CONTROLS = 'button, a[href], summary, [role="button"]';

// When a finger came is what the event says, not when this code ran: on a phone that is busy drawing, the second tap of
// a wet finger is handled long after it.

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */
/** @typedef {{words: string, x: number, y: number}} Look */

/**
 * The last press: the place on the screen that it hit, what there was to press then, and whether it was a key.
 * @type {{zone: Box, known: Map<Element, Look>, dialogs: Set<Element>, at: number, byKey: boolean} | null}
 */
let last = null;
/** @type {WeakMap<Element, number>} until when it rests */
const resting = new WeakMap();

/** Begins to listen; called once at the start. */
export function startTaps() {
  addEventListener("click", onClick, { capture: true });
  addEventListener("keydown", onKey, { capture: true });
  new MutationObserver(layToRest).observe(document.documentElement, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: ["open", "hidden", "class", "href", "aria-checked", "aria-pressed", "aria-expanded", "aria-label"],
  });
}

/** @param {MouseEvent} event */
function onClick(event) {
  if (!event.isTrusted || !(event.target instanceof Element)) return;
  const control = event.target.closest(CONTROLS);
  if (rests(control, event)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  const known = new Map(Array.from(document.querySelectorAll(CONTROLS), (one) => [one, lookOf(one)]));
  const dialogs = new Set(document.querySelectorAll("dialog[open]"));
  last = { zone: zoneOf(control, event), known, dialogs, at: event.timeStamp, byKey: isByKey(event) };
}

/**
 * A key that is held down presses once; whoever moves on by a key presses what they have chosen.
 * @param {KeyboardEvent} event
 */
function onKey(event) {
  const isPress = event.key === "Enter" || event.key === " ";
  const isControl = event.target instanceof Element && event.target.matches(CONTROLS);
  if (isPress && event.repeat && isControl) event.preventDefault();
  if (event.key === "Tab" || event.key.startsWith("Arrow")) last = null;
}

/**
 * Whether this click is the second of two taps, and hits what the first has brought.
 * @param {Element | null} control
 * @param {MouseEvent} event
 */
function rests(control, event) {
  const now = event.timeStamp;
  if (control !== null && (resting.get(control) ?? 0) > now) return true;
  if (last === null || now - last.at > REST_MS || !(isByKey(event) || isWithin(event, last.zone))) return false;
  if (control !== null) return isAnother(control);
  const dialog = event.target instanceof Element ? event.target.closest("dialog") : null;
  return dialog !== null && !last.dialogs.has(dialog);
}

/** Called at every change of the page: what is another button now, where the last press was, rests from now on. */
function layToRest() {
  if (last === null) return;
  if (performance.now() - last.at > WATCHED_MS) {
    last = null;
    return;
  }
  for (const control of document.querySelectorAll(CONTROLS)) {
    const isInReach =
      meets(control.getBoundingClientRect(), last.zone) || (last.byKey && control === document.activeElement);
    if (isInReach && isAnother(control)) rest(control);
  }
}

/** @param {Element} control */
function rest(control) {
  const until = performance.now() + REST_MS;
  resting.set(control, until);
  last?.known.set(control, lookOf(control));
  control.setAttribute("aria-disabled", "true");
  setTimeout(() => {
    if (resting.get(control) === until) control.removeAttribute("aria-disabled");
  }, REST_MS);
}

/**
 * @param {Element} control
 * @returns {boolean} whether it was not there at the last press, said something else, or lay elsewhere
 */
function isAnother(control) {
  const before = last?.known.get(control);
  if (before === undefined) return true;
  const now = lookOf(control);
  return now.words !== before.words || Math.abs(now.x - before.x) > MOVED_PX || Math.abs(now.y - before.y) > MOVED_PX;
}

/**
 * What a button says, but for figures, and where it lies, however far it is scrolled and while it still slides in. A
 * link is the same link where it leads to the same place, and a button the same whose `data-does` is: what else they
 * say may change by itself, as a photo is delivered, and a press does what it did.
 * @param {Element} control
 * @returns {Look}
 */
function lookOf(control) {
  const does = control.getAttribute("href") ?? control.getAttribute("data-does");
  const said = does ?? [control.textContent, control.getAttribute("aria-label")].join(" ").replaceAll(/\d+/g, "#");
  const states = ["aria-checked", "aria-pressed", "aria-expanded"].map((name) => control.getAttribute(name));
  let [x, y] = [0, 0];
  for (let part = /** @type {Element | null} */ (control); part instanceof HTMLElement; part = part.offsetParent) {
    x += part.offsetLeft;
    y += part.offsetTop;
  }
  return { words: [said, ...states].join(" "), x, y };
}

/** @param {Element | null} control @param {MouseEvent} event @returns {Box} */
function zoneOf(control, { clientX: x, clientY: y }) {
  if (control !== null) return control.getBoundingClientRect();
  return { left: x - FINGER_PX, top: y - FINGER_PX, right: x + FINGER_PX, bottom: y + FINGER_PX };
}

/** @param {MouseEvent} event @returns {boolean} whether a key, or what reads the screen aloud, has pressed */
function isByKey({ detail }) {
  return detail === 0;
}

/** @param {Box} one @param {Box} other */
function meets(one, other) {
  return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
}

/** @param {MouseEvent} event @param {Box} box */
function isWithin({ clientX: x, clientY: y }, box) {
  return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
}
