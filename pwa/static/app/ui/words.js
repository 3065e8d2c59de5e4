/**
 * Words of the documents in the reader's language. Their ids are the words with dashes, after the name of the group.
 */
import { people } from "../store/documents.js";
import { t } from "./language.js";

/**
 * @param {"stage" | "kind" | "cause" | "purpose" | "source" | "role" | "priority" | "signer" | "refusal" | "verdict" |
 *   "place" | "photo-state" | "signature" | "review"} group
 * @param {string} word for example `en_route`
 */
export function word(group, word) {
  return t(`${group}-${word.replaceAll("_", "-")}`);
}

/** What a fault may come from, the usual first; and where a part may come from. They travel as these words. */
export const CAUSES = ["wear", "supplier", "workmanship", "customer", "unknown"];
export const SOURCES = ["van", "warehouse", "bought", "customer"];

/** What a photo can show, the usual ones first. */
export const PURPOSES = ["fault", "before", "during", "after", "nameplate", "part", "document"];

/** Reasons that can be chosen when work is paused or cannot be done. They travel as these words. */
export const PAUSE_REASONS = ["waiting_parts", "waiting_customer", "no_access", "other_order", "off_hours"];
export const UNABLE_REASONS = [
  "no_access",
  "customer_absent",
  "not_repairable",
  "unsafe",
  "wrong_address",
  "beyond_skill",
];

/**
 * A reason as it is read: one of the words above, or what somebody typed, as it is.
 * @param {string} reason
 */
export function stageReason(reason) {
  const known = PAUSE_REASONS.includes(reason) || UNABLE_REASONS.includes(reason);
  return known ? t(`stage-reason-${reason.replaceAll("_", "-")}`) : reason;
}

/**
 * The name of a person of the company.
 * @param {string} id
 * @returns {string}
 */
export function personName(id) {
  return people.value.find((person) => person.id === id)?.body.name ?? t("phone-somebody");
}
