// Materials and labour: sets of lines, each known by its id (work-orders.md, "Operations").

import { find, flag, listOf } from "./bodies.js";
import { mergeChanges } from "./edits.js";
import { CHANGEABLE } from "./fields.js";
import { same } from "../../rules/merge.js";

/** @typedef {import("../../types.js").Json} Json */
/** @typedef {import("./bodies.js").Context} Context */
/** @typedef {"materials" | "labour"} Where */

const COLUMNS = { materials: ["part", ...CHANGEABLE.materials], labour: CHANGEABLE.labour };

/**
 * What material.add and labour.add do; adding a removed line again brings it back.
 * @param {Where} where
 * @returns {import("./bodies.js").Meaning}
 */
export function adding(where) {
  return (body, { data }, context) => {
    const values = Object.fromEntries(COLUMNS[where].map((name) => [name, data[name] ?? null]));
    const known = find(body, where, "line", data.line);
    if (known) {
      const taken = Object.entries(values).some(([name, value]) => !same(known[name], value));
      if (taken || !known.removed) return false;
      touch(Object.assign(known, { removed: false }), context);
      return true;
    }
    const line = { line: data.line, ...values, removed: false, flags: [], by: context.by };
    listOf(body, where).push(touch(line, context));
    return true;
  };
}

/**
 * What material.change and labour.change do: merged by field; a change wins over a removal.
 * @param {Where} where
 * @returns {import("./bodies.js").Meaning}
 */
export function changing(where) {
  return (body, operation, context) => {
    const line = find(body, where, "line", operation.data.line);
    if (!line) return false;
    const effect = mergeChanges(body, line, `${where}.${line.line}.`, CHANGEABLE[where], operation, context);
    if (effect === "invalid") return false;
    const comesBack = line.removed && effect !== "conflict";
    if (comesBack) {
      line.removed = false;
      if (line.touched && line.touched.device !== context.device) keepDespiteRemoval(body, line, where, context);
    }
    if (effect === "unchanged" && !comesBack) return false;
    touch(line, context);
    return true;
  };
}

/**
 * What material.remove and labour.remove do; a change that the remover had not seen wins.
 * @param {Where} where
 * @returns {import("./bodies.js").Meaning}
 */
export function removing(where) {
  return (body, { data, seen = 0 }, context) => {
    const line = find(body, where, "line", data.line);
    if (!line || line.removed) return false;
    if (line.touched && line.touched.device !== context.device && line.touched.version > seen) {
      keepDespiteRemoval(body, line, where, context);
      return true;
    }
    touch(Object.assign(line, { removed: true }), context);
    return true;
  };
}

/**
 * @param {Json} line
 * @param {Context} context
 */
function touch(line, { device, version = 0 }) {
  line.touched = { device, version };
  return line;
}

/**
 * @param {Json} body
 * @param {Json} line
 * @param {Where} where
 * @param {Context} context
 */
function keepDespiteRemoval(body, line, where, context) {
  /** @type {string[]} */
  const flags = (line.flags ??= []);
  if (!flags.includes("removed_and_changed")) flags.push("removed_and_changed");
  flag(body, context, "removed_and_changed", { line: line.line, where });
}
