import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Icon } from "./icon.js";
import { t } from "./language.js";
import { isQuantity, stepped } from "./quantity.js";

/**
 * A quantity with a minus and a plus as large as a thumb; the number itself can be typed for 2.5 m.
 * @param {{quantity: string, name: string, onChange: (quantity: string) => unknown}} properties `quantity` a decimal string above 0
 */
export function Stepper({ quantity, name, onChange }) {
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const less = stepped(quantity, -1);
  const finish = () => {
    const wanted = typed?.trim().replace(",", ".");
    setTyped(null);
    if (wanted && wanted !== quantity && isQuantity(wanted)) void onChange(wanted);
  };
  return html`<span class="stepper" role="group" aria-label=${name}>
    <button type="button" aria-label=${t("phone-less", { name })} disabled=${less === null} onClick=${() => less !== null && onChange(less)}><${Icon} name="minus" /></button>
    <input inputmode="decimal" aria-label=${t("phone-quantity", { name })} value=${typed ?? quantity} size="4"
      onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => setTyped(event.currentTarget.value)} onBlur=${finish}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Enter" && finish()} />
    <button type="button" aria-label=${t("phone-more", { name })} onClick=${() => { const more = stepped(quantity, 1); if (more !== null) void onChange(more); }}><${Icon} name="plus" /></button></span>`;
}
