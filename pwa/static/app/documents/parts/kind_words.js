/** Operations as a technician calls them, and the order that they are about. */
import { orders } from "../../store/documents.js";
import { t, text } from "../../ui/language.js";

/** @param {string} kind an operation's, for example `material.add` @returns {string} */
export function kindText(kind) {
  const name = kind.replaceAll(".", "-").replaceAll("_", "-");
  return text(`phone-kind-${name}`) ?? text(`phone-kind-${name.split("-")[0]}`) ?? t("phone-kind-unreadable");
}

/** @param {string | null} target @returns {string} its number, or why there is none */
export function orderNumber(target) {
  const order = orders.value.find(({ id }) => id === target);
  return order ? (order.body.number ?? t("phone-new-number")) : t("phone-order-elsewhere");
}
