/**
 * Which screen is in sight. The address is kept behind `#`, so that one cached shell serves every screen.
 * While the phone is handed to a customer the route is locked: neither links nor the history lead away.
 */
import { computed, effect, signal } from "@preact/signals";
import { announce, listen } from "../store/channel.js";
import { dropDraft, keepDraft, readDraft } from "../store/drafts.js";
import { session } from "../store/session.js";
import { closeAbove, overlaysOpen, overlaysStaying, watchOverlays } from "./overlays.js";
import { afterwards, isTravelling, travel, whenStill } from "./travel.js";
import { holdsBack, letGo } from "./unkept_texts.js";

const HANDED_OVER = "handed-over";

const path = signal(read());

/** The order that a customer holds in their hands for signing, or null. */
export const handedOver = signal(/** @type {string | null} */ (null));

/**
 * The way that a person wants to leave by, while something that they typed is only on the screen; null where nobody is
 * asked.
 */
export const leaving = signal(/** @type {(() => void) | null} */ (null));

/** They leave all the same. */
export function leaveAnyway() {
  const move = leaving.value;
  leaving.value = null;
  letGo();
  move?.();
}

/**
 * Ask first, where something typed is only on the screen.
 * @param {() => void} move
 * @returns {boolean} whether they are asked
 */
function asksFirst(move) {
  if (!holdsBack()) return false;
  leaving.value = move;
  return true;
}

/**
 * What was so when the app was last closed, or died. Kept beside the ledger: the browser's localStorage comes to the
 * disk seconds late.
 */
export async function recallHandOver() {
  handedOver.value = (await readDraft(HANDED_OVER)) ?? null;
}

/** @param {string} order from now on nothing else can be reached, even where the disk is full */
export async function handOver(order) {
  await keepDraft(HANDED_OVER, order).catch(() => {});
  handedOver.value = order;
  announce("customer");
}

/** The technician has the phone back. */
export async function takeBack() {
  await dropDraft(HANDED_OVER).catch(() => {});
  handedOver.value = null;
  announce("customer");
}

/** The address taken apart: `#/orders/<id>/photos` is `["orders", "<id>", "photos"]`. */
export const route = computed(() => {
  const locked = handedOver.value;
  return locked === null ? path.value.split("/").filter(Boolean) : ["orders", locked, "sign"];
});

/** @returns {string} */
function read() {
  return location.hash.replace(/^#\/?/, "");
}

/** @returns {number} how many screens of this app lie behind in the history */
function depth() {
  return typeof history.state?.depth === "number" ? history.state.depth : 0;
}

/** @returns {number} how many things lay over the screen where the history stands */
function over() {
  return typeof history.state?.over === "number" ? history.state.over : 0;
}

/** @returns {string | null} the screen from which this one was opened, where it was one of this app */
function opener() {
  return typeof history.state?.from === "string" ? history.state.from : null;
}

/**
 * Shows another screen.
 * @param {string} to for example `orders/<id>/photos`
 * @param {{replace?: boolean}} [how] `replace` leaves no way back to the present screen
 */
export function go(to, { replace = false } = {}) {
  if (handedOver.value !== null || asksFirst(() => go(to, { replace }))) return;
  path.value = to;
  // What goes with this screen gives its place in the history to the next one.
  const keeps = overlaysStaying();
  afterwards(() => {
    const spare = over() - (replace ? 0 : keeps + 1);
    if (spare > 0) travel(-spare);
  });
  afterwards(() => {
    if (replace) history.replaceState({ depth: depth(), from: opener() }, "", `#/${to}`);
    else if (over() > keeps) history.replaceState({ depth: depth() + 1, from: read() }, "", `#/${to}`);
    else history.pushState({ depth: depth() + 1, from: read() }, "", `#/${to}`);
  });
}

/**
 * Goes back to where the person came from, or to the given screen when the app was opened on this one.
 * @param {string} parent
 */
export function back(parent) {
  if (handedOver.value !== null || asksFirst(() => back(parent))) return;
  if (depth() > 0) leavePage();
  else go(parent, { replace: true });
}

/** Back over what lies over this screen, too. */
function leavePage() {
  afterwards(() => travel(-(over() + 1)));
}

/**
 * Ends a screen that has done its work: goes back to `parent` where the screen was opened from there, so that the next
 * step back leads on from it; otherwise `parent` takes its place.
 * @param {string} parent
 */
export function leave(parent) {
  if (handedOver.value !== null) return;
  if (opener() !== parent) return go(parent, { replace: true });
  path.value = parent;
  leavePage();
}

/** What one person handed over is not handed over by the next; they may have a customer of their own. */
function followPerson() {
  let known = session.peek()?.person.id;
  effect(() => {
    const person = session.value?.person.id;
    if (person === known) return;
    known = person;
    handedOver.value = null;
    if (person !== undefined) void recallHandOver().catch(() => {});
  });
}

/**
 * As many places in the history as things lie over the screen: one is made for what was opened, and left where it was
 * closed.
 */
function keepStep() {
  if (read() !== path.peek() && handedOver.peek() === null) return;
  const spare = over() - overlaysOpen();
  if (spare > 0) travel(-spare);
  for (let level = over() + 1; level <= overlaysOpen(); level += 1)
    history.pushState({ ...history.state, over: level }, "");
}

/** Listens to the history and to links; called once at the start. */
export function startRouter() {
  followPerson();
  // The customer holds all tabs, and all come back.
  listen((topic, elsewhere) => {
    if (topic === "customer" && elsewhere && session.peek() !== null) void recallHandOver().catch(() => {});
  });
  const follow = () => {
    if (isTravelling() || handedOver.value !== null) return;
    const to = read();
    if (to === path.value) return;
    const stays = path.value;
    // The history has moved already: this screen comes back on top of where it went.
    if (asksFirst(leavePage)) history.pushState({ depth: depth() + 1, from: to }, "", `#/${stays}`);
    else path.value = to;
  };
  whenStill(follow, keepStep);
  watchOverlays(() => setTimeout(() => afterwards(keepStep)));
  addEventListener("popstate", () => {
    if (isTravelling()) return;
    const here = handedOver.value === null ? path.value : `orders/${handedOver.value}/sign`;
    if (read() !== here && handedOver.value !== null)
      history.pushState({ depth: depth() + 1, from: read() }, "", `#/${here}`);
    else if (read() !== here) follow();
    else closeAbove(over());
    setTimeout(() => afterwards(keepStep));
  });
  addEventListener("hashchange", follow);
  // Nothing lies over a screen after a restart; a page that is still loading is not moved.
  if (document.readyState === "complete") afterwards(keepStep);
  else addEventListener("load", () => setTimeout(() => afterwards(keepStep)));
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#/"]') : null;
    if (link === null) return;
    event.preventDefault();
    go((link.getAttribute("href") ?? "").slice(2));
  });
}
