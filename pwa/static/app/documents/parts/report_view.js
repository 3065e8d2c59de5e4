/**
 * The service report as the customer reads it: everything that stands in the text that is signed, in the text's
 * language. What this page does not know by name is shown all the same, under its own name, as on paper.
 */
import { html } from "htm/preact";
import { formatMoney, formatQuantity, formatTime, language, languages, t, text as known } from "../../ui/language.js";

/** @typedef {import("../../types.js").Json} Json */
/** @typedef {(id: string, figures?: Record<string, string | number>) => string} Say */
/** @typedef {{language: string, currency: string, say: Say}} Reader */

const MOMENT = /** @type {const} */ ({ dateStyle: "medium", timeStyle: "short" });
const FACTS = [
  "customer",
  "site",
  "asset",
  "fault",
  "requests",
  "cause",
  "diagnosis",
  "work_done",
  "technician",
  "reported_at",
  "arrived_at",
  "departed_at",
  "warranty_until",
];
const ELSEWHERE = ["number", "kind", "language", "materials", "labour", "charge"];
/** `line` is an identity, which nobody reads. */
const LINE = ["line", "name", "method", "part", "serial", "source", "quantity", "unit", "unit_price", "amount"];
const CHARGE = ["covered", "why", "materials", "labour", "total", "currency"];
const WHY = ["code", "price_rule", "norm", "materials_percent", "labour_percent"];

/** @param {{text: string}} properties `text` the report's JSON; another program may have written it */
export function ReportView({ text }) {
  /** @type {Json} */
  const report = JSON.parse(text);
  const reader = readerOf(report);
  const { say } = reader;
  const facts = [...FACTS, ...unknown(report, [...FACTS, ...ELSEWHERE])].map((name) => [
    known(`report-${dashed(name)}`, {}, reader.language) ?? name,
    factText(name, report[name], reader),
  ]);
  return html`<article class="sheet report" lang=${reader.language}>
    <header><h2>${say("report-title")}</h2>
      <div class="soft">
        ${[report.number ?? say("phone-new-number"), wordFor("kind", report.kind, reader)].filter(Boolean).join(" · ")}
        </div></header>
    <dl>
      ${facts
        .filter(([, value]) => value)
        .map(([label, value]) => html`<div key=${label}><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
    <${Costs} report=${report} reader=${reader} /></article>`;
}

/** @param {Json} report @returns {Reader} */
function readerOf(report) {
  const spoken = languages.includes(report.language) ? report.language : language.value;
  return {
    language: spoken,
    currency: plain(report.charge?.currency) || "CNY",
    say: (id, figures = {}) => t(id, figures, spoken),
  };
}

/** @param {string} name @param {any} value any: JSON @param {Reader} reader @returns {string} */
function factText(name, value, reader) {
  if (name.endsWith("_at")) return attempt(value, () => formatTime(value, MOMENT, reader.language));
  if (name === "warranty_until")
    return attempt(value, () => formatTime(`${value}T12:00:00Z`, { dateStyle: "medium" }, reader.language));
  if (name === "cause") return wordFor("cause", value, reader);
  if (!["customer", "site", "asset"].includes(name) || value === null || typeof value !== "object") return plain(value);
  const parts = Object.entries(value).map(([key, part]) =>
    key === "serial" && part ? reader.say("report-serial", { serial: plain(part) }) : plain(part),
  );
  return [...new Set(parts.filter(Boolean))].join(name === "customer" ? " · " : "\n");
}

/**
 * Every line with its unit price, what they add up to, what is taken off, what is due, and why.
 * @param {{report: Json, reader: Reader}} properties
 */
function Costs({ report, reader }) {
  const { say } = reader;
  const charge = objectOf(report.charge);
  const why = objectOf(charge.why);
  const reason =
    typeof why.code === "string"
      ? wordFor("report-why", why.code, reader)
      : say(`report-covered-${charge.covered === true ? "yes" : charge.covered === false ? "no" : "unknown"}`);
  const lines = [...linesOf(report.materials), ...linesOf(report.labour)];
  const sum = lines.reduce((total, line) => total + line.amount, 0);
  const reduction = charge.total - sum;
  const isShared = [charge.total, charge.materials, charge.labour].some((minor) => minor !== 0);
  const money = (/** @type {unknown} */ minor) => moneyText(minor, reader);
  return html`<table><tbody>
    <${Lines} title=${say("report-materials")} lines=${report.materials} reader=${reader} />
    <${Lines} title=${say("report-labour")} lines=${report.labour} reader=${reader} />
    ${lines.length === 0 && html`<tr><td colspan="2" class="soft">${say("report-no-lines")}</td></tr>`}
    ${
      reduction !== 0 &&
      Number.isInteger(reduction) &&
      html`<${Sum} label=${say("report-subtotal")} value=${money(sum)} />
      <${Sum} label=${charge.covered === true ? reason : say("report-reduction")}
        value=${money(reduction).replace("-", "\u2212")} />`
    }
    ${
      isShared &&
      html`<${Sum} label=${say("report-charged-materials")} value=${money(charge.materials)} />
        <${Sum} label=${say("report-charged-labour")} value=${money(charge.labour)} />`
    }
    <tr class="due"><td>${say("report-total")}</td><td>${money(charge.total)}</td></tr></tbody></table>
    <${Why} charge=${charge} why=${why} reason=${reason} reader=${reader} />`;
}

/** @param {{title: string, lines: unknown, reader: Reader}} properties */
function Lines({ title, lines, reader }) {
  const shown = linesOf(lines);
  if (shown.length === 0) return null;
  const quantity = (/** @type {Json} */ line) =>
    attempt(line.quantity, () => formatQuantity(line.quantity, reader.language));
  return html`<tr><th colspan="2" scope="rowgroup">${title}</th></tr>${shown.map(
    (line, index) => html`<tr key=${index}>
    <td>${plain(line.name)}
      <div class="soft">${quantity(line)} ${plain(line.unit)} × ${moneyText(line.unit_price, reader)}</div>
      ${noteOf(line, reader).map((note) => html`<div class="soft" key=${note}>${note}</div>`)}</td>
      <td>${moneyText(line.amount, reader)}</td></tr>`,
  )}`;
}

/**
 * Where a line's material came from, and how the work was done.
 * @param {Json} line
 * @param {Reader} reader
 * @returns {string[]}
 */
function noteOf(line, { say, ...reader }) {
  const origin = [
    line.part && say("report-part", { part: plain(line.part) }),
    wordFor("source", line.source, { say, ...reader }),
  ]
    .filter(Boolean)
    .join(" · ");
  const more = unknown(line, LINE).map((name) => plain(line[name]) && `${name}: ${plain(line[name])}`);
  return [
    plain(line.method),
    origin,
    line.serial && say("report-serial", { serial: plain(line.serial) }),
    ...more,
  ].filter(Boolean);
}

/** @param {{label: string, value: string}} properties */
function Sum({ label, value }) {
  return html`<tr class="sum"><td>${label}</td><td>${value}</td></tr>`;
}

/**
 * Why there is something to pay or nothing, and by which rule.
 * @param {{charge: Json, why: Json, reason: string, reader: Reader}} properties
 */
function Why({ charge, why, reason, reader }) {
  const { say } = reader;
  const { materials_percent: materials, labour_percent: labour, price_rule: rule, norm } = why;
  const percents =
    materials === undefined && labour === undefined
      ? null
      : say("report-why-percents", { materials: plain(materials), labour: plain(labour) });
  const named = [wordFor("price-rule", rule, reader), wordFor("norm", norm, reader)].filter(Boolean).join(" · ");
  const ofRule = named ? say("report-price-rule", { rule: named }) : null;
  const more = [
    ...unknown(charge, CHARGE).map((name) => [name, charge[name]]),
    ...unknown(why, WHY).map((name) => [name, why[name]]),
  ];
  const small = [
    ofRule,
    say("report-currency", { currency: currencyName(reader) }),
    say("report-in-language", { language: t("phone-language-name", {}, reader.language) }),
  ];
  return html`<p class="soft">
    ${[reason, percents].filter(Boolean).map((part) => html`<span class="remark" key=${part}>${part}</span>`)}
    <span class="remark">${small.filter(Boolean).join(" · ")}</span>
    ${more.map(([name, value]) => html`<span class="remark" key=${name}>${name}: ${plain(value)}</span>`)}</p>`;
}

/** @param {Reader} reader @returns {string} the currency as people call it; whatever else was signed, as it is */
function currencyName({ currency, language: spoken }) {
  return attempt(currency, () => new Intl.DisplayNames(spoken, { type: "currency" }).of(currency) ?? currency);
}

/** The names that are not among those known here. @param {Json} object @param {string[]} names @returns {string[]} */
function unknown(object, names) {
  return Object.keys(object).filter((name) => !names.includes(name));
}

/** @param {unknown} value @returns {Json} */
function objectOf(value) {
  return value !== null && typeof value === "object" ? /** @type {Json} */ (value) : {};
}

/** @param {unknown} value @returns {Json[]} */
function linesOf(value) {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

/**
 * The word for a value that the catalogue has, else the value.
 * @param {string} group
 * @param {unknown} value
 * @param {Reader} reader
 */
function wordFor(group, value, reader) {
  return typeof value === "string" && value
    ? (known(`${group}-${dashed(value).toLowerCase()}`, {}, reader.language) ?? value)
    : plain(value);
}

/**
 * @param {unknown} minor
 * @param {Reader} reader
 * @returns {string} whole minor units as money; whatever else was signed, as it is
 */
function moneyText(minor, reader) {
  return attempt(minor, () =>
    Number.isSafeInteger(minor)
      ? formatMoney(/** @type {number} */ (minor), reader.currency, reader.language)
      : plain(minor),
  );
}

/**
 * What `format` makes of a value, else the value as it was signed.
 * @param {unknown} value
 * @param {() => string} format
 * @returns {string}
 */
function attempt(value, format) {
  if (value === null || value === undefined) return "";
  try {
    return format();
  } catch (problem) {
    if (problem instanceof RangeError || problem instanceof TypeError) return plain(value);
    throw problem;
  }
}

/** Any JSON value as readable text. @param {unknown} value @returns {string} */
function plain(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value.trim() : JSON.stringify(value);
}

/** @param {string} word @returns {string} as it stands in the catalogue's ids */
function dashed(word) {
  return word.replaceAll("_", "-");
}
