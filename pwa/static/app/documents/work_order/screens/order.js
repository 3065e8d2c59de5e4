/** Order: who, where, what, what it costs, and one large button for the next fact. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Chip, Notice } from "../../../ui/chip.js";
import { Choices } from "../../../ui/choices.js";
import { Conduct } from "./conduct.js";
import { ConflictMark, ConflictsWait } from "./conflict_mark.js";
import { isOfPlan, openConflicts } from "../conflicts.js";
import { RejectedDoor } from "../../parts/failed_photos.js";
import { SharedField } from "../../../ui/field.js";
import { Icon } from "../../../ui/icon.js";
import { t } from "../../../ui/language.js";
import { ChargeSheet, WarrantySheet } from "./money_sheets.js";
import { clockOrDay, windowText } from "../../../ui/moments.js";
import { DeadlineChip, StageChip } from "./order_card.js";
import {
  addressText,
  checklistProgress,
  headline,
  isDone,
  isOnSite,
  nextFact,
  placeText,
  present,
  STAGES,
} from "../order_facts.js";
import { NextStep } from "./next_step.js";
import { Left, NotFound } from "./order_page.js";
import { useOrder } from "./shown_orders.js";
import { Page } from "../../../shell/page.js";
import { PresenceSheet, siteCircle } from "../../parts/presence.js";
import { save } from "../../../ui/save.js";
import { CAUSES, stageReason, word } from "../../../ui/words.js";
import { WeakEvidence } from "./weak_evidence.js";
import { checklists } from "../../../store/documents.js";

/** @typedef {import("../work_order.js").WorkOrder} WorkOrder */

/** @param {{id: string}} properties */
export function OrderScreen({ id }) {
  const order = useOrder(id);
  if (order === null) return html`<${NotFound} />`;
  const { body } = order;
  return html`<${Page} title=${headline(body) || word("kind", body.kind)} backTo="today"
      note=${[body.number ?? t("phone-new-number"), word("kind", body.kind), windowText(body.window ?? null)].join(
        " · ",
      )}
      foot=${html`<${NextStep} order=${order} />`}>
    <${Left} order=${order} />
    <${Steps} body=${body} />
    <${Flags} id=${id} body=${body} />
    ${isWorking(body) ? html`<${AtWork} id=${id} body=${body} />` : html`<${OnTheWay} id=${id} body=${body} />`}
    <${ChargeSheet} body=${body} />
    <${Signed} body=${body} />
  <//>`;
}

/**
 * What is worked with comes first; what was needed to find the place comes last, and folded.
 * @param {{id: string, body: WorkOrder}} properties
 */
function AtWork({ id, body }) {
  return html`<${Doors} id=${id} body=${body} />
    <${WeakEvidence} id=${id} body=${body} />
    <${Work} id=${id} body=${body} />
    <${Conduct} id=${id} body=${body} when="work" />
    <${What} id=${id} body=${body} />
    <${WarrantySheet} body=${body} />
    <${Presences} body=${body} />
    <${FoldedWhere} id=${id} body=${body} />`;
}

/** Before the work, and after it. @param {{id: string, body: WorkOrder}} properties */
function OnTheWay({ id, body }) {
  return html`<${WeakEvidence} id=${id} body=${body} />
    ${body.stage === "on_site" && html`<${Conduct} id=${id} body=${body} when="arrival" />`}
    ${nextFact(body) === "depart" && html`<${Conduct} id=${id} body=${body} when="end" />`}
    <${Where} id=${id} body=${body} />
    <${What} id=${id} body=${body} />
    <${WarrantySheet} body=${body} />
    <${Presences} body=${body} />
    <${Doors} id=${id} body=${body} />
    ${isAtWork(body) ? html`<${Work} id=${id} body=${body} />` : null}`;
}

/** @param {{body: WorkOrder}} properties */
function Presences({ body }) {
  return html`${body.arrivals?.map(
    (arrival) =>
      html`<${PresenceSheet} key=${arrival.id} label=${t("phone-order-arrival")} presence=${arrival} body=${body} />`,
  )}
    ${body.departures?.map(
      (departure) =>
        html`<${PresenceSheet} key=${departure.id} label=${t("phone-order-departure")} presence=${departure}
          body=${body} />`,
    )}`;
}

/** @param {WorkOrder} body @returns {boolean} whether somebody is at the work itself, paused or not */
function isWorking(body) {
  return body.stage === "working" || body.stage === "paused";
}

/** @param {WorkOrder} body @returns {boolean} whether what was found and done can be written down */
function isAtWork(body) {
  return isOnSite(body) || isDone(body);
}

/** How far the job is, at a glance. @param {{body: WorkOrder}} properties */
function Steps({ body }) {
  const at = isDone(body)
    ? STAGES.length
    : Math.max(STAGES.indexOf(body.stage === "paused" ? "working" : body.stage), 0);
  return html`<div class="stack">
    <div class="steps" role="img" aria-label=${t("phone-order-step", { stage: word("stage", body.stage) })}>
      ${STAGES.slice(1).map(
        (stage, index) => html`<i key=${stage} class=${index < at ? "done" : index === at ? "now" : ""} />`,
      )}</div>
    <div class="row"><${StageChip} body=${body} />${pausedBecause(body)}
      <span class="end"><${DeadlineChip} body=${body} /></span></div></div>`;
}

/** @param {WorkOrder} body */
function pausedBecause(body) {
  const last = body.stages?.at(-1);
  return last?.reason && (body.stage === "paused" || body.stage === "unable")
    ? html`<span class="soft">${stageReason(last.reason)}</span>`
    : null;
}

/** What the office, or another hand, changed meanwhile. @param {{id: string, body: WorkOrder}} properties */
function Flags({ id, body }) {
  const open = openConflicts(body);
  return html`<${RejectedDoor} id=${id} body=${body} />
    ${
      body.disposition === "cancelled" &&
      html`<${Notice} tone="contradicted" icon="ban">${t("phone-order-cancelled")}<//>`
    }
    ${body.disposition === "on_hold" && html`<${Notice} icon="pause">${t("phone-order-on-hold")}<//>`}
    ${
      body.review?.state === "returned" &&
      html`<${Notice} icon="undo-2">${t("phone-order-returned")} ${body.review.comment}<//>`
    }
    <${ConflictsWait} count=${open.filter((conflict) => !isOfPlan(conflict)).length} to=${`conflicts/${id}`} />
    ${
      open.some(isOfPlan) &&
      html`<a class="notice corroborated door" href=${`#/conflicts/${id}`}><${Icon} name="users" />
        <div>${t("phone-order-conflict")}</div><${Icon} name="chevron-right" /></a>`
    }`;
}

/** Who and where, one touch from calling and from the map. @param {{id: string, body: WorkOrder}} properties */
function Where({ id, body }) {
  const { contact, site, customer } = body;
  const phone = contact?.phone;
  return html`<section class="sheet stack">
    <div><b>${contact?.name || customer?.name || t("phone-order-no-contact")}</b>
      ${
        contact?.name && customer?.name && customer.name !== contact.name
          ? html` · <span>${customer.name}</span>`
          : null
      }
      <div>${placeText(body) || t("phone-order-no-site")}</div>
      ${addressText(body) && html`<div class="soft">${addressText(body)}</div>`}
      ${site?.access && html`<div class="soft">${t("phone-order-access")} ${site.access}</div>`}</div>
    <div class="row equal">
      ${
        phone
          ? html`<a class="side accent" href=${`tel:${phone.replaceAll(/[^\d+]/g, "")}`}><${Icon} name="phone" />
            <span>${t("phone-order-call")}</span></a>`
          : null
      }
      ${
        site &&
        html`<a class="side accent" href=${mapAddress(body)} target="_blank" rel="noopener"><${Icon} name="map" />
          <span>${t("phone-order-map")}</span></a>`
      }</div>
    <${ConflictMark} id=${id} body=${body} field=${isAtWork(body) ? "contact.name" : "contact"} />
    <${ConflictMark} id=${id} body=${body} field="site" />
  </section>`;
}

/**
 * Contact, address, access and map, one touch away from whoever has found the place already.
 * @param {{id: string, body: WorkOrder}} properties
 */
function FoldedWhere({ id, body }) {
  const [open, setOpen] = useState(false);
  return html`<button type="button" class="sheet folder" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <b>${t("phone-order-place")}</b><span class="soft">${placeText(body)}</span>
      <${Icon} name=${open ? "chevron-up" : "chevron-down"} /></button>
    ${open && html`<${Where} id=${id} body=${body} />`}`;
}

/**
 * The address that opens the phone's own map. Apple's phones do not know `geo:`.
 * @param {WorkOrder} body
 */
function mapAddress(body) {
  const name = encodeURIComponent(placeText(body));
  const centre = siteCircle(body)?.centre;
  const point = centre ? `${centre.latitude},${centre.longitude}` : null;
  if (/iPhone|iPad|Macintosh/.test(navigator.userAgent))
    return point ? `maps://?ll=${point}&q=${name}` : `maps://?q=${name}`;
  return point ? `geo:${point}?q=${point}(${name})` : `geo:0,0?q=${name}`;
}

/** @param {{id: string, body: WorkOrder}} properties */
function What({ id, body }) {
  const { asset } = body;
  const rows = [
    ["fault", body.fault],
    ["requests", body.requests],
    ["instructions", body.instructions],
    ["asset", asset && [asset.name, asset.brand, asset.model, asset.serial].filter(Boolean).join(" · ")],
  ];
  return html`<section class="sheet stack">${rows
    .filter(([, text]) => text)
    .map(
      ([name, text]) => html`
    <div class="stack" key=${name}>
      <div><div class="label">${t(`phone-order-${name}`)}</div><div class="prose">${text}</div></div>
      <${ConflictMark} id=${id} body=${body} field=${name} /></div>`,
    )}
    <${EarlierJobs} jobs=${asset?.jobs ?? []} /></section>`;
}

/**
 * What was reported of this asset before.
 * @param {{jobs: {number: string, fault: string, reported_at: string}[]}} properties
 */
function EarlierJobs({ jobs }) {
  const [open, setOpen] = useState(false);
  if (jobs.length === 0) return null;
  return html`<button type="button" class="side" aria-expanded=${open} onClick=${() => setOpen(!open)}>
    <${Icon} name="history" />
      <span>${t("phone-order-jobs", { count: jobs.length })}</span>
      <${Icon} name=${open ? "chevron-up" : "chevron-down"} /></button>
    ${
      open &&
      html`<ul class="lines">
        ${jobs.map(
          (job) =>
            html`<li key=${job.number}><div>${job.fault}</div>
              <div class="soft">${job.number} · ${clockOrDay(job.reported_at)}</div></li>`,
        )}</ul>`
    }`;
}

/**
 * The ways to photos, materials and checklist, with how much is there.
 * @param {{id: string, body: WorkOrder}} properties
 */
function Doors({ id, body }) {
  const { total, answered, blocking } = checklistProgress(body, checklists.value);
  const doors = [
    { to: "photos", icon: "camera", label: t("phone-door-photos", { count: present(body.photos).length }) },
    {
      to: "materials",
      icon: "package",
      label: t("phone-door-materials", { count: present(body.materials).length + present(body.labour).length }),
    },
    {
      to: "checklist",
      icon: blocking.length > 0 ? "list-checks" : "check",
      label: t("phone-door-checklist", { answered, total }),
    },
  ];
  return html`<nav class="row equal doors" aria-label=${t("phone-order-doors")}>${doors.map(
    (door) => html`
    <a class="side" key=${door.to} href=${`#/orders/${id}/${door.to}`}><${Icon} name=${door.icon} />
      <span>${door.label}</span></a>`,
  )}
    ${
      isWorking(body) &&
      html`<button type="button" class="side" onClick=${toDiagnosis}><${Icon} name="pencil" />
        <span>${t("phone-order-diagnosis")}</span></button>`
    }</nav>`;
}

/** Into the field below, with the keyboard. */
function toDiagnosis() {
  document.querySelector("#diagnosis textarea")?.scrollIntoView({ block: "center" });
  /** @type {HTMLElement | null} */ (document.querySelector("#diagnosis textarea"))?.focus();
}

/**
 * What was found and done: chosen where it can be, typed where it must be.
 * @param {{id: string, body: WorkOrder}} properties
 */
function Work({ id, body }) {
  const choose = (/** @type {string} */ cause) =>
    cause !== (body.cause ?? "unknown") &&
    save([{ kind: "order.edit", target: id, data: { changes: { cause: { was: body.cause ?? null, now: cause } } } }]);
  return html`<section class="sheet stack wide">
    <div class="field"><span class="label">${t("phone-order-cause")}</span>
      <${Choices} name=${t("phone-order-cause")} value=${body.cause ?? "unknown"} onChoose=${choose}
        options=${CAUSES.map((cause) => ({ value: cause, label: word("cause", cause) }))} /></div>
    <${ConflictMark} id=${id} body=${body} field="cause" />
    <div id="diagnosis">
      <${SharedField} order=${id} field="diagnosis" current=${body.diagnosis ?? ""} label=${t("phone-order-diagnosis")}
        hint=${t("phone-order-diagnosis-hint")} multiline=${true} /></div>
    <${ConflictMark} id=${id} body=${body} field="diagnosis" />
    <${SharedField} order=${id} field="work_done" current=${body.work_done ?? ""} label=${t("phone-order-work-done")}
      hint=${t("phone-order-work-done-hint")} multiline=${true} />
    <${ConflictMark} id=${id} body=${body} field="work_done" />
    <${SharedField} order=${id} field="contact.phone" current=${body.contact?.phone ?? ""}
      label=${t("phone-order-phone")} type="tel" inputmode="tel" />
    <${ConflictMark} id=${id} body=${body} field="contact.phone" />
  </section>`;
}

/** @param {{body: WorkOrder}} properties */
function Signed({ body }) {
  return html`${body.signatures?.map(
    (signature) => html`<section class="sheet row" key=${signature.id}>
      <div><div class="label">${t("phone-order-signed")}</div>
        <b>${signature.signer.name}</b> · ${word("signer", signature.signer.role)}</div>
      <span class="end">
        <${Chip} tone=${signature.state === "intact" ? "proven" : "claimed"}
          icon=${signature.state === "intact" ? "check" : "triangle-alert"}>
        ${word("signature", signature.state ?? "intact")}<//></span></section>`,
  )}
    ${body.refusals?.map(
      (refusal) => html`<section class="sheet" key=${refusal.at}><div class="label">${t("phone-order-not-signed")}</div>
      <b>${word("refusal", refusal.reason)}</b>${refusal.comment && html`<div class="prose">${refusal.comment}</div>`}
      </section>`,
    )}`;
}
