// Who works on this phone.

import { signal } from "@preact/signals-core";
import { announcement, newLedger } from "../ledger/device.js";
import { readClocks } from "../ledger/clock.js";
import { codeOf, failure } from "../parts/failure.js";
import { announce } from "./channel.js";
import { closeStore, inOneTransaction, openStore, readStoreOf, store } from "./database.js";
import { keepEntry, knownPeople, lastEntry } from "./directory.js";
import { forgetDocuments, refreshDocuments } from "./documents.js";
import { call } from "./http.js";
import { readUnsent } from "./unsent.js";

/** @typedef {import("../types.js").Session} Session */
/** @typedef {import("../types.js").Ledger} Ledger */

/** What POST /session answers. @typedef {{person: import("../types.js").Person, device: {id: string}, epoch: string,
 *   feeds: string[], anchor: string, server_time: string}} Welcome */

/** The server wants the password, or this device no more: only a person can help. */
export const ENDED = new Set(["not_signed_in", "wrong_device", "device_revoked", "device_taken"]);

export const session = signal(/** @type {Session | null} */ (null));

/**
 * Open the store of whoever was signed in last, without asking any server; `session` stays null where nobody was.
 */
export async function openLast() {
  const entry = await lastEntry();
  if (!entry) return;
  const database = await openStore(entry.id);
  /** @type {Ledger | undefined} */
  const ledger = await database.get("meta", "ledger");
  if (!ledger) return;
  await refreshDocuments();
  session.value = { person: entry.person, device: deviceOf(ledger), feeds: entry.feeds, ended: entry.ended };
  announce("contact");
}

/**
 * Sign in: with the device that this person has on this phone already, or as a new one.
 * @param {string} username
 * @param {string} password
 * @throws the server's code (bad_credentials, too_many_tries, …) or no_contact
 */
export function signIn(username, password) {
  return alone(() => signInAs(username, password));
}

/**
 * @param {string} username
 * @param {string} password
 */
async function signInAs(username, password) {
  const known = (await knownPeople()).find(({ person }) => person.username === username.trim().toLowerCase());
  const own = known && (await readStoreOf(known.id, (database) => database.get("meta", "ledger")));
  const offered = /** @type {Ledger} */ (own ?? (await newLedger()));
  const owner = own ? (known?.id ?? null) : null;
  const received = readClocks();
  const device = announcement(offered);
  /** @type {Welcome} */
  const welcome = await call("POST", "/session", { username: username.trim(), password, device });
  if (session.value?.person.id !== welcome.person.id) session.value = null; // No exchange of theirs in another's store.
  const ledger = await settle(welcome, { offered, owner, received });
  await keepEntry(
    { id: welcome.person.id, person: welcome.person, feeds: welcome.feeds, ended: false, leaving: false },
    { last: true },
  );
  await refreshDocuments();
  session.value = { person: welcome.person, device: deviceOf(ledger), feeds: welcome.feeds, ended: false };
  announce("session");
}

/**
 * Sign out; the store stays on the phone, and what it holds comes back with the next sign-in.
 * @throws unsent while anything has not reached the server, with the counts
 */
export function signOut() {
  return alone(leave);
}

async function leave() {
  const leaving = session.value;
  if (!leaving) return;
  const { lines, photos, bytes } = (await readUnsent(await store())).unsent;
  if (lines + photos > 0) throw failure("unsent", { lines, photos, bytes });
  const told = await call("DELETE", "/session").then(
    () => true,
    (problem) => codeOf(problem) !== "no_contact",
  );
  const { person, feeds } = leaving;
  await keepEntry({ id: person.id, person, feeds, ended: true, leaving: !told }, { last: false });
  session.value = null;
  await closeStore();
  forgetDocuments();
  announce("session");
}

/** Another tab has signed in or out: this one follows, so that nobody records as somebody else. */
export async function followOtherTab() {
  const entry = await lastEntry();
  const current = session.value;
  if (entry && (entry.id !== current?.person.id || entry.ended !== current.ended)) {
    if (entry.id !== current?.person.id) session.value = null;
    await openLast();
  } else if (!entry && current) {
    session.value = null;
    await closeStore();
    forgetDocuments();
  }
}

/** The server wants the password again. What is recorded meanwhile waits on the phone. */
export async function endSession() {
  const current = session.value;
  if (!current || current.ended) return;
  session.value = { ...current, ended: true };
  const { person, feeds } = current;
  await keepEntry({ id: person.id, person, feeds, ended: true, leaving: false }, { last: true });
}

/** Tell the server of a sign-out that happened without it. */
export function finishLeaving() {
  return alone(async () => {
    if (session.value || (await lastEntry())) return; // The cookie is of whoever has signed in since.
    for (const entry of (await knownPeople()).filter(({ leaving }) => leaving)) {
      const told = await call("DELETE", "/session").catch(codeOf);
      if (told !== "no_contact") await keepEntry({ ...entry, leaving: false }, { last: false });
    }
  });
}

/** @type {Promise<unknown>} */
let inHand = Promise.resolve();

/**
 * Sign in and out one after the other, in all tabs where the browser can: all of it is about one cookie.
 * @template Result
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
function alone(work) {
  /** @returns {Promise<Result>} */
  const inTurn = async () => (navigator.locks ? await navigator.locks.request("undercroft-session", work) : await work());
  const mine = inHand.then(inTurn);
  inHand = mine.catch(() => {});
  return mine;
}

/**
 * Put what the server said at the sign-in where the exchange finds it.
 * @param {Welcome} welcome
 * @param {{offered: Ledger, owner: string | null, received: import("../types.js").Reading}} told the device that the
 *   server was told of, the person in whose store it stood (null where it was made just now), and when
 * @returns {Promise<Ledger>} the ledger that goes on
 */
async function settle(welcome, { offered, owner, received }) {
  const database = await openStore(welcome.person.id);
  /** @type {Ledger | undefined} */
  const earlier = await database.get("meta", "ledger");
  // A ledger's head belongs to the lines of its own store: the same username in another company is somebody else. And
  // where this person had a device here under another name, its ledger may hold what was never sent.
  const isTheirs = owner === null || owner === welcome.person.id;
  const goesOn = earlier ?? (isTheirs ? offered : await newLedger());
  let token = welcome.anchor;
  if (goesOn.device !== offered.device) {
    token = (await call("POST", "/session/device", { device: announcement(goesOn) })).anchor;
  }
  return inOneTransaction(["meta"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    /** @type {Ledger} */
    const current = (await meta.get("ledger")) ?? goesOn;
    const ledger = { ...current, anchor: { token, received } };
    await Promise.all([
      meta.put(ledger, "ledger"),
      meta.put(welcome.person, "person"),
      meta.put(welcome.server_time, "server_time"),
    ]);
    return ledger;
  });
}

/**
 * @param {Ledger} ledger
 * @returns {import("../types.js").Device}
 */
function deviceOf(ledger) {
  return { id: ledger.device, name: ledger.name };
}
