import { html } from "htm/preact";
import { toldAccuracy, toldLength } from "../../rules/lengths.js";
import { judgePlace } from "../../rules/place.js";
import { Chip } from "../../ui/chip.js";
import { t } from "../../ui/language.js";
import { clockOrDay } from "../../ui/moments.js";
import { word } from "../../ui/words.js";

/** @typedef {import("../work_order/work_order.js").WorkOrder} WorkOrder */
/** @typedef {import("../work_order/work_order.js").Presence} Presence */

/** As the rules take it where a site says none. */
const DEFAULT_RADIUS_M = 150;
/** So much more an old fix may count as without a word of it: a few seconds between looking and pressing. */
const COUNTS_MORE_M = 8;
/** @type {Record<string, {tone: import("../../ui/chip.js").Tone, icon: string}>} */
const VERDICTS = {
  verified: { tone: "proven", icon: "check" },
  contradicted: { tone: "contradicted", icon: "triangle-alert" },
  unproven: { tone: "claimed", icon: "circle-help" },
};

/**
 * An arrival or departure: when, where, and what is known of it. Before the server has judged it, it is only saved.
 * @param {{label: string, presence: Presence, body: WorkOrder}} properties
 */
export function PresenceSheet({ label, presence, body }) {
  const at = presence.time?.best ?? presence.position?.fixed_at;
  const judged = (presence.reasons ?? []).length > 0;
  const verdict = judged ? VERDICTS[presence.verdict ?? ""] : undefined;
  return html`<section class="sheet row"><div><div class="label">${label}</div>
      <span class="time">${at ? clockOrDay(at) : ""}</span>
      ${
        verdict &&
        html` <${Chip} tone=${verdict.tone} icon=${verdict.icon}>${word("verdict", presence.verdict ?? "")}<//>`
      }
      ${presence.verdict && !judged && html` <${Chip} tone="quiet" icon="hourglass">${t("phone-verdict-later")}<//>`}
      </div>
    <span class="end soft">${placeLine(presence, body)}</span></section>`;
}

/**
 * How far from the site, in one line.
 * @param {Presence} presence
 * @param {WorkOrder} body
 * @returns {string}
 */
export function placeLine(presence, body) {
  const { position, place } = presence;
  if (!position) return t(`phone-position-${presence.why_none ?? "unavailable"}`);
  const known = place ?? placeAt(body, position);
  const accuracy = toldAccuracy(position.accuracy_m);
  if (!known) return t("phone-accuracy-line", { accuracy });
  const distance = toldLength(known.distance_m, known.accuracy_m ?? position.accuracy_m);
  const counts = countsAs(position, known);
  return counts === null
    ? t("phone-place-line", { distance, accuracy })
    : t("phone-place-line-old", { distance, accuracy, counts });
}

/**
 * What an old fix's accuracy counts as, as it is told; null where that is still what the phone stated.
 * @param {{accuracy_m: number}} fix
 * @param {{accuracy_m: number | null}} place
 * @returns {number | null}
 */
export function countsAs(fix, place) {
  const counts = place.accuracy_m ?? 0;
  return Math.round(counts) > Math.round(fix.accuracy_m) + COUNTS_MORE_M ? toldAccuracy(counts) : null;
}

/**
 * How far a fix is from the order's site; null where the site's position is not known.
 * @param {WorkOrder} body
 * @param {import("../../types.js").Position | null} fix
 */
export function placeAt(body, fix) {
  return judgePlace(fix, { wgs84: centresOf(body) }, body.site?.radius_m);
}

/**
 * The site as a circle on the ground, where its position is known.
 * @param {WorkOrder} body
 */
export function siteCircle(body) {
  const [centre] = centresOf(body);
  return centre ? { centre, radius_m: body.site?.radius_m ?? DEFAULT_RADIUS_M } : null;
}

/**
 * Where the site may be, as phones measure: one point, or several where nobody said which map its coordinates are from.
 * @param {WorkOrder} body
 * @returns {{latitude: number, longitude: number}[]}
 */
function centresOf(body) {
  const position = body.site?.position;
  if (!position) return [];
  return position.wgs84 ?? (position.datum === "WGS-84" ? [position] : []);
}
