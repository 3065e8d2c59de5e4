import { html } from "htm/preact";
import { Chip } from "../../../ui/chip.js";
import { Icon } from "../../../ui/icon.js";
import { t } from "../../../ui/language.js";
import { clock, clockOrDay, duration, secondsLeft, windowText } from "../../../ui/moments.js";
import { isReturned } from "../news.js";
import { goneIcon, goneText } from "./shown_orders.js";
import { headline, isCurrent, isDone, placeText } from "../order_facts.js";
import { word } from "../../../ui/words.js";

/** @typedef {import("../work_order.js").WorkOrder} WorkOrder */

/** From here on the remaining time is marked: two hours. */
const SOON_S = 7200;

/** @type {Record<string, string>} */
const STAGE_ICONS = {
  new: "circle-dashed",
  accepted: "circle",
  en_route: "navigation",
  on_site: "map-pin",
  working: "circle-dot",
  paused: "pause",
  finished: "check",
  unable: "circle-x",
};

/** The stage with its sign. @param {{body: WorkOrder}} properties */
export function StageChip({ body }) {
  if (body.disposition === "cancelled")
    return html`<${Chip} icon="ban" tone="contradicted">${t("disposition-cancelled")}<//>`;
  if (isReturned(body)) return html`<${Chip} icon="undo-2" tone="contradicted">${t("phone-news-returned")}<//>`;
  const tone = isCurrent(body)
    ? "accent"
    : body.stage === "paused"
      ? "claimed"
      : body.stage === "unable"
        ? "contradicted"
        : "";
  return html`<${Chip} icon=${STAGE_ICONS[body.stage]} tone=${tone}>${word("stage", body.stage)}<//>`;
}

/**
 * What the deadline for arriving has come to: arrived, how much is left, or how long it is over.
 * @param {{body: WorkOrder}} properties
 */
export function DeadlineChip({ body }) {
  const arrival = body.arrivals?.[0];
  if (arrival) {
    const at = arrival.time?.best ?? arrival.position?.fixed_at;
    const icon = arrival.verdict === "contradicted" ? "triangle-alert" : "check";
    const tone =
      arrival.verdict === "verified" ? "proven" : arrival.verdict === "contradicted" ? "contradicted" : "accent";
    return at ? html`<${Chip} icon=${icon} tone=${tone}>${t("phone-arrived-at", { at: clock(at) })}<//>` : null;
  }
  const arriveBy = body.deadlines?.arrive_by;
  if (!arriveBy || isDone(body)) return null;
  const left = secondsLeft(arriveBy);
  if (left < 0)
    return html`<${Chip} icon="clock-alert" tone="contradicted">${t("phone-deadline-over", { time: duration(left) })}
      <//>`;
  return html`<${Chip} icon="clock" tone=${left < SOON_S ? "claimed" : "quiet"}>
    ${t("phone-deadline-left", { time: duration(left) })}<//>`;
}

/**
 * One order in a list: when, what, where, how much time is left, what is still only on this phone.
 * @param {{order: import("../work_order.js").ShownOrder}} properties
 */
export function OrderCard({ order }) {
  const { body } = order;
  const arriveBy = body.deadlines?.arrive_by;
  return html`<a class=${`sheet order-card ${order.gone === null && isCurrent(body) ? "current" : ""}`}
    href=${`#/orders/${order.id}`}>
    <div class="row top"><span class="time">${windowText(body.window ?? null)}</span>
      <span class="end"><${StageChip} body=${body} /></span></div>
    <div class="row"><h2 class="grow">${headline(body)}</h2>
      ${
        (body.priority === "urgent" || body.priority === "high") &&
        html`<${Chip} icon="zap" tone="claimed">${word("priority", body.priority)}<//>`
      }</div>
      <div class="row"><span class="grow">${placeText(body) || body.customer?.name}</span>
        <span class="end soft">${body.number ?? t("phone-new-number")}</span></div>
    ${
      order.gone !== null &&
      html`<div class="row"><${Chip} icon=${goneIcon(order.gone)} tone="quiet">${goneText(order)}<//></div>`
    }
    ${
      order.gone === null &&
      isReturned(body) &&
      html`<div class="because"><${Icon} name="message-square" />
        <span class="prose">${body.review?.comment || t("phone-news-returned-no-reason")}</span></div>`
    }
    <div class="row foot-row">
      <span class="soft">${arriveBy ? t("phone-arrive-by", { at: clockOrDay(arriveBy) }) : word("kind", body.kind)}
      </span>
      ${
        order.waiting > 0 &&
        html`<${Chip} icon="cloud-upload" tone="quiet">${t("phone-waiting", { count: order.waiting })}<//>`
      }
      <span class="end">${order.gone === null && html`<${DeadlineChip} body=${body} />`}</span></div></a>`;
}
