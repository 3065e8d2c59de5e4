import { html } from "htm/preact";
import { unreadable } from "../store/connection.js";
import { contact, online, onlyHere, unsent } from "../sync/status.js";
import { Icon } from "./icon.js";
import { t } from "./language.js";
import { bytesText, clockOrDay } from "./moments.js";

/** Always in sight: signal or none, how much waits, since when all is safe on the server. */
export function StateBar() {
  return html`<div class="state" role="status">
    ${online.value
      ? html`<span class="proven"><${Icon} name="signal" />${t("phone-state-online")}</span>`
      : html`<span><${Icon} name="wifi-off" />${t("phone-state-offline")}</span>`}
    <span>${safety()}</span></div>`;
}

/** @returns {string} */
function safety() {
  if (unreadable.value) return t("phone-state-unreadable");
  const waiting = onlyHere.value;
  const { state, last_all_safe: safeAt } = contact.value;
  if (waiting === 0) return safeAt === null ? t("phone-state-nothing-yet") : t("phone-state-all-safe", { at: clockOrDay(safeAt) });
  if (state === "sending" && online.value) return t("phone-state-sending", { size: bytesText(unsent.value.bytes) });
  return t("phone-state-waiting", { count: waiting });
}
