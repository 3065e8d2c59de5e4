// What became of lines that the server did not apply: it keeps them, and a person decides (documents of type `held`).

import { allOf, ANY_NUMBER, keptBefore } from "./database.js";
import { keptTime } from "./server_clock.js";

/** @typedef {import("../types.js").HeldItem} HeldItem */
/** @typedef {import("../types.js").DecidedItem} DecidedItem */

/** Both the kind of what the server could not read, and why it is held. */
const UNREADABLE = "unreadable";

/**
 * @param {import("./database.js").Store} database
 * @returns {Promise<{held: HeldItem[], decided: DecidedItem[]}>} what waits, in the order in which it was recorded, and
 *   what was decided in the last 30 days by the server's clock, the newest first
 */
export async function readHeld(database) {
  const transaction = database.transaction(["meta", "lines", "receipts", "documents"]);
  const [serverTime, documents, receipts] = await Promise.all([
    keptTime(transaction.objectStore("meta")),
    transaction.objectStore("documents").getAll(allOf("held")),
    transaction.objectStore("receipts").index("held").getAll(ANY_NUMBER),
  ]);
  const lines = transaction.objectStore("lines");
  const kept = await Promise.all(receipts.map(({ device, seq }) => lines.get([device, seq])));
  const written = new Map(kept.flatMap((line) => (line ? [[line.id, line]] : [])));

  const known = new Set(documents.map(({ id }) => id));
  const waiting = documents.filter(({ body }) => body.state === "waiting");
  /** @type {HeldItem[]} */
  const held = waiting.map(({ id, body: { kind, target, received_at, reason, device } }) => {
    const line = written.get(id);
    return {
      id,
      kind: kind ?? line?.kind ?? UNREADABLE,
      target,
      at: line?.written_at ?? received_at,
      reason,
      device: device ?? null,
    };
  });
  // A line has no document where the server cannot read its id, or has not sent the document yet.
  kept.forEach((line, index) => {
    if (!line || known.has(line.id)) return;
    const { id, kind, target, device, written_at: at } = line;
    held.push({ id, kind, target, at, reason: receipts[index].outcome?.reason ?? UNREADABLE, device });
  });
  const before = keptBefore(serverTime);
  const decided = documents.flatMap(decisionOf).filter(({ at }) => !(Date.parse(at) < before));
  return {
    held: held.sort((one, other) => Date.parse(one.at) - Date.parse(other.at)),
    decided: decided.sort((one, other) => Date.parse(other.at) - Date.parse(one.at)),
  };
}

/**
 * @param {import("../types.js").KeptDocument} document
 * @returns {DecidedItem[]} none while nothing is decided
 */
function decisionOf({ id, body: { kind, target, state, decided } }) {
  if (state === "waiting" || !decided) return [];
  const { by, at, comment } = decided;
  return [{ id, kind: kind ?? UNREADABLE, target, state, by, at, comment }];
}
