// Opening, planning, moving on and reviewing a work order (server/documents/work_order/orders.py has the same on the
// server).

import { find, flag, listOf, relationTo } from "./bodies.js";
import { mergeChanges, mergeInto } from "./edits.js";
import { PLAN, SHARED, answersOf } from "./fields.js";
import { same } from "../../rules/merge.js";
import { ENDS, advance } from "./stages.js";

/** @typedef {import("../../types.js").Json} Json */
/** @typedef {import("./bodies.js").Operation} Operation */
/** @typedef {import("./bodies.js").Context} Context */

const NO_REVIEW = { state: "none", by: null, at: null, comment: null, version: null };
const OPENED_WITH = ["assignees", "lead", "window", "priority", "instructions"];

/**
 * The office's plan stands; a technician's is a wish.
 * @type {import("./bodies.js").Meaning}
 */
export function open(body, { data }, context) {
  if (body.stage) return false;
  const { by, at } = context;
  const ofOffice = relationTo(body, context) === "office";
  const asked = Object.fromEntries(OPENED_WITH.filter((name) => data[name] != null).map((name) => [name, data[name]]));
  Object.assign(body, {
    number: data.number ?? null,
    kind: data.kind,
    opened: { by, at, channel: data.channel ?? null },
    reported_at: data.reported_at ?? at,
    disposition: "active",
    ...{ assignees: [], lead: null, window: null, priority: "normal", instructions: "" },
    ...(ofOffice ? asked : {}),
    deadlines: { contact_by: null, arrive_by: null, repair_by: null },
    stage: "new",
    ...{ plans: [], stages: [], arrivals: [], departures: [], photos: [], materials: [], labour: [], signatures: [] },
    ...{ refusals: [], rating: null, notes: [] },
    fault: data.fault,
    requests: data.requests ?? "",
    contact: { name: data.contact?.name ?? "", phone: data.contact?.phone ?? "" },
    ...{ cause: "unknown", diagnosis: "", work_done: "" },
    checklist: { lists: context.known?.lists ?? [], answers: {} },
    review: { ...NO_REVIEW },
    settled_charge: null,
    customer: context.known?.customer ?? null,
    site: context.known?.site ?? null,
    asset: context.known?.asset ?? null,
    ...{ terms: context.terms ?? {}, edits: {}, flags: [], conflicts: [] },
    wishes: ofOffice || Object.keys(asked).length === 0 ? null : asked,
  });
  if (ofOffice) chooseLead(body);
  else flag(body, context, "opened_in_field");
  logPlan(body, context);
  return true;
}

/** @type {import("./bodies.js").Meaning} */
export function plan(body, operation, context) {
  const was = body.disposition;
  const effect = mergeChanges(body, body, "", PLAN, operation, context);
  if (effect === "invalid" || effect === "unchanged") return false;
  followPlan(body, was, "assignees" in operation.data.changes, context);
  return true;
}

/**
 * What follows from a changed plan.
 * @param {Json} body
 * @param {string} was the disposition before
 * @param {boolean} peopleWereNamed
 * @param {Context} context
 */
export function followPlan(body, was, peopleWereNamed, context) {
  if (body.assignees?.length || peopleWereNamed) {
    body.flags = listOf(body, "flags").filter(({ code }) => code !== "opened_in_field");
  }
  chooseLead(body);
  const cancels = body.disposition === "cancelled" && was !== "cancelled";
  if (cancels && ENDS.has(body.stage)) flag(body, context, "finished_after_cancel");
  logPlan(body, context);
}

/** @type {import("./bodies.js").Meaning} */
export function edit(body, operation, context) {
  if (!body.site && "site.position" in (operation.data.changes ?? {})) return false;
  const effect = mergeChanges(body, body, "", SHARED, operation, context);
  return effect === "changed" || effect === "conflict";
}

/** @type {import("./bodies.js").Meaning} */
export function moveStage(body, { id: operation, data, seen = 0 }, { by, at, device, version = 0 }) {
  if (find(body, "stages", "operation", operation)) return false;
  // Going back to work answers the review only where the review had been seen.
  const returned = body.review?.state === "returned" && seen >= (body.review.version ?? 0);
  const stage = advance(
    body.stage,
    data.to,
    returned,
    isOwnUnable(body, by) && knewOfUnable(body, device, seen),
    stageBeforeUnable(body),
  );
  if (stage === "not_forward") return false;
  const resumed = body.stage === "unable" && !returned;
  const last = body.stages.at(-1);
  body.stage = stage;
  body.stages.push({ to: stage, at, by, reason: data.reason ?? null, operation, device });
  if (resumed) body.review = last.review ?? { ...NO_REVIEW };
  else if (ENDS.has(stage)) {
    if (body.review?.state === "returned") body.stages.at(-1).review = body.review;
    body.review = { ...NO_REVIEW, state: "pending", version };
  }
  return true;
}

/**
 * Whether the order stands on this person's own `unable`, which nobody has reviewed yet: they may take it back.
 * @param {Json} body
 * @param {string | undefined} by
 * @returns {boolean}
 */
export function isOwnUnable(body, by) {
  const last = body.stages?.at(-1);
  return body.stage === "unable" && body.review?.state === "pending" && last?.to === "unable" && last.by === by;
}

/**
 * Where an order that stands on `unable` stood before.
 * @param {Json} body
 * @returns {import("./stages.js").Stage}
 */
export function stageBeforeUnable(body) {
  return body.stages?.at(-2)?.to ?? "new";
}

/**
 * Whether they knew of their own unable: it was said on this device, or they had seen the document with it.
 * @param {Json} body
 * @param {string} device
 * @param {number} seen
 * @returns {boolean}
 */
function knewOfUnable(body, device, seen) {
  return body.stages.at(-1).device === device || seen >= (body.review.version ?? 0);
}

/** @type {import("./bodies.js").Meaning} */
export function review(body, { data, seen }, { by, at, device, version = 0 }) {
  if (!ENDS.has(body.stage) || isUnseen(body, seen, by, device)) return false;
  body.review = { state: data.verdict, by, at, comment: data.comment ?? null, version };
  return true;
}

/**
 * Whether the order was finished, given up or reviewed after what a reviewer had on the screen. What came from their
 * own device, and their own review, they know.
 * @param {Json} body
 * @param {number | undefined} seen
 * @param {string | undefined} by
 * @param {string | undefined} device
 * @returns {boolean}
 */
function isUnseen({ review: standing, stages }, seen, by, device) {
  if (seen === undefined || seen >= (standing?.version ?? 0)) return false;
  return standing.state === "pending" ? stages?.at(-1)?.device !== device : standing.by !== by;
}

/** @type {import("./bodies.js").Meaning} */
export function answer(body, operation, context) {
  const { item, was, now } = operation.data;
  const values = answersOf(body);
  const before = values[item];
  const effect = mergeInto(body, values, item, `checklist.${item}`, { was, now }, operation, context);
  if (!same(values[item], before)) keepAnswer(body, item, values[item], context);
  return effect !== "unchanged";
}

/**
 * Let an answer stand, with its author.
 * @param {Json} body
 * @param {string} item
 * @param {any} value any: JSON
 * @param {Context} context
 */
export function keepAnswer(body, item, value, { by, at }) {
  body.checklist ??= { lists: [], answers: {} };
  body.checklist.answers = { ...body.checklist.answers, [item]: { value, by, at } };
}

/** @type {import("./bodies.js").Meaning} */
export function note(body, { data }, { by, at }) {
  if (listOf(body, "notes").some(({ id }) => id === data.note)) return false;
  body.notes.push({ id: data.note, text: data.text, by, at });
  return true;
}

/**
 * The lead is one of the assignees: the first where nobody, or somebody else, was named.
 * @param {Json} body
 */
function chooseLead(body) {
  if (!body.assignees?.includes(body.lead)) body.lead = body.assignees?.[0] ?? null;
}

/**
 * Keep what was told when, as the server does: lateness is judged against what the technician had been told.
 * @param {Json} body
 * @param {Context} context
 */
function logPlan(body, { by, at, version = 0 }) {
  const { assignees, window, deadlines, disposition } = body;
  const arrive_by = deadlines?.arrive_by ?? null;
  listOf(body, "plans").push({ version, at, by, assignees: [...(assignees ?? [])], window, arrive_by, disposition });
}
