// After a restore: what the server has lost and this phone still holds is offered back (protocol.md, "Healing").
//
// A copy is a document with the server's seal on it. Whether the server lacks something of it is told by its number,
// its version and the operations that it says it contains.

import { gzipSync, strToU8 } from "fflate";
import { newId } from "../core/ids.js";
import { MAX_LINE_BYTES, parsed } from "../ledger/line.js";
import { append } from "../ledger/record.js";
import { allOf, inOneTransaction, store } from "../store/database.js";

/** @typedef {import("../types.js").Json} Json */
/** @typedef {import("../types.js").KeptDocument} KeptDocument */

/**
 * Copies by the work order's id. `isMissing` until the server has sent a document of that order; one that `isTooLarge`
 * fits into no line and stays on the phone.
 * @typedef {{version: number, seal: string, body: Json, isMissing: boolean, isTooLarge?: true}} Copy
 * @typedef {Record<string, Copy>} Copies
 */

/** Of a line's 64 KiB, what stands around the data. */
const FRAME_BYTES = 1024;

/**
 * The copies once the server's history has turned out to be another one: everything that it had sealed for this phone.
 * @param {Copies} copies of an earlier restore that were not offered yet
 * @param {KeptDocument[]} documents
 * @returns {Copies}
 */
export function copiesOf(documents, copies) {
  const all = { ...copies };
  for (const { type, id, version, seal, body } of documents) {
    if (type !== "work_order" || !seal || (all[id]?.version ?? 0) > version) continue;
    all[id] = { version, seal, body, isMissing: true };
  }
  return all;
}

/**
 * The copies once the server has sent a document: one that says nothing new is dropped.
 * @param {Copies} copies
 * @param {string} id
 * @param {{version: number, body: Json}} document
 * @returns {Copies}
 */
export function withoutOld(copies, id, document) {
  const { [id]: copy, ...others } = copies;
  if (!copy || saysNothingNew(copy, document)) return others;
  return { ...others, [id]: { ...copy, isMissing: false } };
}

/**
 * Write the copies into the ledger, once everything else in it has been sent: what the server has lost of this phone's
 * own lines it has again by then.
 * @returns {Promise<boolean>} whether there is something to send now
 */
export async function offerCopies() {
  /** @type {Copies} */
  const waiting = (await (await store()).get("meta", "recalls")) ?? {};
  if (Object.values(waiting).every(({ isTooLarge }) => isTooLarge)) return false;
  return inOneTransaction(["meta", "lines", "documents"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    const [copies, ledger] = await Promise.all([
      /** @type {Promise<Copies | undefined>} */ (meta.get("recalls")),
      /** @type {Promise<import("../types.js").Ledger>} */ (meta.get("ledger")),
    ]);
    if (!copies || ledger.acknowledged < ledger.seq) return false;
    /** @type {Copies} */
    const staying = {};
    const contents = [];
    for (const [target, copy] of Object.entries(copies)) {
      const document = await transaction.objectStore("documents").get(["work_order", target]);
      if (!copy.isMissing && document && saysNothingNew(copy, document)) continue;
      const data = copy.isTooLarge ? null : dataOf(copy);
      if (data) contents.push({ id: newId(), kind: "order.recall", target, data });
      else staying[target] = { ...copy, isTooLarge: true };
    }
    await append({ meta, lines: transaction.objectStore("lines") }, contents);
    await meta.put(staying, "recalls");
    return contents.length > 0;
  });
}

/**
 * @param {import("../store/database.js").Store} database
 * @returns {Promise<string[]>} the orders whose copies stay on this phone
 */
export async function copiesThatFitIntoNoLine(database) {
  /** @type {Copies} */
  const copies = (await database.get("meta", "recalls")) ?? {};
  return Object.keys(copies).filter((id) => copies[id].isTooLarge);
}

/**
 * Write what this phone had delivered under the names of former devices once more, under the old operation ids and with
 * the clocks of then, once everything else in the ledger has been sent: a restored server may have lost it, and the
 * ledgers of those devices are not continued. What it has not lost it answers as repeated.
 * @returns {Promise<boolean>} whether there is something to send now
 */
export async function sendFormerLines() {
  if (!(await (await store()).get("meta", "former_lines_due"))) return false;
  return inOneTransaction(["meta", "lines", "receipts"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    /** @type {import("../types.js").Ledger} */
    const ledger = await meta.get("ledger");
    if (ledger.acknowledged < ledger.seq) return false;
    const lines = transaction.objectStore("lines");
    const contents = [];
    for (const kept of await lines.getAll()) {
      const receipt =
        kept.device === ledger.device ? null : await transaction.objectStore("receipts").get([kept.device, kept.seq]);
      if (!receipt || receipt.carried || kept.kind === "anchor") continue;
      const { id, at, kind, target, seen, data } = parsed(kept);
      contents.push({ id, at, kind, target, seen, data });
    }
    await append({ meta, lines }, contents);
    await meta.delete("former_lines_due");
    return contents.length > 0;
  });
}

/**
 * Say that what somebody else's session brought of this very ledger is one's own: the server had not known the device,
 * and holds it. That it ends with the same line as the ledger here shows that it is this ledger.
 * @returns {Promise<boolean>} whether there is something to send now
 */
export async function claimOwnLines() {
  return inOneTransaction(["meta", "lines", "documents"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    const [ledger, claimed] = await Promise.all([
      /** @type {Promise<import("../types.js").Ledger>} */ (meta.get("ledger")),
      /** @type {Promise<{head: string, waiting: number} | undefined>} */ (meta.get("claimed")),
    ]);
    if (ledger.acknowledged < ledger.seq) return false;
    const waiting = (await transaction.objectStore("documents").getAll(allOf("held"))).filter(
      ({ body }) => body.state === "waiting" && body.reason === "unknown_device" && body.device === ledger.device,
    );
    // The server takes them by portions. What is held all the same, once a claim brings no more in, is for a person.
    const isTried = claimed?.head === ledger.hash && claimed.waiting <= waiting.length;
    if (waiting.length === 0 || isTried) return false;
    const claim = { id: newId(), kind: "ledger.claim", target: ledger.device, data: { head: ledger.hash } };
    const written = await append({ meta, lines: transaction.objectStore("lines") }, [claim]);
    /** @type {import("../types.js").Ledger} */
    const after = await meta.get("ledger");
    await meta.put({ head: after.hash, waiting: waiting.length }, "claimed");
    return written.length > 0;
  });
}

/**
 * @param {Copy} copy
 * @param {{version: number, body: Json}} document
 */
function saysNothingNew(copy, document) {
  const isLater = document.version >= copy.version && document.body.number === copy.body.number;
  /** @type {string[]} */
  const contained = document.body.contains ?? [];
  return isLater && (copy.body.contains ?? []).every((/** @type {string} */ mark) => contained.includes(mark));
}

/**
 * What an order.recall says, packed where a line could not hold it otherwise; null where it cannot even so.
 * @param {Copy} copy
 * @returns {Json | null}
 */
function dataOf({ version, seal, body }) {
  const text = strToU8(JSON.stringify(body));
  if (text.length < MAX_LINE_BYTES - FRAME_BYTES) return { version, seal, body };
  const letters = Array.from(gzipSync(text, { mtime: 0 }), (byte) => String.fromCharCode(byte)).join("");
  const packed = btoa(letters);
  return packed.length < MAX_LINE_BYTES - FRAME_BYTES ? { version, seal, packed } : null;
}
