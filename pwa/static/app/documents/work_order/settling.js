// conflict.settle: a person lets one value stand (server/documents/work_order/settling.py has the same on the server).

import { find, relationTo } from "./bodies.js";
import { openConflict, settlement, stand, written } from "./edits.js";
import { placeOf, standing } from "./fields.js";
import { same } from "../../rules/merge.js";
import { followPlan, keepAnswer } from "./planning.js";

/** @typedef {import("../../types.js").Json} Json */
/** @typedef {import("./bodies.js").Operation} Operation */
/** @typedef {import("./bodies.js").Context} Context */

/**
 * Where the field has changed since, in a way that the chooser had not seen, the choice and the new value are a
 * conflict in their turn: no decision is dropped.
 * @type {import("./bodies.js").Meaning}
 */
export function settle(body, operation, context) {
  const { conflict: id, value = null } = operation.data;
  const conflict = find(body, "conflicts", "id", id);
  const place = conflict && placeOf(body, conflict.field);
  if (!conflict || !place || (place.room === "plan" && relationTo(body, context) !== "office")) return false;
  const current = standing(place.holder, place.name, conflict.field);
  if (same(value, current)) {
    if (conflict.settled) return false;
    conflict.settled = settlement(value, operation, context);
  } else if (conflict.settled) {
    openConflict(body, conflict.field, { base: conflict.settled.value, other: value, current }, operation, context);
  } else if (hasChangedUnseen(body, conflict.field, operation, context)) {
    conflict.other = written(value, operation, context);
  } else {
    take(body, place, conflict.field, value, operation, context);
    conflict.settled ??= settlement(value, operation, context);
  }
  return true;
}

/**
 * Whether somebody else wrote into the field after what the chooser had on the screen.
 * @param {Json} body
 * @param {string} field
 * @param {Operation} operation
 * @param {Context} context
 */
function hasChangedUnseen(body, field, { seen = Infinity }, { device }) {
  const edit = body.edits?.[field] ?? {};
  return (edit.version ?? 0) > seen && edit.device !== device;
}

/**
 * Let the value stand, with what follows from it where the field is.
 * @param {Json} body
 * @param {import("./fields.js").Place} place
 * @param {string} field
 * @param {any} value any: JSON
 * @param {Operation} operation
 * @param {Context} context
 */
function take(body, { holder, name, room }, field, value, operation, context) {
  const was = body.disposition;
  stand(body, holder, name, field, value, operation, context);
  if (room === "plan") followPlan(body, was, field === "assignees", context);
  else if (room === "checklist") keepAnswer(body, name, value, context);
  else if (room === "materials" || room === "labour")
    holder.touched = { device: context.device, version: context.version ?? 0 };
}
