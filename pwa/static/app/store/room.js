// Room for what is recorded: what makes way for it on a full phone, and what was learnt about how much fits.

import { signal } from "@preact/signals-core";
import { codeOf } from "../core/failure.js";
import { inOneTransaction, store } from "./database.js";
import { dropDelivered } from "./photos.js";
import { noteFits, noteRefused, refusal } from "./storage.js";

/** A browser gives the room of what was deleted back a moment later. */
const ROOM_COMES_AFTER_MS = 50;
/** Held back for lines and typed text, which take little: a day of them fits. */
export const RESERVE_BYTES = 512 * 1024;
const RESERVE = "reserve";
const TRIAL = "trial";

/** Whether lines and typed text still fit: false once one was refused, until one fits again. */
export const textFits = signal(true);

/**
 * Do `work`; where the phone has no room left for it, the photo that the server has had longest makes way, then the
 * reserve, and it is done once more, until there is room or nothing that may go.
 * @template Result
 * @param {() => Promise<Result>} work
 * @param {{keep?: Set<string>, bytes?: number, mayTakeReserve?: boolean}} [how] `keep`: the photos that stay, the
 *   server lacks them; `bytes`: how many it wants to write, where that is known; a photo may not take the reserve
 * @returns {Promise<Result>}
 * @throws storage_full where nothing could make way
 */
export async function makingRoom(work, { keep = new Set(), bytes = 0, mayTakeReserve = true } = {}) {
  for (;;) {
    try {
      const result = await work();
      noteFits(bytes);
      if (mayTakeReserve) textFits.value = true;
      return result;
    } catch (problem) {
      if (codeOf(problem) !== "storage_full") throw problem;
      noteRefused(bytes);
      const madeWay = (await dropDelivered({ needed: 1, keep })) > 0 || (mayTakeReserve && (await giveUpReserve()));
      if (!madeWay) {
        if (mayTakeReserve) textFits.value = false;
        throw problem;
      }
      await new Promise((resolve) => setTimeout(resolve, ROOM_COMES_AFTER_MS));
    }
  }
}

/** Hold the reserve back where it is not and there is room for it. */
export async function keepReserve() {
  if (await (await store()).getKey("meta", RESERVE)) return;
  await fitting(RESERVE, RESERVE_BYTES);
}

/** Whether what was refused would fit by now: somebody may have made room on the phone. */
export async function tryRefused() {
  const refused = refusal.peek();
  if (refused !== null) await fitting(TRIAL, refused.bytes);
  await (await store()).delete("meta", TRIAL); // That of a run that died meanwhile, too.
}

/**
 * @param {string} key
 * @param {number} bytes
 * @returns {Promise<boolean>} whether so many are on the disk now
 */
async function fitting(key, bytes) {
  const blob = new Blob([new Uint8Array(bytes)]);
  try {
    await inOneTransaction(["meta"], async (transaction) => {
      await transaction.objectStore("meta").put({ blob }, key);
    });
  } catch (problem) {
    if (codeOf(problem) !== "storage_full") throw problem;
    return false;
  }
  noteFits(bytes);
  return true;
}

/** @returns {Promise<boolean>} whether there was one */
function giveUpReserve() {
  return inOneTransaction(["meta"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    const isThere = (await meta.getKey(RESERVE)) !== undefined;
    if (isThere) await meta.delete(RESERVE);
    return isThere;
  });
}
