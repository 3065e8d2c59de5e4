/**
 * Arrive: the position live and to scale, a photo at the door, and one button that writes it all down before the fix
 * grows old.
 */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { placeNow, position, positionProblem, watch } from "../../../capture/position.js";
import { newId } from "../../../ledger/record.js";
import { MainButton, SideButton } from "../../../ui/buttons.js";
import { CameraView } from "../../parts/camera.js";
import { Chip, Notice } from "../../../ui/chip.js";
import { formatTime, t } from "../../../ui/language.js";
import { age } from "../../../ui/moments.js";
import { isOnSite, placeText, present } from "../order_facts.js";
import { Left, NotFound } from "./order_page.js";
import { useOrder } from "./shown_orders.js";
import { Page } from "../../../shell/page.js";
import { countsAs, placeAt, siteCircle } from "../../parts/presence.js";
import { leave } from "../../../ui/router.js";
import { save } from "../../../ui/save.js";
import { SiteDrawing } from "../../parts/site_drawing.js";
import { word } from "../../../ui/words.js";
import { toldAccuracy, toldLength } from "../../../rules/lengths.js";
import { trueNow } from "../../../store/true_time.js";
import { mayReach, online } from "../../../sync/status.js";

/** @typedef {import("../work_order.js").WorkOrder} WorkOrder */

/** A fix older than this is said to be old. */
const FRESH_S = 30;
/** How long before a fix no longer proves anything it is said so. */
const WARNED_S = 20;
/** @type {Record<string, {tone: import("../../../ui/chip.js").Tone, icon: string}>} */
const ANSWERS = {
  inside: { tone: "proven", icon: "check" },
  outside: { tone: "contradicted", icon: "triangle-alert" },
  unclear: { tone: "claimed", icon: "circle-help" },
};

/** @param {{id: string}} properties */
export function Arrive({ id }) {
  const order = useOrder(id);
  const [camera, setCamera] = useState(false);
  useEffect(() => watch(), []);
  if (order === null) return html`<${NotFound} />`;
  const { body } = order;
  const register = async () => {
    const saved = await save(
      [
        { kind: "arrival.record", target: id, data: { arrival: newId(), ...placeNow() } },
        // Whoever records the position once more, because the first one proves little, is on site already.
        ...(isOnSite(body) ? [] : [{ kind: "order.stage", target: id, data: { to: "on_site" } }]),
      ],
      { said: t("phone-saved-arrival") },
    );
    if (saved) leave(`orders/${id}`);
  };
  return html`<${Page} title=${t("phone-arrive-title")} note=${placeText(body)} backTo=${`orders/${id}`}
      foot=${html`<${MainButton} icon="map-pin" onPress=${register}>${t("phone-arrive-register")}<//>`}>
    <${Left} order=${order} />
    <${WhereAmI} body=${body} />
    <section class="sheet row"><div class="grow"><b>${t("phone-arrive-door")}</b>
        <div class="soft">
          ${
            present(body.photos).length > 0
              ? t("phone-door-photos", { count: present(body.photos).length })
              : t("phone-arrive-door-hint")
          }</div></div>
      <${SideButton} icon="camera" onPress=${() => setCamera(true)}>${t("phone-photos-take")}<//></section>
    ${
      !mayReach.value &&
      html`<${Notice} icon="wifi-off">${t(online.value ? "phone-arrive-unreached" : "phone-arrive-offline")}<//>`
    }
    ${camera && html`<${CameraView} order=${id} purpose="nameplate" onClose=${() => setCamera(false)} />`}
  <//>`;
}

/** @param {{body: WorkOrder}} properties */
function WhereAmI({ body }) {
  const site = siteCircle(body);
  const fix = position.value;
  const place = placeAt(body, fix);
  const old = fix && ageing(body, fix);
  // Nothing is called new and old at once.
  const isFresh = fix !== null && fix.age_s <= FRESH_S && old === null && !(place && countsAs(fix, place) !== null);
  return html`<section class="sheet where">
    ${site && html`<${SiteDrawing} site=${site} fix=${fix} place=${place} />`}
    ${site && html`<div class="soft">${t("phone-arrive-radius", { radius: site.radius_m })}</div>`}
    <${Clock} />
    ${
      fix === null
        ? html`<${NoFix} />`
        : html`
      <div class="soft">
        ${t(isFresh ? "phone-arrive-fresh" : "phone-arrive-old", {
          age: age(fix.age_s),
          accuracy: toldAccuracy(fix.accuracy_m),
        })}</div>
      <div class="chips">
        ${
          place
            ? html`<${PlaceChip} place=${place} />`
            : html`<${Chip} icon="map-pin-off">${t("phone-arrive-no-site")}<//>`
        }</div>
      ${
        place &&
        countsAs(fix, place) !== null &&
        html`<div class="soft">${t("phone-place-counts", { accuracy: countsAs(fix, place) })}</div>`
      }
      ${old && html`<${Notice} icon="clock-alert">${t(`phone-arrive-${old}-old`)}<//>`}`
    }
  </section>`;
}

/**
 * Whether the fix proves only for a little longer, or proved when it was new, what it is to prove.
 * @param {WorkOrder} body
 * @param {import("../../../types.js").Position} fix
 * @returns {"soon" | "too" | null}
 */
function ageing(body, fix) {
  const answerAt = (/** @type {number} */ age_s) => placeAt(body, { ...fix, age_s })?.answer;
  const now = answerAt(fix.age_s);
  if (now === "inside" && answerAt(fix.age_s + WARNED_S) !== "inside") return "soon";
  return now === "unclear" && answerAt(0) === "inside" ? "too" : null;
}

/** @param {{place: import("../../../rules/place.js").Place}} properties */
function PlaceChip({ place }) {
  const { tone, icon } = ANSWERS[place.answer];
  return html`<${Chip} tone=${tone} icon=${icon}>${word("place", place.answer)}<//>
    <span class="soft">${t("phone-place-distance", { distance: toldLength(place.distance_m, place.accuracy_m) })}
    </span>`;
}

function NoFix() {
  const problem = positionProblem.value;
  if (problem === null) return html`<div class="soft">${t("phone-arrive-looking")}</div>`;
  return html`<${Chip} tone="claimed" icon="locate-off">${t(`phone-position-${problem}`)}<//>
    <div class="soft">${t("phone-arrive-without")}</div>`;
}

/** The present, to the second. */
function Clock() {
  const [at, setAt] = useState(trueNow());
  useEffect(() => {
    const ticking = setInterval(() => setAt(trueNow()), 1000);
    return () => clearInterval(ticking);
  }, []);
  return html`<div class="big">${formatTime(at, { hour: "2-digit", minute: "2-digit", second: "2-digit" })}</div>`;
}
