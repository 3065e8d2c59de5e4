/** Quantities and amounts as a person types them; the arithmetic is exact (`rules/decimal.js`). */
import { addQuantities, quantityOf } from "../rules/decimal.js";

/** @param {string} text @returns {boolean} whether it is a quantity above zero that a line may hold */
export function isQuantity(text) {
  try {
    return quantityOf(text).units > 0n;
  } catch (problem) {
    if (problem instanceof RangeError) return false;
    throw problem;
  }
}

/**
 * One more or one less; null where that would leave nothing.
 * @param {string} quantity
 * @param {1 | -1} by
 * @returns {string | null}
 */
export function stepped(quantity, by) {
  const next = addQuantities(quantity, String(by));
  return isQuantity(next) ? next : null;
}

/**
 * Money typed in whole units, in minor units; null where it is no amount.
 * @param {string} typed for example `12.5`
 * @returns {number | null}
 */
export function minorUnits(typed) {
  const text = typed.trim().replace(",", ".");
  const [, whole, fraction = ""] = /^(\d{0,9})(?:\.(\d{0,2}))?$/.exec(text) ?? [];
  return whole === undefined ? null : Number(whole || "0") * 100 + Number(fraction.padEnd(2, "0"));
}
