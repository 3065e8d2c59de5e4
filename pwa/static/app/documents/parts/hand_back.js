import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { pinState } from "../../store/pin.js";
import { session } from "../../store/session.js";
import { AskPin } from "../../ui/ask_pin.js";
import { CustomerBar } from "./customer_reading.js";
import { Foot } from "../../ui/foot.js";
import { Icon } from "../../ui/icon.js";
import { MainButton } from "../../ui/buttons.js";
import { t } from "../../ui/language.js";
import { Vault } from "../../shell/page.js";
import { problemText } from "../../ui/save.js";
import { toast } from "../../ui/toast.js";

/**
 * The end of the customer's part: thanks, and the phone goes back to the technician, by their PIN where they have one.
 * @param {{reader: string, saved: boolean, onBack: () => unknown}} properties `saved` whether a signature was recorded
 */
export function HandBack({ reader, saved, onBack }) {
  const [asking, setAsking] = useState(false);
  const name = session.value?.person.name ?? "";
  async function take() {
    try {
      if ((await pinState()) === "set") setAsking(true);
      else await onBack();
    } catch (problem) {
      toast(problemText(problem), { wrong: true });
    }
  }
  return html`<div class="phone customer" lang=${reader}><${CustomerBar} title=${t("phone-back-title", {}, reader)} />
    <main class="body"><div class="empty"><${Vault} />
      ${
        saved &&
        html`<div class="chip proven" role="status"><${Icon} name="check" />
          <span>${t("phone-back-saved", {}, reader)}</span></div>`
      }
      <h1>${t("phone-back-please", {}, reader)}</h1>
      <p class="soft">${t(saved ? "phone-back-thanks" : "phone-back-unsigned", {}, reader)}</p></div></main>
    <${Foot}>
      <footer class="foot"><${MainButton} icon="lock-open" onPress=${take}>${t("phone-back-take", { name })}<//>
      </footer><//>
    ${
      asking &&
      html`<${AskPin} doneName=${t("phone-back-take", { name })} onRight=${onBack} onClose=${() => setAsking(false)} />`
    }</div>`;
}
