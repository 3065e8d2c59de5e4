// What a device had not sent when the office revoked it: it reaches the office as an export file, and the person's next
// device on this phone asks how far it is in.

import { hashOf, parsed } from "../ledger/line.js";
import { append } from "../ledger/record.js";
import { inOneTransaction, inStore, store } from "../store/database.js";
import { refreshOrders } from "../store/documents.js";
import { call } from "../store/http.js";
import { keptTime } from "../store/server_clock.js";
import { linesOnlyHere } from "../store/unsent.js";

/** @typedef {import("../types.js").Ledger} Ledger */

/**
 * Ask the server how far it has the ledgers of revoked devices, while anything in them is on this phone alone, and
 * after a restore.
 * @throws the server's code, or no_contact
 */
export async function askAfterShutOut() {
  const [{ shutOut }, isDue] = await inStore((database) => {
    const transaction = database.transaction(["meta", "lines"]);
    const meta = transaction.objectStore("meta");
    return Promise.all([linesOnlyHere({ meta, lines: transaction.objectStore("lines") }), meta.get("shut_out_due")]);
  });
  for (const [device, lines] of shutOut) {
    if (lines.length === 0 && !isDue) continue;
    const { ledger } = await call("GET", `/session?device=${device}`);
    const changed = (await isForked(device, ledger))
      ? await carryOverShutOut(device)
      : await takeAcknowledged(device, ledger.acknowledged);
    if (changed) await refreshOrders();
  }
  if (isDue) await inOneTransaction(["meta"], (last) => last.objectStore("meta").delete("shut_out_due"));
}

/**
 * Whether the server has other lines under this ledger's numbers: the phone was put back to an earlier state, or
 * copied.
 * @param {string} device
 * @param {{acknowledged: number, head: string}} ledger as the server has it
 */
async function isForked(device, { acknowledged, head }) {
  if (acknowledged === 0) return false;
  const database = await store();
  /** @type {Ledger[]} */
  const ledgers = (await database.get("meta", "shut_out")) ?? [];
  const seq = ledgers.find((ledger) => ledger.device === device)?.seq ?? 0;
  const line = await database.get("lines", [device, acknowledged]);
  return line ? hashOf(new TextEncoder().encode(line.text)) !== head : acknowledged > seq;
}

/**
 * No file can hand in a ledger that has forked: what it had not delivered goes on in the ledger of this phone's device,
 * under the same operation ids and with the clocks of then, as after any fork.
 * @param {string} device
 * @returns {Promise<boolean>} whether there was anything
 */
function carryOverShutOut(device) {
  return inOneTransaction(["meta", "lines", "receipts"], async (transaction) => {
    const stores = { meta: transaction.objectStore("meta"), lines: transaction.objectStore("lines") };
    const kept = (await linesOnlyHere(stores)).shutOut.get(device) ?? [];
    await append(stores, kept.map(parsed));
    await putReceipts(transaction.objectStore("receipts"), kept, await keptTime(stores.meta));
    await setAcknowledged(stores.meta, device, kept.at(-1)?.seq ?? 0);
    return kept.length > 0;
  });
}

/**
 * Note how far the server has the ledger of a revoked device.
 * @param {string} device
 * @param {number} acknowledged
 * @returns {Promise<boolean>} whether it has more than was known
 */
function takeAcknowledged(device, acknowledged) {
  return inOneTransaction(["meta", "lines", "receipts"], async (transaction) => {
    const stores = { meta: transaction.objectStore("meta"), lines: transaction.objectStore("lines") };
    const kept = (await linesOnlyHere(stores)).shutOut.get(device) ?? [];
    const taken = kept.filter(({ seq }) => seq <= acknowledged);
    await putReceipts(transaction.objectStore("receipts"), taken, await keptTime(stores.meta));
    await setAcknowledged(stores.meta, device, acknowledged);
    return taken.length > 0;
  });
}

/**
 * Lines that are not this device's to send any more: `carried`, so that no restore has them written once more.
 * @param {import("../ledger/record.js").Writable<"receipts">} receipts
 * @param {import("../types.js").KeptLine[]} lines
 * @param {string | undefined} settled_at
 */
async function putReceipts(receipts, lines, settled_at) {
  for (const { device, seq, id } of lines) {
    await receipts.put({ device, seq, id, settled_at, carried: true, outcome: null });
  }
}

/**
 * @param {import("../ledger/record.js").Writable<"meta">} meta
 * @param {string} device
 * @param {number} acknowledged
 */
async function setAcknowledged(meta, device, acknowledged) {
  /** @type {Ledger[]} */
  const ledgers = (await meta.get("shut_out")) ?? [];
  await meta.put(
    ledgers.map((one) => (one.device === device ? { ...one, acknowledged } : one)),
    "shut_out",
  );
}
