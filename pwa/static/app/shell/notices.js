/**
 * What a person has to know wherever they are: the password is wanted, nothing can be kept, a photo is not stored, room
 * is short, the clock is off.
 */
import { html } from "htm/preact";
import { unreadable } from "../store/connection.js";
import { refusal, roomIsShort } from "../store/storage.js";
import { session } from "../store/session.js";
import { lostByBrowser } from "../sync/holding.js";
import { online } from "../sync/status.js";
import { useCalm } from "../ui/calm.js";
import { Notice } from "../ui/chip.js";
import { clockDifference_s } from "../ui/clock_difference.js";
import { endedText, isClosed } from "./ended.js";
import { Icon } from "../ui/icon.js";
import { forgets } from "../store/keeping.js";
import { t } from "../ui/language.js";
import { duration } from "../ui/moments.js";
import { ownUnkept } from "../documents/parts/photo_keeping.js";
import { ordersWithFailed } from "../documents/parts/photo_queue.js";
import { PlainButton } from "../ui/buttons.js";
import { route } from "../ui/router.js";
import { keepTexts, unkeptText } from "../ui/unkept_texts.js";

/**
 * @param {{to: string, icon: string, tone: import("../ui/chip.js").Tone, children?:
 *   import("preact").ComponentChildren}} properties
 */
function Door({ to, icon, tone, children }) {
  return html`<a class=${`notice door ${tone}`} href=${`#/${to}`}><${Icon} name=${icon} /><div>${children}</div>
    <${Icon} name="chevron-right" /></a>`;
}

/** On the main screens all of it, elsewhere what cannot wait. @param {{main: boolean}} properties */
export function Notices({ main }) {
  const [screen, order, part] = route.value;
  const notKept = ownUnkept().filter((one) => !(part === "photos" && order === one.order));
  const failed = ordersWithFailed().filter((one) => !(part === "photos" && order === one));
  const typed = unkeptText();
  const apart = clockDifference_s.value;
  const said = [
    forgets.value && html`<${Notice} tone="contradicted" icon="triangle-alert">${t("phone-window-forgets")}<//>`,
    unreadable.value && html`<${Notice} tone="contradicted" icon="triangle-alert">${t("phone-unreadable")}<//>`,
    lostByBrowser.value > 0 &&
      html`<${Notice} tone="contradicted" icon="triangle-alert">
        ${t("phone-browser-loses", { count: lostByBrowser.value })}<//>`,
    isClosed() && html`<${Door} to="outbox" icon="user-x" tone="corroborated">${endedText()}<//>`,
    session.value?.ended &&
      !isClosed() &&
      online.value &&
      html`<${Door} to="sign-in" icon="log-in" tone="corroborated"><b>${t("phone-sign-in")}</b><div>${endedText()}</div>
        <//>`,
    session.value?.ended &&
      !isClosed() &&
      !online.value &&
      main &&
      html`<${Notice} tone="corroborated" icon="log-in">${t("phone-sign-in-later")}<//>`,
    typed !== null &&
      html`<${Notice} icon="pencil" tone="contradicted"><div>${typed}</div>
        <${PlainButton} icon="refresh-cw" onPress=${keepTexts}>${t("phone-unkept-again")}<//><//>`,
    notKept.length > 0 &&
      html`<${Door} to=${`orders/${notKept[0].order}/photos`} icon="images" tone="contradicted">
        ${t("phone-unkept-elsewhere", { count: notKept.length })}<//>`,
    failed.length > 0 &&
      html`<${Door} to=${`orders/${failed[0]}/photos`} icon="images" tone="contradicted">
        ${t("phone-photos-failed", { count: failed.length })}<//>`,
    main &&
      screen !== "outbox" &&
      screen !== "me" &&
      roomIsShort() &&
      html`<${Door} to="outbox" icon="hard-drive" tone="contradicted">
        ${t(refusal.value === null ? "phone-room-short" : "phone-room-out")}<//>`,
    main &&
      apart !== 0 &&
      html`<${Notice} icon="clock-alert">
        ${t(apart < 0 ? "phone-clock-behind" : "phone-clock-ahead", { time: duration(apart) })}<//>`,
  ];
  return useCalm(html`${said}`, said.map(Boolean).join());
}
