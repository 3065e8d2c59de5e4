import { html } from "htm/preact";
import { useCalm } from "../../../ui/calm.js";
import { isOfPlan, openConflicts } from "../conflicts.js";
import { Icon } from "../../../ui/icon.js";
import { t } from "../../../ui/language.js";

/** @typedef {import("../work_order.js").WorkOrder} WorkOrder */

/**
 * At a field: two people changed it, and the way to decide, or that the office does. Nothing where nobody did.
 * @param {{id: string, body: WorkOrder, field: string}} properties `field` its full name, as a conflict says it, or the
 *   name of what it is part of
 */
export function ConflictMark({ id, body, field }) {
  const here = openConflicts(body).filter(
    (conflict) => conflict.field === field || conflict.field.startsWith(`${field}.`),
  );
  if (here.length === 0) return null;
  // Nobody is asked to choose what is not theirs to decide.
  const said = here.every(isOfPlan) ? "phone-conflict-of-plan" : "phone-conflict-here";
  return html`<a class="side mark" href=${`#/conflicts/${id}`}><${Icon} name="users" /><span>${t(said)}</span>
    <${Icon} name="chevron-right" /></a>`;
}

/**
 * How many decisions wait for this person, as a row that leads there. Nothing where none does.
 * @param {{count: number, to: string}} properties
 */
export function ConflictsWait({ count: waiting, to }) {
  const count = useCalm(waiting);
  if (count === 0) return null;
  return html`<a class="notice claimed door" href=${`#/${to}`}><${Icon} name="users" />
    <div><b>${t("phone-conflicts-wait", { count })}</b><div>${t("phone-conflicts-wait-hint")}</div></div>
    <${Icon} name="chevron-right" /></a>`;
}
