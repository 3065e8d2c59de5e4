// The export file: what could not be sent, as a file that the office can take in (protocol.md, "Export file").

import { Zip, ZipPassThrough } from "fflate";
import { announcement, sign } from "../ledger/device.js";
import { parsed } from "../ledger/line.js";
import { inStore, linesAfter } from "./database.js";

/** @typedef {import("../types.js").Ledger} Ledger */
/** @typedef {{sha256: string, uses: {photo: string, target: string}[]}} Unreadable */

/**
 * Everything that the server has not confirmed, as *.undercroft.zip.
 * @param {string} [device] one that the office has revoked: its lines, and the photos that they name
 * @param {(unreadable: Unreadable[]) => void} [onUnreadable] hears of the photos that this phone cannot read any more:
 *   the file names them, and goes without their bytes
 * @returns {Promise<Blob>}
 */
export function exportFile(device, onUnreadable = () => {}) {
  return inStore((database) => fileOf(database, device, onUnreadable));
}

/**
 * @param {import("./database.js").Store} database
 * @param {string | undefined} device
 * @param {(unreadable: Unreadable[]) => void} onUnreadable
 */
async function fileOf(database, device, onUnreadable) {
  const transaction = database.transaction(["meta", "lines", "deliveries"]);
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
  const kept = [];
  for (const { sha256, uses } of unsent) kept.push({ sha256, uses, blob: await blobOf(database, sha256) });

  const last = lines.at(-1);
  const { id, username, name } = person;
  // A restored server may lack more than the phone still keeps: what is missing is then said, and not misnumbered.
  const first = lines[0]?.seq ?? ledger.acknowledged + 1;
  const writer = { ...announcement(ledger), person: { id, username, name }, first };
  const files = [
    { name: "ledger.ndjson", content: new Blob(lines.map(({ text }) => `${text}\n`)) },
    { name: "signature", content: new Blob(last ? [await sign(ledger, last.text)] : []) },
    { name: "device.json", content: new Blob([JSON.stringify(writer)]) },
  ];
  return zipped(files, kept, onUnreadable);
}

/**
 * A photo's bytes, in a transaction of its own, which a record that cannot be read ends.
 * @param {import("./database.js").Store} database
 * @param {string} sha256
 * @returns {Promise<Blob | undefined>}
 */
async function blobOf(database, sha256) {
  try {
    return (await database.get("photos", sha256))?.blob;
  } catch {
    await database.count("meta"); // It throws where it is not the record but the connection.
    return undefined;
  }
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
 * @param {(Unreadable & {blob?: Blob})[]} photos
 * @param {(unreadable: Unreadable[]) => void} onUnreadable
 * @returns {Promise<Blob>}
 */
async function zipped(files, photos, onUnreadable) {
  /** @type {Blob[]} */
  const pieces = [];
  /** @type {Unreadable[]} */
  let unreadable = [];
  await new Promise((resolve, reject) => {
    const zip = new Zip((problem, piece) => {
      if (problem) reject(problem);
      else pieces.push(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (piece)]));
    });
    addAll(zip, files, photos).then((leftOut) => resolve((unreadable = leftOut)), reject);
  });
  onUnreadable(unreadable);
  return new Blob(pieces, { type: "application/zip" });
}

/**
 * @param {Zip} zip
 * @param {{name: string, content: Blob}[]} files
 * @param {(Unreadable & {blob?: Blob})[]} photos
 * @returns {Promise<Unreadable[]>} those that are left out
 */
async function addAll(zip, files, photos) {
  const add = (/** @type {string} */ name, /** @type {ArrayBuffer} */ bytes) => {
    const entry = new ZipPassThrough(name);
    zip.add(entry);
    entry.push(new Uint8Array(bytes), true);
  };
  for (const { name, content } of files) add(name, await content.arrayBuffer());
  /** @type {Unreadable[]} */
  const unreadable = [];
  for (const { sha256, uses, blob } of photos) {
    const bytes = (await blob?.arrayBuffer().catch(() => null)) ?? null;
    if (bytes === null) unreadable.push({ sha256, uses });
    else add(`photos/${sha256}`, bytes);
  }
  if (unreadable.length > 0) add("unreadable.json", await new Blob([JSON.stringify(unreadable)]).arrayBuffer());
  zip.end();
  return unreadable;
}
