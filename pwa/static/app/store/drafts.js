// What a screen holds that is not recorded yet: half a note, an unfinished form. It survives the app being closed.

import { store } from "./database.js";

/**
 * @param {string} key names the screen and what it is about
 * @returns {Promise<any>} any: what that screen kept; undefined where it kept nothing
 */
export async function readDraft(key) {
  return (await (await store()).get("drafts", key))?.value;
}

/**
 * @param {string} key
 * @param {unknown} value anything that IndexedDB can hold
 */
export async function keepDraft(key, value) {
  await (await store()).put("drafts", { key, value, at: new Date().toISOString() });
}

/** @param {string} key */
export async function dropDraft(key) {
  await (await store()).delete("drafts", key);
}
