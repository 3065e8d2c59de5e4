// What the screens show: the server's documents, with the lines that it has not acknowledged applied on top.

import { signal } from "@preact/signals-core";
import { parsed } from "../ledger/line.js";
import { apply } from "../documents/work_order/apply.js";
import { knownWhenOpened, termsWhenOpened } from "../rules/terms.js";
import { allOf, inStore, store } from "./database.js";
import { linesOnlyHere } from "./unsent.js";

/** @typedef {import("../types.js").Document} Document */
/** @typedef {import("../types.js").Order} Order */

export const orders = signal(/** @type {Order[]} */ ([]));
export const parts = signal(/** @type {Document[]} */ ([]));
export const checklists = signal(/** @type {Document[]} */ ([]));
export const rules = signal(/** @type {Document[]} */ ([]));
export const people = signal(/** @type {Document[]} */ ([]));

/** The orders that are open on the screen: they stay as long as they are. */
export const inUse = signal(/** @type {Set<string>} */ (new Set()));

const COMPANY = { part: parts, checklist: checklists, rules, person: people };

/** @type {Promise<void>} */
let reading = Promise.resolve();
/** @type {Promise<void> | null} */
let queued = null;

/**
 * The version of the document that is on the screen; 0 where the server has sent none.
 * @param {string} id
 */
export function shownVersion(id) {
  return orders.value.find((order) => order.id === id)?.version ?? 0;
}

/** Read everything again: after signing in, and when the company's documents have changed. */
export async function refreshDocuments() {
  const database = await store();
  for (const [type, shown] of Object.entries(COMPANY)) {
    shown.value = (await database.getAll("documents", allOf(type))).map(({ id, version, body }) => ({
      id,
      version,
      body,
    }));
  }
  await refreshOrders();
}

/**
 * Read the work orders again; whoever asks while that goes on gets the state after their asking.
 * @returns {Promise<void>}
 */
export function refreshOrders() {
  queued ??= reading = reading
    .catch(() => {})
    .then(() => {
      queued = null;
      return readOrders();
    });
  return queued;
}

/** Show nothing: nobody is signed in. */
export function forgetDocuments() {
  orders.value = [];
  for (const shown of Object.values(COMPANY)) shown.value = [];
}

async function readOrders() {
  const shown = await inStore(ordersIn);
  if (shown) orders.value = shown;
}

/**
 * @param {import("./database.js").Store} database
 * @returns {Promise<Order[] | null>} null where nobody's ledger is there
 */
async function ordersIn(database) {
  const transaction = database.transaction(["meta", "documents", "lines", "deliveries"]);
  const meta = transaction.objectStore("meta");
  const [ledger, person, ahead, documents, deliveries] = await Promise.all([
    /** @type {Promise<import("../types.js").Ledger | undefined>} */ (meta.get("ledger")),
    /** @type {Promise<import("../types.js").Person | undefined>} */ (meta.get("person")),
    /** @type {Promise<[string, number][] | undefined>} */ (meta.get("ahead")),
    transaction.objectStore("documents").getAll(allOf("work_order")),
    transaction.objectStore("deliveries").getAll(),
  ]);
  if (!ledger || !person) return null;
  const lines = transaction.objectStore("lines");
  const answered = await Promise.all((ahead ?? []).map((key) => lines.get(key)));
  const { own, shutOut } = await linesOnlyHere({ meta, lines });
  const unsent = [...[...shutOut.values()].flat(), ...own];
  const onTop = [...answered.filter((line) => line !== undefined), ...unsent];

  /** @type {Map<string, Order>} */
  const shown = new Map(
    documents.map(({ id, version, body, gone, gone_to }) => [id, { id, version, body, gone, gone_to, waiting: 0 }]),
  );
  for (const line of onTop) putOnTop(shown, line, person);
  for (const { target, kind } of unsent) count(shown, kind === "anchor" ? null : target);
  for (const { state, uses } of deliveries) {
    if (state !== "stored") for (const { target } of uses) count(shown, target);
  }
  return [...shown.values()];
}

/**
 * @param {Map<string, Order>} shown
 * @param {import("../types.js").KeptLine} kept
 * @param {import("../types.js").Person} person
 */
function putOnTop(shown, kept, person) {
  if (!kept.target) return;
  const order = shown.get(kept.target) ?? { id: kept.target, version: 0, body: {}, gone: null, waiting: 0 };
  if (order.version === 0 && kept.kind !== "order.open" && !shown.has(order.id)) return;
  const { id, kind, target = "", seen, data, at, device } = parsed(kept);
  const terms = termsWhenOpened(rules.value[0]?.body, document.documentElement.dataset.currency ?? "CNY");
  const known =
    kind === "order.open"
      ? knownWhenOpened(
          data,
          [...shown.values()].map(({ body }) => body),
          checklists.value,
        )
      : undefined;
  const context = { by: person.id, role: person.role, at: at.wall, device, version: order.version + 1, terms, known };
  try {
    shown.set(order.id, { ...order, body: apply(order.body, { id, kind, target, data, seen }, context) });
  } catch (problem) {
    // It is recorded and will be sent; an effect that cannot be shown must not take the other orders off the screen.
    console.error(problem);
  }
}

/**
 * @param {Map<string, Order>} shown
 * @param {string | null} target
 */
function count(shown, target) {
  const order = target === null ? undefined : shown.get(target);
  if (order) order.waiting += 1;
}
