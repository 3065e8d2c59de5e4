// What stands on the page of an order that has left, or never was here.
import { html } from "htm/preact";
import { Notice } from "../../../ui/chip.js";
import { t } from "../../../ui/language.js";
import { Page, Vault } from "../../../shell/page.js";
import { goneIcon, goneText } from "./shown_orders.js";

/** @typedef {import("../work_order.js").ShownOrder} ShownOrder */

/**
 * That the order has left, and what is still possible. Nothing while it is theirs.
 * @param {{order: ShownOrder}} properties
 */
export function Left({ order }) {
  if (order.gone === null) return null;
  return html`<div role="status">
    <${Notice} icon=${goneIcon(order.gone)} tone="corroborated"><b>${goneText(order)}</b>
      <div>${t("phone-order-left-about")}</div><//></div>`;
}

/** An order that has left this phone, or never was on it. */
export function NotFound() {
  return html`<${Page} title=${t("phone-order-unknown")} backTo="today">
    <div class="empty"><${Vault} /><p>${t("phone-order-unknown-hint")}</p></div><//>`;
}
