// The small database of who has worked on this phone: known before anybody's own store is open.

import { connectionTo } from "./connection.js";
import { readStoreOf } from "./database.js";

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

/** @type {Promise<void> | null} */
let lookedFor = null;

/** @type {import("./connection.js").Connection<Schema>} */
const directory = connectionTo("undercroft", 1, (database) => {
  database.createObjectStore("people", { keyPath: "id" });
  database.createObjectStore("facts");
});

/**
 * Who was signed in last and did not sign out.
 * @returns {Promise<Entry | null>}
 */
export async function lastEntry() {
  await lookForStores();
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
export async function knownPeople() {
  await lookForStores();
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

/**
 * Note that a person's session has ended, while they are still the one who is signed in: another tab may have signed
 * them out meanwhile.
 * @param {Entry} entry
 */
export async function keepEnded(entry) {
  await directory.change(["people", "facts"], async (transaction) => {
    if ((await transaction.objectStore("facts").get("last")) === entry.id)
      await transaction.objectStore("people").put(entry);
  });
}

/**
 * Where this database alone has gone, people's own stores say whose they are; each signs in again, and finds theirs.
 */
function lookForStores() {
  lookedFor ??= findStores().catch(() => {
    lookedFor = null;
  });
  return lookedFor;
}

async function findStores() {
  if ((await directory.read((database) => database.count("people"))) > 0 || typeof indexedDB.databases !== "function")
    return;
  for (const { name } of await indexedDB.databases()) {
    const id = /^undercroft-(.+)$/.exec(name ?? "")?.[1];
    const entry = id && (await readStoreOf(id, entryOf));
    if (entry) await keepEntry(entry, { last: false });
  }
}

/**
 * @param {import("./database.js").Store} database
 * @returns {Promise<Entry | null>}
 */
async function entryOf(database) {
  /** @type {import("../types.js").Person | undefined} */
  const person = await database.get("meta", "person");
  if (!person || !(await database.getKey("meta", "ledger"))) return null;
  return { id: person.id, person, feeds: await database.getAllKeys("feeds"), ended: true, leaving: false };
}
