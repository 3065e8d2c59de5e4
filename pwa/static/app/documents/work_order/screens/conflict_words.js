/** A field of a work order and what stands in it, in words. */
import { checklists } from "../../../store/documents.js";
import { itemText } from "../../parts/checklist_words.js";
import { placeOf } from "../conflicts.js";
import { formatMoney, formatNumber, t } from "../../../ui/language.js";
import { windowText } from "../../../ui/moments.js";
import { listsOf } from "../order_facts.js";
import { personName, word } from "../../../ui/words.js";

/** @typedef {import("../work_order.js").WorkOrder} WorkOrder */

/** @type {Record<string, string>} */
const NAMES = {
  fault: "phone-order-fault",
  requests: "phone-order-requests",
  instructions: "phone-order-instructions",
  cause: "phone-order-cause",
  diagnosis: "phone-order-diagnosis",
  work_done: "phone-order-work-done",
  "contact.name": "phone-new-contact",
  "contact.phone": "phone-order-phone",
  "site.position": "phone-field-position",
  assignees: "phone-field-assignees",
  lead: "phone-field-lead",
  window: "phone-field-window",
  priority: "phone-field-priority",
  disposition: "phone-field-disposition",
};
/** @type {Record<string, string>} */
const LINE_NAMES = {
  name: "phone-line-name",
  unit: "phone-line-unit",
  quantity: "phone-line-quantity",
  unit_price: "phone-line-price",
  source: "phone-source",
  serial: "phone-field-serial",
  method: "phone-labour-method",
};
/** @type {Record<string, string>} */
const PHOTO_NAMES = { caption: "phone-photo-caption", purpose: "phone-photo-purpose" };
/** Degrees with five decimals are a metre. */
const DEGREES = { minimumFractionDigits: 5, maximumFractionDigits: 5 };

/**
 * The checklist's item that a field is the answer to, where this phone knows it.
 * @param {WorkOrder} body
 * @param {string} field
 */
export function itemOf(body, field) {
  const place = placeOf(field);
  if (place.room !== "checklist") return null;
  return (
    listsOf(body, checklists.value)
      .flatMap((list) => list.items)
      .find((item) => item.id === place.item) ?? null
  );
}

/** @param {WorkOrder} body @param {string} field @returns {string} for example "Quantity · Mechanical seal" */
export function fieldText(body, field) {
  const place = placeOf(field);
  if (place.room === "checklist") return itemName(itemOf(body, field));
  if (place.room === "order") return place.name in NAMES ? t(NAMES[place.name]) : place.name;
  if (place.room === "photos")
    return [t("phone-photos-title"), place.name in PHOTO_NAMES ? t(PHOTO_NAMES[place.name]) : place.name].join(" · ");
  const line = body[place.room]?.find((one) => one.line === place.line);
  return [line?.name, place.name in LINE_NAMES ? t(LINE_NAMES[place.name]) : place.name].filter(Boolean).join(" · ");
}

/** @param {import("../order_facts.js").ChecklistItem | null} item */
function itemName(item) {
  return item ? itemText(item) : t("phone-checklist-title");
}

/** @param {WorkOrder} body @param {string} field @param {any} value any: what the field may hold @returns {string} */
export function valueText(body, field, value) {
  if (value === null || value === undefined || value === "" || value?.length === 0) return t("phone-conflict-empty");
  const place = placeOf(field);
  if (place.room === "checklist") return answerText(value, itemOf(body, field)?.unit);
  switch (place.name) {
    case "cause":
    case "priority":
    case "source":
    case "purpose":
      return word(place.name, value);
    case "disposition":
      return t(`disposition-${value.replaceAll("_", "-")}`);
    case "lead":
      return personName(value);
    case "assignees":
      return value.map(personName).join(t("phone-list-joint"));
    case "window":
      return windowText(value);
    case "unit_price":
      return formatMoney(value, body.charge?.currency);
    case "site.position":
      return t("phone-position-value", {
        latitude: formatNumber(value.latitude, DEGREES),
        longitude: formatNumber(value.longitude, DEGREES),
        datum: value.datum ?? "",
      });
    default:
      return String(value);
  }
}

/** @param {unknown} value @param {string} [unit] @returns {string} */
function answerText(value, unit) {
  if (value === true) return t("answer-pass");
  if (value === false) return t("answer-fail");
  if (value === "not_applicable") return t("answer-not-applicable");
  return [String(value), unit].filter(Boolean).join(" ");
}
