// What a technician always sees: signal or none, what waits, and when all was last safe on the server.

import { computed, effect, signal } from "@preact/signals-core";
import { codeOf, figuresOf } from "../core/failure.js";
import { announce, listen } from "../store/channel.js";
import { endings } from "../store/connection.js";
import { inOneTransaction, inStore } from "../store/database.js";
import { refreshDocuments, refreshOrders } from "../store/documents.js";
import { endSession, followOtherTab, loseSession, session } from "../store/session.js";
import { readHeld } from "../store/held.js";
import { readUnsent } from "../store/unsent.js";
import { copiesThatFitIntoNoLine } from "./recalls.js";

export { mayReach, online, reach } from "../store/reach.js";

/** @typedef {import("../types.js").Contact} Contact */

/** @type {Contact} */
const NEVER = { last_contact: null, last_all_safe: null, state: "idle", code: null, next_try_at: null };

export const contact = signal(NEVER);
const unsentItems = signal(/** @type {import("../types.js").OutboxItem[]} */ ([]));
const NOTHING_UNSENT = { lines: 0, photos: 0, bytes: 0, shut_out: 0 };
export const unsent = signal(/** @type {import("../types.js").Unsent} */ (NOTHING_UNSENT));
/** What only an export file can hand in, by the revoked device that wrote it. */
export const shutOut = signal(/** @type {import("../types.js").ShutOut[]} */ ([]));
/** Operations that a supervisor has to decide: the server kept them and did not apply them. */
export const held = signal(/** @type {import("../types.js").HeldItem[]} */ ([]));
/** What was decided of such operations in the last 30 days. */
export const decided = signal(/** @type {import("../types.js").DecidedItem[]} */ ([]));
/** Orders that a restored server has lost, and of which this phone's copy fits into no line: their ids. */
export const unoffered = signal(/** @type {string[]} */ ([]));
/** How many things are on this phone alone. */
export const onlyHere = computed(() => {
  const { lines, photos, shut_out } = unsent.value;
  return lines + photos + shut_out + unoffered.value.length;
});
/** The photos whose bytes are on this phone: their SHA-256. */
export const photosHere = signal(/** @type {Set<string>} */ (new Set()));
/** Bytes of each photo that the server has, by SHA-256, while this tab is sending it. */
export const progress = signal(/** @type {Record<string, number>} */ ({}));
/** The photos of which the server has said in this run that it has them; their records say so with the next answer. */
export const justStored = signal(/** @type {Set<string>} */ (new Set()));
/** Every unsent thing, in the order in which it will go. */
export const outbox = computed(() =>
  unsentItems.value.map((item) => ({ ...item, sent: progress.value[item.sha256 ?? ""] ?? item.sent })),
);

/** @type {Promise<void>} */
let reading = Promise.resolve();

/** Bring the signals up to date with the store. */
export function refreshStatus() {
  reading = reading.catch(() => {}).then(readStatus);
  return reading;
}

/**
 * Say what is known of the server; kept, so that a start without a network knows it too.
 * @param {Partial<Contact>} changes
 */
export async function setContact(changes) {
  contact.value = { ...contact.value, ...changes };
  const { last_contact, last_all_safe } = contact.value;
  if (!("last_contact" in changes || "last_all_safe" in changes)) return;
  try {
    await inOneTransaction(["meta"], async (transaction) => {
      await transaction.objectStore("meta").put({ last_contact, last_all_safe }, "contact");
    });
  } catch (problem) {
    // What was delivered is delivered; the hour of it is known in this run.
    if (codeOf(problem) !== "storage_full") throw problem;
  }
}

/**
 * The server has said that this session is over.
 * @param {unknown} problem one whose code is in `ENDED`
 */
export async function setEnded(problem) {
  const code = codeOf(problem);
  const { reason } = figuresOf(problem);
  await endSession(typeof reason === "string" ? reason : code === "session_ended" ? code : null);
  await setContact({ state: "failed", code, next_try_at: null });
  announce("session");
}

async function readStatus() {
  const person = session.value?.person.id;
  if (person === undefined) {
    unsentItems.value = [];
    held.value = [];
    decided.value = [];
    unsent.value = NOTHING_UNSENT;
    shutOut.value = [];
    unoffered.value = [];
    photosHere.value = new Set();
    contact.value = NEVER;
    return;
  }
  const [ledger, now, decisions, kept, left, here] = await inStore((database) =>
    Promise.all([
      database.get("meta", "ledger"),
      readUnsent(database),
      readHeld(database),
      database.get("meta", "contact"),
      copiesThatFitIntoNoLine(database),
      database.getAllKeys("photos"),
    ]),
  );
  if (!ledger) return loseSession(person); // Nothing unsent is no news of a store that is empty.
  unsentItems.value = now.outbox;
  unsent.value = now.unsent;
  shutOut.value = now.shutOut;
  held.value = decisions.held;
  decided.value = decisions.decided;
  unoffered.value = left;
  photosHere.value = new Set(here);
  contact.value = { ...contact.value, ...kept };
}

effect(() => {
  if (endings.value > 0) void refreshStatus().catch(() => {});
});

// Another tab has written, sent or received: what this one shows follows.
listen((topic, elsewhere) => {
  if (elsewhere && topic === "session")
    void followOtherTab()
      .then(refreshStatus)
      .catch(() => {});
  if (elsewhere && topic === "documents") void refreshDocuments().catch(() => {});
  if (elsewhere && (topic === "lines" || topic === "photos")) void refreshOrders().catch(() => {});
  if (topic !== "looked") void refreshStatus().catch(() => {});
});
