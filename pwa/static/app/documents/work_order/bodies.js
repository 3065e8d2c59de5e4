// Small helpers over a work order's body.

/** @typedef {import("../../types.js").Json} Json */

/** @typedef {{id: string, kind: string, target: string, data: Json, seen?: number}} Operation */

/**
 * Who writes the operation: `by` the person, `at` their clock (RFC 3339), `version` the version of the document that
 * the operation will make. `relation` is found from the body where it is absent; `terms` hold for an order that the
 * operation opens, and `known` is whom and what it names there.
 * @typedef {{by: string, role: string, at: string, device: string, version?: number, terms?: Json,
 *   known?: {customer: Json | null, site: Json | null, asset: Json | null, lists: string[]},
 *   relation?: "assignee" | "former" | "opener" | "admitted" | "office" | "none"}} Context
 */

/**
 * What an operation does to a body: changes it in place, and says whether it changed anything. What the server would
 * hold changes nothing here.
 * @typedef {(body: Json, operation: Operation, context: Context) => boolean} Meaning
 */

const OFFICE = new Set(["supervisor", "service_desk", "manager", "admin"]);

/**
 * What the writer of an operation is to the work order, as far as the phone knows.
 * @param {Json} body as it was before the operation
 * @param {Context} context
 */
export function relationTo(body, { by, role, relation }) {
  if (relation) return relation;
  if (body.assignees?.includes(by)) return "assignee";
  if (OFFICE.has(role)) return "office";
  return !body.opened || body.opened.by === by ? "opener" : "former";
}

/**
 * A list of the body; made where there is none.
 * @param {Json} body
 * @param {string} name
 * @returns {Json[]}
 */
export function listOf(body, name) {
  return (body[name] ??= []);
}

/**
 * The first item of the body's list whose `key` is `value`.
 * @param {Json} body
 * @param {string} list
 * @param {string} key
 * @param {string} value
 */
export function find(body, list, key, value) {
  return listOf(body, list).find((each) => each[key] === value);
}

/**
 * Ask the office for a decision, once for each person, code and line until it is settled.
 * @param {Json} body
 * @param {Context} context
 * @param {string} code
 * @param {Json} [figures]
 */
export function flag(body, { by, at }, code, figures = {}) {
  const known = listOf(body, "flags").some(
    (each) => each.code === code && each.by === by && each.line === figures.line && !each.settled,
  );
  if (!known) body.flags.push({ code, at, by, ...figures });
}
