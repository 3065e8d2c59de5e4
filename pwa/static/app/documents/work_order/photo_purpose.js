// What the next photo most likely shows, from where the job stands. Only where it begins: a person's choice stays.

import { present } from "./order_facts.js";
import { ENDS } from "./stages.js";

/** @typedef {import("./work_order.js").WorkOrder} WorkOrder */

const BEFORE_WORK = ["new", "accepted", "en_route", "on_site"];

/**
 * The fault until work begins; then, in turn, how it was before, the work itself, and how it is once it is written down
 * what was done.
 * @param {WorkOrder | undefined} body
 * @returns {string}
 */
export function likelyPurpose(body) {
  if (!body || BEFORE_WORK.includes(body.stage)) return "fault";
  if (ENDS.has(body.stage) || body.work_done?.trim()) return "after";
  const shown = new Set(present(body.photos).map(({ purpose }) => purpose));
  return shown.has("before") || shown.has("during") || shown.has("after") ? "during" : "before";
}
