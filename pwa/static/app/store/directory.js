// The small database of who has worked on this phone: known before anybody's own store is open.

import { connectionTo } from "./connection.js";

/**
 * One person's row. `ended` where the server wants the password again, and `why` where it said; `leaving` where they
 * signed out while no server could be told.
 * @typedef {{id: string, person: import("../types.js").Person, feeds: string[], ended: boolean, why?: string | null,
 *   leaving: boolean}} Entry
 */

/**
 * @typedef {object} Schema
 * @property {{key: string, value: Entry}} people
 * @property {{key: string, value: string | null}} facts
 */

/** @type {import("./connection.js").Connection<Schema>} */
const directory = connectionTo("undercroft", 1, (database) => {
  database.createObjectStore("people", { keyPath: "id" });
  database.createObjectStore("facts");
});

/**
 * Who was signed in last and did not sign out.
 * @returns {Promise<Entry | null>}
 */
export function lastEntry() {
  return directory.read(async (database) => {
    const transaction = database.transaction(["people", "facts"]);
    const id = await transaction.objectStore("facts").get("last");
    return (id && (await transaction.objectStore("people").get(id))) || null;
  });
}

/**
 * Everybody who has a store on this phone.
 * @returns {Promise<Entry[]>}
 */
export function knownPeople() {
  return directory.read((database) => database.getAll("people"));
}

/** Find out whether the database still answers, and open it again where it does not. */
export function lookWhetherDirectoryLives() {
  return directory.look();
}

/**
 * Keep a person's row, and whether they are the one who is signed in.
 * @param {Entry} entry
 * @param {{last: boolean}} is
 */
export async function keepEntry(entry, is) {
  await directory.change(["people", "facts"], async (transaction) => {
    const facts = transaction.objectStore("facts");
    const last = await facts.get("last");
    await transaction.objectStore("people").put(entry);
    if (is.last) await facts.put(entry.id, "last");
    else if (last === entry.id) await facts.put(null, "last");
  });
}
