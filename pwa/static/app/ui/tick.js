import { html } from "htm/preact";
import { Icon } from "./icon.js";

/**
 * A row that is ticked off with one touch.
 * @param {{label: string, on: boolean, onTurn: (on: boolean) => unknown}} properties
 */
export function Tick({ label, on, onTurn }) {
  return html`<button type="button" class="tick" role="checkbox" aria-checked=${on ? "true" : "false"}
    onClick=${() => onTurn(!on)}>
    <span>${label}</span><span class="box"><${Icon} name="check" /></span></button>`;
}
