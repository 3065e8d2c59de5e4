/** How often Today asks for what is new, in ms. */
const EVERY_MS = 20_000;

/** Bring the element marked `data-refresh` up to date while somebody looks at it; nothing jumps or closes. */
export function refreshLive() {
  const live = /** @type {HTMLElement | null} */ (document.querySelector("[data-refresh]"));
  if (!live) return;
  const address = live.dataset.refresh ?? "";
  setInterval(() => refresh(live, address), EVERY_MS);
  document.addEventListener("visibilitychange", () => refresh(live, address));
}

/**
 * @param {HTMLElement} live
 * @param {string} address
 */
async function refresh(live, address) {
  // Whoever has the keyboard in the table, or reads the reasons of a row, is not to lose the place.
  if (document.hidden || live.contains(document.activeElement) || live.querySelector("details[open]")) return;
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const text = await answer.text();
  if (live.contains(document.activeElement) || live.querySelector("details[open]")) return;
  const { scrollX, scrollY } = window;
  live.innerHTML = text;
  window.scrollTo(scrollX, scrollY);
}
