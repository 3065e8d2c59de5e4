// What other people left on this phone: their lines, signed as they are, go with the session of whoever is signed in.
//
// Needed after a restore, when the server lacks what somebody delivered who has signed out since, and where a session
// ended before everything was sent. What cannot go like that is said, here and in the office.

import { effect, signal } from "@preact/signals-core";
import { codeOf } from "../core/failure.js";
import { announce } from "../store/channel.js";
import { changeStoreOf, inOneTransaction, readStoreOf, store } from "../store/database.js";
import { knownPeople } from "../store/directory.js";
import { call } from "../store/http.js";
import { session } from "../store/session.js";
import { readUnsent } from "../store/unsent.js";
import { bringLedger, handIn, named, nextLines, REFUSALS } from "./left_ledger.js";
import { copiesOf } from "./recalls.js";

/** @typedef {import("../types.js").Ledger} Ledger */
/** @typedef {import("./left_ledger.js").Why} Why */
/** @typedef {import("../store/directory.js").Entry} Entry */

/**
 * What stays here of somebody, by their id: `asked` is what an administrator was asked, and answered.
 * @typedef {{why: Why, asked: "told" | "asked" | "refused", lines: number, photos: number, orders: number}} Left
 */

const MOST_ORDERS = 200;
/** What stays here is tried again so often; at once where somebody waits for an administrator's word. */
const AGAIN_MS = 600_000;

export const left = signal(/** @type {Record<string, Left>} */ ({}));

/**
 * The epoch under which nothing of a person is left to bring, and when the next try is due.
 * @type {Map<string, {epoch: string, at: number}>}
 */
const settled = new Map();
// Whoever is signed in meanwhile may leave something more.
effect(() => {
  void session.value?.person.id;
  settled.clear();
});

/**
 * Bring in what others left on this phone.
 * @returns {Promise<boolean>} whether there is more to do once what whoever is signed in has to send is sent
 */
export async function bringWhatIsLeft() {
  const own = session.value?.person.id;
  /** @type {string | undefined} */
  const epoch = await (await store()).get("meta", "epoch");
  let more = false;
  for (const entry of await knownPeople()) {
    if (entry.id === own || !epoch || isSettled(entry.id, epoch)) continue;
    // What goes wrong with one ledger, or with the network, is tried again at the next contact.
    more = (await bringOf(entry, epoch).catch(() => false)) || more;
  }
  return more;
}

/**
 * Say that what somebody of the same name left here is one's own, from before the server was restored: an administrator
 * is asked.
 * @param {string} id the person's former id
 * @throws the server's code, or no_contact
 */
export async function sayItIsMine(id) {
  const entry = (await knownPeople()).find((one) => one.id === id);
  const known = left.value[id];
  if (!entry || !known) return;
  const ledger = await readStoreOf(id, (database) => database.get("meta", "ledger"));
  const asked = await tell(entry, ledger, known, true);
  left.value = { ...left.value, [id]: { ...known, asked } };
}

/**
 * @param {string} id
 * @param {string} epoch
 */
function isSettled(id, epoch) {
  const known = settled.get(id);
  if (left.value[id]?.asked === "asked") return false;
  return known !== undefined && known.epoch === epoch && performance.now() < known.at;
}

/**
 * @param {Entry} entry
 * @param {string} epoch the server's
 * @returns {Promise<boolean>} whether there is something new to send
 */
async function bringOf(entry, epoch) {
  const here = await readStoreOf(entry.id, lookInto);
  const lost = here.epoch !== undefined && !here.wholeUnder.includes(epoch);
  const before = await readStoreOf(entry.id, readUnsent);
  if (!lost && before.unsent.lines + before.unsent.shut_out === 0) {
    await settle(entry, epoch, null);
    return false;
  }
  /** @type {Why | null} */
  let why = null;
  let isYours = false;
  for (const ledger of here.ledgers) {
    const came = await bringLedger(entry, ledger, epoch);
    why ??= came.why;
    isYours ||= came.isYours;
    if (came.gaveWay) return true; // Tried again once one's own has gone.
  }
  const isKnown = why !== "unknown_person" && why !== "account_closed";
  const copies = lost && isYours && here.copiesUnder !== epoch ? await takeCopiesOver(entry, epoch) : false;
  const orders = lost && isKnown && !isYours ? await lostOrders(entry, here) : 0;
  const former = lost && here.former > 0 ? here.former : 0;
  const { unsent } = await readStoreOf(entry.id, readUnsent);
  // What was taken in and is not known to be: a revoked ledger that has branched off.
  const stuck = former + unsent.lines + unsent.shut_out;
  why ??= stuck > 0 ? "fork" : orders > 0 ? "orders" : null;
  await settle(entry, epoch, why && { why, orders, lines: former });
  if (lost && why === null) await note(entry, "brought_under", epoch);
  return copies;
}

/**
 * What a store holds that may have to be brought: its ledgers, the epoch of its last exchange and those under which
 * they are known to be whole, or their copies to be taken over, the orders with the server's seal, and how many lines
 * were delivered by devices whose keys it has no more.
 * @param {import("../store/database.js").Store} database
 * @returns {Promise<{ledgers: Ledger[], epoch: string | undefined, wholeUnder: (string | undefined)[],
 *   copiesUnder: string | undefined, orders: string[], former: number}>}
 */
async function lookInto(database) {
  const transaction = database.transaction(["meta", "documents", "lines", "receipts"]);
  const meta = transaction.objectStore("meta");
  const [ledger, shutOut, epoch, under, copiesUnder, documents, receipts] = await Promise.all([
    /** @type {Promise<Ledger | undefined>} */ (meta.get("ledger")),
    /** @type {Promise<Ledger[] | undefined>} */ (meta.get("shut_out")),
    /** @type {Promise<string | undefined>} */ (meta.get("epoch")),
    /** @type {Promise<string | undefined>} */ (meta.get("brought_under")),
    /** @type {Promise<string | undefined>} */ (meta.get("copies_under")),
    transaction.objectStore("documents").getAll(),
    transaction.objectStore("receipts").getAll(),
  ]);
  const ledgers = [...(ledger ? [ledger] : []), ...(shutOut ?? [])];
  const known = new Set(ledgers.map(({ device }) => device));
  const former = receipts.filter(({ device, carried, outcome }) => !known.has(device) && !carried && outcome);
  const orders = documents.filter(({ type, seal }) => type === "work_order" && seal).map(({ id }) => id);
  return { ledgers, epoch, wholeUnder: [epoch, under], copiesUnder, orders, former: former.length };
}

/**
 * How many of the store's orders the server has lost: only their person's own session gives them back.
 * @param {Entry} entry
 * @param {{ledgers: Ledger[], orders: string[]}} here
 */
async function lostOrders(entry, { ledgers: [ledger], orders }) {
  let lost = 0;
  for (let from = 0; ledger && from < orders.length; from += MOST_ORDERS) {
    const now = await readStoreOf(entry.id, (database) => nextLines(database, ledger.device, 0));
    if (!now.ledger) break;
    const asked = handIn(entry, now.ledger, [], { orders: orders.slice(from, from + MOST_ORDERS) });
    lost += await asked.then(
      ({ unknown_orders: unknown }) => unknown.length,
      (problem) => {
        if (codeOf(problem) in REFUSALS) return 0; // Why is known already, and said.
        throw problem;
      },
    );
  }
  return lost;
}

/**
 * The copies of orders, and what a screen was holding, in a store that turned out to be one's own: from now on they are
 * offered, and shown, as one's own.
 * @param {Entry} entry
 * @param {string} epoch the server's
 * @returns {Promise<boolean>} whether there is something to offer
 */
async function takeCopiesOver(entry, epoch) {
  const { id } = entry;
  const [documents, drafts] = await readStoreOf(id, (from) =>
    Promise.all([from.getAll("documents"), from.getAll("drafts")]),
  );
  const isSomething = await inOneTransaction(["meta", "documents", "drafts"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    const own = transaction.objectStore("documents");
    const copies = copiesOf(documents, (await meta.get("recalls")) ?? {});
    for (const [order, copy] of Object.entries(copies)) {
      if (await own.get(["work_order", order])) copies[order] = { ...copy, isMissing: false };
    }
    await meta.put(copies, "recalls");
    const held = transaction.objectStore("drafts");
    for (const draft of drafts) if (!(await held.getKey(draft.key))) await held.put(draft);
    return Object.keys(copies).length > 0;
  });
  await note(entry, "copies_under", epoch);
  return isSomething;
}

/**
 * Note what stays of somebody, and tell the server, so that the office knows it too.
 * @param {Entry} entry
 * @param {string} epoch
 * @param {{why: Why, orders: number, lines: number} | null} stays
 */
async function settle(entry, epoch, stays) {
  const { unsent } = await readStoreOf(entry.id, readUnsent);
  const wasTold = await readStoreOf(entry.id, (database) => database.get("meta", "told_waiting"));
  settled.set(entry.id, { epoch, at: stays ? performance.now() + AGAIN_MS : Infinity });
  const ledger = await readStoreOf(entry.id, (database) => database.get("meta", "ledger"));
  const { [entry.id]: _before, ...others } = left.value;
  if (!stays) {
    if (wasTold && ledger) {
      await tell(entry, ledger, { why: "gap", asked: "told", lines: 0, photos: 0, orders: 0 });
      await changeStoreOf(entry.id, ["meta"], (last) => last.objectStore("meta").delete("told_waiting"));
    }
    left.value = others;
  } else {
    const lines = unsent.lines + unsent.shut_out + stays.lines;
    const now = {
      why: stays.why,
      asked: /** @type {const} */ ("told"),
      lines,
      photos: unsent.photos,
      orders: stays.orders,
    };
    const asked = ledger && lines + now.photos + now.orders > 0 ? await tell(entry, ledger, now) : "told";
    await note(entry, "told_waiting", true);
    left.value = { ...others, [entry.id]: { ...now, asked } };
  }
  announce("contact");
}

/**
 * @param {Entry} entry
 * @param {"brought_under" | "copies_under" | "told_waiting"} name
 * @param {string | boolean} value
 */
function note({ id }, name, value) {
  return changeStoreOf(id, ["meta"], (last) => last.objectStore("meta").put(value, name));
}

/**
 * @param {Entry} entry
 * @param {Ledger} ledger
 * @param {Left} known
 * @param {boolean} [is_mine]
 * @returns {Promise<Left["asked"]>}
 */
async function tell(entry, ledger, { why, lines, photos, orders }, is_mine = false) {
  const { state } = await call("POST", "/ledgers/waiting", {
    ...named(entry, ledger),
    why,
    lines,
    photos,
    orders,
    is_mine,
  });
  return state === "nothing" ? "told" : state;
}
