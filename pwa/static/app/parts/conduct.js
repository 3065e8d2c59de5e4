import { html } from "htm/preact";
import { checklists } from "../store/documents.js";
import { itemText, listName, OnlyIn } from "./checklist_words.js";
import { answerOf, listsOf } from "./order_facts.js";
import { save } from "./save.js";
import { Tick } from "./tick.js";

/**
 * Uniform, badge, shoe covers …: what is ticked off at the door, once the arrival is registered and no fix grows old over it.
 * @param {{id: string, body: import("./work_order.js").WorkOrder}} properties
 */
export function Conduct({ id, body }) {
  return html`${listsOf(body, checklists.value, "arrival").map((list) => html`<section class="sheet" key=${list.id}><b>${listName(list)}</b><${OnlyIn} list=${list} />
    <div class="lines ticks">${list.items.filter((item) => item.type === "check").map((item) => html`
      <${Tick} key=${item.id} label=${itemText(item)} on=${answerOf(body, item.id) === true} onTurn=${(/** @type {boolean} */ on) =>
        save([{ kind: "checklist.answer", target: id, data: { item: item.id, was: answerOf(body, item.id), now: on ? true : null } }])} />`)}</div></section>`)}`;
}
