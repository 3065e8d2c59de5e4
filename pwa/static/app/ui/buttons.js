import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Icon } from "./icon.js";

/**
 * @typedef {object} ButtonProperties
 * @property {() => unknown} onPress  when it returns a promise, further presses wait until it is settled
 * @property {string} [icon]
 * @property {boolean} [disabled]
 * @property {string} [tone]  further classes: `accent`, `grave`, `wide`
 * @property {string} [name]  accessible name where the children do not say enough
 * @property {import("preact").ComponentChildren} [children]
 */

/**
 * Runs a press once at a time: wet fingers tap twice.
 * @param {() => unknown} onPress
 * @returns {[boolean, () => Promise<void>]}
 */
function useOnce(onPress) {
  const [busy, setBusy] = useState(false);
  return [
    busy,
    async () => {
      if (busy) return;
      setBusy(true);
      try {
        await onPress();
      } finally {
        setBusy(false);
      }
    },
  ];
}

/** The one large button for the next step. @param {ButtonProperties} properties */
export function MainButton({ onPress, icon, disabled, name, children }) {
  const [busy, press] = useOnce(onPress);
  return html`<button type="button" class="main" disabled=${disabled} aria-busy=${busy} aria-label=${name}
    onClick=${press}>
    ${icon && html`<${Icon} name=${icon} />`}<span>${children}</span></button>`;
}

/** A further thing that can be done here. @param {ButtonProperties} properties */
export function SideButton({ onPress, icon, disabled, tone = "", name, children }) {
  const [busy, press] = useOnce(onPress);
  return html`<button type="button" class=${`side ${tone}`} disabled=${disabled} aria-busy=${busy} aria-label=${name}
    onClick=${press}>
    ${icon && html`<${Icon} name=${icon} />`}<span>${children}</span></button>`;
}

/** A word that acts, for the corner of a sheet or bar. @param {ButtonProperties} properties */
export function PlainButton({ onPress, icon, disabled, name, children }) {
  const [busy, press] = useOnce(onPress);
  return html`<button type="button" class="plain" disabled=${disabled} aria-busy=${busy} aria-label=${name}
    onClick=${press}>
    ${icon && html`<${Icon} name=${icon} />`}${children && html`<span>${children}</span>`}</button>`;
}
