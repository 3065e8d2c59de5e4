// What has not reached the server yet, in the order in which it will go.

import { parsed } from "../ledger/line.js";
import { linesAfter } from "./database.js";

/** @typedef {import("../types.js").OutboxItem} OutboxItem */
/** @typedef {import("../types.js").KeptLine} KeptLine */
/** @typedef {import("../types.js").Ledger} Ledger */
/** @typedef {import("../types.js").ShutOut} ShutOut */

/**
 * A store of a transaction, for reading.
 * @template {"meta" | "lines"} Name
 * @typedef {Pick<import("idb").IDBPObjectStore<import("./database.js").Schema, any, Name, any>, "get" | "getAll">}
 *   Readable any: the transaction's other stores, and its mode
 */

/**
 * The lines that the server is not known to have, anchors included.
 * @param {{meta: Readable<"meta">, lines: Readable<"lines">}} stores
 * @returns {Promise<{own: KeptLine[], shutOut: Map<string, KeptLine[]>}>} those of this phone's device, and those of
 *   the devices that it was before the office revoked them
 */
export async function linesOnlyHere({ meta, lines }) {
  const [ledger, revoked] = await Promise.all([
    /** @type {Promise<Ledger | undefined>} */ (meta.get("ledger")),
    /** @type {Promise<Ledger[] | undefined>} */ (meta.get("shut_out")),
  ]);
  const shutOut = await Promise.all(
    (revoked ?? []).map(async ({ device, acknowledged }) => {
      const kept = await lines.getAll(linesAfter(device, acknowledged));
      return /** @type {[string, KeptLine[]]} */ ([device, kept]);
    }),
  );
  const own = ledger ? await lines.getAll(linesAfter(ledger.device, ledger.acknowledged)) : [];
  return { own, shutOut: new Map(shutOut) };
}

/**
 * @param {import("./database.js").Store} database
 * @returns {Promise<{outbox: OutboxItem[], shutOut: ShutOut[], unsent: import("../types.js").Unsent}>}
 */
export async function readUnsent(database) {
  const transaction = database.transaction(["meta", "lines", "deliveries"]);
  const { own, shutOut } = await linesOnlyHere({
    meta: transaction.objectStore("meta"),
    lines: transaction.objectStore("lines"),
  });
  const deliveries = await transaction.objectStore("deliveries").getAll();

  const ofLines = own.filter(isWritten).map(itemOfLine);
  const ofPhotos = deliveries.filter(({ state }) => state !== "stored").map(itemOfPhoto);
  const ofRevoked = [...shutOut].map(([device, lines]) => ({ device, lines: lines.filter(isWritten).map(itemOfLine) }));
  // A photo that the server has refused is on this phone alone: it counts until it is delivered.
  const byFile = ofRevoked.flatMap(({ lines }) => lines);
  const bytes = [...ofLines, ...ofPhotos, ...byFile].reduce((sum, item) => sum + item.bytes - item.sent, 0);
  return {
    outbox: [...ofLines, ...ofPhotos],
    shutOut: ofRevoked.filter(({ lines }) => lines.length > 0),
    unsent: { lines: ofLines.length, photos: ofPhotos.length, bytes, shut_out: byFile.length },
  };
}

/**
 * Whether somebody did what the line says; an anchor is only where the server's time was.
 * @param {KeptLine} line
 */
function isWritten({ kind }) {
  return kind !== "anchor";
}

/**
 * @param {KeptLine} line
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
