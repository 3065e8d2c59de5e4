/** How this person likes to read: theme and text size. Kept in the browser, applied at once. */
import { effect, signal } from "@preact/signals";
import { recall, remember } from "../core/remembered.js";

/** @typedef {"auto" | "light" | "dark"} Theme */

const THEME = "undercroft.theme";
const TEXT_SCALE = "undercroft.text-scale";

/** The sizes offered, as factors of the browser's own size. */
export const TEXT_SCALES = [1, 1.2, 1.5, 2];
/** From here on the title scrolls away with the page, to leave room for what is read: half as large again as usual. */
const LARGE_PX = 24;

const kept = recall(THEME);
/** @type {import("@preact/signals").Signal<Theme>} */
export const theme = signal(kept === "light" || kept === "dark" ? kept : "auto");

const keptScale = Number(recall(TEXT_SCALE));
export const textScale = signal(TEXT_SCALES.includes(keptScale) ? keptScale : 1);

/** Applies both to the page and keeps them; called once at the start. */
export function applyPreferences() {
  effect(() => {
    const root = document.documentElement;
    if (theme.value === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme.value;
    remember(THEME, theme.value);
  });
  effect(() => {
    document.documentElement.style.setProperty("--text-scale", String(textScale.value));
    measureText();
    remember(TEXT_SCALE, String(textScale.value));
  });
  // The phone's own text size counts too; whoever changes that in its settings comes back to the app after it.
  addEventListener("resize", measureText);
  document.addEventListener("visibilitychange", measureText);
}

/** Makes room for large type, wherever its size comes from: this app, the browser or the phone. */
function measureText() {
  const root = document.documentElement;
  root.toggleAttribute("data-large", parseFloat(getComputedStyle(root).fontSize) >= LARGE_PX);
}
