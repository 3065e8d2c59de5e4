/** What a screen wants to know of a work order: what comes next, what is missing, how it is doing. Pure. */

/** @typedef {import("./work_order.js").WorkOrder} WorkOrder */
/** @typedef {import("../../types.js").Document} Document */

/** The stages of a job in the order in which they come. */
export const STAGES = ["new", "accepted", "en_route", "on_site", "working", "finished"];

/**
 * The fact that comes next.
 * @param {WorkOrder} body
 * @returns {"accept" | "set_off" | "arrive" | "start" | "sign" | "resume" | "depart" | null}
 */
export function nextFact(body) {
  switch (body.stage) {
    case "new":
      return "accept";
    case "accepted":
      return "set_off";
    case "en_route":
      return "arrive";
    case "on_site":
      return "start";
    case "working":
      return "sign";
    case "paused":
      return "resume";
    default:
      if (body.review?.state === "returned") return "resume";
      return (body.arrivals ?? []).length > 0 && (body.departures ?? []).length === 0 ? "depart" : null;
  }
}

/** @param {WorkOrder} body @returns {boolean} whether the field has nothing left to do here */
export function isDone(body) {
  return (body.stage === "finished" || body.stage === "unable") && body.review?.state !== "returned";
}

/** @param {WorkOrder} body @returns {boolean} whether the technician is at it */
export function isCurrent(body) {
  return ["en_route", "on_site", "working"].includes(body.stage);
}

/** @param {WorkOrder} body @returns {boolean} whether somebody has come to the site */
export function isOnSite(body) {
  return STAGES.indexOf(body.stage) >= STAGES.indexOf("on_site") || body.stage === "paused" || body.stage === "unable";
}

/** @param {WorkOrder} body @returns {string} by which the day's orders are ordered */
export function dueKey(body) {
  const due = body.window?.start ?? body.deadlines?.arrive_by ?? body.reported_at ?? body.opened?.at;
  return due ? new Date(due).toISOString() : "";
}

/** @param {WorkOrder} body @returns {string} the fault in one line, for lists and titles */
export function headline(body) {
  return (body.fault ?? "").split("\n")[0];
}

/** @param {WorkOrder} body @returns {string} the site in a few words, for lists */
export function placeText(body) {
  return body.site?.name || body.site?.address || "";
}

/** @param {WorkOrder} body @returns {string} what the address says beyond the site's name */
export function addressText(body) {
  const { name = "", address = "" } = body.site ?? {};
  return beyond(name, address);
}

/**
 * What an address says that the name of the place does not.
 * @param {string} name
 * @param {string} address
 */
export function beyond(name, address) {
  return name === "" || address === name ? "" : address.replace(name, "").trim();
}

/**
 * Lines that count: not taken back.
 * @template {{removed?: boolean}} Line
 * @param {Line[] | undefined} lines
 * @returns {Line[]}
 */
export function present(lines) {
  return (lines ?? []).filter((line) => !line.removed);
}

/**
 * @typedef {{id: string, text: string, texts?: Record<string, string> | null, type: "check" | "number" | "text" |
 *   "choice" | "photo", required?: boolean, unit?: string,
 *   low?: string, high?: string, choices?: string[], area?: string | null, when?: "arrival" | "work" | "end" | null,
 *   norm?: string | null}} ChecklistItem
 * @typedef {{id: string, name: string, names?: Record<string, string> | null, items: ChecklistItem[]}} Checklist
 */

/**
 * The items of the order's checklists; with `use` only of lists for that occasion.
 * @param {WorkOrder} body
 * @param {Document[]} checklists
 * @param {string} [use] for example `arrival`
 * @returns {Checklist[]}
 */
export function listsOf(body, checklists, use) {
  const wanted = body.checklist?.lists ?? [];
  return checklists
    .filter((list) => wanted.includes(list.id) && (use === undefined || list.body.use === use))
    .map((list) => ({ id: list.id, name: list.body.name, names: list.body.names, items: list.body.items }));
}

/** @param {WorkOrder} body @param {string} item @returns {unknown} the answer given, or null */
export function answerOf(body, item) {
  return body.checklist?.answers?.[item]?.value ?? null;
}

/**
 * How far the checklists are, and which required items still block finishing.
 * @param {WorkOrder} body
 * @param {Document[]} checklists
 */
export function checklistProgress(body, checklists) {
  const items = listsOf(body, checklists).flatMap((list) => list.items);
  const open = items.filter((item) => answerOf(body, item.id) === null);
  return { total: items.length, answered: items.length - open.length, blocking: open.filter((item) => item.required) };
}
