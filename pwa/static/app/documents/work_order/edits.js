// Edits that carry their base: each changed field meets what stands now (work-orders.md, "How changes meet").

import { namedId } from "../../core/ids.js";
import { listOf } from "./bodies.js";
import { comparable, standing, within } from "./fields.js";
import { mergeField, same } from "../../rules/merge.js";

/** @typedef {import("../../types.js").Json} Json */
/** @typedef {import("./bodies.js").Operation} Operation */
/** @typedef {import("./bodies.js").Context} Context */

/**
 * What came of an edit: a conflict changes the body too, by what it keeps of both.
 * @typedef {"unchanged" | "changed" | "conflict"} Effect
 */

/** @type {Effect[]} */
const GRAVEST = ["conflict", "changed"];

/**
 * Bring the operation's `changes` into `holder`, a part of `body` whose fields are named `prefix` + name.
 * @param {Json} body
 * @param {Json} holder
 * @param {string} prefix
 * @param {string[]} allowed
 * @param {Operation} operation
 * @param {Context} context
 * @returns {Effect | "invalid"} the gravest of them; `invalid`, and nothing is done, where a field may not be changed
 */
export function mergeChanges(body, holder, prefix, allowed, operation, context) {
  const changes = Object.entries(operation.data.changes ?? {});
  if (changes.some(([name]) => !allowed.includes(name))) return "invalid";
  const effects = changes.map(([name, change]) => {
    const [part, key] = within(holder, name);
    return mergeInto(body, part, key, prefix + name, change, operation, context);
  });
  return GRAVEST.find((effect) => effects.includes(effect)) ?? "unchanged";
}

/**
 * Bring one edit of `holder[name]` in; where it conflicts, both values stand in the body's `conflicts`.
 * @param {Json} body
 * @param {Json} holder
 * @param {string} name
 * @param {string} fullName
 * @param {{was?: any, now?: any}} change any: JSON
 * @param {Operation} operation
 * @param {Context} context
 * @returns {Effect}
 */
export function mergeInto(body, holder, name, fullName, { was = null, now = null }, operation, context) {
  const own = ownUnsettled(body, fullName, was, context);
  if (own) {
    Object.assign(own.other, { value: now, at: context.at, operation: operation.id });
    if (!same(now, own.kept.value)) return "conflict";
    own.settled = settlement(own.kept.value, operation, context);
    return "changed";
  }
  const current = standing(holder, name, fullName);
  const merged = mergeField(comparable(fullName, was), now, current);
  if (merged.result === "conflict") {
    openConflict(body, fullName, { base: was, other: now, current }, operation, context);
    return "conflict";
  }
  if (same(merged.value, current)) return "unchanged";
  stand(body, holder, name, fullName, merged.value, operation, context);
  return "changed";
}

/**
 * Let `value` stand in the field, and say so in its open conflicts: what is kept there is what stands, and one whose
 * other value came to stand is settled by that.
 * @param {Json} body
 * @param {Json} holder
 * @param {string} name
 * @param {string} fullName
 * @param {any} value any: JSON
 * @param {Operation} operation
 * @param {Context} context
 */
export function stand(body, holder, name, fullName, value, operation, context) {
  const { by, at, device, version = 0 } = context;
  holder[name] = value;
  (body.edits ??= {})[fullName] = { by, at, version, device };
  for (const conflict of listOf(body, "conflicts")) {
    if (conflict.field !== fullName || conflict.settled) continue;
    conflict.kept = { value, by, at };
    if (same(conflict.other.value, value)) conflict.settled = settlement(value, operation, context);
  }
}

/**
 * Keep `other`, which was made of `base`, beside the `current` value.
 * @param {Json} body
 * @param {string} fullName
 * @param {{base: any, other: any, current: any}} values any: JSON
 * @param {Operation} operation
 * @param {Context} context
 */
export function openConflict(body, fullName, { base, other, current }, operation, context) {
  const { by = null, at = null } = body.edits?.[fullName] ?? body.opened ?? {};
  listOf(body, "conflicts").push({
    id: namedId(operation.id, fullName), // The server's own, so that it can be settled before the server has answered.
    field: fullName,
    base,
    kept: { value: current, by, at },
    other: written(other, operation, context),
    settled: null,
  });
}

/**
 * How a conflict was settled: the value, by whom, when, with which operation.
 * @param {any} value any: JSON
 * @param {Operation} operation
 * @param {Context} context
 */
export function settlement(value, { id: operation }, { by, at }) {
  return { value, by, at, operation };
}

/**
 * The other side of a conflict: a value, and who wrote it where and when.
 * @param {any} value any: JSON
 * @param {Operation} operation
 * @param {Context} context
 */
export function written(value, { id: operation }, { by, at, device }) {
  return { value, by, at, operation, device };
}

/**
 * The conflict in which this device's own value stands aside, where the edit builds on that value.
 * @param {Json} body
 * @param {string} fullName
 * @param {any} was any: JSON
 * @param {Context} context
 */
function ownUnsettled(body, fullName, was, { device }) {
  return listOf(body, "conflicts").find(
    ({ field, other, settled }) => field === fullName && !settled && other.device === device && same(other.value, was),
  );
}
