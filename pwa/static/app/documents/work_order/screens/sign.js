/**
 * Sign: the technician looks the report over and hands the phone to the customer; while the customer holds it
 * nothing else can be reached; afterwards the phone is handed back.
 */
import { html } from "htm/preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { watch } from "../../../capture/position.js";
import { hashOf } from "../../../ledger/line.js";
import { newId } from "../../../ledger/record.js";
import { MainButton, SideButton } from "../../../ui/buttons.js";
import { Notice } from "../../../ui/chip.js";
import { Choices } from "../../../ui/choices.js";
import { ChoosePin } from "../../../ui/choose_pin.js";
import { Conduct } from "./conduct.js";
import { CustomerRating } from "../../parts/customer_rating.js";
import { CustomerReading, objectionDraft } from "../../parts/customer_reading.js";
import { dropTyped, useDraft } from "../../../ui/draft.js";
import { HandBack } from "../../parts/hand_back.js";
import { language, languages, t } from "../../../ui/language.js";
import { isDone, placeText } from "../order_facts.js";
import { Left, NotFound } from "./order_page.js";
import { useOrder } from "./shown_orders.js";
import { Page } from "../../../shell/page.js";
import { RefuseDialog } from "./refuse_dialog.js";
import { ReportView } from "../../parts/report_view.js";
import { go, handedOver, handOver, leave, takeBack } from "../../../ui/router.js";
import { SigningPad } from "../../parts/signing_pad.js";
import { recordSignature } from "./signing.js";
import { clearToasts, toast } from "../../../ui/toast.js";
import { differences, reportOf } from "../report.js";
import { people } from "../../../store/documents.js";
import { declinePin, pinState } from "../../../store/pin.js";

/** @typedef {import("../work_order.js").ShownOrder} ShownOrder */
/** @typedef {import("../work_order.js").WorkOrder} WorkOrder */
/** @typedef {import("../work_order.js").Signature} Signature */
/** @typedef {import("../../parts/customer_reading.js").Signing} Signing */

/** @param {{id: string}} properties */
export function Sign({ id }) {
  const order = useOrder(id);
  useEffect(watch, []);
  if (order === null) return handedOver.value === id ? html`<${LeftMeanwhile} id=${id} />` : html`<${NotFound} />`;
  return handedOver.value === id
    ? html`<${WithCustomer} order=${order} />`
    : html`<${WithTechnician} order=${order} />`;
}

/**
 * The text that is read and signed: the report as one JSON text. It stays as it is while it is on the screen.
 * @param {ShownOrder} order
 * @param {string} reader the language it is read in
 * @returns {string}
 */
function reportText(order, reader) {
  const names = Object.fromEntries(people.value.map((person) => [person.id, person.body.name]));
  return JSON.stringify(reportOf(order.body, reader, names, document.documentElement.dataset.currency ?? "CNY"));
}

/** @returns {Signing} nothing that the customer has not said */
function beginning() {
  return {
    step: "read",
    saved: false,
    language: language.value,
    name: "",
    role: "",
    score: null,
    unrated: false,
    comment: "",
  };
}

/** @param {{order: ShownOrder}} properties */
function WithTechnician({ order }) {
  const draft = useDraft(`sign:${order.id}`, beginning());
  const [refusing, setRefusing] = useState(false);
  const { body } = order;
  const signature = signedLast(body);
  const changed = signature === null ? [] : changedSince(signature, body);
  const [wanted, setWanted] = useState(/** @type {"signed" | "now"} */ ("signed"));
  const isSigned = signature !== null && changed.length === 0;
  const [offering, setOffering] = useState(false);
  const offerPin = async () => {
    if ((await pinState().catch(() => "declined")) === "never_asked") setOffering(true);
    else await handToCustomer();
  };
  const declineIt = async () => {
    await declinePin().catch(() => {});
    await handToCustomer();
  };
  const handToCustomer = async () => {
    // Whoever has the phone now has said nothing yet: not who they are, no stars, and not what is wrong.
    await dropTyped(objectionDraft(order.id));
    draft.change({ ...beginning(), language: draft.newest().language, signature: newId(), drawing: null });
    clearToasts();
    return handOver(order.id);
  };
  return html`<${Page} title=${t("phone-sign-title")} note=${placeText(body)} backTo=${`orders/${order.id}`}
      foot=${
        isSigned && isDone(body)
          ? undefined
          : html`<${MainButton} icon="hand" onPress=${offerPin}>${t("phone-sign-hand-over")}<//>
        <${SideButton} icon="user-x" tone="wide" onPress=${() => setRefusing(true)}>${t("phone-sign-refuse")}<//>`
      }>
    <${Left} order=${order} />
    ${!isDone(body) && html`<${Conduct} id=${order.id} body=${body} when="end" />`}
    ${isSigned && html`<${Notice} tone="proven" icon="check">${t("phone-sign-done")}<//>`}
    ${
      changed.length > 0 &&
      html`<${Notice} icon="triangle-alert">
        ${t("phone-sign-changed", {
          what: changed.map((name) => t(`report-${name.replaceAll("_", "-")}`)).join(t("phone-list-joint")),
        })}<//>
      <${Choices} look="even" name=${t("phone-sign-title")} value=${wanted} onChoose=${setWanted}
        options=${[
          { value: "signed", label: t("phone-sign-text-signed") },
          { value: "now", label: t("phone-sign-text-now") },
        ]} />`
    }
    ${
      signature !== null && (isSigned || wanted === "signed")
        ? html`<${ReportView} text=${JSON.stringify(signature.report)} />`
        : html`<${Unsigned} order=${order} reader=${draft.value.language}
          onRead=${(/** @type {string} */ chosen) => draft.change({ ...draft.value, language: chosen })} />`
    }
    ${
      offering &&
      html`<${ChoosePin} onChosen=${handToCustomer} onSkip=${declineIt} onClose=${() => setOffering(false)} />`
    }
    ${refusing && html`<${RefuseDialog} order=${order} onClose=${() => setRefusing(false)} />`}
  <//>`;
}

/**
 * What will be signed, in the language that the customer reads.
 * @param {{order: ShownOrder, reader: string, onRead: (language: string) => void}} properties
 */
function Unsigned({ order, reader, onRead }) {
  return html`${missing(order).map((text) => html`<${Notice} key=${text} icon="circle-alert">${text}<//>`)}
    <div class="field"><span class="label">${t("phone-sign-language")}</span>
      <${Choices} name=${t("phone-sign-language")} value=${reader} onChoose=${onRead}
        options=${languages.map((one) => ({ value: one, label: t("phone-language-name", {}, one) }))} /></div>
    <${ReportView} text=${reportText(order, reader)} />`;
}

/** @param {WorkOrder} body @returns {Signature | null} the last signature, with the text that it stands under */
function signedLast(body) {
  return body.signatures?.findLast((signature) => signature.report) ?? null;
}

/**
 * What the order says otherwise than the signed text, as the server judged it or as this phone knows already.
 * @param {Signature} signature
 * @param {WorkOrder} body
 */
function changedSince(signature, body) {
  const judged = signature.state === "superseded" ? (signature.differs ?? []) : [];
  return [...new Set([...judged, ...differences(signature.report ?? {}, body)])];
}

/** What the customer would miss in the report. @param {ShownOrder} order @returns {string[]} */
function missing({ body }) {
  return [
    (body.arrivals ?? []).length === 0 && t("phone-sign-no-arrival"),
    !body.diagnosis?.trim() && t("phone-sign-no-diagnosis"),
    !body.work_done?.trim() && t("phone-sign-no-work-done"),
  ].filter((text) => text !== false);
}

/** @param {{order: ShownOrder}} properties */
function WithCustomer({ order }) {
  const draft = useDraft(`sign:${order.id}`, beginning());
  const signing = draft.value;
  const set = (/** @type {Partial<Signing>} */ changes) => draft.change({ ...draft.newest(), ...changes });
  const text = useMemo(() => reportText(order, signing.language), [order.id, signing.language]);
  useEffect(() => {
    document.title = t("report-title", {}, signing.language);
  }, [signing.language]);

  const under = useMemo(() => hashOf(new TextEncoder().encode(text)), [text]);
  // Whoever died between the signature and this draft has it on the disk, and is not asked to sign again.
  const isRecorded = (order.body.signatures ?? []).some(({ id }) => id === signing.signature);
  const saved = signing.saved || isRecorded;

  async function confirm(/** @type {import("../../parts/customer_reading.js").Drawing} */ drawing) {
    if (await recordSignature(order, text, signing, drawing)) set({ step: "back", saved: true, drawing: null });
  }
  async function returnToTechnician() {
    if (saved) await draft.drop();
    else set({ drawing: null }); // Who has not signed leaves no signature here.
    await takeBack();
    if (saved) leave(`orders/${order.id}`);
    else go(`orders/${order.id}/sign`, { replace: true });
  }
  if (!draft.ready) return html`<div class="phone customer"></div>`;
  switch (isRecorded ? "back" : signing.step) {
    case "back":
      return html`<${HandBack} reader=${signing.language} saved=${saved} onBack=${returnToTechnician} />`;
    case "draw":
      return html`<${SigningPad} text=${text} signing=${signing}
        drawn=${signing.drawing?.under === under ? signing.drawing : null}
      onDraw=${(/** @type {import("../../parts/customer_reading.js").Drawing | null} */ drawing) =>
        set({ drawing: drawing && { ...drawing, under } })} onConfirm=${confirm} onRead=${() =>
        set({ step: "read" })} />`;
    case "rate":
      return html`<${CustomerRating} signing=${signing} set=${set} />`;
    default:
      return html`<${CustomerReading} order=${order} text=${text} signing=${signing} set=${set} />`;
  }
}

/**
 * The office took the order away while the customer was reading: the phone goes back, and only to its technician.
 * @param {{id: string}} properties
 */
function LeftMeanwhile({ id }) {
  const draft = useDraft(`sign:${id}`, beginning());
  const { language: reader, step, saved } = draft.value;
  async function returnToTechnician() {
    await draft.drop();
    await takeBack();
    go("today", { replace: true });
    if (!saved) toast(t("phone-sign-left"), { wrong: true });
  }
  if (!draft.ready) return html`<div class="phone customer"></div>`;
  return html`<${HandBack} reader=${reader} saved=${step === "back" && saved} onBack=${returnToTechnician} />`;
}
