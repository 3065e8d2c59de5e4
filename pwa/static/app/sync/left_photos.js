// The photos of other people's records on this phone: what the server lacks of them goes up with the session of whoever
// is signed in, and counts as delivered by whoever recorded it.

import { changeStoreOf, readStoreOf, store } from "../store/database.js";
import { knownPeople } from "../store/directory.js";
import { keptTime } from "../store/server_clock.js";
import { session } from "../store/session.js";
import { left } from "./left_here.js";
import { handIn } from "./left_ledger.js";
import { concernsAll, isFinal } from "./photos.js";
import { isReadable } from "../store/photos.js";
import { upload } from "./uploads.js";

/** @typedef {import("../store/directory.js").Entry} Entry */
/** @typedef {import("../types.js").Ledger} Ledger */

const MOST_CONTENT = 100;

/**
 * The epoch under which everything of a person that is recorded at the server is known to be there.
 * @type {Map<string, string>}
 */
const whole = new Map();
/** What the server has refused for good in this run, by its SHA-256. @type {Set<string>} */
const refused = new Set();

/**
 * Send what the server lacks of them; whatever goes wrong never keeps one's own photos.
 * @param {() => boolean} mayGoOn asked before each photo
 */
export async function sendPhotosLeftHere(mayGoOn) {
  const own = session.value?.person.id;
  /** @type {string | undefined} */
  const epoch = await (await store()).get("meta", "epoch");
  for (const entry of await knownPeople()) {
    const stays = left.value[entry.id]?.why;
    if (entry.id === own || !epoch || stays === "unknown_person" || stays === "account_closed") continue;
    await sendOf(entry, epoch, mayGoOn).catch(() => {}); // Tried again with the next photos.
  }
}

/**
 * @param {Entry} entry
 * @param {string} epoch
 * @param {() => boolean} mayGoOn
 */
async function sendOf(entry, epoch, mayGoOn) {
  const { ledger, hashes } = await readStoreOf(entry.id, (database) =>
    inQuestion(database, whole.get(entry.id) !== epoch, epoch),
  );
  let isWhole = true;
  for (let from = 0; ledger && from < hashes.length; from += MOST_CONTENT) {
    const content = hashes.slice(from, from + MOST_CONTENT);
    const { stored, lacking } = await handIn(entry, ledger, [], { content });
    const sent = [];
    for (const sha256 of lacking.filter((one) => !refused.has(one))) {
      if (!mayGoOn()) return;
      const how = await tried(entry.id, sha256);
      if (how === "later") isWhole = false;
      if (how === "sent") sent.push(sha256);
    }
    const now = sent.length > 0 ? (await handIn(entry, ledger, [], { content: sent })).stored : [];
    await noteStored(entry.id, [...stored, ...now]);
  }
  if (ledger && isWhole) whole.set(entry.id, epoch);
}

/**
 * The photos whose bytes are here and that the server may lack: all of them after a restore, otherwise what was not
 * sent.
 * @param {import("../store/database.js").Store} database
 * @param {boolean} mayBeLost whether it was not asked yet under this epoch
 * @param {string} epoch
 * @returns {Promise<{ledger: Ledger | undefined, hashes: string[]}>}
 */
async function inQuestion(database, mayBeLost, epoch) {
  const transaction = database.transaction(["meta", "photos", "deliveries"]);
  const meta = transaction.objectStore("meta");
  const [ledger, known, deliveries, here] = await Promise.all([
    meta.get("ledger"),
    meta.get("epoch"),
    transaction.objectStore("deliveries").getAll(),
    transaction.objectStore("photos").getAllKeys(),
  ]);
  const kept = new Set(here);
  const all = mayBeLost && known !== undefined && known !== epoch;
  const asked = deliveries.filter(({ sha256, state }) => kept.has(sha256) && (all || state !== "stored"));
  return { ledger, hashes: asked.map(({ sha256 }) => sha256) };
}

/**
 * Try one photo; what is wrong with it keeps no other.
 * @param {string} person
 * @param {string} sha256
 * @returns {Promise<"sent" | "later" | "never">}
 * @throws what concerns all photos
 */
async function tried(person, sha256) {
  try {
    return (await send(person, sha256)) ? "sent" : "never";
  } catch (problem) {
    if (concernsAll(problem)) throw problem;
    if (!isFinal(problem)) return "later";
    refused.add(sha256);
    return "never";
  }
}

/**
 * @param {string} person
 * @param {string} sha256
 * @returns {Promise<boolean>} whether there was anything to send
 */
async function send(person, sha256) {
  const photo = await readStoreOf(person, (database) => database.get("photos", sha256)).catch(() => undefined);
  if (!photo || !(await isReadable(photo.blob))) return false;
  await upload(photo.blob, { metadata: { sha256, media_type: photo.media_type } });
  return true;
}

/**
 * @param {string} person
 * @param {string[]} hashes
 */
async function noteStored(person, hashes) {
  if (hashes.length === 0) return;
  await changeStoreOf(person, ["meta", "deliveries"], async (transaction) => {
    const deliveries = transaction.objectStore("deliveries");
    const stored_at = (await keptTime(transaction.objectStore("meta"))) ?? null;
    for (const sha256 of hashes) {
      const delivery = await deliveries.get(sha256);
      if (!delivery || delivery.state === "stored") continue;
      await deliveries.put({
        ...delivery,
        state: "stored",
        stored_at,
        sent: delivery.size,
        url: null,
        code: null,
        failed: 0,
      });
    }
  });
}
