// The photos whose bytes are on this phone, and how far they are on their way to the server.

import { codeOf } from "../parts/failure.js";
import { announce } from "./channel.js";
import { inOneTransaction, keptBefore, store } from "./database.js";
import { keptTime } from "./server_clock.js";

/** Smaller originals go as fast as a preview would. */
const NO_PREVIEW_BELOW_BYTES = 192 * 1024;

/**
 * @param {{sha256: string, size: number, media_type: string}} content
 * @returns {import("../types.js").Delivery}
 */
export function newDelivery({ sha256, size, media_type }) {
  return {
    ...{ sha256, size, media_type },
    uses: [],
    state: "waiting",
    preview: size < NO_PREVIEW_BELOW_BYTES ? "unneeded" : "waiting",
    url: null,
    sent: 0,
    stored_at: null,
    code: null,
    failed: 0,
  };
}

/**
 * The original bytes of a photo, if this phone has them.
 * @param {string} sha256
 * @returns {Promise<Blob | null>}
 */
export async function localPhoto(sha256) {
  return (await (await store()).get("photos", sha256))?.blob ?? null;
}

/**
 * Every photo that is or was on its way.
 * @returns {Promise<import("../types.js").Delivery[]>}
 */
export async function allDeliveries() {
  return (await store()).getAll("deliveries");
}

/**
 * Change what is known of a delivery; a use that was added meanwhile stays.
 * @param {string} sha256
 * @param {Partial<import("../types.js").Delivery>} changes
 */
export async function changeDelivery(sha256, changes) {
  await inOneTransaction(["deliveries"], async (transaction) => {
    const deliveries = transaction.objectStore("deliveries");
    const delivery = await deliveries.get(sha256);
    if (delivery) await deliveries.put({ ...delivery, ...changes });
  });
}

/**
 * Send a photo that the server has refused once more, from its first byte.
 * @param {string} sha256
 */
export async function tryAgain(sha256) {
  await changeDelivery(sha256, { state: "waiting", code: null, url: null, sent: 0, failed: 0 });
  announce("photos");
}

/**
 * The server has all bytes of a photo.
 * @param {string} sha256
 */
export async function noteStored(sha256) {
  await inOneTransaction(["meta", "deliveries"], async (transaction) => {
    const deliveries = transaction.objectStore("deliveries");
    const delivery = await deliveries.get(sha256);
    const stored_at = await keptTime(transaction.objectStore("meta"));
    if (!delivery) return;
    const { size: sent } = delivery;
    await deliveries.put({ ...delivery, state: "stored", stored_at: stored_at ?? null, sent, url: null, code: null, failed: 0 });
  });
}

/**
 * Drop the bytes of photos that the server has had for 30 days by its own clock, or for any time where room is short.
 * @param {{roomIsShort: boolean}} state
 */
export async function dropDelivered({ roomIsShort }) {
  await inOneTransaction(["meta", "photos", "deliveries"], async (transaction) => {
    const photos = transaction.objectStore("photos");
    const before = keptBefore(await keptTime(transaction.objectStore("meta")));
    for (const { sha256, state, stored_at } of await transaction.objectStore("deliveries").getAll()) {
      if (state !== "stored") continue;
      const isOld = Date.parse(stored_at ?? "") < before;
      if (isOld || roomIsShort) await photos.delete(sha256);
      if (isOld) await transaction.objectStore("deliveries").delete(sha256);
    }
  });
}

/**
 * Do `work`; where the phone has no room left for it, bytes that the server has make way, and it is done once more.
 * @template Result
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function makingRoom(work) {
  try {
    return await work();
  } catch (problem) {
    if (codeOf(problem) !== "storage_full") throw problem;
    await dropDelivered({ roomIsShort: true });
    return work();
  }
}
