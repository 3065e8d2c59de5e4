/** A checklist in the reader's language; where it has that not, in the one that it has, which is said. */
import { onlyIn, readIn } from "../../rules/scripts.js";
import { html } from "htm/preact";
import { language, t } from "../../ui/language.js";

/** @typedef {import("../work_order/order_facts.js").ChecklistItem} ChecklistItem */
/** @typedef {import("../work_order/order_facts.js").Checklist} Checklist */

/** @param {ChecklistItem} item @returns {string} what it asks */
export function itemText(item) {
  return readIn(item, language.value);
}

/** @param {Checklist} list @returns {string} */
export function listName({ name, names }) {
  return readIn({ text: name, texts: names }, language.value);
}

/**
 * That a list is in another language than the reader's; nothing where it is not.
 * @param {{list: Checklist}} properties
 */
export function OnlyIn({ list }) {
  const only = onlyIn(list.items, language.value);
  return only && html`<p class="soft">${t(`checklist-only-${only}`)}</p>`;
}
