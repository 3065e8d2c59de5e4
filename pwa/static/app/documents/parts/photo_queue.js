/**
 * Pictures between the shutter, or the gallery, and the phone's disk. Each is kept after the one before it, only so
 * many wait at a time, and one that could not be kept is named with its reason until somebody has read it.
 */
import { signal } from "@preact/signals";
import { position } from "../../capture/position.js";
import { countInMemory } from "../../store/in_memory.js";
import { session } from "../../store/session.js";
import { rawStamp } from "../../store/true_time.js";
import { keepPhoto } from "./photo_keeping.js";
import { problemText } from "../../ui/save.js";

/**
 * The camera's, of one order: they are in memory whole, and more would make a small phone end the app, and all of them
 * with it.
 */
export const MOST_WAITING = 8;

/**
 * What was taken and could not be kept: `name` is the file's where it has one, `at` when it was taken.
 * @typedef {{person: string | undefined, order: string, name: string | null, at: string, why: string}} Failed
 */

/** Each that is not on the disk yet; of a file the browser has the bytes until its turn comes. */
const waiting = signal(/** @type {{person: string | undefined, order: string, isFile: boolean}[]} */ ([]));
countInMemory(() => waiting.value);
const failed = signal(/** @type {Failed[]} */ ([]));
let turn = Promise.resolve();

/** How many pictures of an order, or of all, are not on the disk yet. @param {string} [order] */
export function beingSaved(order) {
  return waiting.value.filter((one) => order === undefined || one.order === order).length;
}

/** How many of them the camera took, of an order. @param {string} order */
export function beingTaken(order) {
  return waiting.value.filter((one) => one.order === order && !one.isFile).length;
}

/** What of an order could not be kept, of whoever is signed in. @param {string} order */
export function failedOf(order) {
  return failed.value.filter((one) => one.order === order && one.person === session.value?.person.id);
}

/** The orders of which something could not be kept, of whoever is signed in. @returns {string[]} */
export function ordersWithFailed() {
  return failed.value.filter(({ person }) => person === session.value?.person.id).map(({ order }) => order);
}

/** Somebody has read why. @param {string} order */
export function forgetFailed(order) {
  failed.value = failed.value.filter((one) => one.order !== order || one.person !== session.value?.person.id);
}

/**
 * Keep a picture once those before it are kept. What is said of it is what was so when it was taken.
 * @param {string} order
 * @param {Blob | Promise<Blob>} picture being taken, or there
 * @param {{purpose: string, caption?: string}} said
 * @param {string | null} [name] the file's
 * @returns {Promise<boolean>} whether it is on the phone
 */
export function keepInTurn(order, picture, { purpose, caption }, name = null) {
  const person = session.peek()?.person.id;
  const moment = { person, taken_at: rawStamp(), position: position.value };
  const pictured = Promise.resolve(picture);
  pictured.catch(() => {}); // Its turn may come later than its failure.
  const own = { person, order, isFile: name !== null };
  waiting.value = [...waiting.value, own];
  const kept = turn.then(async () => {
    try {
      return await keepPhoto(order, await pictured, purpose, caption, moment);
    } catch (problem) {
      failed.value = [
        ...failed.value,
        { person: moment.person, order, name, at: moment.taken_at, why: problemText(problem) },
      ];
      return false;
    } finally {
      waiting.value = waiting.value.filter((one) => one !== own);
    }
  });
  turn = kept.then(() => {});
  return kept;
}
