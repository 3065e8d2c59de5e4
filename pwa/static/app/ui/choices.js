import { html } from "htm/preact";
import { Icon } from "./icon.js";

/**
 * One of a few, all in sight. The chosen one carries a tick as well as its colour.
 * @param {{name: string, options: {value: string, label: string, tone?: string, icon?: string}[], value: string | null,
 *   onChoose: (value: string) => unknown, look?: "even" | "pairs" | "list" | ""}} properties
 */
export function Choices({ name, options, value, onChoose, look = "" }) {
  return html`<div class=${`choices ${look}`} role="radiogroup" aria-label=${name}>${options.map(
    (option) => html`
    <button type="button" role="radio" key=${option.value} class=${`choice ${option.tone ?? ""}`}
        aria-checked=${option.value === value ? "true" : "false"} onClick=${() => onChoose(option.value)}>
      ${option.value === value ? html`<${Icon} name="check" />` : option.icon && html`<${Icon} name=${option.icon} />`}
      <span>${option.label}</span></button>`,
  )}</div>`;
}
