/**
 * What a screen wants to know of conflicts: which are open, whose decision they are, and how a choice is recorded.
 * Pure.
 */
import { placeText } from "./order_facts.js";

/** @typedef {import("./work_order.js").WorkOrder} WorkOrder */
/** @typedef {import("./work_order.js").Conflict} Conflict */
/** @typedef {import("./work_order.js").ShownOrder} ShownOrder */

/** Fields of the plan: only the office decides them. */
const OF_PLAN = new Set(["assignees", "lead", "window", "priority", "disposition", "instructions"]);

/**
 * Where a field stands: in the order itself, as the answer to an item of a checklist, or in a line of material or
 * labour.
 * @typedef {{room: "order", name: string} | {room: "checklist", item: string}
 *   | {room: "materials" | "labour" | "photos", line: string, name: string}} Place `line` is a photo's id among photos
 */

/** @param {string} field the full name, as a conflict says it @returns {Place} */
export function placeOf(field) {
  const [room, line, ...name] = field.split(".");
  if (room === "checklist") return { room, item: field.slice(room.length + 1) };
  if (room === "materials" || room === "labour" || room === "photos") return { room, line, name: name.join(".") };
  return { room: "order", name: field };
}

/** @param {Conflict} conflict @returns {boolean} whether only the office decides it */
export function isOfPlan({ field }) {
  return OF_PLAN.has(field);
}

/** @param {WorkOrder} body @returns {Conflict[]} those that nobody has settled */
export function openConflicts(body) {
  return (body.conflicts ?? []).filter((conflict) => !conflict.settled);
}

/** @param {ShownOrder[]} orders @returns {number} how many wait for this person, in the orders that are still theirs */
export function waitingConflicts(orders) {
  return orders
    .filter((order) => order.gone === null)
    .flatMap((order) => openConflicts(order.body))
    .filter((one) => !isOfPlan(one)).length;
}

/** @param {WorkOrder} body @param {string} field @returns {unknown} what stands there now */
export function standing(body, field) {
  const place = placeOf(field);
  if (place.room === "checklist") return body.checklist?.answers?.[place.item]?.value ?? null;
  if (place.room === "photos")
    return body.photos?.find(({ id }) => id === place.line)?.[/** @type {"caption"} */ (place.name)] ?? null;
  if (place.room !== "order")
    return body[place.room]?.find(({ line }) => line === place.line)?.[/** @type {"name"} */ (place.name)] ?? null;
  /** @type {any} any: JSON on the way down */
  let found = body;
  for (const name of place.name.split(".")) found = found?.[name];
  return found ?? null;
}

/**
 * What records the choice: it settles the conflict, or, where that is settled already, changes what was chosen.
 * @param {ShownOrder} order
 * @param {Conflict} conflict
 * @param {unknown} value
 * @returns {import("../../types.js").NewOperation}
 */
export function choosing({ id, body }, conflict, value) {
  if (!conflict.settled) return { kind: "conflict.settle", target: id, data: { conflict: conflict.id, value } };
  const change = { was: standing(body, conflict.field), now: value };
  const place = placeOf(conflict.field);
  switch (place.room) {
    case "checklist":
      return { kind: "checklist.answer", target: id, data: { item: place.item, ...change } };
    case "order":
      return { kind: "order.edit", target: id, data: { changes: { [place.name]: change } } };
    case "photos":
      return { kind: "photo.edit", target: id, data: { photo: place.line, changes: { [place.name]: change } } };
    default:
      return {
        kind: place.room === "labour" ? "labour.change" : "material.change",
        target: id,
        data: { line: place.line, changes: { [place.name]: change } },
      };
  }
}

/** @param {WorkOrder} body @returns {string} which order it is about, in one line */
export function orderLine(body) {
  return [body.number, placeText(body) || body.customer?.name].filter(Boolean).join(" · ");
}
