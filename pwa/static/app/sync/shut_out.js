// What a device had not sent when the office revoked it: it reaches the office as an export file, and the person's next
// device on this phone asks how far it is in.

import { inOneTransaction, linesAfter, store } from "../store/database.js";
import { refreshOrders } from "../store/documents.js";
import { call } from "../store/http.js";
import { linesOnlyHere } from "../store/unsent.js";

/** @typedef {import("../types.js").Ledger} Ledger */

/**
 * Ask the server how far it has the ledgers of revoked devices, while anything in them is on this phone alone, and after
 * a restore.
 * @throws the server's code, or no_contact
 */
export async function askAfterShutOut() {
  const transaction = (await store()).transaction(["meta", "lines"]);
  const meta = transaction.objectStore("meta");
  const [{ shutOut }, isDue] = await Promise.all([
    linesOnlyHere({ meta, lines: transaction.objectStore("lines") }),
    meta.get("shut_out_due"),
  ]);
  for (const [device, lines] of shutOut) {
    if (lines.length === 0 && !isDue) continue;
    const { ledger } = await call("GET", `/session?device=${device}`);
    await takeAcknowledged(device, ledger.acknowledged);
    if (lines.some(({ seq }) => seq <= ledger.acknowledged)) await refreshOrders();
  }
  if (isDue) await inOneTransaction(["meta"], (last) => last.objectStore("meta").delete("shut_out_due"));
}

/**
 * Note how far the server has the ledger of a revoked device.
 * @param {string} device
 * @param {number} acknowledged
 */
async function takeAcknowledged(device, acknowledged) {
  await inOneTransaction(["meta", "lines", "receipts"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    /** @type {Ledger[]} */
    const ledgers = (await meta.get("shut_out")) ?? [];
    /** @type {string | undefined} */
    const settled_at = await meta.get("server_time");
    const before = ledgers.find((ledger) => ledger.device === device)?.acknowledged ?? 0;
    const receipts = transaction.objectStore("receipts");
    for (const { seq, id } of await transaction.objectStore("lines").getAll(linesAfter(device, before))) {
      // A supervisor decides about these lines: `carried`, so that no restore has them written again by another device.
      if (seq <= acknowledged) await receipts.put({ device, seq, id, settled_at, carried: true, outcome: null });
    }
    await meta.put(ledgers.map((one) => (one.device === device ? { ...one, acknowledged } : one)), "shut_out");
  });
}
