import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { session } from "../store/session.js";
import { changePassword } from "../sync/account.js";
import { online } from "../sync/status.js";
import { SideButton } from "../ui/buttons.js";
import { Notice } from "../ui/chip.js";
import { Ask } from "../ui/dialog.js";
import { endedText, isClosed } from "./ended.js";
import { codeOf, figuresOf } from "../core/failure.js";
import { Field } from "../ui/field.js";
import { Icon } from "../ui/icon.js";
import { t } from "../ui/language.js";
import { problemText } from "../ui/save.js";
import { toast } from "../ui/toast.js";

/** Changing one's own password, which needs a signal. */
export function OwnPassword() {
  const [asked, setAsked] = useState(false);
  const done = () => {
    setAsked(false);
    toast(t("phone-password-changed"));
  };
  return html`<section class="sheet stack wide" aria-label=${t("phone-password-title")}>
    <b>${t("phone-password-title")}</b>
    <p class="soft">${t("phone-password-about")}</p>
    <${NeedsSignal} />
    <${SideButton} icon="pencil" tone="wide" disabled=${!canAsk()} onPress=${() => setAsked(true)}>
      ${t("phone-password-change")}<//>
    ${asked && html`<${ChangePassword} onDone=${done} onClose=${() => setAsked(false)} />`}</section>`;
}

/** @returns {boolean} whether the server can be asked in this person's name */
export function canAsk() {
  return online.value && session.value?.ended === false;
}

/** What has to be there first, where it is not. */
export function NeedsSignal() {
  if (canAsk()) return null;
  return online.value
    ? html`<${Notice} icon="log-in" tone="corroborated">${isClosed() ? endedText() : t("phone-account-ended")}<//>`
    : html`<${Notice} icon="wifi-off">${t("phone-account-offline")}<//>`;
}

/** @param {{onDone: () => void, onClose: () => void}} properties */
function ChangePassword({ onDone, onClose }) {
  const [old, setOld] = useState("");
  const [wanted, setWanted] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState(/** @type {string | null} */ (null));
  async function submit() {
    if (busy) return;
    setBusy(true);
    setWrong(null);
    try {
      await changePassword(old, wanted);
      onDone();
    } catch (problem) {
      setWrong(refusal(problem));
      setBusy(false);
    }
  }
  const type = shown ? "text" : "password";
  return html`<${Ask} title=${t("phone-password-change")} onClose=${onClose}>
    <form class="stack wide" onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      void submit();
    }}>
      <input value=${session.value?.person.username} autocomplete="username" hidden />
      <${Field} label=${t("phone-password-old")} value=${old} type=${type} autocomplete="current-password"
        onInput=${setOld} />
      <${Field} label=${t("phone-password-new")} value=${wanted} type=${type} autocomplete="new-password"
        onInput=${setWanted} />
      <p class="soft">${t("phone-password-rules")}</p>
      <${SideButton} tone="wide" icon=${shown ? "lock" : "lock-open"} onPress=${() => setShown(!shown)}>
        ${t(shown ? "phone-password-hide" : "phone-password-show")}<//>
      <div role="alert">${wrong && html`<${Notice} tone="contradicted" icon="circle-alert">${wrong}<//>`}</div>
      <button class="main" disabled=${old === "" || wanted === ""} aria-busy=${busy}><${Icon} name="lock" />
        <span>${t(busy ? "phone-password-changing" : "phone-password-change")}</span></button>
    </form><//>`;
}

/** @param {unknown} problem @returns {string} */
function refusal(problem) {
  switch (codeOf(problem)) {
    case "bad_credentials":
      return t("phone-password-old-wrong");
    case "no_contact":
      return t(online.value ? "phone-password-unknown" : "phone-account-offline");
    case "weak_password":
      return t("problem-weak-password-detail", /** @type {{reason: string, length: number}} */ (figuresOf(problem)));
    case "too_many_tries":
      return t("problem-too-many-tries-detail", /** @type {{retry_after_s: number}} */ (figuresOf(problem)));
    default:
      return problemText(problem);
  }
}
