/** Asking for the PIN, and the way out for whoever has forgotten it. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { forgetPin, pinWait, tryPin } from "../store/pin.js";
import { session } from "../store/session.js";
import { PlainButton, SideButton } from "./buttons.js";
import { Notice } from "./chip.js";
import { Ask } from "./dialog.js";
import { Field } from "./field.js";
import { Icon } from "./icon.js";
import { language, t } from "./language.js";
import { NumberPad } from "./number_pad.js";
import { ReachNotice } from "./reach_notice.js";
import { problemText } from "./save.js";
import { useSigningIn } from "./signing_in.js";
import { toast } from "./toast.js";

const LOOK_MS = 500;
const SECOND_MS = 1000;

/**
 * @param {{doneName: string, onRight: () => unknown, onClose: () => void}} properties `doneName` what the right PIN
 *   does; `onRight` after it, or after the password
 */
export function AskPin({ doneName, onRight, onClose }) {
  const [forgotten, setForgotten] = useState(false);
  const name = session.value?.person.name ?? "";
  return html`<${Ask} title=${forgotten ? t("phone-pin-password-title") : t("phone-pin-ask", { name })}
    lang=${language.value} onClose=${onClose}>
    ${
      forgotten
        ? html`<${PasswordInstead} onDone=${onRight} onPin=${() => setForgotten(false)} />`
        : html`<${Trying} doneName=${doneName} onRight=${onRight} onForgotten=${() => setForgotten(true)} />`
    }<//>`;
}

/** @param {{doneName: string, onRight: () => unknown, onForgotten: () => void}} properties */
function Trying({ doneName, onRight, onForgotten }) {
  const [said, setSaid] = useState(/** @type {string | null} */ (null));
  const [left, wait] = useWait();
  async function attempt(/** @type {string} */ digits) {
    setSaid(null);
    try {
      const tried = await tryPin(digits);
      if (tried.right) {
        await onRight();
      } else {
        wait(tried.wait_ms);
        setSaid(tried.wait_ms > 0 ? t("phone-pin-wrong-often") : t("phone-pin-wrong", { count: tried.left }));
      }
    } catch (problem) {
      setSaid(problemText(problem));
    }
  }
  return html`<${NumberPad} doneName=${doneName} waits=${left > 0} onDone=${attempt}>
    <div role="alert">${said && html`<${Notice} tone="contradicted" icon="circle-alert">${said}<//>`}</div>
    ${left > 0 && html`<p class="centre strong" role="timer">${t("phone-pin-wait", { time: countdown(left) })}</p>`}
    <div class="centre"><${PlainButton} onPress=${onForgotten}>${t("phone-pin-forgotten")}<//></div><//>`;
}

/**
 * How long nothing may be tried, also where the app was closed meanwhile.
 * @returns {[number, (ms: number) => void]} seconds left, and what begins a wait
 */
function useWait() {
  const [until, setUntil] = useState(0);
  const [left, setLeft] = useState(0);
  function wait(/** @type {number} */ ms) {
    setUntil(performance.now() + ms);
    setLeft(Math.ceil(ms / SECOND_MS));
  }
  useEffect(() => {
    const look = () => void pinWait().then(wait, () => {});
    look();
    // A phone that slept may have waited long enough.
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  useEffect(() => {
    if (left === 0) return undefined;
    const looking = setInterval(
      () => setLeft(Math.max(Math.ceil((until - performance.now()) / SECOND_MS), 0)),
      LOOK_MS,
    );
    return () => clearInterval(looking);
  }, [until, left === 0]);
  return [left, wait];
}

/** @param {number} seconds @returns {string} for example 0:27 */
function countdown(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/**
 * The password is as good as the PIN, and a PIN that is forgotten is of no use to anybody. The browser is told of a new
 * password, so that it does not fill in the one that it knows: the phone may be in a customer's hands.
 * @param {{onDone: () => unknown, onPin: () => void}} properties
 */
function PasswordInstead({ onDone, onPin }) {
  const person = session.value?.person;
  const [password, setPassword] = useState("");
  const { busy, wrong, submit } = useSigningIn(async () => {
    // Where the server knows the name as somebody else, their store is open now.
    if (session.peek()?.person.id === person?.id)
      await forgetPin().catch((problem) => toast(problemText(problem), { wrong: true }));
    await onDone();
  });
  return html`<form class="stack wide" onSubmit=${(/** @type {Event} */ event) => {
    event.preventDefault();
    void submit(person?.username ?? "", password);
  }}>
    <p>${t("phone-pin-password-about", { name: person?.name })}</p>
    ${!wrong && html`<${ReachNotice} offline=${t("phone-sign-in-offline")} />`}
    <${Field} label=${t("phone-password")} value=${password} type="password" autocomplete="new-password"
      onInput=${setPassword} />
    ${wrong && html`<div role="alert"><${Notice} tone="contradicted" icon="circle-alert">${wrong}<//></div>`}
    <button class="main" disabled=${password === ""} aria-busy=${busy}><${Icon} name="log-in" />
      <span>${t(busy ? "phone-signing-in" : "phone-sign-in")}</span></button>
    <${SideButton} tone="wide" onPress=${onPin}>${t("phone-pin-instead")}<//></form>`;
}
