import { html } from "htm/preact";
import { useEdit } from "./draft.js";
import { Icon } from "./icon.js";
import { t } from "./language.js";
import { isQuantity, stepped } from "./quantity.js";

/**
 * A quantity with a minus and a plus as large as a thumb; the number itself can be typed for 2.5 m.
 * @param {{line: string, quantity: string, name: string, onChange: (quantity: string) => Promise<boolean>}} properties
 *   `quantity` a decimal string above 0; what is typed is a draft of the `line` until it is recorded
 */
export function Stepper({ line, quantity, name, onChange }) {
  const edit = useEdit(`quantity:${line}`, quantity, ({ now }) => onChange(now), (typed) => meant(typed, quantity));
  const less = stepped(quantity, -1);
  const isWrong = meant(edit.text, quantity) === null;
  return html`<span class="stepper" role="group" aria-label=${name}>
    <button type="button" aria-label=${t("phone-less", { name })} disabled=${less === null} onClick=${() => less !== null && onChange(less)}><${Icon} name="minus" /></button>
    <input inputmode="decimal" aria-label=${t("phone-quantity", { name })} value=${edit.text} size="4" aria-invalid=${isWrong ? "true" : undefined}
      onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => edit.type(event.currentTarget.value)} onBlur=${edit.commit}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Enter" && edit.commit()} />
    <button type="button" aria-label=${t("phone-more", { name })} onClick=${() => { const more = stepped(quantity, 1); if (more !== null) void onChange(more); }}><${Icon} name="plus" /></button></span>
    ${isWrong && html`<span class="wrong-text" role="alert"><${Icon} name="circle-alert" />${t("phone-wrong-quantity")}</span>`}`;
}

/**
 * @param {string} typed
 * @param {string} quantity what stands where nothing is typed
 * @returns {string | null} null where it is no quantity
 */
function meant(typed, quantity) {
  const text = typed.trim().replace(",", ".") || quantity;
  return isQuantity(text) ? text : null;
}
