// The photos whose bytes are on this phone, and how far they are on their way to the server.

import { announce } from "./channel.js";
import { inOneTransaction, keptBefore, store } from "./database.js";
import { orders } from "./documents.js";
import { keptTime } from "./server_clock.js";

/** Smaller originals go as fast as a preview would. */
const NO_PREVIEW_BELOW_BYTES = 192 * 1024;

/** What a photo failed with whose bytes the browser has lost. */
export const UNREADABLE = "unreadable";

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
 * Whether the browser still has the bytes that it once took: what it keeps of a photo can go, with a card or a repair
 * of the file system.
 * @param {Blob} blob
 */
export function isReadable(blob) {
  return blob.arrayBuffer().then(
    () => true,
    () => false,
  );
}

/**
 * Those of these photos that are kept here already and can be read no more: their bytes have to be written anew.
 * @param {{sha256: string}[]} photos
 * @returns {Promise<Set<string>>} SHA-256
 */
export async function unreadableOf(photos) {
  const lost = new Set();
  for (const { sha256 } of photos) {
    const kept = await localPhoto(sha256).catch(() => new Blob());
    if (kept && !(kept.size > 0 && (await isReadable(kept)))) lost.add(sha256);
  }
  return lost;
}

/** A photo that cannot be sent ends where everybody's record of it was removed. */
export async function endRemoved() {
  const removed = new Set(
    orders
      .peek()
      .flatMap(({ body }) =>
        (body.photos ?? [])
          .filter((/** @type {{removed?: boolean}} */ photo) => photo.removed)
          .map((/** @type {{id: string}} */ { id }) => id),
      ),
  );
  const ended = (await allDeliveries()).filter(
    ({ state, uses }) => state === "rejected" && uses.length > 0 && uses.every(({ photo }) => removed.has(photo)),
  );
  for (const { sha256 } of ended) await dropPhoto(sha256);
  if (ended.length > 0) announce("photos");
}

/**
 * Every photo that is or was on its way.
 * @returns {Promise<import("../types.js").Delivery[]>}
 */
export async function allDeliveries() {
  return (await store()).getAll("deliveries");
}

/**
 * Change what is known of a delivery; a use that was added meanwhile stays, and so does it that the server has the
 * bytes: a tab that was stopped may hear of its failure late.
 * @param {string} sha256
 * @param {Partial<import("../types.js").Delivery>} changes
 */
export async function changeDelivery(sha256, changes) {
  await inOneTransaction(["deliveries"], async (transaction) => {
    const deliveries = transaction.objectStore("deliveries");
    const delivery = await deliveries.get(sha256);
    if (delivery && delivery.state !== "stored") await deliveries.put({ ...delivery, ...changes });
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
    await deliveries.put({
      ...delivery,
      state: "stored",
      stored_at: stored_at ?? null,
      sent,
      url: null,
      code: null,
      failed: 0,
    });
  });
}

/**
 * Let a photo go for good, in a transaction that only deletes, which a full disk takes: where the server has it and
 * there is no room to note that, or where nobody wants it any more. What is known of the delivery goes with the bytes,
 * so that whoever dies here leaves nothing that waits for bytes which are gone.
 * @param {string} sha256
 */
export async function dropPhoto(sha256) {
  await inOneTransaction(["photos", "deliveries"], async (transaction) => {
    await transaction.objectStore("photos").delete(sha256);
    await transaction.objectStore("deliveries").delete(sha256);
  });
}

/**
 * Send again what the server lacks though it had said that it has it, if the bytes are still here; whether or not the
 * order of the photo is.
 * @param {Set<string>} lacking
 * @param {Set<string>} delivered what it had said before it said that it lacks these
 * @returns {Promise<number>} how many go again
 */
export async function sendAgain(lacking, delivered) {
  const meant = [...lacking].filter((sha256) => delivered.has(sha256));
  if (meant.length === 0) return 0;
  return inOneTransaction(["deliveries", "photos"], async (transaction) => {
    const deliveries = transaction.objectStore("deliveries");
    let again = 0;
    for (const sha256 of meant) {
      const delivery = await deliveries.get(sha256);
      if (delivery?.state !== "stored" || !(await transaction.objectStore("photos").getKey(sha256))) continue;
      await deliveries.put({ ...delivery, state: "waiting", stored_at: null, url: null, sent: 0 });
      again += 1;
    }
    return again;
  });
}

/**
 * Drop the bytes of photos that the server has had for 30 days by its own clock, and of as many others that it has as
 * are needed for room, first what it has had longest.
 * @param {{needed: number, keep?: Set<string>}} state how many bytes of room are needed; what the server has just said
 *   that it lacks stays
 * @returns {Promise<number>} how many bytes went
 */
export async function dropDelivered({ needed, keep = new Set() }) {
  return inOneTransaction(["meta", "photos", "deliveries"], async (transaction) => {
    const photos = transaction.objectStore("photos");
    const deliveries = transaction.objectStore("deliveries");
    const before = keptBefore(await keptTime(transaction.objectStore("meta")));
    let freed = 0;
    for (const { sha256, size, stored_at } of longestStored(await deliveries.getAll())) {
      const isOld = Date.parse(stored_at ?? "") < before;
      if (keep.has(sha256) || !(isOld || freed < needed)) continue;
      if (await photos.getKey(sha256)) {
        await photos.delete(sha256);
        freed += size;
      }
      if (isOld) await deliveries.delete(sha256);
    }
    return freed;
  });
}

/**
 * What the server has, as this phone knows, the longest first.
 * @param {import("../types.js").Delivery[]} deliveries
 */
function longestStored(deliveries) {
  const stored = deliveries.filter(({ state }) => state === "stored");
  const since = (/** @type {import("../types.js").Delivery} */ { stored_at }) =>
    Date.parse(stored_at ?? "") || Infinity;
  return stored.sort((one, other) => (since(one) < since(other) ? -1 : since(one) > since(other) ? 1 : 0));
}
