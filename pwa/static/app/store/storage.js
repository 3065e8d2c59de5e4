// How much room the phone has, and whether the browser has promised to keep what is stored.

import { signal } from "@preact/signals-core";
import { recall, remember } from "../core/remembered.js";
import { trueStamp } from "./true_time.js";

const SHORT_BELOW_BYTES = 200 * 1024 * 1024;
const SHORT_ABOVE_SHARE = 0.85;

const REFUSED = "undercroft.refused";
/** What nobody has measured: a line, a receipt, an answer. */
const SMALL_BYTES = 64 * 1024;

/** `available` is what the browser says that it still allows, in bytes. */
export const storage = signal({ used: 0, available: 0, persisted: false });

/**
 * The smallest that this phone refused and that has not fitted since, and when; null where everything fits. Browsers
 * say that there is room where there is none.
 */
export const refusal = signal(remembered());

/** @param {number} bytes what the phone had no room for; 0 where that is not known */
export function noteRefused(bytes) {
  setRefusal({ bytes: Math.min(bytes || SMALL_BYTES, refusal.peek()?.bytes ?? Infinity), at: trueStamp() });
}

/** @param {number} bytes what has found room */
export function noteFits(bytes) {
  const known = refusal.peek();
  if (known !== null && bytes >= known.bytes) setRefusal(null);
}

/** @param {{bytes: number, at: string} | null} next */
function setRefusal(next) {
  refusal.value = next;
  remember(REFUSED, JSON.stringify(next));
}

/** @returns {{bytes: number, at: string} | null} */
function remembered() {
  try {
    const { bytes, at } = JSON.parse(recall(REFUSED) ?? "null");
    return typeof bytes === "number" && typeof at === "string" ? { bytes, at } : null;
  } catch {
    return null;
  }
}

/** Whether this browser says how much room there is, and can be asked to keep what is stored: WebKit's views cannot. */
export function tellsOfRoom() {
  return typeof navigator.storage?.estimate === "function";
}

/** Bring `storage` up to date. */
export async function measureStorage() {
  if (!tellsOfRoom()) return;
  const [{ usage = 0, quota = 0 }, persisted] = await Promise.all([
    navigator.storage.estimate(),
    navigator.storage.persisted(),
  ]);
  storage.value = { used: usage, available: Math.max(0, quota - usage), persisted };
}

/**
 * Ask the browser not to clear this app's data when the phone runs out of room.
 * @returns {Promise<boolean>} whether it promised
 */
export async function askToPersist() {
  const promised = (await navigator.storage?.persist?.()) ?? false;
  await measureStorage();
  return promised;
}

/** How many bytes that the server has should make way, so that room is not short. */
export function bytesShort() {
  const { used, available } = storage.value;
  const quota = used + available;
  return Math.max(0, Math.min(SHORT_BELOW_BYTES, quota / 2) - available, used - SHORT_ABOVE_SHARE * quota);
}

/** Whether room is short, as the browser says or as something that was refused has shown. */
export function roomIsShort() {
  return refusal.value !== null || (storage.value.available > 0 && bytesShort() > 0);
}
