/** Show the buttons that copy a link, and make them do it; the button then says so in its own place. */
export function copyLinks() {
  if (!navigator.clipboard) return;
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-copy]"))) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy ?? "");
      const words = button.querySelector("span");
      if (words) words.textContent = button.dataset.done ?? "";
      button.setAttribute("aria-live", "polite");
    });
  }
}
