/** The right input for a third value: text, choice, number, answer, place. */
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { position, watch } from "../../../capture/position.js";
import { SideButton } from "../../../ui/buttons.js";
import { Choices } from "../../../ui/choices.js";
import { itemOf } from "./conflict_words.js";
import { placeOf, standing } from "../conflicts.js";
import { Field } from "../../../ui/field.js";
import { FigureField, measureIn, minorUnits, price, quantityIn } from "../../../ui/figure.js";
import { t } from "../../../ui/language.js";
import { toldAccuracy } from "../../../rules/lengths.js";
import { CAUSES, PURPOSES, SOURCES, word } from "../../../ui/words.js";

/** @typedef {import("../work_order.js").WorkOrder} WorkOrder */
/**
 * @typedef {{kind: "text" | "line" | "tel" | "place"} | {kind: "figure" | "money", reads:
 *   import("../../../ui/figure.js").Reader} | {kind: "choice", options: {value: string, label: string}[]}} Input
 */

const LONG = new Set(["fault", "requests", "diagnosis", "work_done", "method"]);
/** What is chosen where words stand for more than text. @type {Record<string, unknown>} */
const MEANT = { true: true, false: false };

/** @param {WorkOrder} body @param {string} field @returns {Input} */
export function inputOf(body, field) {
  const place = placeOf(field);
  if (place.room === "checklist") return inputOfItem(itemOf(body, field));
  switch (place.name) {
    case "cause":
      return { kind: "choice", options: CAUSES.map((cause) => ({ value: cause, label: word("cause", cause) })) };
    case "source":
      return { kind: "choice", options: SOURCES.map((source) => ({ value: source, label: word("source", source) })) };
    case "purpose":
      return {
        kind: "choice",
        options: PURPOSES.map((purpose) => ({ value: purpose, label: word("purpose", purpose) })),
      };
    case "quantity":
      return { kind: "figure", reads: quantityIn(unitOf(body, field)) };
    case "unit_price":
      return { kind: "money", reads: price };
    case "contact.phone":
      return { kind: "tel" };
    case "site.position":
      return { kind: "place" };
    default:
      return { kind: LONG.has(place.name) ? "text" : "line" };
  }
}

/** @param {WorkOrder} body @param {string} field the quantity of a line @returns {string} */
function unitOf(body, field) {
  return String(standing(body, field.replace(/quantity$/, "unit")) ?? "");
}

/** @param {import("../order_facts.js").ChecklistItem | null} item @returns {Input} */
function inputOfItem(item) {
  switch (item?.type) {
    case "check":
      return {
        kind: "choice",
        options: [
          { value: "true", label: t("answer-pass") },
          { value: "false", label: t("answer-fail") },
          { value: "not_applicable", label: t("answer-not-applicable") },
        ],
      };
    case "choice":
      return { kind: "choice", options: (item.choices ?? []).map((choice) => ({ value: choice, label: choice })) };
    case "photo":
      return { kind: "choice", options: [{ value: "true", label: t("phone-done") }] };
    case "number":
      return { kind: "figure", reads: measureIn(item.unit) };
    default:
      return { kind: "text" };
  }
}

/**
 * What was typed or chosen, as the field may hold it; undefined where it may not.
 * @param {Input} input
 * @param {any} typed any: a text, or a place
 * @returns {unknown}
 */
export function meantBy(input, typed) {
  if (typed === null || typed === undefined) return undefined;
  if (input.kind === "place") return typed;
  const text = String(typed).trim();
  switch (input.kind) {
    case "choice":
      return input.options.some(({ value }) => value === text) ? (text in MEANT ? MEANT[text] : text) : undefined;
    case "figure":
      return input.reads(text).value ?? undefined;
    case "money": {
      const { value } = input.reads(text);
      return value === null ? undefined : minorUnits(value);
    }
    default:
      return text;
  }
}

/**
 * @param {{input: Input, label: string, typed: any, onType: (typed: any) => void}} properties  any: a text, or a place
 */
export function ThirdValue({ input, label, typed, onType }) {
  switch (input.kind) {
    case "choice":
      return html`<${Choices} look="list" name=${label} options=${input.options} value=${typed} onChoose=${onType} />`;
    case "place":
      return html`<${PlaceNow} typed=${typed} onType=${onType} />`;
    case "text":
      return html`<${Field} label=${label} value=${typed ?? ""} multiline=${true} onInput=${onType} />`;
    case "tel":
      return html`<${Field} label=${label} value=${typed ?? ""} type="tel" inputmode="tel" onInput=${onType} />`;
    case "line":
      return html`<${Field} label=${label} value=${typed ?? ""} onInput=${onType} />`;
    default:
      return html`<${FigureField} label=${label} value=${typed ?? ""} reads=${input.reads} onInput=${onType} />`;
  }
}

/**
 * Where the phone is now, for a site that stands wrong on the map.
 * @param {{typed: any, onType: (typed: any) => void}} properties  any: a place
 */
function PlaceNow({ typed, onType }) {
  useEffect(watch, []);
  const fix = position.value;
  if (fix === null) return html`<p class="soft">${t("phone-arrive-looking")}</p>`;
  const take = () => onType({ latitude: fix.latitude, longitude: fix.longitude, datum: "WGS-84" });
  return html`<${SideButton} icon=${typed ? "check" : "map-pin"} tone="wide" onPress=${take}>
    ${t("phone-position-take", { accuracy: toldAccuracy(fix.accuracy_m) })}<//>`;
}
