/**
 * Figures as a person types them: what is meant, or a sentence about what is not taken, beside the field that keeps it.
 */
import { html } from "htm/preact";
import { KINDS, NotTaken, compare, figureOf } from "../rules/figures.js";
import { addQuantities } from "../rules/decimal.js";
import { Field } from "./field.js";
import { currencyDigits, t } from "./language.js";

/** @typedef {import("../rules/figures.js").Kind} Kind */
/**
 * `value` is null where nothing was typed, or where `wrong` says why it is not taken.
 * @typedef {{value: string | null, wrong?: string}} Read
 */
/** Turns what was typed into what is meant. @typedef {(typed: string) => Read} Reader */

/** @param {Kind} kind @param {(string | null | undefined)[]} units the field's own @returns {Reader} */
function reader(kind, units) {
  return (typed) => {
    try {
      return {
        value: figureOf(
          typed,
          kind,
          units.map((unit) => unit ?? ""),
        ),
      };
    } catch (problem) {
      if (problem instanceof NotTaken) return { value: null, wrong: sentence(problem) };
      throw problem;
    }
  };
}

/** @param {NotTaken} problem @returns {string} */
function sentence({ code, figures }) {
  const { unit, least, most, places } = figures;
  return t(`figure-${code.replaceAll("_", "-")}`, {
    places,
    unit: unit || "none",
    least: Number(least ?? 0),
    most: Number(most ?? 0),
  });
}

/** How much of something, in this unit. @param {string | null | undefined} unit */
export const quantityIn = (unit) => reader(KINDS.QUANTITY, [unit]);

/** What was measured, in this unit. @param {string | null | undefined} unit */
export const measureIn = (unit) => reader(KINDS.MEASURE, [unit]);

/** An amount in whole units of the company's currency. @type {Reader} */
export const price = (typed) =>
  reader({ ...KINDS.PRICE, places: currencyDigits() }, t("figure-money-units").split(" "))(typed);

/** @param {string} value an amount that `price` gave @returns {number} in minor units */
export function minorUnits(value) {
  const [whole, fraction = ""] = value.split(".");
  return Number(whole + fraction.padEnd(currencyDigits(), "0"));
}

/**
 * One more or one less; null where that would leave nothing, or more than a person may enter.
 * @param {string} quantity
 * @param {1 | -1} by
 * @returns {string | null}
 */
export function stepped(quantity, by) {
  const next = addQuantities(quantity, String(by));
  return compare(next, "0") > 0 && (by < 0 || compare(next, KINDS.QUANTITY.most) <= 0) ? next : null;
}

/**
 * A labelled field for a figure. What is not taken stays in it; what is taken is written as it was understood once the
 * person leaves the field.
 * @param {{label: string, value: string, reads: Reader, onInput: (typed: string) => void, onDone?: () => void,
 *   caution?: (value: string) => string | undefined}} properties
 *   `caution` says what is odd about a figure that is taken
 */
export function FigureField({ label, value: typed, reads, onInput, onDone, caution }) {
  const { value, wrong } = reads(typed);
  const leave = () => {
    if (value !== null && value !== typed) onInput(value);
    onDone?.();
  };
  return html`<${Field} label=${label} value=${typed} inputmode="decimal" onInput=${onInput} onDone=${leave}
    wrong=${wrong ?? (value === null ? undefined : caution?.(value))} />`;
}
