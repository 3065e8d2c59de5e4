import { html } from "htm/preact";
import { orders } from "../store/documents.js";
import { t } from "./language.js";
import { Page, Vault } from "./page.js";

/** @typedef {import("./work_order.js").WorkOrder} WorkOrder */
/** @typedef {{id: string, version: number, body: WorkOrder, waiting: number, gone: string | null}} ShownOrder */

/** Every order on this phone. @returns {ShownOrder[]} */
export function shownOrders() {
  return /** @type {ShownOrder[]} */ (orders.value);
}

/**
 * The order as this phone knows it, or null.
 * @param {string} id
 * @returns {ShownOrder | null}
 */
export function useOrder(id) {
  return shownOrders().find((order) => order.id === id) ?? null;
}

/** An order that has left this phone, or never was on it. */
export function NotFound() {
  return html`<${Page} title=${t("phone-order-unknown")} backTo="today">
    <div class="empty"><${Vault} /><p>${t("phone-order-unknown-hint")}</p></div><//>`;
}
