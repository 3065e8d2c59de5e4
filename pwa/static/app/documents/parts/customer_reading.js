/** The report in the customer's hands: large type, their language, and who they are. */
import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { newId } from "../../ledger/record.js";
import { MainButton, SideButton } from "../../ui/buttons.js";
import { Choices } from "../../ui/choices.js";
import { Ask } from "../../ui/dialog.js";
import { useDraft } from "../../ui/draft.js";
import { Foot } from "../../ui/foot.js";
import { Field } from "../../ui/field.js";
import { Icon } from "../../ui/icon.js";
import { languages, t } from "../../ui/language.js";
import { ReportView } from "./report_view.js";
import { save } from "../../ui/save.js";

/**
 * @typedef {{width: number, height: number, groups: Parameters<typeof
 *   import("../../capture/strokes.js").strokesOf>[0]}} Drawing
 */

/**
 * What the customer has chosen, typed and drawn so far; `step` says where they are, `role` is empty until they say it,
 * `unrated` that they chose to give no stars, `signature` is the id that theirs will have, and `drawing` stands under
 * the text with the hash `under`.
 * @typedef {{step: "read" | "rate" | "draw" | "back", saved: boolean, language: string, name: string, role: string,
 *   score: number | null, unrated?: boolean, comment: string,
 *   signature?: string, drawing?: (Drawing & {under: string}) | null}} Signing
 */

const ROLES = ["owner", "tenant", "property_manager"];

/**
 * The bar above everything that a customer sees.
 * @param {{title: string, children?: import("preact").ComponentChildren}} properties
 */
export function CustomerBar({ title, children }) {
  return html`<div class="state handed"><b>${title}</b>${children}</div>`;
}

/**
 * @param {{order: import("../work_order/work_order.js").ShownOrder, text: string, signing: Signing, set: (changes:
 *   Partial<Signing>) => void}} properties
 */
export function CustomerReading({ order, text, signing, set }) {
  const [tried, setTried] = useState(false);
  const [objecting, setObjecting] = useState(false);
  const reader = signing.language;
  // Only offered: whoever holds the phone may be somebody else.
  const known = order.body.contact?.name?.trim();
  const say = (/** @type {string} */ id, /** @type {Record<string, string | number>} */ figures = {}) =>
    t(id, figures, reader);
  const who = useRef(/** @type {HTMLElement | null} */ (null));
  const missing = { name: signing.name.trim() === "", role: signing.role === "" };
  const go = () => {
    setTried(true);
    if (missing.name || missing.role) return who.current?.scrollIntoView({ block: "center" });
    set({ step: "rate", name: signing.name.trim() });
  };
  return html`<div class="phone customer" lang=${reader}>
    <${CustomerBar} title=${say("phone-sign-please")}>
      <span class="switch" role="group" aria-label=${say("phone-sign-language")}>${languages.map(
        (one) => html`
      <button type="button" key=${one} lang=${one} aria-pressed=${one === reader ? "true" : "false"}
        onClick=${() => set({ language: one })}>${t("phone-language-name", {}, one)}</button>`,
      )}</span><//>
    <main class="body">
      <${ReportView} text=${text} />
      <section class="sheet stack wide" ref=${who}>
        <${Field} label=${say("phone-sign-name")} value=${signing.name} autocomplete="name"
          wrong=${tried && missing.name ? say("phone-sign-name-missing") : undefined}
          onInput=${(/** @type {string} */ name) => set({ name })} />
        ${
          missing.name &&
          known &&
          html`<${SideButton} icon="user-check" onPress=${() => set({ name: known })}>
            ${say("phone-sign-name-known", { name: known })}<//>`
        }
        <div class="field"><span class="label">${say("phone-sign-role")}</span>
          <${Choices} name=${say("phone-sign-role")} value=${signing.role}
            onChoose=${(/** @type {string} */ role) => set({ role })}
            options=${ROLES.map((role) => ({ value: role, label: say(`signer-${role.replaceAll("_", "-")}`) }))} />
          ${
            tried &&
            missing.role &&
            html`<span class="wrong-text" role="alert"><${Icon} name="circle-alert" />${say("phone-sign-role-missing")}
              </span>`
          }</div>
        <p class="soft">${say("phone-sign-consents", { consent: say("report-consent") })}</p></section>
    </main>
    <${Foot}><footer class="foot"><${MainButton} icon="pen-line" onPress=${go}>${say("phone-sign-read")}<//>
      <div class="row equal"><${SideButton} onPress=${() => setObjecting(true)}>${say("phone-sign-wrong")}<//>
        <${SideButton} onPress=${() => set({ step: "back", saved: false })}>${say("phone-sign-not-now")}<//></div>
        </footer><//>
    ${
      objecting &&
      html`<${Objection} order=${order.id} say=${say} onClose=${() => setObjecting(false)}
        onSaid=${() => set({ step: "back", saved: false })} />`
    }
  </div>`;
}

/** Where the customer's words about it are kept while they are typed. @param {string} order */
export function objectionDraft(order) {
  return `objection:${order}`;
}

/**
 * What the customer finds wrong, in their own words: a note on the order, then the phone goes back.
 * @param {{order: string, say: (id: string) => string, onClose: () => void, onSaid: () => void}} properties
 */
function Objection({ order, say, onClose, onSaid }) {
  const words = useDraft(objectionDraft(order), "");
  const keep = async () => {
    if (
      !(await save([
        {
          kind: "note.add",
          target: order,
          data: { note: newId(), text: `${t("phone-sign-objection")}${words.value.trim()}` },
        },
      ]))
    )
      return;
    await words.drop();
    onSaid();
  };
  return html`<${Ask} title=${say("phone-sign-wrong")} onClose=${onClose} closeName=${say("phone-close")}>
    <${Field} label=${say("phone-sign-wrong-what")} value=${words.value} multiline=${true} onInput=${words.change} />
    <${MainButton} icon="check" disabled=${words.value.trim() === ""} onPress=${keep}>${say("phone-sign-wrong-say")}<//>
    <//>`;
}
