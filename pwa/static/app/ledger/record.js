// Recording: the one way in which anything that a person does reaches the ledger.

import { failure } from "../core/failure.js";
import { announce } from "../store/channel.js";
import { changeStoreOf, whoseStore } from "../store/database.js";
import { refreshOrders, shownVersion } from "../store/documents.js";
import { endRemoved, newDelivery, UNREADABLE, unreadableOf } from "../store/photos.js";
import { makingRoom } from "../store/room.js";
import { keepStamps } from "../store/true_time.js";
import { readClocks } from "./clock.js";
import { newId } from "../core/ids.js";
import { nextLine, parsed } from "./line.js";

export { newId };

/**
 * Write operations, with the bytes of their photos, in one transaction: all of it or nothing.
 * @param {import("../types.js").NewOperation[]} operations in the order in which they happened
 * @param {import("../types.js").NewPhoto[]} [photos]
 * @returns {Promise<import("../types.js").KeptLine[]>} the operations' lines, once they are on the disk: only then
 *   may a screen say "saved"
 * @throws line_too_large, storage_full, not_signed_in, app_outdated, ledger_lost; then nothing was written
 */
export async function record(operations, photos = []) {
  const contents = operations.map(({ id = newId(), kind, target, data, seen }) => ({
    ...{ id, kind, target, data },
    seen: seen ?? (kind === "order.open" ? 0 : shownVersion(target)),
  }));
  const author = whoseStore(); // Theirs it stays, whoever signs in while room is made.
  const lost = await unreadableOf(photos);
  const write = () =>
    changeStoreOf(author, ["meta", "lines", "photos", "deliveries"], async (transaction) => {
      const stores = { meta: transaction.objectStore("meta"), lines: transaction.objectStore("lines") };
      const [written] = await Promise.all([append(stores, contents), keepPhotos(transaction, photos, lost)]);
      return written;
    });
  const bytes = photos.reduce((sum, { size }) => sum + size, 0);
  const lines = await makingRoom(write, { bytes, mayTakeReserve: photos.length === 0 });
  announce("lines");
  // It is recorded; a screen that could not be brought up to date changes nothing.
  await refreshOrders().catch(() => {});
  if (operations.some(({ kind }) => kind === "photo.remove")) await endRemoved().catch(() => {});
  return lines.filter((line) => line.kind !== "anchor");
}

/**
 * The stores of a transaction over these and any others.
 * @template {"meta" | "lines" | "receipts"} Name
 * @typedef {import("idb").IDBPObjectStore<import("../store/database.js").Schema, any, Name, "readwrite">} Writable
 *   any: the others
 */

/**
 * Write lines at the end of the ledger, the newest anchor before them.
 * @param {{meta: Writable<"meta">, lines: Writable<"lines">}} stores
 * @param {{id: string, kind: string, target?: string, seen?: number, data: import("../types.js").Json,
 *   at?: import("../types.js").Reading}[]} contents `at` where it did not happen now
 * @returns {Promise<import("../types.js").KeptLine[]>}
 * @throws line_too_large, ledger_lost where the browser has cleared the store
 */
export async function append({ meta, lines }, contents) {
  /** @type {import("../types.js").Ledger | undefined} */
  const ledger = await meta.get("ledger");
  if (!ledger) throw failure("ledger_lost");
  const { anchor } = ledger;
  const data = anchor && { anchor: anchor.token, received: anchor.received };
  const all = data && contents.length > 0 ? [{ id: newId(), kind: "anchor", data }, ...contents] : contents;
  /** @type {import("../types.js").KeptLine[]} */
  const written = [];
  let head = { device: ledger.device, seq: ledger.seq, hash: ledger.hash };
  for (const content of all) {
    const next = nextLine(head, { at: readClocks(), ...content });
    written.push(next.line);
    head = next.head;
  }
  await keepStamps(
    meta,
    contents.map(({ data: said }, index) => ({
      at: parsed(written[written.length - contents.length + index]).at,
      data: said,
    })),
  );
  const after = { ...ledger, seq: head.seq, hash: head.hash, anchor: contents.length > 0 ? null : anchor };
  await Promise.all([...written.map((line) => lines.add(line)), meta.put(after, "ledger")]);
  return written;
}

/**
 * Keep the photos' bytes; bytes that are kept already, and can be read, are not written again.
 * @param {import("idb").IDBPTransaction<import("../store/database.js").Schema,
 *   ("meta" | "lines" | "photos" | "deliveries")[], "readwrite">} transaction
 * @param {import("../types.js").NewPhoto[]} photos
 * @param {Set<string>} lost those that are kept and cannot be read
 */
async function keepPhotos(transaction, photos, lost) {
  const kept = transaction.objectStore("photos");
  const deliveries = transaction.objectStore("deliveries");
  for (const { sha256, blob, photo, target, media_type, size } of photos) {
    const content = { sha256, blob, media_type, size, kept_at: readClocks().wall };
    if (lost.has(sha256)) await kept.put(content);
    else if (!(await kept.getKey(sha256))) await kept.add(content);
    const delivery = (await deliveries.get(sha256)) ?? newDelivery({ sha256, size, media_type });
    // Content that was delivered before is offered again for its new use; the server then has it at once.
    const isAgain = delivery.state === "stored" || lost.has(sha256) || delivery.code === UNREADABLE;
    const again = isAgain ? { state: /** @type {const} */ ("waiting"), url: null, sent: 0, code: null } : {};
    await deliveries.put({ ...delivery, ...again, uses: [...delivery.uses, { photo, target }] });
  }
}
