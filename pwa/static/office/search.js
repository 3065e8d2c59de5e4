/** How long nothing more is typed before the server is asked, in ms. */
const PAUSE_MS = 160;

/** Forms marked `data-search` show the hits for what is typed in the element that `data-into` names. */
export function searchAsTyped() {
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-search]"))) {
    const into = document.getElementById(form.dataset.into ?? "");
    const field = form.querySelector("input[type=search]");
    if (into && field instanceof HTMLInputElement) watch(form.dataset.search ?? "", field, into);
  }
}

/**
 * @param {string} address
 * @param {HTMLInputElement} field
 * @param {HTMLElement} into
 */
function watch(address, field, into) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  /** @type {AbortController | undefined} */
  let asking;
  const ask = () => {
    clearTimeout(pause);
    pause = setTimeout(async () => {
      // An answer to an earlier word must not overwrite the answer to a later one.
      asking?.abort();
      asking = new AbortController();
      try {
        const answer = await fetch(`${address}?words=${encodeURIComponent(field.value)}`, { signal: asking.signal });
        if (answer.ok && !answer.redirected) into.innerHTML = await answer.text();
      } catch (error) {
        if (!(error instanceof DOMException && error.name === "AbortError")) into.replaceChildren();
      }
    }, PAUSE_MS);
  };
  field.addEventListener("input", ask);
  // Somebody who typed faster than this script came is answered too.
  if (field.value !== field.defaultValue) ask();
}
