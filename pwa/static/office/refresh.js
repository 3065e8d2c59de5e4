/** How often Today asks for what is new, in ms. */
const EVERY_MS = 20_000;
/** How long it waits for an answer, in ms. */
const PATIENCE_MS = 15_000;

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
  if (document.hidden) return;
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
  const page = answer?.ok && !answer.redirected ? await answer.text().catch(() => "") : "";
  // A gateway's own page in its place is no word from our server.
  const text = page.includes("data-stale") ? page : null;
  tellStale(live, text !== null ? null : answer?.redirected ? "ended" : "silent");
  // Whoever has the keyboard in the table, or reads the reasons of a row, is not to lose the place.
  if (text === null || live.contains(document.activeElement) || live.querySelector("details[open]")) return;
  const { scrollX, scrollY } = window;
  live.innerHTML = text;
  window.scrollTo(scrollX, scrollY);
}

/**
 * What stands here says of what time it is where nothing newer comes.
 * @param {HTMLElement} live
 * @param {"silent" | "ended" | null} why
 */
function tellStale(live, why) {
  for (const told of /** @type {NodeListOf<HTMLElement>} */ (live.querySelectorAll("[data-stale]"))) {
    told.hidden = told.dataset.stale !== why;
  }
}
