/** A short word at the bottom that something happened, with a way to take it back. */
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "./language.js";
import { placeToasts } from "./toast_place.js";

/** @typedef {{key: number, text: string, wrong: boolean, undo?: () => unknown}} Toast */

const SHOWN_MS = 2500;
const SHOWN_WITH_UNDO_MS = 7000;
const LOOK_MS = 200;
const toasts = signal(/** @type {Toast[]} */ ([]));
let nextKey = 1;

/**
 * @param {string} text
 * @param {{wrong?: boolean, undo?: () => unknown}} [how] `wrong` marks a failure and stays until it is closed
 */
export function toast(text, { wrong = false, undo } = {}) {
  const key = nextKey++;
  // What is said once more stands there once.
  toasts.value = [
    ...toasts.value.filter((other) => other.wrong && other.text !== text).slice(-1),
    { key, text, wrong, undo },
  ];
  if (!wrong) setTimeout(() => close(key), undo ? SHOWN_WITH_UNDO_MS : SHOWN_MS);
}

/** @param {number} key */
function close(key) {
  toasts.value = toasts.value.filter((other) => other.key !== key);
}

/** Takes everything away, for instance before the phone changes hands: nothing may be undone by a customer. */
export function clearToasts() {
  toasts.value = [];
}

/**
 * Lies over everything, dialogs too; only its own buttons can be pressed, what lies under its words can be pressed
 * through them.
 */
export function Toasts() {
  const layer = useRef(/** @type {HTMLElement | null} */ (null));
  const newest = toasts.value.at(-1)?.key;
  useLayoutEffect(() => {
    layer.current?.hidePopover?.();
    const shown = layer.current;
    if (newest === undefined || shown === null) return undefined;
    shown.showPopover?.();
    delete shown.dataset.placed;
    placeToasts(shown);
    // Another screen, or a sheet, has other buttons.
    const looking = setInterval(() => placeToasts(shown), LOOK_MS);
    return () => clearInterval(looking);
  }, [newest]);
  return html`<div class="toasts" ref=${layer} popover="manual" role="status" aria-live="polite">${toasts.value.map(
    (one) => html`
    <div class=${`toast ${one.wrong ? "wrong" : ""}`} key=${one.key}>
      <span>${one.text}</span>
      ${
        one.undo &&
        html`<button type="button" onClick=${() => {
          close(one.key);
          one.undo?.();
        }}>${t("phone-undo")}</button>`
      }
      ${one.wrong && html`<button type="button" onClick=${() => close(one.key)}>${t("phone-close")}</button>`}
    </div>`,
  )}</div>`;
}
