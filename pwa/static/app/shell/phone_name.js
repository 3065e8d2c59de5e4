/**
 * How this phone is called, so that its people and the office can tell it from others; changed where there is a signal.
 */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { LONGEST_NAME, plainName } from "../ledger/device.js";
import { markOf } from "../rules/marks.js";
import { session } from "../store/session.js";
import { namePhone } from "../sync/account.js";
import { online } from "../sync/status.js";
import { MainButton, PlainButton } from "../ui/buttons.js";
import { Notice } from "../ui/chip.js";
import { Ask } from "../ui/dialog.js";
import { useDraft } from "../ui/draft.js";
import { codeOf } from "../core/failure.js";
import { Field } from "../ui/field.js";
import { t } from "../ui/language.js";
import { canAsk } from "./own_password.js";
import { problemText } from "../ui/save.js";
import { toast } from "../ui/toast.js";

/** What this phone is called, and the way to another name. */
export function PhoneName() {
  const [asked, setAsked] = useState(false);
  const device = session.value?.device;
  if (!device) return null;
  return html`<div class="row">
    <span class="soft grow">${t("phone-me-device", { name: device.name, mark: markOf(device.id) })}</span>
      <${PlainButton} icon="pencil" disabled=${!canAsk()} onPress=${() => setAsked(true)}>${t("phone-name-change")}<//>
      </div>
    ${asked && html`<${NamePhone} stands=${device.name} onClose=${() => setAsked(false)} />`}`;
}

/** @param {{stands: string, onClose: () => void}} properties */
function NamePhone({ stands, onClose }) {
  const draft = useDraft("phone-name", stands);
  const [wrong, setWrong] = useState(/** @type {string | null} */ (null));
  const wanted = plainName(draft.value);
  const keep = async () => {
    setWrong(null);
    try {
      if (wanted !== stands) await namePhone(wanted);
    } catch (problem) {
      setWrong(
        codeOf(problem) === "no_contact"
          ? t(online.value ? "phone-name-unclear" : "phone-account-offline")
          : problemText(problem),
      );
      return;
    }
    await draft.drop();
    toast(t("phone-name-changed"));
    onClose();
  };
  return html`<${Ask} title=${t("phone-name")} onClose=${onClose}>
    <${Field} label=${t("phone-name")} value=${draft.value} maxlength=${LONGEST_NAME} onInput=${draft.change} />
    <p class="soft">${t("phone-name-about")}</p>
    <div role="alert">${wrong && html`<${Notice} tone="contradicted" icon="circle-alert">${wrong}<//>`}</div>
    <${MainButton} icon="check" disabled=${wanted === ""} onPress=${keep}>${t("phone-name-save")}<//><//>`;
}
