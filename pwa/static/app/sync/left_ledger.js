// A ledger that another person left on this phone, handed in line by line as it is.

import { announcement, sign } from "../ledger/device.js";
import { codeOf, figuresOf } from "../core/failure.js";
import { changeStoreOf, inStore, linesAfter, readStoreOf } from "../store/database.js";
import { call } from "../store/http.js";
import { noteServerTime } from "../store/server_clock.js";
import { fitting, MOST_LINES } from "./request.js";

/** @typedef {import("../types.js").Ledger} Ledger */
/** @typedef {import("../types.js").KeptLine} KeptLine */
/** @typedef {import("../store/directory.js").Entry} Entry */

/**
 * Why somebody's ledger stays here: as POST /ledgers/waiting names it.
 * @typedef {"unknown_person" | "account_closed" | "gap" | "fork" | "own_hand" | "orders"} Why
 */

/**
 * How a server's answer to a ledger reads.
 * @typedef {{epoch: string, server_time: string, acknowledged: number, head: string, is_held: boolean,
 *   is_yours: boolean, stored: string[], lacking: string[], unknown_orders: string[]}} Stands
 */

/** What no session but its person's own brings in. @type {Record<string, Why>} */
export const REFUSALS = {
  export_unknown_person: "unknown_person",
  account_closed: "account_closed",
  ledger_gap: "gap",
  ledger_fork: "fork",
  export_fork: "fork",
  export_other_device: "fork",
  export_unsigned: "fork",
  ledger_by_own_hand: "own_hand",
};

/**
 * Bring one ledger as far as it goes; between two portions it gives way to what whoever is signed in has recorded.
 * @param {Entry} entry
 * @param {Ledger} kept
 * @param {string} epoch
 * @returns {Promise<{why: Why | null, isYours: boolean, gaveWay?: boolean}>}
 */
export async function bringLedger(entry, kept, epoch) {
  let isYours = false;
  let most = MOST_LINES;
  for (let gaps = 0; ;) {
    const { ledger, lines } = await readStoreOf(entry.id, (database) => nextLines(database, kept.device, most));
    if (!ledger) return { why: null, isYours };
    if ((lines[0]?.seq ?? ledger.acknowledged + 1) !== ledger.acknowledged + 1) return { why: "gap", isYours };
    try {
      const stands = await handIn(entry, ledger, lines);
      if (stands.epoch !== epoch || stands.acknowledged > ledger.seq) return { why: "fork", isYours };
      isYours = stands.is_yours;
      await noteAcknowledged(
        entry.id,
        ledger,
        Math.min(stands.acknowledged, lines.at(-1)?.seq ?? ledger.acknowledged),
        stands,
      );
      if (lines.length === 0 || stands.acknowledged < ledger.acknowledged + lines.length) return { why: null, isYours };
      if (await ownLinesWait()) return { why: null, isYours, gaveWay: true };
    } catch (problem) {
      const { acknowledged, seq } = figuresOf(problem);
      const code = codeOf(problem);
      if (
        code === "ledger_gap" &&
        typeof acknowledged === "number" &&
        acknowledged < ledger.acknowledged &&
        ++gaps <= 2
      ) {
        await noteGap(entry.id, ledger, acknowledged);
      } else if (code === "ledger_by_own_hand" && typeof seq === "number" && seq > ledger.acknowledged + 1) {
        most = seq - ledger.acknowledged - 1;
      } else if (REFUSALS[code]) {
        return { why: REFUSALS[code], isYours };
      } else {
        throw problem;
      }
    }
  }
}

/** Whether whoever is signed in has lines that the server has not. */
async function ownLinesWait() {
  /** @type {Ledger | undefined} */
  const own = await inStore((database) => database.get("meta", "ledger"));
  return own !== undefined && own.acknowledged < own.seq;
}

/**
 * @param {import("../store/database.js").Store} database
 * @param {string} device
 * @param {number} most
 * @returns {Promise<{ledger: Ledger | undefined, lines: KeptLine[]}>} the oldest that are not acknowledged
 */
export async function nextLines(database, device, most) {
  const transaction = database.transaction(["meta", "lines"]);
  const meta = transaction.objectStore("meta");
  const [current, shutOut] = await Promise.all([meta.get("ledger"), meta.get("shut_out")]);
  /** @type {Ledger | undefined} */
  const ledger = [current, ...(shutOut ?? [])].find((one) => one?.device === device);
  if (!ledger) return { ledger, lines: [] };
  return {
    ledger,
    lines: fitting(await transaction.objectStore("lines").getAll(linesAfter(device, ledger.acknowledged), most)),
  };
}

/**
 * @param {Entry} entry
 * @param {Ledger} ledger
 * @param {KeptLine[]} lines
 * @param {{content?: string[], orders?: string[]}} [holds] what this phone has of it besides
 * @returns {Promise<Stands>}
 */
export async function handIn(entry, ledger, lines, holds = {}) {
  const last = lines.at(-1);
  return call("POST", "/ledgers", {
    ...named(entry, ledger),
    first: ledger.acknowledged + 1,
    lines: lines.map(({ text }) => text),
    signature: last && (await sign(ledger, last.text)),
    ...holds,
  });
}

/**
 * @param {Entry} entry
 * @param {Ledger} ledger
 */
export function named({ person }, ledger) {
  return { device: announcement(ledger), person: { id: person.id, username: person.username } };
}

/**
 * The server has the ledger up to there.
 * @param {string} person
 * @param {Ledger} ledger as it was when it was asked
 * @param {number} acknowledged
 * @param {Stands} stands
 */
async function noteAcknowledged(person, ledger, acknowledged, { server_time }) {
  if (acknowledged <= ledger.acknowledged) return;
  await changeStoreOf(person, ["meta", "lines", "receipts"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    const settled_at = await noteServerTime(meta, server_time);
    const place = await placeOf(meta, ledger);
    if (!place) return; // Its person has been at it meanwhile.
    const taken = IDBKeyRange.bound([ledger.device, ledger.acknowledged + 1], [ledger.device, acknowledged]);
    for (const { device, seq, id } of await transaction.objectStore("lines").getAll(taken)) {
      // What came of it is between its person and the server: their own feed says it.
      await transaction
        .objectStore("receipts")
        .put({ device, seq, id, settled_at, carried: place.isShutOut, outcome: null });
    }
    await place.put({ ...ledger, acknowledged });
  });
}

/**
 * The server has less of the ledger than it had said.
 * @param {string} person
 * @param {Ledger} ledger
 * @param {number} acknowledged
 */
async function noteGap(person, ledger, acknowledged) {
  await changeStoreOf(person, ["meta", "receipts"], async (transaction) => {
    const place = await placeOf(transaction.objectStore("meta"), ledger);
    if (!place) return;
    await transaction.objectStore("receipts").delete(linesAfter(ledger.device, acknowledged));
    await place.put({ ...ledger, acknowledged });
  });
}

/**
 * Where a ledger stands in its store, as long as nobody has changed how far it is known to be at the server.
 * @param {import("../ledger/record.js").Writable<"meta">} meta
 * @param {Ledger} ledger
 * @returns {Promise<{isShutOut: boolean, put: (changed: Ledger) => Promise<unknown>} | null>}
 */
async function placeOf(meta, { device, acknowledged }) {
  /** @type {Ledger | undefined} */
  const current = await meta.get("ledger");
  /** @type {Ledger[]} */
  const shutOut = (await meta.get("shut_out")) ?? [];
  if (current?.device === device && current.acknowledged === acknowledged) {
    // Lines that were written meanwhile stay: only how far it is there changes.
    return {
      isShutOut: false,
      put: (changed) => meta.put({ ...current, acknowledged: changed.acknowledged }, "ledger"),
    };
  }
  if (!shutOut.some((one) => one.device === device && one.acknowledged === acknowledged)) return null;
  const others = (/** @type {Ledger} */ changed) =>
    shutOut.map((one) => (one.device === device ? { ...one, acknowledged: changed.acknowledged } : one));
  return { isShutOut: true, put: (changed) => meta.put(others(changed), "shut_out") };
}
