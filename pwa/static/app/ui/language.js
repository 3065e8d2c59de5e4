// Every text that a person reads, from the Fluent catalogues that the server reads too; dates, numbers and money in
// the person's language, in the company's time zone and currency.

import { FluentBundle, FluentNumber, FluentResource } from "@fluent/bundle";
import { computed, signal } from "@preact/signals-core";
import { recall, remember } from "../core/remembered.js";

const ROOMS = ["common", "reasons", "problems", "phone", "report"];
const KEPT = "undercroft-language";
const page = document.documentElement;
const timeZone = page.dataset.timezone || undefined;
const currency = page.dataset.currency || "CNY";

/** The languages that have a catalogue, the company's first. */
export const languages = offered();

/** The language that the app speaks. */
export const language = signal(preferred());

/** @type {import("@preact/signals-core").Signal<Record<string, FluentBundle>>} */
const bundles = signal({});

/**
 * Load every catalogue: all of them are on the phone, so that the customer's language needs no network.
 * Wait for it before the first screen.
 */
export async function loadLanguages() {
  const loaded = await Promise.all(languages.map(async (each) => [each, await bundleOf(each)]));
  bundles.value = Object.fromEntries(loaded);
  page.lang = language.value;
}

/**
 * Speak another language from now on, on this phone.
 * @param {string} wanted
 */
export function setLanguage(wanted) {
  if (!languages.includes(wanted)) return;
  language.value = wanted;
  page.lang = wanted;
  remember(KEPT, wanted);
}

/**
 * The text of a message, or of one of its attributes (`id.attribute`); the id itself where no catalogue has it.
 * @param {string} id
 * @param {Record<string, string | number | Date | null | undefined>} [figures]
 * @param {string} [inLanguage] another language than the app's
 * @returns {string}
 */
export function t(id, figures = {}, inLanguage = language.value) {
  return text(id, figures, inLanguage) ?? id;
}

/**
 * As `t`, but null where no catalogue has the message.
 * @param {string} id
 * @param {Record<string, string | number | Date | null | undefined>} [figures]
 * @param {string} [inLanguage]
 * @returns {string | null}
 */
export function text(id, figures = {}, inLanguage = language.value) {
  const [name, attribute] = id.split(".");
  const known = Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, value ?? ""]));
  for (const candidate of [inLanguage, ...languages]) {
    const bundle = bundles.value[candidate];
    const message = bundle?.getMessage(name);
    const pattern = attribute ? message?.attributes[attribute] : message?.value;
    if (bundle && pattern) return whole(bundle, pattern, known);
  }
  return null;
}

/**
 * A sentence without what it could not be told: nobody reads the name of a figure.
 * @param {FluentBundle} bundle
 * @param {import("@fluent/bundle").Message["value"] & {}} pattern
 * @param {Record<string, string | number | Date>} figures
 */
function whole(bundle, pattern, figures) {
  /** @type {Error[]} */
  const gaps = [];
  const said = bundle.formatPattern(pattern, figures, gaps);
  if (gaps.length === 0) return said;
  console.error(...gaps);
  return said.replaceAll(/\{[^{}]*\}/g, "").trim();
}

/**
 * A date or time of day, in the company's time zone.
 * @param {string | number | Date} moment RFC 3339, milliseconds since 1970 or a Date
 * @param {Intl.DateTimeFormatOptions} [form]
 * @param {string} [inLanguage]
 */
export function formatTime(moment, form = { dateStyle: "medium", timeStyle: "short" }, inLanguage = language.value) {
  return new Intl.DateTimeFormat(inLanguage, { timeZone, hourCycle: "h23", ...form }).format(new Date(moment));
}

/**
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [form]
 */
export function formatNumber(value, form = {}) {
  return new Intl.NumberFormat(language.value, form).format(value);
}

/**
 * A quantity with as many decimals as it was written with: "2.50" stays 2.50.
 * @param {string} quantity a decimal string
 * @param {string} [inLanguage]
 */
export function formatQuantity(quantity, inLanguage = language.value) {
  const decimals = (quantity.split(".")[1] ?? "").length;
  const form = new Intl.NumberFormat(inLanguage, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return form.format(/** @type {Intl.StringNumericLiteral} */ (quantity));
}

/**
 * Money from whole minor units: ¥1,250.50, and CN¥1,250.50 where CNY is not the company's currency. The server's
 * format_money writes it so too.
 * @param {number} minor
 * @param {string} [code] ISO 4217; the company's where absent
 * @param {string} [inLanguage]
 */
export function formatMoney(minor, code = currency, inLanguage = language.value) {
  const currencyDisplay = code === currency ? "narrowSymbol" : "symbol";
  const form = new Intl.NumberFormat(inLanguage, { style: "currency", currency: code, currencyDisplay });
  const digits = form.resolvedOptions().maximumFractionDigits ?? 2;
  const sign = minor < 0 ? "-" : "";
  const all = String(Math.abs(minor)).padStart(digits + 1, "0");
  const whole = all.slice(0, all.length - digits);
  return form.format(
    /** @type {Intl.StringNumericLiteral} */ (`${sign}${whole}${digits ? `.${all.slice(-digits)}` : ""}`),
  );
}

/** How many digits the company's currency has behind its point. @returns {number} */
export function currencyDigits() {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** The language in which a signed report was read may differ from the app's. @type {() => string} */
export const otherLanguage = () => languages.find((each) => each !== language.value) ?? language.value;

/** Whether the catalogues are there. */
export const languagesLoaded = computed(() => Object.keys(bundles.value).length > 0);

/** @param {string} each */
async function bundleOf(each) {
  const bundle = new FluentBundle(each, { useIsolating: false, functions: { NUMBER: asNumber } });
  const texts = await Promise.all(ROOMS.map((room) => catalogue(each, room)));
  for (const source of texts) bundle.addResource(new FluentResource(source));
  return bundle;
}

/**
 * The text of one catalogue; empty where it cannot be had: an app with other words is better than none.
 * @param {string} each
 * @param {string} room
 */
async function catalogue(each, room) {
  const answer = await fetch(`/app/static/language/${each}/${room}.ftl`).catch(() => null);
  return answer?.ok ? answer.text() : "";
}

/**
 * NUMBER() of the catalogues.
 * @param {import("@fluent/bundle").FluentValue[]} values
 * @param {Record<string, import("@fluent/bundle").FluentValue>} options
 */
function asNumber([value], options) {
  const plain = Object.fromEntries(Object.entries(options).map(([key, option]) => [key, option.valueOf()]));
  return new FluentNumber(Number(value.valueOf()), plain);
}

function offered() {
  const listed = (page.dataset.languages || "zh-CN en").split(" ");
  return [...new Set([page.lang, ...listed])].filter((each) => listed.includes(each));
}

function preferred() {
  const kept = recall(KEPT);
  if (kept && languages.includes(kept)) return kept;
  const base = (/** @type {string} */ tag) => tag.split("-")[0];
  const wanted = navigator.languages.map((tag) => languages.find((each) => base(each) === base(tag))).find(Boolean);
  return wanted ?? languages[0];
}
