import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { session } from "../store/session.js";
import { endOne, endOthers, ownSessions } from "../sync/account.js";
import { MainButton, SideButton } from "./buttons.js";
import { Chip, Notice } from "./chip.js";
import { Ask } from "./dialog.js";
import { Icon } from "./icon.js";
import { t } from "./language.js";
import { clockOrDay } from "./moments.js";
import { canAsk, NeedsSignal } from "./own_password.js";
import { problemText } from "./save.js";
import { toast } from "./toast.js";

/** @typedef {import("../types.js").Known} Known */

/** Where this person is signed in, and ending that from here; needs a signal. */
export function OwnSessions() {
  const [known, setKnown] = useState(/** @type {import("../types.js").OwnSessions | null} */ (null));
  const [wrong, setWrong] = useState(/** @type {string | null} */ (null));
  const [asked, setAsked] = useState(/** @type {Known | "others" | null} */ (null));
  const isPossible = canAsk();
  const look = () => ownSessions().then((found) => { setKnown(found); setWrong(null); }, (problem) => setWrong(problemText(problem)));
  useEffect(() => { if (isPossible) void look(); }, [isPossible, session.value?.person.id]);
  async function end() {
    try {
      await (asked === "others" ? endOthers() : endOne(/** @type {Known} */ (asked).id));
      toast(t(asked === "others" ? "phone-sessions-others-done" : "phone-sessions-done"));
    } catch (problem) {
      toast(problemText(problem), { wrong: true });
    }
    setAsked(null);
    await look();
  }
  const items = isPossible ? (known?.items ?? []) : [];
  const signedIn = items.filter((one) => one.is_signed_in);
  return html`<section class="sheet stack wide" aria-label=${t("phone-sessions-title")}><b>${t("phone-sessions-title")}</b>
    <p class="soft">${t("phone-sessions-about")}</p>
    <${NeedsSignal} />
    ${isPossible && wrong && html`<${Notice} tone="contradicted" icon="circle-alert">${wrong}<//><${SideButton} icon="refresh-cw" tone="wide" onPress=${look}>${t("phone-sessions-again")}<//>`}
    ${isPossible && !wrong && known === null && html`<p class="soft" role="status">${t("phone-sessions-looking")}</p>`}
    ${signedIn.map((one) => html`<${Row} key=${one.id} known=${one} onEnd=${() => setAsked(one)} />`)}
    ${signedIn.some((one) => !one.is_present) && html`<${SideButton} icon="log-out" tone="wide" onPress=${() => setAsked("others")}>${t("phone-sessions-end-others")}<//>`}
    <${Others} items=${items.filter((one) => !one.is_signed_in)} leftOff=${known?.left_off ?? 0} />
    ${asked !== null && html`<${Confirm} asked=${asked} onEnd=${end} onClose=${() => setAsked(null)} />`}</section>`;
}

/** @param {{known: Known, onEnd?: () => void}} properties */
function Row({ known, onEnd }) {
  return html`<div class="row top"><${Icon} name=${known.kind === "phone" ? "smartphone" : "building"} />
    <div class="grow"><b>${nameOf(known)}</b>
      <div class="soft">${t(`phone-sessions-kind-${known.kind}`)} · ${t("phone-sessions-since", { at: clockOrDay(known.known_since) })}</div>
      ${known.last_seen_at !== null && html`<div class="soft">${t("phone-sessions-seen", { at: clockOrDay(known.last_seen_at) })}</div>`}</div>
    ${known.is_present ? html`<${Chip} tone="accent" icon="check">${t("phone-sessions-present")}<//>`
      : known.is_revoked ? html`<${Chip} tone="contradicted" icon="ban">${t("phone-sessions-revoked")}<//>`
      : known.is_signed_in ? html`<${SideButton} icon="log-out" name=${t("phone-sessions-end-name", { name: nameOf(known) })} onPress=${onEnd ?? (() => {})}>${t("phone-sessions-end")}<//>`
      : html`<${Chip} tone="quiet" icon="log-out">${t("phone-sessions-out")}<//>`}</div>`;
}

/** Phones that are known and not signed in: nothing can be ended there. @param {{items: Known[], leftOff: number}} properties */
function Others({ items, leftOff }) {
  const [open, setOpen] = useState(false);
  if (items.length + leftOff === 0) return null;
  return html`<${SideButton} tone="wide" icon=${open ? "chevron-up" : "chevron-down"} onPress=${() => setOpen(!open)}>${t("phone-sessions-not-signed-in", { count: items.length + leftOff })}<//>
    ${open && items.map((one) => html`<${Row} key=${one.id} known=${one} />`)}
    ${open && leftOff > 0 && html`<p class="soft">${t("phone-sessions-left-off", { count: leftOff })}</p>`}`;
}

/** @param {{asked: Known | "others", onEnd: () => Promise<void>, onClose: () => void}} properties */
function Confirm({ asked, onEnd, onClose }) {
  const all = asked === "others";
  return html`<${Ask} title=${all ? t("phone-sessions-end-others") : t("phone-sessions-end-name", { name: nameOf(asked) })} onClose=${onClose}>
    <p>${t(all ? "phone-sessions-means-others" : `phone-sessions-means-${asked.kind}`)}</p>
    <${MainButton} icon="log-out" onPress=${onEnd}>${t(all ? "phone-sessions-end-all-now" : "phone-sessions-end-now")}<//>
    <${SideButton} tone="wide" onPress=${onClose}>${t("phone-sessions-keep")}<//><//>`;
}

/** @param {Known} known @returns {string} */
function nameOf(known) {
  return known.name ?? t("phone-sessions-unknown");
}
