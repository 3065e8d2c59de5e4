// The export file: what could not be sent, as a file that the office can take in (protocol.md, "Export file").

import { Zip, ZipPassThrough } from "fflate";
import { announcement, sign } from "../ledger/device.js";
import { parsed } from "../ledger/line.js";
import { inStore, linesAfter } from "./database.js";

/** @typedef {import("../types.js").Ledger} Ledger */

/**
 * Everything that the server has not confirmed, as *.undercroft.zip.
 * @param {string} [device] one that the office has revoked: its lines, and the photos that they name
 * @returns {Promise<Blob>}
 */
export function exportFile(device) {
  return inStore((database) => fileOf(database, device));
}

/**
 * @param {import("./database.js").Store} database
 * @param {string} [device]
 */
async function fileOf(database, device) {
  const transaction = database.transaction(["meta", "lines", "photos", "deliveries"]);
  const meta = transaction.objectStore("meta");
  const [current, revoked, person, deliveries] = await Promise.all([
    /** @type {Promise<Ledger>} */ (meta.get("ledger")),
    /** @type {Promise<Ledger[] | undefined>} */ (meta.get("shut_out")),
    /** @type {Promise<import("../types.js").Person>} */ (meta.get("person")),
    transaction.objectStore("deliveries").getAll(),
  ]);
  const ledger = revoked?.find((one) => one.device === device) ?? current;
  const lines = await transaction.objectStore("lines").getAll(linesAfter(ledger.device, ledger.acknowledged));
  const named = new Set(lines.filter(({ kind }) => kind === "photo.add").map((line) => parsed(line).data.sha256));
  const unsent = deliveries.filter(({ state, sha256 }) => state !== "stored" && (!device || named.has(sha256)));
  const kept = await Promise.all(unsent.map(({ sha256 }) => transaction.objectStore("photos").get(sha256)));

  const last = lines.at(-1);
  const { id, username, name } = person;
  // A restored server may lack more than the phone still keeps: what is missing is then said, and not misnumbered.
  const first = lines[0]?.seq ?? ledger.acknowledged + 1;
  const writer = { ...announcement(ledger), person: { id, username, name }, first };
  return zipped([
    { name: "ledger.ndjson", content: new Blob(lines.map(({ text }) => `${text}\n`)) },
    { name: "signature", content: new Blob(last ? [await sign(ledger, last.text)] : []) },
    { name: "device.json", content: new Blob([JSON.stringify(writer)]) },
    ...kept.flatMap((photo) => (photo ? [{ name: `photos/${photo.sha256}`, content: photo.blob }] : [])),
  ]);
}

/**
 * The name under which a person saves it.
 * @param {Date} moment
 */
export function exportName(moment) {
  return `${moment.toISOString().slice(0, 16).replace(/[-:]/g, "")}.undercroft.zip`;
}

/**
 * One file after the other, uncompressed: photos do not get smaller, and only one is in memory at a time.
 * @param {{name: string, content: Blob}[]} files
 * @returns {Promise<Blob>}
 */
async function zipped(files) {
  /** @type {Blob[]} */
  const pieces = [];
  const written = new Promise((resolve, reject) => {
    const zip = new Zip((problem, piece, isLast) => {
      if (problem) reject(problem);
      else pieces.push(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (piece)]));
      if (isLast) resolve(undefined);
    });
    void addAll(zip, files).catch(reject);
  });
  await written;
  return new Blob(pieces, { type: "application/zip" });
}

/**
 * @param {Zip} zip
 * @param {{name: string, content: Blob}[]} files
 */
async function addAll(zip, files) {
  for (const { name, content } of files) {
    const entry = new ZipPassThrough(name);
    zip.add(entry);
    entry.push(new Uint8Array(await content.arrayBuffer()), true);
  }
  zip.end();
}
