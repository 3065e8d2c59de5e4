/** Who pays for a job, and how much: the same rule as the server's, for the basement (norms S07 S13 S14 S19). */
import { amount } from "./decimal.js";

/**
 * @typedef {{id: string, norm: string, materials_percent: number, labour_percent: number}} PriceRule
 * @typedef {"supplier" | "workmanship" | "customer" | "wear" | "unknown"} Cause
 * @typedef {"free_warranty" | "free_supplier" | "customer_cause" | "out_of_warranty" | "coverage_unknown"} ChargeCode
 * @typedef {{code: ChargeCode, price_rule?: string, norm?: string, materials_percent?: number,
 *   labour_percent?: number}} ChargeWhy
 * @typedef {{line: string, kind: "material" | "labour", price: number, percent: number, amount: number}} ChargeLine
 * @typedef {{line: string, quantity: string, unit_price?: number | null, source?: string | null,
 *   removed?: unknown}} PricedLine
 */

/**
 * What the customer pays, in minor units of `currency`. `covered`: true nothing to pay, false to be paid, null
 * unknown (then the sums are what would be due without warranty).
 * @typedef {{covered: boolean | null, why: ChargeWhy, lines: ChargeLine[], materials: number, labour: number,
 *   total: number, currency: string}} Charge
 */

// What holds where no contract says anything else (S19).
/** @type {PriceRule} */
const FULL = { id: "full", norm: "S19", materials_percent: 100, labour_percent: 100 };

/**
 * What a job costs its customer. Free: covered by warranty and not the customer's doing, or the supplier's fault;
 * removed lines and material that the customer brought cost nothing. Throws RangeError for a quantity that is no
 * decimal string.
 * @param {PricedLine[]} materials
 * @param {PricedLine[]} labour
 * @param {boolean | null | undefined} covered by warranty; null where that is not known
 * @param {Cause | null | undefined} cause
 * @param {PriceRule | null | undefined} priceRule from the document's `terms`; full prices without one
 * @param {string} currency
 * @returns {Charge}
 */
export function charge(materials, labour, covered, cause, priceRule, currency) {
  const rule = priceRule ?? FULL;
  const { free, why } = whoPays(covered ?? null, cause ?? null, rule);
  const lines = [
    ...chargeLines("material", materials, free ? 0 : rule.materials_percent),
    ...chargeLines("labour", labour, free ? 0 : rule.labour_percent),
  ];
  const forMaterials = sum(lines, "material");
  const forLabour = sum(lines, "labour");
  return {
    covered: free,
    why,
    lines,
    materials: forMaterials,
    labour: forLabour,
    total: forMaterials + forLabour,
    currency,
  };
}

/**
 * @param {boolean | null} covered
 * @param {Cause | null} cause
 * @param {PriceRule} rule
 * @returns {{free: boolean | null, why: ChargeWhy}}
 */
function whoPays(covered, cause, rule) {
  if (cause === "supplier") return { free: true, why: { code: "free_supplier" } };
  if (cause === "customer") return { free: false, why: byRule("customer_cause", rule) };
  if (covered === null) return { free: null, why: byRule("coverage_unknown", rule) };
  if (covered) return { free: true, why: { code: "free_warranty" } };
  return { free: false, why: byRule("out_of_warranty", rule) };
}

/**
 * @param {ChargeCode} code
 * @param {PriceRule} rule
 * @returns {ChargeWhy}
 */
function byRule(code, rule) {
  return {
    code,
    price_rule: rule.id,
    norm: rule.norm,
    materials_percent: rule.materials_percent,
    labour_percent: rule.labour_percent,
  };
}

/**
 * @param {"material" | "labour"} kind
 * @param {PricedLine[]} entries
 * @param {number} percent
 * @returns {ChargeLine[]}
 */
function chargeLines(kind, entries, percent) {
  return entries
    .filter((entry) => !entry.removed)
    .map((entry) => {
      const own = kind === "material" && entry.source === "customer";
      const unitPrice = entry.unit_price ?? 0;
      const share = own ? 0 : percent;
      const price = own ? 0 : amount(entry.quantity, unitPrice);
      return { line: entry.line, kind, price, percent: share, amount: amount(entry.quantity, unitPrice, share) };
    });
}

/**
 * @param {ChargeLine[]} lines
 * @param {"material" | "labour"} kind
 */
function sum(lines, kind) {
  return lines.filter((line) => line.kind === kind).reduce((total, line) => total + line.amount, 0);
}
