/** What is new for me, in one place on top of Today: what waits to be done first, then what is to be known. */
import { html } from "htm/preact";
import { PlainButton } from "../ui/buttons.js";
import { ConflictsWait } from "../documents/work_order/screens/conflict_mark.js";
import { waitingConflicts } from "../documents/work_order/conflicts.js";
import { Icon } from "../ui/icon.js";
import { kindText, orderNumber } from "../documents/parts/kind_words.js";
import { t } from "../ui/language.js";
import { lookedAtAll, lookedAtDecisions, lookedAtOrder, news } from "./looked_at.js";
import { windowText } from "../ui/moments.js";
import { OrderCard } from "../documents/work_order/screens/order_card.js";
import { headline } from "../documents/work_order/order_facts.js";
import { goneIcon, goneText, shownOrders } from "../documents/work_order/screens/shown_orders.js";
import { go } from "../ui/router.js";

/** @typedef {import("../documents/work_order/news.js").News} News */

/** @type {Record<string, string>} */
const ICONS = {
  assigned: "plus",
  planned: "history",
  cancelled: "ban",
  on_hold: "pause",
  resumed: "play",
  decided: "hourglass",
};

/** Nothing where nothing is new. */
export function NewsSheet() {
  const all = news.value;
  const returned = all.flatMap((one) => (one.kind === "returned" ? [one.order] : []));
  const rows = all.filter(({ kind }) => kind !== "returned" && kind !== "conflict");
  return html`
    ${returned.map((order) => html`<${OrderCard} key=${order.id} order=${order} />`)}
    <${ConflictsWait} count=${waitingConflicts(shownOrders())} to="conflicts" />
    ${
      rows.length > 0 &&
      html`<section class="sheet stack news" aria-label=${t("phone-news-title")}>
      <div class="row"><h2 class="grow">${t("phone-news-title")}</h2>
        <span class="end"><${PlainButton} icon="check" onPress=${lookedAtAll}>${t("phone-news-all-seen")}<//></span>
        </div>
      <div class="lines">${rows.map((one) => html`<${Row} key=${keyOf(one)} one=${one} />`)}</div></section>`
    }`;
}

/** @param {News} one */
function keyOf(one) {
  return `${one.kind} ${"order" in one ? one.order.id : one.kind === "left" ? one.left.id : one.decided.id}`;
}

/** Pressed, it leads to what it is about. @param {{one: News}} properties */
function Row({ one }) {
  return html`<button type="button" class="row top news-row" onClick=${() => open(one)}>
    <${Icon} name=${one.kind === "left" ? goneIcon(one.left.reason) : ICONS[one.kind]} />
    <span class="grow"><b>${what(one)}</b><span class="soft">${about(one)}</span></span>
    <${Icon} name=${one.kind === "left" ? "check" : "chevron-right"} /></button>`;
}

/** @param {News} one @returns {string} */
function what(one) {
  switch (one.kind) {
    case "planned":
      return t("phone-news-planned", { window: windowText(one.order.body.window ?? null) });
    case "left":
      return goneText({ gone: one.left.reason, gone_to: one.left.to });
    case "decided":
      return t(one.decided.state === "applied" ? "phone-news-decided-applied" : "phone-news-decided-dismissed", {
        kind: kindText(one.decided.kind),
      });
    default:
      return t(`phone-news-${one.kind.replaceAll("_", "-")}`);
  }
}

/** @param {News} one @returns {string} */
function about(one) {
  if (one.kind === "decided") return [orderNumber(one.decided.target), one.decided.comment].filter(Boolean).join(" · ");
  if (one.kind === "left") return [one.left.number, one.left.fault].filter(Boolean).join(" · ");
  return [one.order.body.number, headline(one.order.body)].filter(Boolean).join(" · ");
}

/** @param {News} one */
function open(one) {
  if (one.kind === "decided") {
    lookedAtDecisions();
    go("outbox");
  } else if (one.kind === "left") lookedAtOrder(one.left.id);
  else go(`orders/${one.order.id}`);
}
