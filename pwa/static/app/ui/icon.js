import { html } from "htm/preact";

const SPRITE = new URL("../../vendor/icons.svg", import.meta.url).href;

/**
 * A sign from the icon sprite, as large as the text around it. It never stands alone for a meaning:
 * a word or an accessible name goes with it.
 * @param {{name: string}} properties
 */
export function Icon({ name }) {
  return html`<svg class="icon" aria-hidden="true" viewBox="0 0 24 24"><use href=${`${SPRITE}#${name}`} /></svg>`;
}
