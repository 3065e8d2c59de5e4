import { html } from "htm/preact";
import { Icon } from "./icon.js";

/**
 * @typedef {"proven" | "corroborated" | "claimed" | "contradicted" | "accent" | "quiet" | ""} Tone
 * What is known, in colour; the icon and the words say it too.
 */

/**
 * A short word about a thing, with its sign.
 * @param {{tone?: Tone, icon?: string, children?: import("preact").ComponentChildren}} properties
 */
export function Chip({ tone = "", icon, children }) {
  return html`<span class=${`chip ${tone}`}>${icon && html`<${Icon} name=${icon} />`}<span>${children}</span></span>`;
}

/**
 * A sentence that the person should not miss.
 * @param {{tone?: Tone, icon?: string, children?: import("preact").ComponentChildren}} properties
 */
export function Notice({ tone = "claimed", icon = "info", children }) {
  return html`<div class=${`notice ${tone}`} role="note"><${Icon} name=${icon} /><div>${children}</div></div>`;
}
