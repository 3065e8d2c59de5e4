import { html } from "htm/preact";
import { checklists } from "../../../store/documents.js";
import { itemText, listName, OnlyIn } from "../../parts/checklist_words.js";
import { t } from "../../../ui/language.js";
import { answerOf, listsOf } from "../order_facts.js";
import { save } from "../../../ui/save.js";
import { Tick } from "../../../ui/tick.js";

/** @typedef {"arrival" | "work" | "end"} Moment */

/**
 * Uniform, badge, shoe covers …: what is ticked off at the door, once the arrival is registered and no fix grows old
 * over it; at work; and at the end, when the place is left clean. An item that does not say when is asked at the door.
 * @param {{id: string, body: import("../work_order.js").WorkOrder, when: Moment}} properties
 */
export function Conduct({ id, body, when }) {
  const isAsked = (/** @type {import("../order_facts.js").ChecklistItem} */ item) =>
    item.type === "check" && (item.when ?? "arrival") === when;
  const lists = listsOf(body, checklists.value, "arrival").map((list) => ({
    ...list,
    items: list.items.filter(isAsked),
  }));
  return html`${lists
    .filter(({ items }) => items.length > 0)
    .map(
      (list) => html`<section class="sheet" key=${list.id}><b>${listName(list)} · ${t(`phone-conduct-${when}`)}</b>
        <${OnlyIn} list=${list} />
    <div class="lines ticks">${list.items.map(
      (item) => html`
      <${Tick} key=${item.id} label=${itemText(item)} on=${answerOf(body, item.id) === true} onTurn=${(
        /** @type {boolean} */ on,
      ) =>
        save([
          {
            kind: "checklist.answer",
            target: id,
            data: { item: item.id, was: answerOf(body, item.id), now: on ? true : null },
          },
        ])} />`,
    )}</div></section>`,
    )}`;
}
