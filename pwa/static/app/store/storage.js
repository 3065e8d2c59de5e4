// How much room the phone has, and whether the browser has promised to keep what is stored.

import { signal } from "@preact/signals-core";

const SHORT_BELOW_BYTES = 200 * 1024 * 1024;
const SHORT_ABOVE_SHARE = 0.85;

/** `available` is what the browser still allows, in bytes. */
export const storage = signal({ used: 0, available: 0, persisted: false });

/** Bring `storage` up to date. */
export async function measureStorage() {
  if (!navigator.storage) return;
  const [{ usage = 0, quota = 0 }, persisted] = await Promise.all([navigator.storage.estimate(), navigator.storage.persisted()]);
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

/** Whether room is short. */
export function roomIsShort() {
  return bytesShort() > 0;
}
