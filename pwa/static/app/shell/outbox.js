/** Outbox: every unsent thing in words, how far it is, and what can be done when no server can be reached. */
import { html } from "htm/preact";
import { PlainButton, SideButton } from "../ui/buttons.js";
import { Notice } from "../ui/chip.js";
import { ConflictsWait } from "../documents/work_order/screens/conflict_mark.js";
import { waitingConflicts } from "../documents/work_order/conflicts.js";
import { saveExport } from "../documents/parts/export_button.js";
import { RejectedPhotos, sentences } from "../documents/parts/failed_photos.js";
import { DecidedSheet, HeldSheet } from "./held_sheets.js";
import { kindText, orderNumber } from "../documents/parts/kind_words.js";
import { formatNumber, t } from "../ui/language.js";
import { bytesText, clockOrDay } from "../ui/moments.js";
import { shownOrders } from "../documents/work_order/screens/shown_orders.js";
import { StillUnsent } from "./others.js";
import { Page } from "./page.js";
import { ReachNotice } from "../ui/reach_notice.js";
import { Room } from "./room.js";
import { codeText } from "../ui/save.js";
import { cameOfIt, sendByHand, sendingByHand } from "./send_by_hand.js";
import { unreadable } from "../store/connection.js";
import { orders } from "../store/documents.js";
import { tryAgain, UNREADABLE } from "../store/photos.js";
import { sendNow } from "../sync/exchange.js";
import { contact, onlyHere, outbox, progress, reach, shutOut, unoffered, unsent } from "../sync/status.js";

/** @typedef {import("../types.js").OutboxItem} OutboxItem */

/** What is named first where not all can be named. */
const KINDS = [
  "note-add",
  "order-edit",
  "order-stage",
  "photo-remove",
  "photo-edit",
  "photo-add",
  "checklist-answer",
  "labour-remove",
  "labour-change",
  "labour-add",
  "material-remove",
  "material-change",
  "material-add",
  "departure-record",
  "signature-refuse",
  "signature-record",
  "arrival-record",
  "order-open",
].reverse();

export function Outbox() {
  const { lines, photos } = unsent.value;
  return html`<${Page} title=${t("phone-outbox-title")} tab="outbox"
      action=${html`<${PlainButton} icon="refresh-cw" onPress=${sendByHand}>${t("phone-outbox-send")}<//>`}>
    <${HowItStands} />
    ${lines + photos > 0 && html`<${Waiting} />`}
    ${shutOut.value.map((one) => html`<${ShutOut} key=${one.device} ...${one} />`)}
    <${RejectedPhotos} />
    <${ConflictsWait} count=${waitingConflicts(shownOrders())} to="conflicts" />
    <${HeldSheet} />
    <${DecidedSheet} />
    ${unoffered.value.map(
      (id) =>
        html`<${Notice} key=${id} tone="contradicted" icon="triangle-alert">
          ${t("phone-outbox-unoffered", { order: orderNumber(id) })}<//>`,
    )}
    <${StillUnsent} others=${true} />
    <${Room} />
    <section class="sheet row">
      <div class="grow"><b>${t("phone-outbox-export-title")}</b>
        <div class="soft">${t("phone-outbox-export-about")}</div></div>
      <${SideButton} icon="file-down" disabled=${lines + photos === 0} onPress=${() => saveExport()}>
        ${t("phone-outbox-export")}<//></section>
  <//>`;
}

/** How much is left and when all was safe, or what keeps it. */
function HowItStands() {
  const { bytes } = unsent.value;
  const { state, code, last_contact: lastContact, last_all_safe: lastSafe, next_try_at: nextTry } = contact.value;
  const waiting = onlyHere.value;
  const came = cameOfIt();
  if (unreadable.value)
    return html`<section class="sheet"><div class="big">${t("phone-state-unreadable")}</div></section>`;
  return html`<section class="sheet stack"><div class="row"><div>
      <div class=${`big ${waiting === 0 && lastSafe !== null ? "proven" : ""}`}>
        ${
          waiting > 0
            ? t("phone-outbox-waiting", { count: waiting })
            : t(lastSafe === null ? "phone-state-nothing-yet" : "phone-outbox-all-safe")
        }</div>
      <div class="soft">
        ${waiting === 0 ? t("phone-outbox-nothing") : t("phone-outbox-on-phone", { size: bytesText(bytes) })}</div>
        </div>
    <div class="end soft">${t("phone-outbox-last-safe")}<br />
      <b class="ink">${lastSafe === null ? t("phone-outbox-never") : clockOrDay(lastSafe)}</b></div></div>
    <div class="soft" role="status">
      ${lastContact === null ? t("phone-today-never") : t("phone-outbox-last-contact", { at: clockOrDay(lastContact) })}
      ${
        state === "sending"
          ? ` · ${t("phone-outbox-sending")}`
          : nextTry !== null && reach.value !== "offline"
            ? ` · ${t("phone-outbox-next-try", { at: clockOrDay(nextTry) })}`
            : ""
      }</div>
    <div role="status">
      ${
        sendingByHand.value
          ? html`<${Notice} icon="refresh-cw">${t("phone-outbox-asking")}<//>`
          : came &&
            html`<${Notice} tone=${came.wrong ? "contradicted" : "proven"}
              icon=${came.wrong ? "circle-alert" : "check"}>${came.text}<//>`
      }</div>
    ${
      !came?.wrong &&
      (state === "failed" && code
        ? html`<${Notice} tone="contradicted" icon="circle-alert">${codeText(code, { reach: reach.value })}<//>`
        : html`<${ReachNotice} offline=${t("phone-outbox-offline")} />`)
    }</section>`;
}

/**
 * What the office had shut out before it was sent: only a file hands it in.
 * @param {import("../types.js").ShutOut} properties
 */
function ShutOut({ device, lines }) {
  return html`<section class="sheet stack" aria-label=${t("phone-shut-out-title")}><h2>${t("phone-shut-out-title")}</h2>
    <p class="soft">${t("phone-shut-out-about", { count: lines.length })}</p>
    <div class="lines"><${LineRows} items=${lines} state=${t("phone-shut-out-waits")} /></div>
    <${SideButton} icon="file-down" tone="wide" onPress=${() => saveExport(device)}>${t("phone-outbox-export")}<//>
    </section>`;
}

/** Everything that will be sent, photos each in a row of their own. */
function Waiting() {
  const lines = outbox.value.filter((one) => one.what === "line");
  return html`<section class="sheet"><h2 class="unseen">${t("phone-outbox-list")}</h2><div class="lines">
    <${LineRows} items=${lines} state=${t("phone-outbox-queued")} />
    ${outbox.value
      .filter((one) => one.what === "photo")
      .map((item) => html`<${PhotoRow} key=${item.id} item=${item} />`)}</div></section>`;
}

/** Lines of one order in one row. @param {{items: OutboxItem[], state: string}} properties */
function LineRows({ items, state }) {
  /** @type {Map<string, OutboxItem[]>} */
  const byOrder = new Map();
  for (const item of items) byOrder.set(item.target ?? "", [...(byOrder.get(item.target ?? "") ?? []), item]);
  return html`${[...byOrder].map(
    ([target, own]) => html`<div class="row top" key=${target}>
      <div class="grow"><b>${kindsText(own)}</b><div class="soft">${orderNumber(target)}</div></div>
      <span class="end soft">${state}</span></div>`,
  )}`;
}

/** @param {OutboxItem[]} items @returns {string} for example "Arrival, materials and more: 5 entries" */
function kindsText(items) {
  const kinds = items
    .map((item) => item.kind.replaceAll(".", "-"))
    .sort((one, other) => KINDS.indexOf(one) - KINDS.indexOf(other));
  const names = [...new Set(kinds.map(kindText))];
  const joined = names.slice(0, 3).join(t("phone-list-joint"));
  return t(names.length > 3 ? "phone-outbox-lines-more" : "phone-outbox-lines", { names: joined, count: items.length });
}

/** @param {{item: OutboxItem}} properties */
function PhotoRow({ item }) {
  const order = orders.value.find((one) => one.id === item.target);
  /** @type {{id: string, purpose: string} | undefined} */
  const photo = order?.body.photos?.find((/** @type {{id: string}} */ one) => one.id === item.photo);
  const share = Math.min(1, Math.max(item.sent, progress.value[item.id] ?? 0) / Math.max(1, item.bytes));
  const isLost = item.code === UNREADABLE;
  const refused = item.state === "rejected" && !isLost ? sentences(item.code ?? "unknown") : null;
  const state = isLost
    ? ""
    : item.state === "rejected"
      ? t("photo-state-rejected")
      : share > 0
        ? formatNumber(share, { style: "percent" })
        : t("phone-outbox-queued");
  return html`<div class="row top">
    <div class="grow"><b>${t("phone-outbox-photo", { purpose: photo ? t(`purpose-${photo.purpose}`) : "" })}</b>
      <div class="soft">${orderNumber(item.target)} · ${bytesText(item.bytes)}</div>
      ${
        isLost &&
        html`<div class="contradicted">${t("phone-photo-unreadable")}</div>
          <a class="soft" href=${`#/orders/${item.target}/photos`}>${t("phone-photo-unreadable-helps")}</a>`
      }
      ${
        refused &&
        html`<div class="contradicted">${refused.why}</div>
          <a class="soft" href=${`#/orders/${item.target}/photos`}>${refused.helps}</a>`
      }
      ${share > 0 && html`<div class="progress"><i style=${{ inlineSize: `${share * 100}%` }} /></div>`}</div>
    <span class=${`end ${item.state === "rejected" ? "contradicted" : "soft"}`}>${state}
      ${
        item.state === "rejected" &&
        html`<${SideButton} icon="refresh-cw" onPress=${() => sendAgain(item.id)}>${t("phone-outbox-again")}<//>`
      }</span></div>`;
}

/** @param {string} sha256 */
async function sendAgain(sha256) {
  await tryAgain(sha256);
  void sendNow();
}
