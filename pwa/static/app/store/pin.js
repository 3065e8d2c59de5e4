// The PIN by which a technician takes the phone back from a customer: only what is derived from it is kept, in their
// own store, and nothing of it is ever sent.

import { codeOf } from "../core/failure.js";
import { inOneTransaction, store } from "./database.js";

/**
 * What `meta` holds under `pin`; `wrong` counts the tries since the last right one, `wrong_at` is when the last was
 * made.
 * @typedef {{salt: Uint8Array<ArrayBuffer>, iterations: number, bits: Uint8Array, wrong: number, wrong_at: number}} Pin
 */

/** What came of a try: `left` how many more may be wrong before there is a wait, `wait_ms` until the next try. */
/** @typedef {{right: boolean, left: number, wait_ms: number}} Try */

const KEPT = "pin";
/** Stands for the PIN of somebody who wants none: it is not offered again. */
const DECLINED = "declined";
const ITERATIONS = 300_000;
const BITS = 256;
const FREE_TRIES = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;

/**
 * Wrong tries that a full phone could not write down.
 * @type {{wrong: number, wrong_at: number, salt: Uint8Array} | null}
 */
let unwritten = null;

/** @returns {Promise<"set" | "declined" | "never_asked">} */
export async function pinState() {
  const kept = await (await store()).get("meta", KEPT);
  if (kept === undefined) return "never_asked";
  return kept === DECLINED ? "declined" : "set";
}

/**
 * From now on this PIN is asked for.
 * @param {string} digits
 * @throws storage_full; then the one before stays
 */
export async function keepPin(digits) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const bits = await derived(digits, salt, ITERATIONS);
  /** @type {Pin} */
  const pin = { salt, iterations: ITERATIONS, bits, wrong: 0, wrong_at: 0 };
  await inOneTransaction(["meta"], (transaction) => transaction.objectStore("meta").put(pin, KEPT));
}

/** Without a PIN from now on, as this person wants it. */
export async function declinePin() {
  await inOneTransaction(["meta"], (transaction) => transaction.objectStore("meta").put(DECLINED, KEPT));
}

/** The PIN is forgotten; another one will be offered. */
export async function forgetPin() {
  await inOneTransaction(["meta"], (transaction) => transaction.objectStore("meta").delete(KEPT));
}

/** @returns {Promise<number>} milliseconds until a PIN may be tried */
export async function pinWait() {
  const kept = await (await store()).get("meta", KEPT);
  if (!isPin(kept)) return 0;
  // A clock that was set back must not make anybody wait for longer than was said: the wait begins now.
  if (kept.wrong_at > Date.now()) await writeCount(kept, { wrong_at: Date.now() }).catch(() => {});
  return waitOf(counted(kept), Date.now());
}

/**
 * Try a PIN. The try is counted on the disk before it is judged, so that closing the app takes nothing back.
 * @param {string} digits
 * @returns {Promise<Try>}
 */
export async function tryPin(digits) {
  const { pin, wait_ms: waits } = await begun();
  if (pin === null) return { right: true, left: FREE_TRIES, wait_ms: 0 };
  if (waits > 0) return { right: false, left: 0, wait_ms: waits };
  if (isSame(await derived(digits, pin.salt, pin.iterations), pin.bits)) {
    unwritten = null;
    await writeCount(pin, { wrong: 0 }).catch(() => {}); // Some tries fewer before the next wait, and nothing worse.
    return { right: true, left: FREE_TRIES, wait_ms: 0 };
  }
  return { right: false, left: Math.max(FREE_TRIES - pin.wrong, 0), wait_ms: waitAfter(pin.wrong) };
}

/**
 * @returns {Promise<{pin: Pin | null, wait_ms: number}>} the PIN with this try counted, or how long to wait before it
 */
async function begun() {
  try {
    return await inOneTransaction(["meta"], async (transaction) => {
      const meta = transaction.objectStore("meta");
      const begins = begin(await meta.get(KEPT));
      if (begins.pin !== null) await meta.put(begins.pin, KEPT);
      return begins;
    });
  } catch (problem) {
    if (codeOf(problem) !== "storage_full") throw problem;
    const begins = begin(await (await store()).get("meta", KEPT));
    unwritten = begins.pin;
    return begins;
  }
}

/** @param {unknown} kept @returns {{pin: Pin | null, wait_ms: number}} */
function begin(kept) {
  if (!isPin(kept)) return { pin: null, wait_ms: 0 };
  const pin = counted(kept);
  const now = Date.now();
  const wait_ms = waitOf(pin, now);
  return { pin: wait_ms > 0 ? pin : { ...pin, wrong: pin.wrong + 1, wrong_at: now }, wait_ms };
}

/** @param {Pin} pin @param {Partial<Pick<Pin, "wrong" | "wrong_at">>} count */
function writeCount(pin, count) {
  return inOneTransaction(["meta"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    const kept = await meta.get(KEPT);
    if (isPin(kept) && isSame(kept.salt, pin.salt)) await meta.put({ ...kept, ...count }, KEPT);
  });
}

/** @param {Pin} pin @returns {Pin} with the tries that could not be written down */
function counted(pin) {
  if (unwritten === null || unwritten.wrong <= pin.wrong || !isSame(unwritten.salt, pin.salt)) return pin;
  return { ...pin, wrong: unwritten.wrong, wrong_at: unwritten.wrong_at };
}

/** @param {Pin} pin @param {number} now @returns {number} milliseconds */
function waitOf({ wrong, wrong_at: at }, now) {
  const whole = waitAfter(wrong);
  return Math.max(whole - Math.max(now - at, 0), 0);
}

/** @param {number} wrong @returns {number} 0 up to the fourth wrong try, then 30 s, 60 s, 120 s, … up to 15 minutes */
function waitAfter(wrong) {
  return wrong < FREE_TRIES ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (wrong - FREE_TRIES), LONGEST_WAIT_MS);
}

/**
 * @param {string} digits
 * @param {Uint8Array<ArrayBuffer>} salt
 * @param {number} iterations
 */
async function derived(digits, salt, iterations) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(digits), "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, key, BITS),
  );
}

/** @param {unknown} kept @returns {kept is Pin} */
function isPin(kept) {
  return typeof kept === "object" && kept !== null;
}

/** @param {Uint8Array} one @param {Uint8Array} other */
function isSame(one, other) {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}
