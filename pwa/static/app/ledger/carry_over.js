// A ledger that has forked, or that the server cannot continue: the phone goes on as a new device.

import { inOneTransaction, keptBefore, linesAfter } from "../store/database.js";
import { keptTime } from "../store/server_clock.js";
import { nextLine, parsed } from "./line.js";

/** @typedef {import("../types.js").Ledger} Ledger */

/**
 * Write what the old device had not delivered into the new device's ledger, under the same operation ids and with the
 * clocks of the moment in which it happened; its anchors come along, because they prove that moment. The old lines
 * stay as they are.
 * @param {string} oldDevice
 * @param {Ledger} next the new device, already known to the server; its newest anchor waits in it
 * @returns {Promise<boolean>} false where the ledger had moved on already
 */
export async function carryOver(oldDevice, next) {
  return inOneTransaction(["meta", "lines", "receipts"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    /** @type {Ledger} */
    const old = await meta.get("ledger");
    if (old.device !== oldDevice) return false;
    const lines = transaction.objectStore("lines");
    const settled_at = await keptTime(meta);
    let head = { device: next.device, seq: next.seq, hash: next.hash };
    for (const kept of await lines.getAll(linesAfter(old.device, old.acknowledged))) {
      const { id, at, kind, target, seen, data } = parsed(kept);
      const copied = nextLine(head, { id, at, kind, target, seen, data });
      await lines.add(copied.line);
      const receipt = { device: kept.device, seq: kept.seq, id, settled_at, carried: true, outcome: null };
      await transaction.objectStore("receipts").put(receipt);
      head = copied.head;
    }
    await meta.put({ ...next, seq: head.seq, hash: head.hash }, "ledger");
    await meta.delete("next_ledger");
    return true;
  });
}

/**
 * Remove lines that the server has had for 30 days by its own clock, from the oldest on, and never one that is unsent.
 */
export async function dropSettled() {
  await inOneTransaction(["lines", "receipts", "meta"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    /** @type {Ledger | undefined} */
    const ledger = await meta.get("ledger");
    const before = keptBefore(await keptTime(meta));
    if (!ledger) return;
    const everythingSent = ledger.acknowledged === ledger.seq;
    for (const { device, seq, carried, settled_at } of await transaction.objectStore("receipts").getAll()) {
      const sent = device === ledger.device ? seq <= ledger.acknowledged : !carried || everythingSent;
      if (!sent || !(Date.parse(settled_at ?? "") < before)) continue;
      await transaction.objectStore("lines").delete([device, seq]);
      await transaction.objectStore("receipts").delete([device, seq]);
    }
  });
}
