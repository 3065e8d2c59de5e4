import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Icon } from "./icon.js";
import { quantityIn, stepped } from "./figure.js";
import { t } from "./language.js";

/**
 * A quantity with a minus and a plus as large as a thumb; the number itself can be typed for 2.5 m, and stays with a
 * sentence below it where it is not taken.
 * @param {{quantity: string, unit: string, name: string, onChange: (quantity: string) => unknown}} properties `quantity` a decimal string above 0
 */
export function Stepper({ quantity, unit, name, onChange }) {
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const wrong = quantityIn(unit)(typed ?? "").wrong;
  const step = (/** @type {string | null} */ next) => {
    setTyped(null);
    if (next !== null) void onChange(next);
  };
  const finish = () => {
    if (typed === null || wrong) return;
    const { value } = quantityIn(unit)(typed);
    step(value === quantity ? null : value);
  };
  const [less, more] = [stepped(quantity, -1), stepped(quantity, 1)];
  return html`<span class="stepping"><span class="stepper" role="group" aria-label=${name}>
    <button type="button" aria-label=${t("phone-less", { name })} disabled=${less === null} onClick=${() => step(less)}><${Icon} name="minus" /></button>
    <input inputmode="decimal" aria-label=${t("phone-quantity", { name })} value=${typed ?? quantity} size="4" aria-invalid=${wrong ? "true" : undefined}
      onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => setTyped(event.currentTarget.value)} onBlur=${finish}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Enter" && finish()} />
    <button type="button" aria-label=${t("phone-more", { name })} disabled=${more === null} onClick=${() => step(more)}><${Icon} name="plus" /></button></span>
    ${wrong && html`<span class="wrong-text" role="alert"><${Icon} name="circle-alert" />${wrong}</span>`}</span>`;
}
