/** What is new for a technician: what the office did that asks something of them. Pure. */
import { ENDS } from "./stages.js";
import { isOfPlan, openConflicts } from "./conflicts.js";
import { isDone } from "./order_facts.js";

/** @typedef {import("./work_order.js").ShownOrder} ShownOrder */
/** @typedef {import("./work_order.js").WorkOrder} WorkOrder */
/** @typedef {import("../../types.js").DecidedItem} DecidedItem */

/**
 * An order that has left this person: why, to whom, and by what it is known once it is not on the phone any more.
 * `version` is that of its last document here: it may be given back, and leave again.
 * @typedef {{id: string, version: number, reason: string, to?: string[], number?: string | null, fault?: string}}
 *   LeftOrder
 */

/**
 * What was looked at: of each order its plan as it was then, the ids of what was decided, and `leftKey` of what has
 * left.
 * @typedef {{plans: Record<string, Plan>, decided: string[], left: string[]}} Looked
 * @typedef {{plan: string, disposition: string}} Plan
 */

/**
 * One thing that is new. `returned` and `conflict` stay until something is done about them; everything else until it
 * was looked at.
 * @typedef {{kind: "returned" | "conflict" | "assigned" | "planned" | "cancelled" | "on_hold" | "resumed", order:
 *   ShownOrder} | {kind: "left", left: LeftOrder} | {kind: "decided", decided: DecidedItem}} News
 */

/** More than any technician has at a time. */
const MOST_KEPT = 2000;

/** @param {WorkOrder} body @returns {boolean} whether it was sent back and nobody has gone on with it */
export function isReturned(body) {
  return body.review?.state === "returned" && ENDS.has(body.stage) && body.disposition !== "cancelled";
}

/** @param {LeftOrder} left @returns {string} by what it is known that this leaving was looked at */
export function leftKey({ id, version }) {
  return `${id} ${version}`;
}

/** @param {WorkOrder} body @returns {Plan} what the office planned, to be compared */
export function planOf(body) {
  const { window, priority, instructions, disposition } = body;
  return {
    plan: JSON.stringify([window?.start ?? null, window?.end ?? null, priority ?? null, instructions ?? null]),
    disposition: disposition ?? "active",
  };
}

/**
 * @param {{orders: ShownOrder[], decided: DecidedItem[], left: LeftOrder[]}} here
 * @param {Looked} looked
 * @param {string | undefined} person whose phone it is
 * @returns {News[]} what stays until it is done first, then what is to be looked at
 */
export function newsOf({ orders, decided, left }, looked, person) {
  const own = orders.filter(({ gone }) => gone === null);
  const here = new Set(own.map(({ id }) => id));
  return [
    ...own.filter(({ body }) => isReturned(body)).map((order) => /** @type {const} */ ({ kind: "returned", order })),
    ...own
      .filter(({ body }) => openConflicts(body).some((one) => !isOfPlan(one)))
      .map((order) => /** @type {const} */ ({ kind: "conflict", order })),
    ...own.flatMap((order) => newsOfPlan(order, looked.plans[order.id], person)),
    ...left
      .filter((one) => !here.has(one.id) && !looked.left.includes(leftKey(one)))
      .map((one) => /** @type {const} */ ({ kind: "left", left: one })),
    ...decided
      .filter(({ id }) => !looked.decided.includes(id))
      .map((one) => /** @type {const} */ ({ kind: "decided", decided: one })),
  ];
}

/**
 * @param {ShownOrder} order
 * @param {Plan | undefined} seen
 * @param {string | undefined} person
 * @returns {News[]}
 */
function newsOfPlan(order, seen, person) {
  const { body } = order;
  const { plan, disposition } = planOf(body);
  if (!seen) return isNewlyGiven(body, person) ? [{ kind: "assigned", order }] : [];
  if (disposition === "cancelled") return seen.disposition === "cancelled" ? [] : [{ kind: "cancelled", order }];
  if (disposition !== seen.disposition) return [{ kind: disposition === "on_hold" ? "on_hold" : "resumed", order }];
  return plan !== seen.plan && !isDone(body) ? [{ kind: "planned", order }] : [];
}

/** @param {WorkOrder} body @param {string | undefined} person */
function isNewlyGiven(body, person) {
  return body.stage === "new" && body.disposition !== "cancelled" && body.opened?.by !== person;
}

/**
 * Everything as it stands now, as looked at.
 * @param {{orders: ShownOrder[], decided: DecidedItem[], left: LeftOrder[]}} here
 * @returns {Looked}
 */
export function allLooked({ orders, decided, left }) {
  const plans = Object.fromEntries(orders.map(({ id, body }) => [id, planOf(body)]));
  return { plans, decided: decided.map(({ id }) => id), left: left.map(leftKey) };
}

/**
 * With what needs no looking at: orders that are new on this phone and not newly given. Nothing is forgotten because it
 * is not here just now.
 * @param {{orders: ShownOrder[]}} here
 * @param {Looked} looked
 * @param {string | undefined} person
 * @returns {Looked} the same object where nothing changes
 */
export function settled({ orders }, looked, person) {
  const added = orders.filter(
    ({ id, gone, body }) =>
      !looked.plans[id] && gone === null && body.stage !== undefined && !isNewlyGiven(body, person),
  );
  if (added.length === 0) return looked;
  return {
    ...looked,
    plans: { ...looked.plans, ...Object.fromEntries(added.map(({ id, body }) => [id, planOf(body)])) },
  };
}

/**
 * What two tabs have looked at; of a plan that both have seen, as the second saw it.
 * @param {Looked} one
 * @param {Looked} other
 * @returns {Looked}
 */
export function bothLooked(one, other) {
  const all = (/** @type {"decided" | "left"} */ what) => [...new Set([...one[what], ...other[what]])];
  return { plans: { ...one.plans, ...other.plans }, decided: all("decided"), left: all("left") };
}

/**
 * As much of it as is kept: the newest.
 * @param {Looked} looked
 * @returns {Looked}
 */
export function newest({ plans, decided, left }) {
  return {
    plans: Object.fromEntries(Object.entries(plans).slice(-MOST_KEPT)),
    decided: decided.slice(-MOST_KEPT),
    left: left.slice(-MOST_KEPT),
  };
}
