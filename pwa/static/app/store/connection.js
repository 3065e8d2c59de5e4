// A connection to one of the browser's databases. Phones end connections in the background, often without a word: then
// every transaction throws, is aborted, or never ends. Such a connection is dropped, opened again, and the work is done
// once more from its beginning.

import { computed, signal } from "@preact/signals-core";
import { openDB } from "idb";
import { codeOf, failure } from "../core/failure.js";

/** Whoever waits for a database that does not open, or for work that does not end, hears of it after so long. */
const PATIENCE_MS = 4_000;
/** A connection that lives answers a small question within this, also on a slow phone. */
const ANSWERS_WITHIN_MS = 3_000;
/** What browsers call it when a transaction cannot be begun, or was ended by nobody here. */
const SIGNS_OF_A_LOST_ONE = new Set(["InvalidStateError", "UnknownError", "AbortError"]);

/**
 * @template Schema
 * @typedef {import("idb").IDBPDatabase<Schema>} Database
 */

/**
 * @template Schema
 * @typedef {object} Connection
 * @property {<Result>(work: (database: Database<Schema>) => Promise<Result>) => Promise<Result>} read  do work that
 *   only reads, or that is one step and may be done twice
 * @property {<Name extends import("idb").StoreNames<Schema>, Result>(names: Name[],
 *   work: (transaction: import("idb").IDBPTransaction<Schema, Name[], "readwrite">) => Promise<Result>)
 *   => Promise<Result>} change  do all of `work` in one strict transaction; where it throws, nothing of it stays
 * @property {() => Promise<void>} look  find out whether it lives, and drop it where it does not
 * @property {() => Promise<void>} close
 */

/**
 * One that was opened. `lost` is rejected once it is known to be dead.
 * @template Schema
 * @typedef {{database: Database<Schema>, lost: Promise<never>, lose: () => void}} Opened
 */

/** The connection has gone, and what was to be done on it has not been committed. */
class Lost extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super("lost", { cause });
  }
}

/** The databases that do not answer at present. */
const silent = signal(/** @type {Set<string>} */ (new Set()));
/** Whether what is on this phone cannot be read at present. */
export const unreadable = computed(() => silent.value.size > 0);

/** How often a browser has said that it ended a connection: what was there may be gone. */
export const endings = signal(0);

/**
 * @template Schema
 * @param {string} name
 * @param {number} version
 * @param {(database: Database<Schema>, from: number) => void} upgrade
 * @returns {Connection<Schema>} opened with its first use
 * @throws from each of its functions: database_gone where opening it again did not help, database_slow where it does
 *   not open in time, app_outdated where a newer version of the app has been here, storage_full, not_signed_in once
 *   closed
 */
export function connectionTo(name, version, upgrade) {
  /** @type {Promise<Opened<Schema>> | null} */
  let opening = null;
  let isClosed = false;
  /** @type {Promise<void> | null} */
  let looking = null;
  /** How many transactions are at work on each store. @type {Map<string, number>} */
  const busy = new Map();

  /** @returns {Promise<Opened<Schema>>} */
  function open() {
    if (isClosed) throw failure("not_signed_in");
    if (opening) return opening;
    const end = ending();
    const forget = () => {
      if (opening === mine) opening = null;
      end.lose();
    };
    const mine = openDB(name, version, {
      upgrade: /** @type {any} */ (upgrade), // any: idb asks for the type of its own event
      // A newer app in another tab wants to add to the database: this tab lets it, and opens it again when needed.
      blocking(_current, _wanted, event) {
        /** @type {IDBDatabase} */ (event.target).close();
        if (opening === mine) opening = null;
        endings.value += 1; // Or somebody deletes it.
      },
      terminated() {
        forget();
        endings.value += 1;
      },
    }).then((database) => ({ database: /** @type {Database<Schema>} */ (database), ...end, lose: forget }));
    opening = mine;
    // Whoever has waited for it in vain hears of it; that it opens does not mean yet that it answers.
    mine.then(
      () => {
        if (silent.peek().has(name)) void look().catch(() => {});
      },
      () => {
        if (opening === mine) opening = null;
      },
    );
    return mine;
  }

  /** @param {Opened<Schema>} opened */
  function drop({ database, lose }) {
    lose();
    database.close(); // What it may still be writing is written to its end.
  }

  /** @returns {Promise<Opened<Schema>>} */
  async function opened() {
    try {
      return await within(open(), PATIENCE_MS, () => failure("database_slow"));
    } catch (problem) {
      const { name: kind } = /** @type {Error} */ (problem);
      if (kind === "VersionError") throw failure("app_outdated");
      throw wasEnded(problem) ? new Lost(problem) : problem;
    }
  }

  /**
   * @template Result
   * @param {(opened: Opened<Schema>) => Promise<Result>} work
   * @returns {Promise<Result>}
   */
  async function once(work) {
    const now = await opened();
    const patience = setTimeout(() => void look().catch(() => {}), PATIENCE_MS);
    try {
      return await work(now);
    } catch (problem) {
      if (problem instanceof Lost) drop(now);
      throw problem;
    } finally {
      clearTimeout(patience);
    }
  }

  /**
   * @template Result
   * @param {(opened: Opened<Schema>) => Promise<Result>} work
   * @returns {Promise<Result>}
   */
  async function twice(work) {
    try {
      const result = await once(work).catch((problem) => {
        if (problem instanceof Lost) return once(work);
        throw problem;
      });
      answers(name, true);
      return result;
    } catch (problem) {
      const isLost = problem instanceof Lost;
      if (!isLost && codeOf(problem) !== "database_slow") throw problem;
      if (isClosed) throw failure("not_signed_in");
      // One record that cannot be read is no reason to give up everything.
      if (isLost && (await lives())) throw problem.cause instanceof Error ? problem.cause : failure("database_gone");
      console.error(problem);
      answers(name, false);
      throw isLost ? failure("database_gone") : problem;
    }
  }

  function look() {
    looking ??= lookOnce().finally(() => {
      looking = null;
    });
    return looking;
  }

  async function lookOnce() {
    if (!opening) return;
    await twice(async (one) => {
      if (!(await answering(one))) throw new Lost("no answer");
    });
  }

  /** @returns {Promise<boolean>} */
  async function lives() {
    return once(answering).catch(() => false);
  }

  /**
   * Asks the stores on which nothing is at work here: a long transaction is no sign of death, nor is another tab's.
   * @param {Opened<Schema>} opened
   */
  async function answering({ database }) {
    const free = [...database.objectStoreNames].filter((one) => !busy.get(String(one)));
    if (free.length === 0) return true;
    return within(
      Promise.any(free.map((one) => database.count(one))),
      ANSWERS_WITHIN_MS,
      () => new Lost("no answer"),
    ).then(
      () => true,
      () => false,
    );
  }

  /** @param {readonly string[]} names @param {1 | -1} step */
  function count(names, step) {
    for (const one of names) busy.set(one, (busy.get(one) ?? 0) + step);
  }

  return {
    look,
    read: (work) => twice(({ database, lost }) => reading(database, work, lost)),
    async change(names, work) {
      const known = names.map(String);
      count(known, 1);
      try {
        return await twice(({ database, lost }) => changing(database, names, work, lost));
      } finally {
        count(known, -1);
      }
    },
    async close() {
      isClosed = true;
      const closing = opening;
      opening = null;
      answers(name, true);
      (await closing?.catch(() => null))?.database.close();
    },
  };
}

/**
 * @template Schema, Result
 * @param {Database<Schema>} database
 * @param {(database: Database<Schema>) => Promise<Result>} work
 * @param {Promise<never>} lost
 * @returns {Promise<Result>}
 */
async function reading(database, work, lost) {
  try {
    return await Promise.race([work(database), lost]);
  } catch (problem) {
    throw isFull(problem) ? failure("storage_full") : showsALostOne(problem) ? new Lost(problem) : problem;
  }
}

/**
 * @template Schema, Result
 * @template {import("idb").StoreNames<Schema>} Name
 * @param {Database<Schema>} database
 * @param {Name[]} names
 * @param {(transaction: import("idb").IDBPTransaction<Schema, Name[], "readwrite">) => Promise<Result>} work
 * @param {Promise<never>} lost
 * @returns {Promise<Result>} after the commit
 */
async function changing(database, names, work, lost) {
  const transaction = begun(database, names);
  const committed = transaction.done;
  committed.catch(() => {});
  let isDone = false;
  /** @type {Result | undefined} */
  let result;
  try {
    result = await Promise.race([work(transaction), lost]);
    isDone = true;
    await Promise.race([committed, lost]);
    return result;
  } catch (problem) {
    const cause = transaction.error ?? problem;
    if (transaction.error === null) abort(transaction);
    if (isFull(problem) || isFull(cause)) throw failure("storage_full");
    if (!(problem instanceof Lost) && !wasEnded(cause)) throw problem;
    // Only what is not on the disk may be done once more.
    const isThere =
      isDone &&
      (await within(committed, ANSWERS_WITHIN_MS, () => new Lost("no answer")).then(
        () => true,
        () => false,
      ));
    if (isThere) return /** @type {Result} */ (result);
    throw new Lost(cause);
  }
}

/**
 * A transaction whose commit is on the disk when it is done: what "saved" means on every screen.
 * @template Schema
 * @template {import("idb").StoreNames<Schema>} Name
 * @param {Database<Schema>} database
 * @param {Name[]} names
 */
function begun(database, names) {
  try {
    return database.transaction(names, "readwrite", { durability: "strict" });
  } catch (problem) {
    throw showsALostOne(problem) ? new Lost(problem) : problem;
  }
}

/** @param {unknown} problem */
function showsALostOne(problem) {
  return problem instanceof Lost || (problem instanceof DOMException && SIGNS_OF_A_LOST_ONE.has(problem.name));
}

/** Whether it was ended by the browser, and not for what was asked. @param {unknown} cause */
function wasEnded(cause) {
  return cause instanceof DOMException && (cause.name === "UnknownError" || cause.name === "AbortError");
}

/** @param {unknown} problem */
function isFull(problem) {
  return problem instanceof DOMException && problem.name === "QuotaExceededError";
}

/** @param {{abort(): void}} transaction */
function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // It had ended already.
  }
}

/** @returns {{lost: Promise<never>, lose: () => void}} */
function ending() {
  /** @type {() => void} */
  let lose = () => {};
  /** @type {Promise<never>} */
  const lost = new Promise((_, reject) => {
    lose = () => reject(new Lost("the browser ended the connection"));
  });
  lost.catch(() => {});
  return { lost, lose };
}

/**
 * @template Result
 * @param {Promise<Result>} answer
 * @param {number} patience_ms
 * @param {() => Error} late what to throw where it does not come in time
 * @returns {Promise<Result>}
 */
function within(answer, patience_ms, late) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), patience_ms);
    answer.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}

/** @param {string} name @param {boolean} isSo */
function answers(name, isSo) {
  if (silent.peek().has(name) !== isSo) return;
  const others = [...silent.peek()].filter((one) => one !== name);
  silent.value = new Set(isSo ? others : [...others, name]);
}
