import { html } from "htm/preact";
import { useEdit } from "./draft.js";
import { quantityIn, stepped } from "./figure.js";
import { Icon } from "./icon.js";
import { t } from "./language.js";

/**
 * A quantity with a minus and a plus as large as a thumb; the number itself can be typed for 2.5 m, and stays with a
 * sentence below it where it is not taken.
 * @param {{line: string, quantity: string, unit: string, name: string, onChange: (quantity: string) =>
 *   Promise<boolean>}} properties `quantity` a decimal string above 0; what is typed is a draft of the `line` until it
 *   is recorded
 */
export function Stepper({ line, quantity, unit, name, onChange }) {
  const reads = quantityIn(unit);
  const meant = (/** @type {string} */ typed) => {
    const { value, wrong } = reads(typed);
    return wrong ? null : (value ?? quantity);
  };
  const edit = useEdit(`quantity:${line}`, quantity, ({ now }) => onChange(now), meant);
  const { wrong } = reads(edit.text);
  const [less, more] = [stepped(quantity, -1), stepped(quantity, 1)];
  return html`<span class="stepping"><span class="stepper" role="group" aria-label=${name}>
    <button type="button" aria-label=${t("phone-less", { name })} disabled=${less === null}
      onClick=${() => less !== null && onChange(less)}><${Icon} name="minus" /></button>
    <input inputmode="decimal" aria-label=${t("phone-quantity", { name })} value=${edit.text} size="4"
      aria-invalid=${wrong ? "true" : undefined}
      onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => edit.type(event.currentTarget.value)}
      onBlur=${edit.commit}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Enter" && edit.commit()} />
    <button type="button" aria-label=${t("phone-more", { name })} disabled=${more === null}
      onClick=${() => more !== null && onChange(more)}><${Icon} name="plus" /></button></span>
    ${wrong && html`<span class="wrong-text" role="alert"><${Icon} name="circle-alert" />${wrong}</span>`}</span>`;
}
