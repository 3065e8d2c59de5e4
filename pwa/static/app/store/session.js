// Who works on this phone.

import { signal } from "@preact/signals-core";
import { announcement, callPhone, newLedger } from "../ledger/device.js";
import { readClocks } from "../ledger/clock.js";
import { codeOf, failure } from "../core/failure.js";
import { announce } from "./channel.js";
import { closeStore, inOneTransaction, inStore, openStore, readStoreOf } from "./database.js";
import { keepEnded, keepEntry, knownPeople, lastEntry } from "./directory.js";
import { forgetDocuments, refreshDocuments } from "./documents.js";
import { call } from "./http.js";
import { inMemory } from "./in_memory.js";
import { holdingLock } from "./locks.js";
import { noteServerTime } from "./server_clock.js";
import { readUnsent } from "./unsent.js";

/** @typedef {import("../types.js").Session} Session */
/** @typedef {import("../types.js").Ledger} Ledger */

/** What POST /session answers. @typedef {{person: import("../types.js").Person, device: {id: string}, epoch: string,
 *   feeds: string[], anchor: string, server_time: string, wrong_passwords?: number}} Welcome */

/** The server wants the password, or this device no more: only a person can help. */
export const ENDED = new Set(["not_signed_in", "session_ended", "wrong_device", "device_revoked", "device_taken"]);

/** The person whose store turned out to be empty while they were signed in: the browser has cleared it. */
export const lost = signal(/** @type {string | null} */ (null));

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
  session.value = {
    person: entry.person,
    device: deviceOf(ledger),
    feeds: entry.feeds,
    ended: entry.ended,
    why: entry.why ?? null,
  };
  announce("contact");
}

/**
 * Sign in: with the device that this person has on this phone already, or as a new one.
 * @param {string} username
 * @param {string} password
 * @param {string} [called] how the phone is called from now on
 * @returns {Promise<number>} how many wrong passwords were tried for this account since the last sign-in
 * @throws the server's code (bad_credentials, too_many_tries, …) or no_contact
 */
export function signIn(username, password, called = "") {
  return alone((holding) => signInAs(username, password, called, holding));
}

/**
 * @param {string} username
 * @param {string} password
 * @param {string} called
 * @param {import("./locks.js").Holding} holding
 */
async function signInAs(username, password, called, { isLost }) {
  // Of two of one name the later one: who was added again after a restore has a later id.
  const known = (await knownPeople()).filter(({ person }) => person.username === username.trim().toLowerCase()).at(-1);
  const own = known && (await readStoreOf(known.id, (database) => database.get("meta", "ledger")));
  const named = (/** @type {Ledger} */ ledger) => (called === "" ? ledger : { ...ledger, name: called });
  let offered = named(/** @type {Ledger | undefined} */ (own) ?? (await newLedger()));
  const enter = async () => {
    const device = announcement(offered);
    return welcomed(await call("POST", "/session", { username: username.trim(), password, device }));
  };
  const welcome = await enter().catch(async (problem) => {
    if (!own || codeOf(problem) !== "device_revoked") throw problem;
    offered = named(await newLedger()); // The password was right: its owner goes on as a new device.
    return enter();
  });
  if (isLost()) throw failure("turn_lost");
  if (called !== "") callPhone(called); // Not before: the password was right.
  const isOthers = offered.device === own?.device && known?.id !== welcome.person.id;
  if (session.value?.person.id !== welcome.person.id) session.value = null; // No exchange of theirs in another's store.
  const ledger = await settle(welcome, { offered, isOthers, called });
  await keepEntry(
    { id: welcome.person.id, person: welcome.person, feeds: welcome.feeds, ended: false, leaving: false },
    { last: true },
  );
  await refreshDocuments();
  lost.value = null;
  session.value = { person: welcome.person, device: deviceOf(ledger), feeds: welcome.feeds, ended: false, why: null };
  announce("session");
  return welcome.wrong_passwords ?? 0;
}

/**
 * Sign out; the store stays on the phone, and what it holds comes back with the next sign-in.
 * @throws unsent while anything has not reached the server, with the counts; `held` is of which orders pictures are
 *   in memory alone, `typed` how many typed texts are
 */
export function signOut() {
  return alone(leave);
}

async function leave() {
  const leaving = session.value;
  if (!leaving) return;
  const refuse = (/** @type {{lines: number, photos: number, bytes: number}} */ waiting) => {
    const own = inMemory().filter(({ person }) => person === leaving.person.id);
    const held = own.flatMap(({ order }) => order ?? []);
    if (waiting.lines + waiting.photos + own.length > 0) {
      throw failure("unsent", { ...waiting, held, typed: own.length - held.length });
    }
  };
  // Before the disk is asked: it may be what they wait for.
  refuse({ lines: 0, photos: 0, bytes: 0 });
  const { lines, photos, bytes } = (await inStore(readUnsent)).unsent;
  refuse({ lines, photos, bytes });
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

/**
 * The browser has cleared this person's store under the running app: nothing can be recorded until they sign in again.
 * @param {string} person
 */
export async function loseSession(person) {
  if (session.value?.person.id !== person) return;
  lost.value = person;
  session.value = null;
  await closeStore();
  forgetDocuments();
  announce("session");
}

/**
 * The server wants the password again. What is recorded meanwhile waits on the phone.
 * @param {string | null} [why] as the server said it
 */
export async function endSession(why = null) {
  const current = session.value;
  if (!current || current.ended) return;
  session.value = { ...current, ended: true, why };
  const { person, feeds } = current;
  await keepEnded({ id: person.id, person, feeds, ended: true, why, leaving: false });
}

/**
 * Change the password. Every other session ends, and this one goes on with another cookie.
 * @param {string} old
 * @param {string} wanted
 * @throws the server's code (bad_credentials, weak_password, …), or no_contact: then nobody knows whether it was
 *   changed
 */
export function changePassword(old, wanted) {
  return alone(() => call("POST", "/session/password", { old, new: wanted }));
}

/**
 * Ask once more who this is, with the cookie that the browser holds by now: where the password was changed here, a
 * request that was under way with the one from before is answered as of an ended session.
 * @throws the server's code where this person is signed in no more, or no_contact
 */
export function askWhoIAm() {
  return alone(async () => {
    const who = await call("GET", "/session");
    if (who.person.id !== session.value?.person.id) throw failure("wrong_device");
  });
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
 * @param {(holding: import("./locks.js").Holding) => Promise<Result>} work
 * @returns {Promise<Result>}
 */
function alone(work) {
  const inTurn = () => (navigator.locks ? holdingLock("undercroft-session", work) : work({ isLost: () => false }));
  const mine = inHand.then(inTurn);
  inHand = mine.catch(() => {});
  return mine;
}

/**
 * @param {Welcome} welcome just now come
 * @returns {Welcome & {received: import("../types.js").Reading}}
 */
function welcomed(welcome) {
  return { ...welcome, received: readClocks() };
}

/**
 * Put what the server said at the sign-in where the exchange finds it.
 * @param {ReturnType<typeof welcomed>} welcome
 * @param {{offered: Ledger, isOthers: boolean, called: string}} told the device that the server was told of, whether it
 *   stood in the store of another person, and how the phone is called now
 * @returns {Promise<Ledger>} the ledger that goes on
 */
async function settle(welcome, { offered, isOthers, called }) {
  const database = await openStore(welcome.person.id);
  const named = (/** @type {Ledger} */ ledger) => (called === "" ? ledger : { ...ledger, name: called });
  /** @type {Ledger | undefined} */
  const found = await database.get("meta", "ledger");
  const earlier = found && named(found);
  const { ledger: goesOn, token, received } = await ledgerToGoOn(welcome, earlier, { offered, isOthers });
  return inOneTransaction(["meta"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    /** @type {Ledger | undefined} */
    const kept = await meta.get("ledger");
    const isShutOut = kept !== undefined && kept.device === earlier?.device && goesOn.device !== kept.device;
    if (isShutOut) await meta.put([...((await meta.get("shut_out")) ?? []), kept], "shut_out");
    const ledger = { ...named(kept && !isShutOut ? kept : goesOn), anchor: { token, received } };
    await Promise.all([
      meta.put(ledger, "ledger"),
      meta.put(welcome.person, "person"),
      noteServerTime(meta, welcome.server_time),
    ]);
    return ledger;
  });
}

/**
 * The ledger that goes on, as the session's device: the one in this person's store, which may hold what was never sent,
 * unless the office has revoked it.
 * @param {ReturnType<typeof welcomed>} welcome
 * @param {Ledger | undefined} earlier the one in this person's store
 * @param {{offered: Ledger, isOthers: boolean}} told as in `settle`
 * @returns {Promise<{ledger: Ledger, token: string, received: import("../types.js").Reading}>}
 */
async function ledgerToGoOn(welcome, earlier, { offered, isOthers }) {
  const here = { ledger: offered, token: welcome.anchor, received: welcome.received };
  if (earlier?.device === offered.device) return { ...here, ledger: earlier };
  if (earlier) {
    try {
      return await moved(earlier);
    } catch (problem) {
      if (codeOf(problem) !== "device_revoked") throw problem;
    }
  }
  // A ledger's head belongs to the lines of its own store: the same username in another company is somebody else.
  return isOthers ? moved(await newLedger()) : here;
}

/**
 * The session goes over to the device of a ledger.
 * @param {Ledger} ledger
 */
async function moved(ledger) {
  const { anchor, received } = welcomed(await call("POST", "/session/device", { device: announcement(ledger) }));
  return { ledger, token: anchor, received };
}

/**
 * @param {Ledger} ledger
 * @returns {import("../types.js").Device}
 */
function deviceOf(ledger) {
  return { id: ledger.device, name: ledger.name };
}
