// The document as it will be once the server has taken the operation: what a technician sees in the basement.
//
// The same meaning as server/documents/work_order/, as far as a phone can know it (tests/vectors/apply.json runs on
// both): what is judged from evidence, and what a signature still covers, stays as it is until the server has said it.

import { flag, listOf, relationTo } from "./bodies.js";
import { charge } from "../../rules/charges.js";
import { adding, changing, removing } from "./order_lines.js";
import { answer, edit, moveStage, note, open, plan, review } from "./planning.js";
import { ENDS } from "./stages.js";
import { addPhoto, arrive, editPhoto, leave, refuse, removePhoto, sign } from "./presence.js";
import { settle } from "./settling.js";

/** @typedef {import("../../types.js").Json} Json */
/** @typedef {import("./bodies.js").Operation} Operation */
/** @typedef {import("./bodies.js").Context} Context */

/** @type {Record<string, import("./bodies.js").Meaning>} */
const MEANINGS = {
  "order.open": open,
  "order.plan": plan,
  "order.stage": moveStage,
  "order.edit": edit,
  "order.review": review,
  "checklist.answer": answer,
  "arrival.record": arrive,
  "departure.record": leave,
  "material.add": adding("materials"),
  "material.change": changing("materials"),
  "material.remove": removing("materials"),
  "labour.add": adding("labour"),
  "labour.change": changing("labour"),
  "labour.remove": removing("labour"),
  "photo.add": addPhoto,
  "photo.edit": editPhoto,
  "photo.remove": removePhoto,
  "signature.record": sign,
  "signature.refuse": refuse,
  "note.add": note,
  "conflict.settle": settle,
};

const FACTS = ["order.stage", "arrival.", "departure.", "material.", "labour.", "photo.", "signature."];
const RECORDS = [...FACTS, "order.edit", "checklist."];
const NO_ASSET = { covered: null, until: null, why: { code: "no_asset" } };

/**
 * The body after the operation. No argument is changed; for an operation that the phone does not know, that does not
 * fit the body or that changes nothing, it is `body` itself.
 * @param {Json} body empty for an order that nobody has opened yet
 * @param {Operation} operation
 * @param {Context} context
 * @returns {Json}
 */
export function apply(body, operation, context) {
  const meaning = MEANINGS[operation.kind];
  if (!meaning || (operation.kind !== "order.open" && !body.stage)) return body;
  const next = structuredClone(body);
  if (!meaning(next, structuredClone(operation), context)) return body;
  meetPlans(body, next, operation, context);
  derive(next);
  return next;
}

/**
 * Flag where a fact and the plan or the review disagree; the fact stands.
 * @param {Json} before
 * @param {Json} body
 * @param {Operation} operation
 * @param {Context} context
 */
function meetPlans(before, body, { kind }, context) {
  const relation = relationTo(before, context);
  const isOne = (/** @type {string} */ start) => kind.startsWith(start);
  if (!["assignee", "former", "opener", "admitted"].includes(relation) || !RECORDS.some(isOne)) return;
  if (relation === "former") flag(body, context, "done_by_former_assignee");
  if (before.review?.state === "approved") flag(body, context, "changed_after_review");
  if (!FACTS.some(isOne)) return;
  const finisher = before.stages?.findLast((/** @type {{to: string}} */ { to }) => ENDS.has(to))?.by ?? context.by;
  if (ENDS.has(before.stage) && finisher !== context.by) flag(body, context, "continued_after_finish");
  if (before.disposition !== "cancelled") return;
  const finishes = kind.startsWith("signature.") || ENDS.has(body.stage);
  flag(body, context, finishes ? "finished_after_cancel" : "recorded_after_cancel");
}

/**
 * What follows from the rest of the body; changes it in place.
 * @param {Json} body
 */
function derive(body) {
  const { price_rule, currency = "CNY", warranty } = body.terms ?? {};
  body.warranty = warranty ?? structuredClone(NO_ASSET);
  body.state = stateOf(body);
  body.late ??= null;
  const materials = /** @type {import("../../rules/charges.js").PricedLine[]} */ (listOf(body, "materials"));
  const labour = /** @type {import("../../rules/charges.js").PricedLine[]} */ (listOf(body, "labour"));
  body.charge = charge(materials, labour, body.warranty.covered, body.cause, price_rule, currency);
}

/**
 * One word for lists.
 * @param {Json} body
 * @returns {string}
 */
function stateOf({ stage, disposition, review: reviewed, assignees }) {
  if (ENDS.has(stage)) return ["approved", "returned"].includes(reviewed?.state) ? reviewed.state : stage;
  if (disposition === "cancelled" || disposition === "on_hold") return disposition;
  if (stage === "new") return assignees?.length ? "planned" : "unplanned";
  return stage;
}
