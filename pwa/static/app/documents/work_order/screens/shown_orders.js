// The orders on this phone as screens show them, and what is said of one that has left.
import { useEffect } from "preact/hooks";
import { inUse, orders } from "../../../store/documents.js";
import { t } from "../../../ui/language.js";
import { personName } from "../../../ui/words.js";

/** @typedef {import("../work_order.js").ShownOrder} ShownOrder */

/** Every order on this phone. @returns {ShownOrder[]} */
export function shownOrders() {
  return /** @type {ShownOrder[]} */ (orders.value);
}

/**
 * The order as this phone knows it, or null; as long as the screen is open it stays, whoever is given it meanwhile.
 * @param {string} id
 * @returns {ShownOrder | null}
 */
export function useOrder(id) {
  useEffect(() => {
    inUse.value = new Set([...inUse.peek(), id]);
    return () => {
      inUse.value = new Set([...inUse.peek()].filter((other) => other !== id));
    };
  }, [id]);
  return shownOrders().find((order) => order.id === id) ?? null;
}

/**
 * What has become of an order that has left this person.
 * @param {Pick<ShownOrder, "gone" | "gone_to">} order
 * @returns {string}
 */
export function goneText({ gone, gone_to: to }) {
  if (gone === "cancelled") return t("phone-order-withdrawn");
  if (to?.length === 0) return t("phone-order-taken-back");
  if (to) return t("phone-order-given", { name: to.map(personName).join(t("phone-list-joint")) });
  return t(gone === "reassigned" ? "phone-order-given-away" : "phone-order-left-unknown");
}

/** The sign that goes with it. @param {string | null} gone @returns {string} */
export function goneIcon(gone) {
  return gone === "cancelled" ? "ban" : gone === "reassigned" ? "users" : "circle-help";
}
