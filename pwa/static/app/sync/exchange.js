// When exchanges happen: by themselves, as soon as they can, and without any screen waiting for one.

import { effect } from "@preact/signals-core";
import { dropSettled } from "../ledger/carry_over.js";
import { codeOf, figuresOf } from "../core/failure.js";
import { announce, listen } from "../store/channel.js";
import { unreadable } from "../store/connection.js";
import { dropDelivered, endRemoved } from "../store/photos.js";
import { keepReserve, tryRefused } from "../store/room.js";
import { askWhoIAm, ENDED, finishLeaving, session } from "../store/session.js";
import { bytesShort, measureStorage } from "../store/storage.js";
import { learnServerTime, trueNow, trueStamp } from "../store/true_time.js";
import { bringWhatIsLeft } from "./left_here.js";
import { sendPhotosLeftHere } from "./left_photos.js";
import { deliveredContent, findLostContent, sendPhotos } from "./photos.js";
import { exchangeAll } from "./round.js";
import { askAfterShutOut } from "./shut_out.js";
import { contact, onlyHere, refreshStatus, setContact, setEnded, unsent } from "./status.js";
import { inTurn } from "./turns.js";

const SOON_MS = 150;
const IDLE_MS = 60_000;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 120_000;
const CLEANING_EVERY_MS = 3600_000;
/** What an exchange fails with on a phone without room. */
const FULL = new Set(["storage_full", "no_room_for_news"]);

// Lines and photos go independently of each other: a line never waits for a photo that is on its way, and photos go
// where lines cannot.
const sendLines = oneAfterTheOther(() => going("lines", exchangeLines));
const sendContent = oneAfterTheOther(() => going("photos", exchangePhotos));
const failures = { lines: 0, photos: 0 };
/**
 * What photos were told: until when, by `performance.now`, none is tried by itself, and what is said of it meanwhile.
 * @type {{until: number, said: Partial<import("../types.js").Contact>} | null}
 */
let photosWait = null;
let nextCleaning = 0;
/** When the next exchange begins by itself, by `performance.now`. */
let due = Infinity;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Begin to exchange by itself: now, when the network comes, when the app is shown, and from time to time. */
export function start() {
  addEventListener("online", () => soon());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && soon());
  listen((topic, elsewhere) => {
    if (topic === "session" || (topic === "lines" && !elsewhere && failures.lines === 0)) soon();
  });
  // At once, and again as soon as a database that did not answer does.
  effect(() => {
    if (!unreadable.value) soon();
  });
}

/**
 * Exchange now, lines and then photos. Whoever calls while one is going on gets one more after it.
 * @returns {Promise<string | null>} when it has ended, the code of what keeps something here; it stands in `contact`
 *   too
 */
export function sendNow() {
  photosWait = null;
  return sendWhatMayGo();
}

/**
 * As `sendNow`, but for photos that were told to wait.
 * @returns {Promise<string | null>}
 */
async function sendWhatMayGo() {
  forgetDue();
  const current = session.value;
  if (!current || current.ended) {
    await finishLeaving().catch(() => {});
    return "session_ended";
  }
  const told = photosWait !== null && performance.now() < photosWait.until ? photosWait : null;
  await setContact({ state: somethingWaits() ? "sending" : contact.value.state, next_try_at: null });
  let refused = await sendLines();
  // Photos may take long; what the server has to say meanwhile is asked for all the same.
  if (!refused) atTheLatest(idleTime());
  if (!refused && told) return goOnWaiting(told);
  const mayAnswer = !refused || (refused !== "no_contact" && !ENDED.has(refused));
  const photosRefused = mayAnswer ? await sendContent() : refused;
  // Photos that the server has now have made room.
  if (!photosRefused && refused && FULL.has(refused)) refused = await sendLines();
  if (!photosRefused && !refused) await succeeded().catch(() => {});
  await cleanUp().catch(() => {});
  await keepReserve().catch(() => {});
  announce("contact");
  return refused ?? photosRefused;
}

/**
 * Lines have gone, photos wait on as they were told.
 * @param {NonNullable<typeof photosWait>} told
 * @returns {Promise<string | null>} the code of what they were told
 */
async function goOnWaiting({ until, said }) {
  await setContact(said);
  atTheLatest(until - performance.now());
  announce("contact");
  return said.code ?? null;
}

function soon() {
  photosWait = null;
  later(SOON_MS);
}

/**
 * The same work, one run at a time: whoever asks during a run gets the run after it, together with all others.
 * @template Result
 * @param {() => Promise<Result>} work which throws nothing
 * @returns {() => Promise<Result>}
 */
function oneAfterTheOther(work) {
  /** @type {Promise<Result> | null} */
  let running = null;
  /** @type {Promise<Result> | null} */
  let next = null;
  const run = () => {
    next = null;
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (next) return next;
    if (!running) return run();
    next = running.then(run);
    return next;
  };
}

/**
 * @param {"lines" | "photos"} what
 * @param {() => Promise<void>} send
 * @param {boolean} [isFirst]
 * @returns {Promise<string | null>} the code of what went wrong
 */
async function going(what, send, isFirst = true) {
  try {
    await send();
    failures[what] = 0;
    return null;
  } catch (first) {
    const problem = isFirst ? await asItStands(first) : first;
    if (problem === null) return going(what, send, false);
    if (codeOf(problem) === "turn_lost") {
      soon(); // Another tab goes on; when it has, this one sees for itself.
      return codeOf(problem);
    }
    await failed(what, problem).catch(() => {});
    return codeOf(problem);
  }
}

/**
 * What is wrong by now: nothing where the session goes on under another cookie.
 * @param {unknown} problem
 * @returns {Promise<unknown>} null for nothing
 */
function asItStands(problem) {
  if (codeOf(problem) !== "session_ended") return Promise.resolve(problem);
  return askWhoIAm().then(
    () => null,
    (newer) => newer,
  );
}

async function exchangeLines() {
  if (!session.value) return;
  await inTurn("lines", session.value.person.id, async (turn) => {
    const delivered = await deliveredContent();
    await exchangeAll(turn);
    await askAfterShutOut();
    // What others left here never keeps one's own.
    while (await bringWhatIsLeft()) await exchangeAll(turn);
    await findLostContent(delivered);
    await learnServerTime();
    await setContact({ last_contact: trueStamp() });
  });
  announce("contact");
}

async function exchangePhotos() {
  if (!session.value) return;
  const { id } = session.value.person;
  await inTurn("photos", id, async ({ isLost }) => {
    const mayGoOn = () => session.value?.person.id === id && !session.value.ended && !isLost();
    await sendPhotos(mayGoOn);
    await sendPhotosLeftHere(mayGoOn);
  });
}

function somethingWaits() {
  return unsent.value.lines + unsent.value.photos > 0;
}

/** Not all phones of a company at the same moment. */
function idleTime() {
  return IDLE_MS * (0.8 + Math.random() * 0.4);
}

async function succeeded() {
  await refreshStatus();
  const safe = onlyHere.value > 0 ? {} : { last_all_safe: trueStamp() };
  await setContact({ state: "idle", code: null, next_try_at: null, ...safe });
  atTheLatest(idleTime());
}

/** Let go of what the server has had for long, however the exchanges went. */
async function cleanUp() {
  if (performance.now() < nextCleaning) return;
  nextCleaning = performance.now() + CLEANING_EVERY_MS;
  await measureStorage();
  await dropSettled();
  await dropDelivered({ needed: bytesShort() });
  await endRemoved();
  await tryRefused();
}

/**
 * @param {"lines" | "photos"} what
 * @param {unknown} problem
 */
async function failed(what, problem) {
  const code = codeOf(problem);
  if (ENDED.has(code)) return setEnded(problem);
  const atLeast_s = Number(figuresOf(problem).retry_after_s) || 0; // What the server asked for.
  const growing = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures[what]) * (0.5 + Math.random() / 2);
  const wait = Math.max(growing, atLeast_s * 1000);
  failures[what] += 1;
  const next_try_at = new Date(trueNow() + wait).toISOString();
  /** @type {Partial<import("../types.js").Contact>} */
  const said = { state: code === "no_contact" ? "waiting" : "failed", code, next_try_at };
  const isTold = what === "photos" && failures.lines > 0; // That lines cannot go weighs more.
  if (!isTold) await setContact(said);
  if (what === "lines") later(wait);
  else if (isTold) atTheLatest(wait);
  else {
    // Neither what was recorded meanwhile nor what the server has to say waits for a photo.
    photosWait = { until: performance.now() + wait, said };
    atTheLatest(wait);
  }
  await refreshStatus();
}

/** @param {number} wait_ms */
function later(wait_ms) {
  forgetDue();
  due = performance.now() + wait_ms;
  timer = setTimeout(() => void sendWhatMayGo(), wait_ms);
}

/** What was recorded as an exchange ended has asked for the next one already. @param {number} wait_ms */
function atTheLatest(wait_ms) {
  if (performance.now() + wait_ms < due) later(wait_ms);
}

function forgetDue() {
  clearTimeout(timer);
  due = Infinity;
}
