// What a screen holds that is not recorded yet: half a note, an unfinished form. It survives the app being closed.

import { changeStoreOf, store } from "./database.js";
import { makingRoom } from "./room.js";
import { session } from "./session.js";

/**
 * Typed and not yet on its way to the disk, by person and key: only what was typed last is written.
 * @type {Map<string, {value: unknown, done: Promise<void>}>}
 */
const waiting = new Map();
/** @type {Promise<unknown>} */
let turn = Promise.resolve();

/**
 * @param {string} key names the screen and what it is about
 * @returns {Promise<any>} any: what that screen kept; undefined where it kept nothing
 */
export async function readDraft(key) {
  await turn.catch(() => {});
  return (await (await store()).get("drafts", key))?.value;
}

/**
 * Text goes before photos: where there is no room, those that the server has make way, and then the reserve.
 * @param {string} key
 * @param {unknown} value anything that IndexedDB can hold
 * @returns {Promise<void>} once the newest value for the key is on the disk
 * @throws storage_full
 */
export function keepDraft(key, value) {
  const person = session.peek()?.person.id;
  const place = placeOf(person, key);
  const known = waiting.get(place);
  if (known) {
    known.value = value;
    return known.done;
  }
  const next = { value, done: Promise.resolve() };
  next.done = inOrder(() => {
    if (waiting.get(place) === next) waiting.delete(place);
    return write(person, { key, value: next.value, at: new Date().toISOString() });
  });
  waiting.set(place, next);
  return next.done;
}

/** @param {string} key */
export function dropDraft(key) {
  const person = session.peek()?.person.id;
  waiting.delete(placeOf(person, key)); // What is typed from now on is written after it.
  return inOrder(async () => {
    if (person) await changeStoreOf(person, ["drafts"], (transaction) => transaction.objectStore("drafts").delete(key));
  });
}

/** @param {string | undefined} person @param {string} key */
function placeOf(person, key) {
  return `${person} ${key}`;
}

/**
 * @param {string | undefined} person whose it is: it stays theirs, whoever is signed in by now
 * @param {{key: string, value: unknown, at: string}} draft
 */
async function write(person, draft) {
  if (!person) return;
  await makingRoom(() =>
    changeStoreOf(person, ["drafts"], (transaction) => transaction.objectStore("drafts").put(draft)),
  );
}

/**
 * @param {() => Promise<void>} work
 * @returns {Promise<void>}
 */
function inOrder(work) {
  const done = turn.catch(() => {}).then(work);
  turn = done;
  done.catch(() => {});
  return done;
}
