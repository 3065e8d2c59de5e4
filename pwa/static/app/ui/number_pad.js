import { html } from "htm/preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icon.js";
import { t } from "./language.js";

const SHORTEST = 4;
const LONGEST = 8;
const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/**
 * Large keys of our own for 4 to 8 digits, shown as dots: wet fingers hit them, and no keyboard of the phone learns
 * them. A keyboard's digits work too.
 * @param {{doneName: string, waits?: boolean, onDone: (digits: string) => Promise<unknown>, children?:
 *   import("preact").ComponentChildren}} properties
 *   `waits` while nothing may be entered; whatever `onDone` makes of the digits, the dots are empty after it
 */
export function NumberPad({ doneName, waits = false, onDone, children }) {
  const typed = useRef("");
  const working = useRef(false);
  const dots = useRef(/** @type {HTMLElement | null} */ (null));
  const [shown, setShown] = useState({ count: 0, busy: false });
  const { count, busy } = shown;
  const show = () => setShown({ count: typed.current.length, busy: working.current });

  function change(/** @type {string} */ digits) {
    if (waits || working.current || digits.length > LONGEST) return;
    typed.current = digits;
    show();
  }
  const erase = () => change(typed.current.slice(0, -1));
  async function done() {
    if (waits || working.current || typed.current.length < SHORTEST) return;
    working.current = true;
    show();
    try {
      await onDone(typed.current);
    } finally {
      typed.current = "";
      working.current = false;
      show();
    }
  }
  // With the screen itself: a key that is pressed as a wait begins finds the pad waiting.
  useLayoutEffect(() => {
    function press(/** @type {KeyboardEvent} */ event) {
      const { target, repeat } = event;
      const key = event.key.normalize("NFKC"); // A Chinese keyboard may give full-width digits.
      if (target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
      // Enter on a key presses that key; after a digit of the keyboard it means that all are entered.
      if (key === "Enter") return void (target instanceof HTMLButtonElement || done());
      if (key !== "Backspace" && (repeat || !/^[0-9]$/.test(key))) return;
      event.preventDefault();
      dots.current?.focus();
      if (key === "Backspace") erase();
      else change(typed.current + key);
    }
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  });

  const digit = (/** @type {string} */ one) =>
    html`<button type="button" class="key" key=${one} disabled=${waits} onClick=${() => change(typed.current + one)}>
      ${one}</button>`;
  return html`<div class="pin">
    <div class="stack wide"><div class="dots" role="status" tabindex="-1" autofocus=${true} ref=${dots}>
        <span class="unseen">${t("phone-pin-entered", { count })}</span>
        ${Array.from(
          { length: Math.max(count, SHORTEST) },
          (_, place) => html`<i key=${place} class=${place < count ? "in" : ""} />`,
        )}</div>
      ${children}</div>
    <div class="keys" aria-busy=${busy}>${DIGITS.map(digit)}
      <button type="button" class="key" aria-label=${t("phone-pin-delete")} disabled=${waits || count === 0}
        onClick=${erase}><${Icon} name="delete" /></button>
      ${digit("0")}
      <button type="button" class="key done" aria-label=${doneName} disabled=${waits || count < SHORTEST}
        aria-busy=${busy} onClick=${done}><${Icon} name="check" /></button></div></div>`;
}
