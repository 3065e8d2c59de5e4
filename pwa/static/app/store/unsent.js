// What has not reached the server yet, in the order in which it will go.

import { parsed } from "../ledger/line.js";
import { linesAfter } from "./database.js";

/** @typedef {import("../types.js").OutboxItem} OutboxItem */

/**
 * @param {import("./database.js").Store} database
 * @returns {Promise<{outbox: OutboxItem[], unsent: {lines: number, photos: number, bytes: number}}>}
 */
export async function readUnsent(database) {
  const transaction = database.transaction(["meta", "lines", "deliveries"]);
  /** @type {import("../types.js").Ledger | undefined} */
  const ledger = await transaction.objectStore("meta").get("ledger");
  const lines = ledger
    ? await transaction.objectStore("lines").getAll(linesAfter(ledger.device, ledger.acknowledged))
    : [];
  const deliveries = await transaction.objectStore("deliveries").getAll();

  const ofLines = lines.filter(({ kind }) => kind !== "anchor").map(itemOfLine);
  const ofPhotos = deliveries.filter(({ state }) => state !== "stored").map(itemOfPhoto);
  // A photo that the server has refused is on this phone alone: it counts until it is delivered.
  const bytes = [...ofLines, ...ofPhotos].reduce((sum, item) => sum + item.bytes - item.sent, 0);
  return {
    outbox: [...ofLines, ...ofPhotos],
    unsent: { lines: ofLines.length, photos: ofPhotos.length, bytes },
  };
}

/**
 * @param {import("../types.js").KeptLine} line
 * @returns {OutboxItem}
 */
function itemOfLine(line) {
  const bytes = new TextEncoder().encode(line.text).length;
  const { id, kind, target, written_at: at } = line;
  const photo = kind.startsWith("photo.") ? { photo: parsed(line).data.photo } : {};
  return { what: "line", kind, target, at, state: "waiting", bytes, sent: 0, id, ...photo };
}

/**
 * @param {import("../types.js").Delivery} delivery
 * @returns {OutboxItem}
 */
function itemOfPhoto({ sha256, size, sent, state, code, uses }) {
  const { photo, target } = uses[uses.length - 1];
  const progress = state === "rejected" ? "rejected" : state === "sending" ? "sending" : "waiting";
  return {
    ...{ what: "photo", kind: "photo.content", target, at: "", state: progress, bytes: size, sent, id: sha256 },
    ...{ photo, sha256, code: code ?? undefined },
  };
}
