/** A question from the bottom of the screen, answered by one touch. */
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icon.js";
import { t } from "./language.js";
import { useOverlay } from "./overlays.js";

/**
 * A sheet over the page. The browser keeps the focus inside; the back gesture and the backdrop close it.
 * @param {{title: string, onClose: () => void, closeName?: string, lang?: string, children?:
 *   import("preact").ComponentChildren}} properties
 */
export function Ask({ title, onClose, closeName = t("phone-close"), lang, children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const here = useRef(true);
  useOverlay(onClose, { hears: true });
  useEffect(() => {
    const shown = dialog.current;
    here.current = true;
    shown?.showModal();
    return () => {
      here.current = false;
      shown?.close();
    };
  }, []);
  // A browser may close it without asking.
  const closed = () => {
    if (here.current) onClose();
  };
  return html`<dialog class="ask" ref=${dialog} lang=${lang} aria-label=${title}
      onCancel=${(/** @type {Event} */ event) => {
        event.preventDefault();
        onClose();
      }}
      onClose=${closed}
      onClick=${(/** @type {MouseEvent} */ event) => {
        if (event.target === dialog.current) onClose();
      }}>
    <div class="heading"><h2>${title}</h2>
      <button type="button" class="round end" aria-label=${closeName} onClick=${onClose}><${Icon} name="x" /></button>
      </div>
    ${children}</dialog>`;
}

/**
 * One of several answers, each a large row.
 * @param {{title: string, options: {value: string, label: string, icon?: string}[], onChoose: (value: string) =>
 *   unknown, onClose: () => void, children?: import("preact").ComponentChildren}} properties
 */
export function AskChoice({ title, options, onChoose, onClose, children }) {
  return html`<${Ask} title=${title} onClose=${onClose}>
    <div class="choices list">${options.map(
      (option) => html`
      <button type="button" class="choice" key=${option.value} onClick=${() => onChoose(option.value)}>
        ${option.icon && html`<${Icon} name=${option.icon} />`}${option.label}</button>`,
    )}</div>
    ${children}<//>`;
}
