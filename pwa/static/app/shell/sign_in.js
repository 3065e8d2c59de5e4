/** Signing in: the only screen that needs the server, and it says so. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { LONGEST_NAME, phoneName, plainName } from "../ledger/device.js";
import { PlainButton } from "../ui/buttons.js";
import { Notice } from "../ui/chip.js";
import { cleared } from "./cleared.js";
import { endedText } from "./ended.js";
import { Field } from "../ui/field.js";
import { Icon } from "../ui/icon.js";
import { forgets } from "../store/keeping.js";
import { language, languages, setLanguage, t } from "../ui/language.js";
import { clockOrDay } from "../ui/moments.js";
import { StillUnsent } from "./others.js";
import { ReachNotice } from "../ui/reach_notice.js";
import { Vault } from "./page.js";
import { useSigningIn } from "../ui/signing_in.js";
import { call } from "../store/http.js";
import { session } from "../store/session.js";
import { online } from "../sync/status.js";

/**
 * @param {{onDone?: () => void}} properties `onDone` where somebody was signed in already and the server wants the
 *   password again
 */
export function SignIn({ onDone }) {
  const [username, setUsername] = useState(session.value?.person.username ?? "");
  const [password, setPassword] = useState("");
  const [called, setCalled] = useState(/** @type {string | null} */ (null));
  const isDemonstration = useDemonstration();
  const { busy, wrong, submit } = useSigningIn(onDone);
  return html`<div class="phone">
    <main class="body sign-in"><${Vault} /><h1>Undercroft</h1>
      <p class="soft">${t("phone-sign-in-about")}<br />${t("phone-sign-in-private")}</p>
    <form class="stack wide" onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      void submit(username, password, plainName(called ?? ""));
    }}>
      ${
        isDemonstration &&
        html`<${Notice} tone="corroborated" icon="triangle-alert">${t("phone-sign-in-demonstration")}<//>`
      }
      ${cleared.value && html`<${Cleared} ...${cleared.value} />`}
      ${forgets.value && html`<${Notice} tone="contradicted" icon="triangle-alert">${t("phone-window-forgets")}<//>`}
      ${session.value?.ended && html`<${Notice} tone="corroborated">${endedText()}<//>`}
      ${!wrong && html`<${ReachNotice} offline=${t("phone-sign-in-offline")} />`}
      <${StillUnsent} />
      <${Field} label=${t("phone-username")} value=${username} autocomplete="username" onInput=${setUsername} />
      <${Field} label=${t("phone-password")} value=${password} type="password" autocomplete="current-password"
        onInput=${setPassword} />
      ${
        called === null
          ? html`<${PlainButton} icon="smartphone" onPress=${() => setCalled("")}>${t("phone-name-give")}<//>`
          : html`<${Field} label=${t("phone-name")} value=${called} hint=${phoneName()} maxlength=${LONGEST_NAME}
            onInput=${setCalled} />`
      }
      ${wrong && html`<div role="alert"><${Notice} tone="contradicted" icon="circle-alert">${wrong}<//></div>`}
      <button class="main" disabled=${username.trim() === "" || password === ""} aria-busy=${busy}>
        <${Icon} name="log-in" /><span>${t(busy ? "phone-signing-in" : "phone-sign-in")}</span></button>
    </form>
    <div class="choices">${languages.map(
      (one) => html`<button type="button" class="choice" key=${one} lang=${one}
      aria-pressed=${one === language.value ? "true" : "false"} onClick=${() => setLanguage(one)}>
      ${t("phone-language-name", {}, one)}</button>`,
    )}</div>
  </main></div>`;
}

/** Whether everybody knows the password of accounts here; false as long as no server has said so. */
function useDemonstration() {
  const [isDemonstration, setIsDemonstration] = useState(false);
  const isOnline = online.value;
  useEffect(() => {
    if (isOnline)
      void call("GET", "/company").then(
        (company) => setIsDemonstration(company.is_demonstration),
        () => {},
      );
  }, [isOnline]);
  return isDemonstration;
}

/**
 * The browser has cleared what was here: who it was, and when all was last safe.
 * @param {import("./cleared.js").Worked} properties
 */
function Cleared({ name, safe_at: safeAt, waiting }) {
  return html`<${Notice} tone="contradicted" icon="triangle-alert"><b>${t("phone-cleared", { name })}</b>
    ${safeAt !== null && html`<div>${t("phone-cleared-safe", { at: clockOrDay(safeAt) })}</div>`}
    <div>
      ${
        waiting === 0
          ? t("phone-cleared-nothing")
          : waiting === null
            ? t("phone-cleared-unknown")
            : t("phone-cleared-waiting", { count: waiting })
      }</div>
    <div>${t("phone-cleared-again")}</div><//>`;
}
