/** Photos that are not what they should be, each with why and what helps: not kept here, or not taken by the server. */
import { html } from "htm/preact";
import { orders } from "../../store/documents.js";
import { UNREADABLE } from "../../store/photos.js";
import { session } from "../../store/session.js";
import { outbox } from "../../sync/status.js";
import { SideButton } from "../../ui/buttons.js";
import { Icon } from "../../ui/icon.js";
import { orderNumber } from "./kind_words.js";
import { t, text } from "../../ui/language.js";
import { clock, clockOrDay } from "../../ui/moments.js";
import { present } from "../work_order/order_facts.js";
import { failedOf, forgetFailed } from "./photo_queue.js";
import { codeText } from "../../ui/save.js";
import { word } from "../../ui/words.js";

/** @typedef {import("../work_order/work_order.js").PhotoRecord} PhotoRecord */

/** What could not be kept, until somebody has read it; nothing where all was. @param {{order: string}} properties */
export function FailedPhotos({ order }) {
  const photos = failedOf(order);
  if (photos.length === 0) return null;
  return html`<div class="notice contradicted top failed" role="alert"><${Icon} name="circle-alert" />
    <div class="stack">
      <b>${t("phone-photos-failed", { count: photos.length })}</b>
      <ul>
        ${photos.map(
          (one, index) =>
            html`<li key=${index}>${one.name ?? t("phone-photo-of-camera", { at: clock(one.at) })}
              ${t("phone-photo-failed-sign")}${one.why}</li>`,
        )}</ul>
      <${SideButton} icon="check" onPress=${() => forgetFailed(order)}>${t("phone-photos-failed-read")}<//></div>
      </div>`;
}

/**
 * Why a photo was not taken, and what helps; null where it was, or nothing is known of it yet.
 * @param {PhotoRecord} photo
 * @returns {{why: string, helps: string} | null}
 */
export function rejection(photo) {
  const item = outbox.value.find((one) => one.what === "photo" && one.sha256 === photo.sha256);
  if (item?.code === UNREADABLE) return null;
  if (photo.state === "rejected") return sentences(photo.rejected_because ?? "unknown", t("rejected-unknown"));
  return item?.state === "rejected" ? sentences(item.code ?? "unknown") : null;
}

/**
 * Why the server did not take a photo by the code that it gave, whether in the record or as an answer to sending it.
 * @param {string} code
 * @param {string} [otherwise] for a code that nobody here knows
 * @returns {{why: string, helps: string}}
 */
export function sentences(code, otherwise = codeText(code)) {
  const name = code.replaceAll("_", "-");
  return {
    why: text(`rejected-${name}`) ?? otherwise,
    helps: text(`rejected-helps-${name}`) ?? t("rejected-helps-unknown"),
  };
}

/**
 * On the order: that own photos were not taken, why, and the way to them.
 * @param {{id: string, body: import("../work_order/work_order.js").WorkOrder}} properties
 */
export function RejectedDoor({ id, body }) {
  const reasons = present(body.photos)
    .filter(({ by }) => by === session.value?.person.id)
    .map(rejection)
    .flatMap((one) => (one ? [one.why] : []));
  if (reasons.length === 0) return null;
  return html`<a class="notice contradicted door" href=${`#/orders/${id}/photos`}><${Icon} name="images" />
    <div><b>${t("phone-photos-rejected-count", { count: reasons.length })}</b>
      ${[...new Set(reasons)].map((why) => html`<div key=${why}>${why}</div>`)}</div><${Icon} name="chevron-right" />
      </a>`;
}

/**
 * Own photos that the server has not taken, of one order or of all; nothing where it took them.
 * @param {{order?: string}} properties
 */
export function RejectedPhotos({ order }) {
  const all = orders.value
    .filter(({ id }) => order === undefined || id === order)
    .flatMap(({ id, body }) =>
      present(/** @type {PhotoRecord[]} */ (body.photos)).map((photo) => ({
        id,
        photo,
        why: photo.by === session.value?.person.id ? rejection(photo) : null,
      })),
    );
  // What cannot be sent has a row of its own in the outbox.
  const shown = all.filter(({ photo, why }) => why !== null && (order !== undefined || photo.state === "rejected"));
  if (shown.length === 0) return null;
  return html`<section class="sheet stack wide rejected" aria-label=${t("phone-photos-rejected")}>
    <h2>${t("phone-photos-rejected")}</h2>
    <ul class="lines">${shown.map(
      ({ id, photo, why }) => html`<li key=${photo.id}>
      <div>
        <b>${word("purpose", photo.purpose)}</b> <span class="soft">
          ${[photo.caption, clockOrDay(photo.taken_at), order === undefined && orderNumber(id)]
            .filter(Boolean)
            .join(" · ")}</span></div>
      <div class="contradicted">${why?.why}</div><div>${why?.helps}</div>
      ${
        order === undefined &&
        html`<a class="side" href=${`#/orders/${id}/photos`}><${Icon} name="images" />
          <span>${t("phone-photos-title")}</span></a>`
      }</li>`,
    )}</ul></section>`;
}
