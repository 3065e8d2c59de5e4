/** The service report that a customer reads and signs. Its JSON text is what is signed: the server reads it back. */
import { amount, isQuantity, sameQuantity } from "../../rules/decimal.js";
import { same } from "../../rules/merge.js";

/** @typedef {import("../../types.js").Json} Json */

// The ideographic comma between names in Chinese.
/** @type {Record<string, string>} */
const JOINTS = { "zh-CN": "\u3001" };

/**
 * The report of a work order's document body, in the order in which it is read. Money is in minor units, times are
 * those of the document's evidence, absent things are null.
 * @param {Json} body
 * @param {string} language the one that the customer reads
 * @param {Record<string, string>} names people's names by person id
 * @param {string} currency
 * @returns {Json}
 */
export function reportOf(body, language, names, currency) {
  const { customer, site, asset } = body;
  const arrivedAt = best(body.arrivals);
  const departedAt = best(body.departures);
  // What is not known is no moment, and not after any.
  const leftAfterwards = Date.parse(String(departedAt)) >= Date.parse(String(arrivedAt));
  return {
    number: body.number ?? null,
    kind: body.kind ?? null,
    language,
    customer: customer?.name ?? null,
    site: { name: site?.name ?? null, address: site?.address ?? null },
    asset: asset ? { name: asset.name ?? null, model: asset.model ?? null, serial: asset.serial ?? null } : null,
    reported_at: body.reported_at ?? null,
    fault: body.fault ?? null,
    cause: body.cause ?? null,
    diagnosis: body.diagnosis ?? null,
    work_done: body.work_done ?? null,
    materials: linesOf(body.materials, ["line", "part", "name", "unit"], ["source", "serial"]),
    labour: linesOf(body.labour, ["line", "name", "method", "unit"], []),
    charge: chargeOf(body.charge, currency),
    warranty_until: body.warranty?.until ?? null,
    arrived_at: arrivedAt,
    departed_at: leftAfterwards ? departedAt : null,
    technician: technicians(body, names).join(JOINTS[language] ?? ", "),
  };
}

/** The parts of a report that a later change of the order makes differ, in this order. */
const COMPARED = [
  "number",
  "customer",
  "site",
  "fault",
  "diagnosis",
  "work_done",
  "materials",
  "labour",
  "charge",
  "arrived_at",
];
const LINE_KEYS = ["name", "unit", "quantity", "unit_price"];
const CHARGE_KEYS = ["covered", "materials", "labour", "total", "currency"];

/**
 * Which parts of a signed report the order no longer says, by the report's own names: what the server will say of the
 * signature once it has the same facts (server/evidence/report.py).
 * @param {Json} signed
 * @param {Json} body
 * @returns {string[]}
 */
export function differences(signed, body) {
  const now = reportOf(body, "", {}, "");
  /** @type {Record<string, () => boolean>} */
  const isSame = {
    number: () => !signed.number || !now.number || signed.number === now.number,
    customer: () => sameParty(signed.customer, body.customer),
    site: () => sameParty(signed.site, body.site),
    fault: () => sameText(signed.fault, now.fault),
    diagnosis: () => sameText(signed.diagnosis, now.diagnosis),
    work_done: () => sameText(signed.work_done, now.work_done),
    materials: () => sameLines(signed.materials, now.materials),
    labour: () => sameLines(signed.labour, now.labour),
    charge: () => namesTotal(signed.charge) && sameMembers(signed.charge, body.charge ?? {}, CHARGE_KEYS),
    arrived_at: () => Boolean(signed.arrived_at) === Boolean(now.arrived_at),
  };
  return COMPARED.filter((name) => !isSame[name]());
}

/** Whether there is anything to compare: a charge in other words may say what it likes. @param {unknown} charge */
function namesTotal(charge) {
  return charge !== null && typeof charge === "object" && "total" in charge;
}

/** @param {unknown} signed @param {unknown} now */
function sameText(signed, now) {
  if (typeof signed !== "string" || typeof now !== "string") return same(signed ?? null, now ?? null);
  return signed.replaceAll("\r\n", "\n").trim() === now.replaceAll("\r\n", "\n").trim();
}

/**
 * Whether each signed line has its own line now with the same content, in any order.
 * @param {unknown} signed
 * @param {Json[]} now
 */
function sameLines(signed, now) {
  const left = [...now];
  for (const line of Array.isArray(signed) ? signed : []) {
    const found = left.findIndex((each) => sameLine(line, each));
    if (found < 0) return false;
    left.splice(found, 1);
  }
  return left.length === 0;
}

/** @param {Json} signed @param {Json} now */
function sameLine(signed, now) {
  if (signed.line && signed.line !== now.line) return false;
  return LINE_KEYS.filter((key) => key in signed).every((key) => {
    if (key !== "quantity") return same(signed[key] ?? null, now[key] ?? null);
    // Another program may have signed a number.
    const quantity = typeof signed.quantity === "number" ? String(signed.quantity) : signed.quantity;
    return isQuantity(quantity) && sameQuantity(quantity, now.quantity);
  });
}

/**
 * Whether the members that both objects have are equal; what is no object is not compared.
 * @param {unknown} signed
 * @param {Json} now
 * @param {string[]} keys
 */
function sameMembers(signed, now, keys) {
  if (signed === null || typeof signed !== "object") return true;
  const before = /** @type {Json} */ (signed);
  return keys.every((key) => !(key in before) || !(key in now) || same(before[key] ?? null, now[key] ?? null));
}

/**
 * A customer or site, given by its name, alone or in a text, or as an object.
 * @param {unknown} signed
 * @param {Json | null | undefined} now
 */
function sameParty(signed, now) {
  if (typeof signed !== "string") return sameMembers(signed, now ?? {}, ["name", "address"]);
  const { name, address } = now ?? {};
  return typeof name !== "string" || signed.includes(name) || (Boolean(address) && signed.includes(address));
}

/**
 * The best time of the last of some arrivals or departures.
 * @param {Json[] | undefined} records
 * @returns {string | null}
 */
function best(records) {
  return records?.at(-1)?.time?.best ?? null;
}

/**
 * The lines that were not removed, each with `amount` = quantity × unit price before any discount.
 * @param {Json[] | undefined} entries
 * @param {string[]} first
 * @param {string[]} last
 */
function linesOf(entries, first, last) {
  const pick = (/** @type {Json} */ entry, /** @type {string[]} */ keys) =>
    Object.fromEntries(keys.map((key) => [key, entry[key] ?? null]));
  return (entries ?? [])
    .filter((entry) => !entry.removed)
    .map((entry) => {
      const price = entry.unit_price ?? 0;
      const priced = { quantity: entry.quantity, unit_price: price, amount: amount(entry.quantity, price) };
      return { ...pick(entry, first), ...priced, ...pick(entry, last) };
    });
}

/**
 * @param {Json | null | undefined} charge
 * @param {string} currency
 */
function chargeOf(charge, currency) {
  return {
    covered: charge?.covered ?? null,
    why: charge?.why ?? null,
    materials: charge?.materials ?? 0,
    labour: charge?.labour ?? 0,
    total: charge?.total ?? 0,
    currency: charge?.currency ?? currency,
  };
}

/**
 * Who was there, else who was sent: each name once, in order.
 * @param {Json} body
 * @param {Record<string, string>} names
 * @returns {string[]}
 */
function technicians(body, names) {
  const present = (body.arrivals ?? []).map((/** @type {Json} */ arrival) => arrival.by);
  const people = present.length > 0 ? present : body.assignees;
  return [...new Set(people?.map((/** @type {string} */ person) => names[person]).filter(Boolean))];
}
