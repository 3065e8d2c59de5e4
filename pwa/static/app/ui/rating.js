import { html } from "htm/preact";
import { t } from "./language.js";

const STAR = "M12 2.5l2.9 6.1 6.6.9-4.8 4.6 1.2 6.6-5.9-3.2-5.9 3.2 1.2-6.6L2.5 9.5l6.6-.9z";

/**
 * One to five stars; touching the lit one again takes the rating back.
 * @param {{score: number | null, onRate: (score: number | null) => void, say?: (id: string, figures?: Record<string,
 *   number>) => string}} properties `say` gives the texts in the reader's language
 */
export function Rating({ score, onRate, say = t }) {
  return html`<div class="stars" role="radiogroup" aria-label=${say("phone-sign-rating")}>${[1, 2, 3, 4, 5].map(
    (star) => html`
    <button type="button" role="radio" key=${star} class=${star <= (score ?? 0) ? "lit" : ""}
        aria-checked=${star === score ? "true" : "false"} aria-label=${say("phone-sign-stars", { score: star })}
        onClick=${() => onRate(star === score ? null : star)}>
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${STAR} /></svg></button>`,
  )}</div>`;
}
