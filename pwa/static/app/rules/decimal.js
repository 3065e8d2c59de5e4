/** Exact decimal arithmetic on quantity strings such as "2.5": integers with a scale, never floating point. */

// Twelve digits before the point and six after it, as the server takes them.
const QUANTITY = /^(-?)([0-9]{1,12})(?:\.([0-9]{1,6}))?$/;

/**
 * A decimal number: `units` / 10^`scale`.
 * @typedef {{units: bigint, scale: number}} Quantity
 */

/**
 * Whether this is a quantity string.
 * @param {unknown} text
 * @returns {text is string}
 */
export function isQuantity(text) {
  return typeof text === "string" && QUANTITY.test(text);
}

/**
 * The exact value of a quantity string; throws RangeError for anything else.
 * @param {unknown} text
 * @returns {Quantity}
 */
export function quantityOf(text) {
  const parts = isQuantity(text) ? QUANTITY.exec(text) : null;
  if (!parts) throw new RangeError(`not a decimal quantity: ${JSON.stringify(text)}`);
  const [, sign, whole, fraction = ""] = parts;
  const units = BigInt(whole + fraction);
  return { units: sign ? -units : units, scale: fraction.length };
}

/**
 * Whether two quantity strings are the same number: "2" and "2.0" are.
 * @param {string} one
 * @param {string} other
 */
export function sameQuantity(one, other) {
  const [first, second] = aligned(quantityOf(one), quantityOf(other));
  return first === second;
}

/**
 * The sum of two quantity strings, without zeros that say nothing: "1.5" and "0.5" give "2".
 * @param {string} one
 * @param {string} other
 */
export function addQuantities(one, other) {
  const first = quantityOf(one);
  const second = quantityOf(other);
  const [left, right] = aligned(first, second);
  return written({ units: left + right, scale: Math.max(first.scale, second.scale) });
}

/**
 * quantity × unit price × percent / 100 in minor units, rounded once, half away from zero.
 * @param {string} quantity
 * @param {number} unitPrice whole minor units
 * @param {number} [percent] a whole number
 */
export function amount(quantity, unitPrice, percent = 100) {
  const { units, scale } = quantityOf(quantity);
  const exact = units * BigInt(unitPrice) * BigInt(percent);
  return Number(roundedQuotient(exact, 100n * 10n ** BigInt(scale)));
}

/**
 * @param {bigint} dividend
 * @param {bigint} divisor positive
 */
function roundedQuotient(dividend, divisor) {
  const size = dividend < 0n ? -dividend : dividend;
  const rounded = (2n * size + divisor) / (2n * divisor);
  return dividend < 0n ? -rounded : rounded;
}

/**
 * Both in units of the finer scale.
 * @param {Quantity} one
 * @param {Quantity} other
 * @returns {[bigint, bigint]}
 */
function aligned(one, other) {
  const scale = Math.max(one.scale, other.scale);
  return [one.units * 10n ** BigInt(scale - one.scale), other.units * 10n ** BigInt(scale - other.scale)];
}

/** @param {Quantity} quantity */
function written({ units, scale }) {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${whole}${fraction ? `.${fraction}` : ""}`;
}
