// Photo content, after the lines: first small previews of everything, then the originals.

import { hashOf } from "../ledger/line.js";
import { codeOf, failure, figuresOf } from "../core/failure.js";
import { announce } from "../store/channel.js";
import { inOneTransaction, store } from "../store/database.js";
import {
  allDeliveries,
  changeDelivery,
  dropPhoto,
  endRemoved,
  isReadable,
  localPhoto,
  noteStored,
  sendAgain,
  UNREADABLE,
} from "../store/photos.js";
import { makingRoom } from "../store/room.js";
import { ENDED, session } from "../store/session.js";
import { removeGone } from "./answer.js";
import { makePreview } from "./previews.js";
import { justStored, progress } from "./status.js";
import { upload } from "./uploads.js";

/** @typedef {import("../types.js").Delivery} Delivery */

const HASH_DIFFERS = 460;
/** Refusals after which trying again helps: somebody signs in, the upload begins anew, the server has time again. */
const PASSING = new Set([401, 403, 404, 408, 409, 410, 423, 425, 429]);
/** Said where this phone, or this person, has begun so many uploads that no other may be begun. */
const TOO_MANY_BEGUN = "too_many_uploads";
/** A photo that failed so often goes without a preview. */
const MOST_TRIES_WITH_PREVIEW = 3;

/**
 * Send whatever waits; one that fails does not keep the others.
 * @param {() => boolean} mayGoOn asked before each photo
 * @throws the code of the first original that could not be sent; what was sent is not sent again
 */
export async function sendPhotos(mayGoOn) {
  const previews = (await waiting()).filter(
    ({ preview, failed = 0 }) => preview === "waiting" && failed < MOST_TRIES_WITH_PREVIEW,
  );
  await sendEach(previews, sendPreview, mayGoOn); // An original does not need its preview.
  const problem = await sendEach(await waiting(), sendOriginal, mayGoOn);
  if (problem !== null) throw problem;
}

/**
 * @param {Delivery[]} deliveries
 * @param {(delivery: Delivery) => Promise<void>} send
 * @param {() => boolean} mayGoOn
 * @returns {Promise<unknown>} what the first failed with; null where all went well
 */
async function sendEach(deliveries, send, mayGoOn) {
  let first = null;
  let mayBegin = true;
  for (const delivery of deliveries) {
    if (!mayGoOn()) break;
    if (!mayBegin && !delivery.url) continue;
    try {
      await send(delivery);
    } catch (problem) {
      first ??= problem;
      // What is begun can be finished, and only that makes room for others.
      if (codeOf(problem) === TOO_MANY_BEGUN) mayBegin = false;
      else if (concernsAll(problem)) break;
    }
  }
  return first;
}

/**
 * Whether the next photo would fare no better: nothing answers at all, the session has ended, or the server wants us to
 * wait.
 * @param {unknown} problem
 */
export function concernsAll(problem) {
  const { http, retry_after_s } = figuresOf(problem);
  return (codeOf(problem) === "no_contact" && !http) || ENDED.has(codeOf(problem)) || Boolean(retry_after_s);
}

/**
 * The photos whose bytes the server has, as it has said.
 * @returns {Promise<Set<string>>} their SHA-256
 */
export async function deliveredContent() {
  return new Set((await allDeliveries()).filter(({ state }) => state === "stored").map(({ sha256 }) => sha256));
}

/**
 * What an answer says that the server lacks: what it asks for, and what the documents in it call missing.
 * @param {import("./answer.js").Answer} answer
 * @returns {Set<string>} SHA-256
 */
export function lackingIn({ wanted = [], changes }) {
  return new Set([...wanted, ...changes.flatMap(({ body }) => lackingOf(body))]);
}

/**
 * Send content again that the documents on this phone call missing though the server had said "stored": it has lost it.
 * @param {Set<string>} delivered what it had before the exchange began that brought the documents
 */
export async function findLostContent(delivered) {
  const database = await store();
  const deliveries = (await allDeliveries()).filter(({ sha256, state }) => state === "stored" && delivered.has(sha256));
  const targets = new Set(deliveries.flatMap(({ uses }) => uses.map(({ target }) => target)));
  const documents = await Promise.all([...targets].map((target) => database.get("documents", ["work_order", target])));
  await sendAgain(new Set(documents.flatMap((document) => lackingOf(document?.body))), delivered);
}

/**
 * The content that the server lacks of what this person recorded on a work order; what others did, only they can send.
 * @param {import("../types.js").Json | undefined} body
 * @returns {string[]} SHA-256
 */
function lackingOf(body) {
  /** @type {{sha256: string, state: string, by: string}[]} */
  const photos = body?.photos ?? [];
  const own = photos.filter(({ by }) => by === session.value?.person.id);
  return own.filter(({ state }) => state === "missing" || state === "preview").map(({ sha256 }) => sha256);
}

/**
 * What is to be sent, first what has failed least.
 * @returns {Promise<Delivery[]>}
 */
async function waiting() {
  const all = (await allDeliveries()).filter(({ state }) => state === "waiting" || state === "sending");
  return all.sort((one, other) => (one.failed ?? 0) - (other.failed ?? 0));
}

/** @param {Delivery} delivery */
async function sendPreview({ sha256, failed = 0 }) {
  try {
    const original = await localPhoto(sha256);
    const preview = original && (await makePreview(original));
    if (!preview) return await changeDelivery(sha256, { preview: "unneeded" });
    await upload(preview.blob, { metadata: { sha256: preview.sha256, media_type: "image/jpeg", preview_of: sha256 } });
    await changeDelivery(sha256, { preview: "sent" });
  } catch (problem) {
    await changeDelivery(sha256, isFinal(problem) ? { preview: "unneeded" } : { failed: failed + 1 });
    throw problem;
  }
}

/** @param {Delivery} delivery */
async function sendOriginal(delivery) {
  const { sha256, media_type, url, sent } = delivery;
  const blob = await localPhoto(sha256).catch(() => null);
  progress.value = { ...progress.value, [sha256]: sent };
  try {
    if (!blob || !(await isReadable(blob))) throw failure(UNREADABLE);
    // On a full disk nothing can be noted; that it is sent matters more.
    await changeDelivery(sha256, { state: "sending", code: null }).catch(() => {});
    announce("photos");
    await upload(blob, {
      metadata: { sha256, media_type },
      url,
      onUrl: (begun) => void changeDelivery(sha256, { url: begun }).catch(() => {}),
      onKept: (kept) => void changeDelivery(sha256, { sent: kept }).catch(() => {}),
      onProgress: (bytes) => (progress.value = { ...progress.value, [sha256]: bytes }),
    });
    await noted(sha256);
    await inOneTransaction(["meta", "lines", "receipts", "documents", "feeds", "deliveries", "drafts"], removeGone);
  } catch (problem) {
    await noteFailure(delivery, blob, problem);
  } finally {
    const { [sha256]: _done, ...others } = progress.value;
    progress.value = others;
    announce("photos");
  }
}

/**
 * Note that the server has a photo; where there is no room for that, its own bytes make way.
 * @param {string} sha256
 */
async function noted(sha256) {
  justStored.value = new Set([...justStored.value, sha256]);
  try {
    await makingRoom(() => noteStored(sha256), { mayTakeReserve: false });
  } catch (problem) {
    if (codeOf(problem) !== "storage_full") throw problem;
    await dropPhoto(sha256);
  }
}

/**
 * A refusal that stands is kept with the photo, for a person to see; anything else is thrown on and tried again.
 * @param {Delivery} delivery
 * @param {Blob | null} blob
 * @param {unknown} problem
 */
async function noteFailure({ sha256, failed = 0 }, blob, problem) {
  const differs = blob !== null && figuresOf(problem).status === HASH_DIFFERS;
  const stands = differs ? hashOf(new Uint8Array(await blob.arrayBuffer())) !== sha256 : isFinal(problem);
  const anew = differs ? { url: null, sent: 0 } : {};
  await changeDelivery(sha256, {
    ...{ state: stands ? "rejected" : "waiting", code: codeOf(problem), failed: failed + 1 },
    ...anew,
  }).catch((full) => {
    if (codeOf(full) !== "storage_full") throw full; // What it failed with weighs more than that it cannot be noted.
  });
  if (!stands) throw problem;
  await endRemoved();
}

/**
 * Whether trying again would not help.
 * @param {unknown} problem
 */
export function isFinal(problem) {
  const status = Number(figuresOf(problem).status ?? 0);
  return codeOf(problem) === UNREADABLE || (status >= 400 && status < 500 && !PASSING.has(status));
}
