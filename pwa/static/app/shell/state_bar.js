import { html } from "htm/preact";
import { unreadable } from "../store/connection.js";
import { contact, mayReach, onlyHere, reach, unsent } from "../sync/status.js";
import { Icon } from "../ui/icon.js";
import { t } from "../ui/language.js";
import { bytesText, clockOrDay } from "../ui/moments.js";

/**
 * What the last contact says, with its sign.
 * @type {Record<import("../store/reach.js").Reach, {icon: string, tone: string}>}
 */
const SIGNS = {
  reached: { icon: "signal", tone: "proven" },
  unknown: { icon: "signal", tone: "" },
  silent: { icon: "circle-alert", tone: "claimed" },
  portal: { icon: "log-in", tone: "claimed" },
  faulty: { icon: "triangle-alert", tone: "claimed" },
  offline: { icon: "wifi-off", tone: "" },
};

/**
 * Always in sight: signal or none, whether the server answers, how much waits, since when all is safe on the server.
 */
export function StateBar() {
  const { icon, tone } = SIGNS[reach.value];
  return html`<div class="state" role="status">
    <span class=${tone} data-reach=${reach.value}><${Icon} name=${icon} />${t(`phone-reach-${reach.value}`)}</span>
    <span>${safety()}</span></div>`;
}

/** @returns {string} */
function safety() {
  if (unreadable.value) return t("phone-state-unreadable");
  const waiting = onlyHere.value;
  const { state, last_all_safe: safeAt } = contact.value;
  if (waiting === 0)
    return safeAt === null ? t("phone-state-nothing-yet") : t("phone-state-all-safe", { at: clockOrDay(safeAt) });
  if (state === "sending" && mayReach.value) return t("phone-state-sending", { size: bytesText(unsent.value.bytes) });
  return t("phone-state-waiting", { count: waiting });
}
