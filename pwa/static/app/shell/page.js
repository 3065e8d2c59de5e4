import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { Foot } from "../ui/foot.js";
import { Icon } from "../ui/icon.js";
import { t } from "../ui/language.js";
import { Notices } from "./notices.js";
import { back } from "../ui/router.js";
import { StateBar } from "./state_bar.js";
import { TabBar } from "./tab_bar.js";

/**
 * @typedef {object} PageProperties
 * @property {string} title
 * @property {string} [note]  a soft line beside or under the title
 * @property {string} [backTo]  the screen above this one; shows the arrow
 * @property {"today" | "outbox" | "me"} [tab]  shows the tab bar with this one lit
 * @property {import("preact").ComponentChildren} [action]  in the corner of the title
 * @property {import("preact").ComponentChildren} [foot]  what is under the thumb
 * @property {import("preact").ComponentChildren} [children]
 */

/**
 * The frame of every screen: state, title, what scrolls, what is under the thumb.
 * @param {PageProperties} properties
 */
export function Page({ title, note, backTo, tab, action, foot, children }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    document.title = title;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return html`<div class="phone">
    <${StateBar} />
    <header class=${`bar ${backTo === undefined ? "" : "with-back"}`}>
      ${
        backTo !== undefined &&
        html`<button type="button" class="round" aria-label=${t("phone-back")} onClick=${() => back(backTo)}>
        <${Icon} name="chevron-left" /></button>`
      }
      <div class="titles"><h1 tabindex="-1" ref=${heading}>${title}</h1>${note && html`<div class="soft">${note}</div>`}
      </div>
      ${action}
    </header>
    <main class="body">
      <${Notices} main=${tab !== undefined} />
      ${children}</main>
    <${Foot}>${foot && html`<footer class="foot">${foot}</footer>`}${tab && html`<${TabBar} tab=${tab} />`}<//>
  </div>`;
}

/** The vault of the undercroft, for places where there is nothing yet. */
export function Vault() {
  return html`<svg class="vault" viewBox="0 0 120 90" aria-hidden="true" fill="none" stroke="currentColor">
    <path d="M10 80V40a50 38 0 0 1 100 0v40" stroke-width="5" />
    <path d="M30 80V48a30 24 0 0 1 60 0v32" stroke-width="3" opacity=".55" />
    <path d="M2 81h116" stroke-width="5" /></svg>`;
}
