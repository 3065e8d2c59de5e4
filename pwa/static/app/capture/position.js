// Where the phone is, as far as it knows: watched while somebody is on the way, so that in the basement the last
// fix before it is still there, with its age.

import { signal } from "@preact/signals-core";
import { localTime } from "../ledger/clock.js";
import { fixAge, isPosition, passedMs } from "../rules/fixes.js";
import { tellsMore } from "../rules/place.js";
import { store } from "../store/database.js";

/** @typedef {import("../types.js").Position} Position */
/** @typedef {Omit<Position, "age_s">} Fix */
/** @typedef {"denied" | "unavailable" | "timeout" | "unusable"} Problem */

export const position = signal(/** @type {Position | null} */ (null));
export const positionProblem = signal(/** @type {Problem | null} */ (null));

const PATIENCE_MS = 30_000;
/** A browser that tells only of movements is asked again when the last fix is as old as this. */
const ASK_AGAIN_S = 10;
/** As that on a long way, where nobody is looking and the battery has to last. */
const SPARING_ASK_AGAIN_S = 60;
/** An earlier run's fix that is older says nothing of where somebody is today. */
const KEPT_S = 86_400;
const PROBLEMS = /** @type {const} */ ({ 1: "denied", 2: "unavailable", 3: "timeout" });

/** @type {{fix: Fix, came: {mono: number, wall: number}, age_s: number} | null} */
let last = null;
/** @type {import("../rules/fixes.js").Stamps | null} */
let stamps = null;
/** By how much the phone's clock was ahead of the server's at the last contact, where that is known. */
let ahead_ms = 0;
/** @type {Set<{sparing: boolean}>} */
const watchers = new Set();
/** @type {{sparing: boolean, stop: () => void} | null} */
let watching = null;

/**
 * Follow the phone's position into `position` until stopped; several screens may do so at once.
 * @param {{sparing?: boolean}} [how] `sparing`: a rough position is enough, and the battery has to last; so it is as
 *   long as nobody else wants a precise one
 * @returns {() => void} stops it
 */
export function watch({ sparing = false } = {}) {
  const watcher = { sparing };
  watchers.add(watcher);
  follow();
  return () => {
    watchers.delete(watcher);
    follow();
  };
}

/** Watches as precisely as is wanted, and not at all where nobody looks. */
function follow() {
  const sparing = [...watchers].every((watcher) => watcher.sparing);
  if (watching && (watchers.size === 0 || watching.sparing !== sparing)) {
    watching.stop();
    watching = null;
  }
  if (watchers.size > 0) watching ??= { sparing, stop: begin(sparing) };
}

/**
 * What an operation says about the place: the last fix with its age now, or why there is none. For whoever watches
 * the position: what they have not been told by now has not come in time.
 * @returns {{position: Position | null, why_none?: Problem}}
 */
export function placeNow() {
  const now = aged();
  return now ? { position: now } : { position: null, why_none: positionProblem.value ?? "timeout" };
}

/**
 * A fix as it is kept for the next run: when it came in by the phone's clock, and how old it was then.
 * @typedef {Fix & {came_at?: string, age_s?: number}} Kept
 */

/** The last fix of an earlier run of the app: a phone that was restarted in the basement still knows the way in. */
export async function recallPosition() {
  /** @type {Kept | undefined} */
  const kept = await (await store()).get("meta", "last_fix");
  if (!kept || last) return;
  // An earlier version of the app kept the fix alone.
  const { came_at, age_s: then_s = 0, ...fix } = kept;
  const since_s = (Date.now() - Date.parse(came_at ?? fix.fixed_at)) / 1000;
  // Nobody knows how old it is where the clock was set back meanwhile.
  if (!(since_s >= 0) || since_s + then_s > KEPT_S) return;
  last = { fix, came: clocks(), age_s: then_s + since_s };
  position.value = aged();
}

/** @param {boolean} sparing @returns {() => void} stops it */
function begin(sparing) {
  positionProblem.value = null;
  if (!navigator.geolocation) {
    positionProblem.value = "unavailable";
    return () => {};
  }
  void learnAhead().catch(() => {});
  if (!last) void recallPosition().catch(() => {});
  const how = { enableHighAccuracy: !sparing, maximumAge: 0, timeout: PATIENCE_MS };
  const askAgain_s = sparing ? SPARING_ASK_AGAIN_S : ASK_AGAIN_S;
  const id = navigator.geolocation.watchPosition(take, refuse, how);
  let asking = false;
  const ageing = setInterval(() => {
    position.value = aged();
    if (asking || position.value === null || position.value.age_s < askAgain_s) return;
    asking = true;
    const answered = () => (asking = false);
    navigator.geolocation.getCurrentPosition((found) => (answered(), take(found)), answered, how);
  }, 1000);
  return () => {
    navigator.geolocation.clearWatch(id);
    clearInterval(ageing);
  };
}

async function learnAhead() {
  /** @type {import("../store/server_clock.js").ServerClock | undefined} */
  const known = await (await store()).get("meta", "server_clock");
  if (known) ahead_ms = Date.parse(known.phone) - Date.parse(known.server) || 0;
}

/** @param {GeolocationPosition} found */
function take({ coords, timestamp }) {
  if (!isPosition(coords, timestamp)) return say("unusable");
  const { latitude, longitude, accuracy, altitude, speed, heading } = coords;
  const fix = {
    ...{ latitude, longitude, accuracy_m: accuracy },
    ...(Number.isFinite(altitude) && { altitude_m: Number(altitude) }),
    ...(Number.isFinite(speed) && { speed_mps: Number(speed) }),
    ...(Number.isFinite(heading) && { heading_deg: Number(heading) }),
    fixed_at: localTime(new Date(timestamp)),
  };
  const came = clocks();
  const found = fixAge(stamps, { ...came, stamp: timestamp }, [came.wall, came.wall - ahead_ms]);
  const { age_s } = found;
  stamps = found.stamps;
  const earlier = aged();
  positionProblem.value = null;
  if (earlier === null || !tellsMore(earlier, { ...fix, age_s })) last = { fix, came, age_s };
  position.value = aged();
  if (last?.fix !== fix) return;
  const kept = { ...fix, came_at: localTime(new Date(came.wall)), age_s };
  void store()
    .then((database) => database.put("meta", kept, "last_fix"))
    .catch(() => {});
}

/** @param {GeolocationPositionError} problem */
function refuse({ code }) {
  say(PROBLEMS[/** @type {1 | 2 | 3} */ (code)] ?? "unavailable");
}

/** @param {Problem} problem */
function say(problem) {
  positionProblem.value = problem;
  position.value = aged();
}

function clocks() {
  return { mono: performance.now(), wall: Date.now() };
}

/** @returns {Position | null} */
function aged() {
  if (!last) return null;
  const age_s = Math.round((last.age_s + passedMs(last.came, clocks()) / 1000) * 10) / 10;
  return { ...last.fix, age_s };
}
