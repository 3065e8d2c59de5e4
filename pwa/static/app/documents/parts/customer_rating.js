/** What the customer thinks of the work, asked on a page of its own: stars, or none because they say so. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { MainButton, SideButton } from "../../ui/buttons.js";
import { Choices } from "../../ui/choices.js";
import { CustomerBar } from "./customer_reading.js";
import { Field } from "../../ui/field.js";
import { Foot } from "../../ui/foot.js";
import { Icon } from "../../ui/icon.js";
import { t } from "../../ui/language.js";
import { Rating } from "../../ui/rating.js";
import { turnScreen } from "../../ui/turn_screen.js";

/**
 * @param {{signing: import("./customer_reading.js").Signing, set: (changes:
 *   Partial<import("./customer_reading.js").Signing>) => void}} properties
 */
export function CustomerRating({ signing, set }) {
  const [tried, setTried] = useState(false);
  const { language: reader, score, unrated = false } = signing;
  const say = (/** @type {string} */ id, /** @type {Record<string, string | number>} */ figures = {}) =>
    t(id, figures, reader);
  const isOpen = score === null && !unrated;
  const sign = () => {
    setTried(true);
    if (isOpen) return;
    void turnScreen();
    set({ step: "draw" });
  };
  return html`<div class="phone customer" lang=${reader}><${CustomerBar} title=${say("phone-sign-rating")} />
    <main class="body"><section class="sheet stack wide"><h2>${say("phone-sign-rating")}</h2>
        <${Rating} score=${score}
          onRate=${(/** @type {number | null} */ chosen) => set({ score: chosen, unrated: false })} say=${say} />
        <p class="soft centre" role="status">${score === null ? "" : say(`report-rating-${score}`)}</p>
        <${Choices} look="list" name=${say("phone-sign-unrated")} value=${unrated ? "none" : null}
          onChoose=${() => set({ score: null, unrated: !unrated })}
          options=${[{ value: "none", label: say("phone-sign-unrated") }]} />
        ${
          tried &&
          isOpen &&
          html`<span class="wrong-text" role="alert"><${Icon} name="circle-alert" />${say("phone-sign-rating-missing")}
            </span>`
        }</section>
      <section class="sheet stack wide">
        <${Field} label=${say("phone-sign-comment")} value=${signing.comment} multiline=${true}
        onInput=${(/** @type {string} */ comment) => set({ comment })} /></section></main>
    <${Foot}><footer class="foot"><${MainButton} icon="pen-line" onPress=${sign}>${say("phone-sign-go")}<//>
      <div class="row equal"><${SideButton} onPress=${() => set({ step: "read" })}>${say("phone-sign-read-again")}<//>
        <${SideButton} onPress=${() => set({ step: "back", saved: false })}>${say("phone-sign-not-now")}<//></div>
        </footer><//></div>`;
}
