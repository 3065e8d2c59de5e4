/** Before the technician leaves: what will be hard to believe later, and one press for what helps. It stops nothing. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { toldAccuracy, toldLength } from "../../../rules/lengths.js";
import { weakEvidence } from "../weak_evidence.js";
import { session } from "../../../store/session.js";
import { sendNow } from "../../../sync/exchange.js";
import { SideButton } from "../../../ui/buttons.js";
import { CameraView } from "../../parts/camera.js";
import { clockState } from "../../../ui/clock_difference.js";
import { Icon } from "../../../ui/icon.js";
import { t } from "../../../ui/language.js";
import { age, duration } from "../../../ui/moments.js";
import { go } from "../../../ui/router.js";

/** @typedef {import("../weak_evidence.js").Weakness} Weakness */
/** @typedef {import("../weak_evidence.js").Remedy} Remedy */

/** @type {Record<Remedy, string>} */
const ICONS = { arrive: "map-pin", nameplate: "camera", photo: "camera", sign: "pen-line", send: "refresh-cw" };

/** @param {{id: string, body: import("../work_order.js").WorkOrder}} properties */
export function WeakEvidence({ id, body }) {
  const [camera, setCamera] = useState(false);
  const found = weakEvidence(body, session.value?.person.id ?? "", clockState.value);
  /** @type {Record<Remedy, () => unknown>} */
  const ways = {
    arrive: () => go(`orders/${id}/arrive`),
    nameplate: () => setCamera(true),
    photo: () => go(`orders/${id}/photos`),
    sign: () => go(`orders/${id}/sign`),
    send: sendNow,
  };
  return html`${
    found.length > 0 &&
    html`<section class="sheet stack weak" aria-labelledby="weak"><h2 id="weak">${t("phone-weak-title")}</h2>
      <ul class="lines loose">${found.map(
        (weakness) => html`<li class="stack" key=${weakness.code}>
        <div class="because"><${Icon} name="info" /><span>${sentence(weakness)}</span></div>
        <div class="row equal">${weakness.remedies.map(
          (remedy) => html`
          <${SideButton} key=${remedy} icon=${ICONS[remedy]} tone="accent" onPress=${ways[remedy]}>
            ${
              weakness.code === "no_arrival" && remedy === "arrive"
                ? t("phone-arrive-register")
                : t(`phone-weak-do-${remedy}`)
            }<//>`,
        )}</div></li>`,
      )}</ul></section>`
  }
    ${camera && html`<${CameraView} order=${id} purpose="nameplate" onClose=${() => setCamera(false)} />`}`;
}

/** @param {Weakness} weakness @returns {string} what is weak, with its figures, and what would help */
function sentence({ code, ...figures }) {
  const whole = (/** @type {string} */ name) => Math.round(Number(figures[name] ?? 0));
  return t(`phone-weak-${code.replaceAll("_", "-")}`, {
    distance: toldLength(Number(figures.distance_m ?? 0), Number(figures.accuracy_m ?? 0)),
    accuracy: toldAccuracy(Number(figures.accuracy_m ?? 0)),
    age: age(whole("age_s")),
    time: duration(whole("seconds")),
    why: String(figures.why ?? ""),
  });
}
