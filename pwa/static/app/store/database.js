// One database a person: what they recorded on this phone, and what the server gave them.
//
// `lines` and `photos` are only ever added to, and emptied of what the server has had for 30 days. What changes
// about them (acknowledged, uploaded) stands in `receipts` and `deliveries`, so that no bookkeeping ever rewrites
// what somebody captured.

import { failure } from "../core/failure.js";
import { connectionTo } from "./connection.js";

/** @typedef {import("../types.js").KeptLine} KeptLine */
/** @typedef {import("../types.js").Receipt} Receipt */

/**
 * @typedef {object} Schema
 * @property {{key: [string, number], value: KeptLine}} lines
 * @property {{key: [string, number], value: Receipt, indexes: {held: number}}} receipts
 * @property {{key: [string, string], value: import("../types.js").KeptDocument, indexes: {feed: string, gone: string}}}
 *   documents
 * @property {{key: string, value: import("../types.js").FeedCursor}} feeds
 * @property {{key: string, value: import("../types.js").KeptPhoto}} photos
 * @property {{key: string, value: import("../types.js").Delivery}} deliveries
 * @property {{key: string, value: any}} meta  any: ledger, epoch, server_time, server_clock, recalls, …, each read in
 *   one place
 * @property {{key: string, value: {key: string, value: any, at: string}}} drafts  any: what a screen was holding
 */

/** @typedef {import("idb").IDBPDatabase<Schema>} Store */
/** @typedef {"lines" | "receipts" | "documents" | "feeds" | "photos" | "deliveries" | "meta" | "drafts"} StoreName */

const VERSION = 1;
/** Even what the server has stays on the phone for so long: it heals a server that lost history. */
const KEPT_FOR_MS = 30 * 24 * 3600 * 1000;

/** Steps that are a transaction each and may be done twice. */
const STEPS = new Set([
  "get",
  "getKey",
  "getAll",
  "getAllKeys",
  "getFromIndex",
  "getAllFromIndex",
  "count",
  "put",
  "delete",
]);

/** @typedef {import("./connection.js").Connection<Schema>} Connection */

/** The person whose database is in use. @type {{person: string, connection: Connection} | null} */
let own = null;

/**
 * Open the person's database and make it the one that `store()` gives; another person's is closed, not touched.
 * @param {string} person the person's id
 * @returns {Promise<Store>}
 */
export async function openStore(person) {
  if (own?.person !== person) await closeStore();
  own ??= { person, connection: connectionOf(person) };
  return store();
}

/**
 * The open database, for one step at a time: where its connection turns out to be dead, the step is done on a new one.
 * What takes more than one step goes through `inStore` or `inOneTransaction`.
 * @returns {Promise<Store>}
 * @throws not_signed_in where nobody is, app_outdated where a newer version of the app has been here, database_gone or
 *   database_slow where it cannot be had
 */
export async function store() {
  const { connection } = mine();
  return connection.read(async (database) => steadily(database, connection));
}

/**
 * Read from the database of whoever is signed in; done once more where the connection turns out to be dead.
 * @template Result
 * @param {(database: Store) => Promise<Result>} read
 * @returns {Promise<Result>}
 * @throws as `store` does
 */
export async function inStore(read) {
  return mine().connection.read(read);
}

/**
 * Read from a person's database without making it the one in use.
 * @template Result
 * @param {string} person
 * @param {(database: Store) => Promise<Result>} read
 * @returns {Promise<Result>}
 */
export function readStoreOf(person, read) {
  return withStoreOf(person, (connection) => connection.read(read));
}

/**
 * Whose database is in use.
 * @returns {string} the person's id
 * @throws not_signed_in
 */
export function whoseStore() {
  return mine().person;
}

/** Close the database; everything in it stays. */
export async function closeStore() {
  const closing = own;
  own = null;
  await closing?.connection.close();
}

/** Find out whether the database still answers, and open it again where it does not. */
export async function lookWhetherStoreLives() {
  await own?.connection.look();
}

/**
 * Do all of `work` in one strict transaction; where it throws, nothing of it stays.
 * @template {StoreName} Name
 * @template Result
 * @param {Name[]} names
 * @param {(transaction: import("idb").IDBPTransaction<Schema, Name[], "readwrite">) => Promise<Result>} work may
 *   wait for nothing but the transaction itself; done once more from its beginning where the connection was dead
 * @returns {Promise<Result>} after the commit
 * @throws storage_full where the phone has no room left, and as `store` does
 */
export async function inOneTransaction(names, work) {
  return mine().connection.change(names, work);
}

/**
 * The same in a person's database, without making it the one in use.
 * @template {StoreName} Name
 * @template Result
 * @param {string} person
 * @param {Name[]} names
 * @param {(transaction: import("idb").IDBPTransaction<Schema, Name[], "readwrite">) => Promise<Result>} work as above
 * @returns {Promise<Result>} after the commit
 * @throws storage_full where the phone has no room left
 */
export function changeStoreOf(person, names, work) {
  return withStoreOf(person, (connection) => connection.change(names, work));
}

/**
 * What the server has had since before this moment may go from the phone. Neither the phone's clock alone says so,
 * which jumps when somebody sets it, nor the server's, which may be wrong for a moment.
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

/**
 * Every key that is a text. A read of an index names its keys: WebKit's database in memory (a private window) answers
 * one that names none with records, too, that are not in the index.
 */
export const ANY_TEXT = IDBKeyRange.lowerBound("");
/** Every key that is a number. */
export const ANY_NUMBER = IDBKeyRange.bound(-Infinity, Infinity);

function mine() {
  if (!own) throw failure("not_signed_in");
  return own;
}

/**
 * @template Result
 * @param {string} person
 * @param {(connection: Connection) => Promise<Result>} work
 * @returns {Promise<Result>}
 */
async function withStoreOf(person, work) {
  if (person === own?.person) return work(own.connection);
  const connection = connectionOf(person);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/**
 * @param {Store} database
 * @param {Connection} connection
 * @returns {Store}
 */
function steadily(database, connection) {
  return new Proxy(database, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      if (!STEPS.has(String(name))) return value.bind(target);
      return (/** @type {unknown[]} */ ...given) =>
        connection.read((living) => Reflect.apply(Reflect.get(living, name, living), living, given));
    },
  });
}

/** @param {string} person @returns {Connection} */
function connectionOf(person) {
  return connectionTo(`undercroft-${person}`, VERSION, upgrade);
}

/**
 * Each version adds to the one before. None of them reads, rewrites or removes a line or a photo.
 * @param {Store} database
 * @param {number} from
 */
function upgrade(database, from) {
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
}
