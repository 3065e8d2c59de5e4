// One database a person: what they recorded on this phone, and what the server gave them.
//
// `lines` and `photos` are only ever added to, and emptied of what the server has had for 30 days. What changes
// about them (acknowledged, uploaded) stands in `receipts` and `deliveries`, so that no bookkeeping ever rewrites
// what somebody captured.

import { openDB } from "idb";
import { failure } from "../parts/failure.js";

/** @typedef {import("../types.js").KeptLine} KeptLine */
/** @typedef {import("../types.js").Receipt} Receipt */

/**
 * @typedef {object} Schema
 * @property {{key: [string, number], value: KeptLine}} lines
 * @property {{key: [string, number], value: Receipt, indexes: {held: number}}} receipts
 * @property {{key: [string, string], value: import("../types.js").KeptDocument, indexes: {feed: string, gone: string}}} documents
 * @property {{key: string, value: import("../types.js").FeedCursor}} feeds
 * @property {{key: string, value: import("../types.js").KeptPhoto}} photos
 * @property {{key: string, value: import("../types.js").Delivery}} deliveries
 * @property {{key: string, value: any}} meta  any: ledger, epoch, server_time, server_clock, recalls, …, each read in one place
 * @property {{key: string, value: {key: string, value: any, at: string}}} drafts  any: what a screen was holding
 */

/** @typedef {import("idb").IDBPDatabase<Schema>} Store */
/** @typedef {"lines" | "receipts" | "documents" | "feeds" | "photos" | "deliveries" | "meta" | "drafts"} StoreName */

const VERSION = 1;
/** Even what the server has stays on the phone for so long: it heals a server that lost history. */
const KEPT_FOR_MS = 30 * 24 * 3600 * 1000;

/** @type {string | null} */
let owner = null;
/** @type {Promise<Store> | null} */
let opening = null;

/**
 * Open the person's database and make it the one that `store()` gives; another person's is closed, not touched.
 * @param {string} person the person's id
 * @returns {Promise<Store>}
 */
export async function openStore(person) {
  if (owner !== person) await closeStore();
  owner = person;
  return store();
}

/**
 * The open database; opened again where the browser or a newer app in another tab had it closed.
 * @returns {Promise<Store>}
 * @throws not_signed_in where nobody is, app_outdated where a newer version of the app has been here
 */
export async function store() {
  if (!owner) throw failure("not_signed_in");
  opening ??= connect(owner);
  try {
    return await opening;
  } catch (problem) {
    opening = null;
    throw problem instanceof DOMException && problem.name === "VersionError" ? failure("app_outdated") : problem;
  }
}

/**
 * Read from a person's database without making it the one in use.
 * @template Result
 * @param {string} person
 * @param {(database: Store) => Promise<Result>} read
 * @returns {Promise<Result>}
 */
export async function readStoreOf(person, read) {
  if (person === owner) return read(await store());
  const database = await connect(person);
  try {
    return await read(database);
  } finally {
    database.close();
  }
}

/** Close the database; everything in it stays. */
export async function closeStore() {
  const closing = opening;
  owner = null;
  opening = null;
  if (closing) (await closing.catch(() => null))?.close();
}

/**
 * A transaction whose commit is on the disk when it is done: what "saved" means on every screen.
 * @template {StoreName} Name
 * @param {Store} database
 * @param {Name[]} names
 */
export function strictly(database, names) {
  return database.transaction(names, "readwrite", { durability: "strict" });
}

/**
 * Do all of `work` in one strict transaction; where it throws, nothing of it stays.
 * @template {StoreName} Name
 * @template Result
 * @param {Name[]} names
 * @param {(transaction: import("idb").IDBPTransaction<Schema, Name[], "readwrite">) => Promise<Result>} work may
 *   wait for nothing but the transaction itself
 * @returns {Promise<Result>} after the commit
 * @throws storage_full where the phone has no room left
 */
export async function inOneTransaction(names, work) {
  return together(await store(), names, work);
}

/**
 * The same in a person's database, without making it the one in use.
 * @template {StoreName} Name
 * @template Result
 * @param {string} person
 * @param {Name[]} names
 * @param {(transaction: import("idb").IDBPTransaction<Schema, Name[], "readwrite">) => Promise<Result>} work may
 *   wait for nothing but the transaction itself
 * @returns {Promise<Result>} after the commit
 * @throws storage_full where the phone has no room left
 */
export function changeStoreOf(person, names, work) {
  return readStoreOf(person, (database) => together(database, names, work));
}

/**
 * @template {StoreName} Name
 * @template Result
 * @param {Store} database
 * @param {Name[]} names
 * @param {(transaction: import("idb").IDBPTransaction<Schema, Name[], "readwrite">) => Promise<Result>} work
 * @returns {Promise<Result>}
 */
async function together(database, names, work) {
  const transaction = strictly(database, names);
  const committed = transaction.done;
  committed.catch(() => {});
  try {
    const result = await work(transaction);
    await committed;
    return result;
  } catch (problem) {
    if (transaction.error === null) abort(transaction);
    throw isFull(problem) || isFull(transaction.error) ? failure("storage_full") : problem;
  }
}

/**
 * What the server has had since before this moment may go from the phone. Neither the phone's clock alone says so, which
 * jumps when somebody sets it, nor the server's, which may be wrong for a moment.
 * @param {string | undefined} time `keptTime`
 * @returns {number} milliseconds since 1970; NaN, before which nothing is, where no time is known
 */
export function keptBefore(time) {
  return Date.parse(time ?? "") - KEPT_FOR_MS;
}

/**
 * The keys of a device's lines after `seq`.
 * @param {string} device
 * @param {number} seq
 */
export function linesAfter(device, seq) {
  return IDBKeyRange.bound([device, seq + 1], [device, Infinity]);
}

/**
 * The keys of all documents of a type.
 * @param {string} type
 */
export function allOf(type) {
  return IDBKeyRange.bound([type], [type, []]);
}

/** @param {{abort(): void}} transaction */
function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // It had ended already.
  }
}

/** @param {unknown} problem */
function isFull(problem) {
  return problem instanceof DOMException && problem.name === "QuotaExceededError";
}

/**
 * @param {string} person
 * @returns {Promise<Store>}
 */
function connect(person) {
  return openDB(`undercroft-${person}`, VERSION, {
    // Each version adds to the one before. None of them reads, rewrites or removes a line or a photo.
    upgrade(database, from) {
      if (from < 1) {
        database.createObjectStore("lines", { keyPath: ["device", "seq"] });
        database.createObjectStore("receipts", { keyPath: ["device", "seq"] }).createIndex("held", "held");
        const documents = database.createObjectStore("documents", { keyPath: ["type", "id"] });
        documents.createIndex("feed", "feed");
        documents.createIndex("gone", "gone"); // holds only documents that are gone: null is no key
        database.createObjectStore("feeds", { keyPath: "feed" });
        database.createObjectStore("photos", { keyPath: "sha256" });
        database.createObjectStore("deliveries", { keyPath: "sha256" });
        database.createObjectStore("meta");
        database.createObjectStore("drafts", { keyPath: "key" });
      }
    },
    // A newer app in another tab wants to add to the database: this tab lets it, and opens it again when needed.
    blocking(_current, _wanted, event) {
      /** @type {IDBDatabase} */ (event.target).close();
      forget(person);
    },
    terminated() {
      forget(person);
    },
  });
}

/**
 * The connection has gone; the next one who needs the store opens it again.
 * @param {string} person
 */
function forget(person) {
  if (owner === person) opening = null;
}
