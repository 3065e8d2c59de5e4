/**
 * How a search folds what people type and what is looked through, as the server does (server/rules/search.py): widths,
 * case, and traditional and simplified signs are alike; blanks and punctuation say nothing; a Chinese sign is found by
 * itself, by its pinyin without tones, or by as much of the beginning of that as was typed. Words may stand in any
 * order, each within one text. A whole telephone number is one word, however it is written (rules/telephones.js).
 * Pure, but for the table of signs that `useSigns` is given once.
 */
import { local, plain, telephonesIn, textsOf, without, withoutCountry } from "./telephones.js";

/** @typedef {{simplified: string, readings: Record<string, string>}} Signs */
/** A letter or sign, and its readings. @typedef {string[]} Unit */

/** Between a number's digits and those that are dialled within its area: no word has it. */
const OR_LOCAL = "=";
const SAYS_SOMETHING = /[\p{L}\p{N}\p{M}]/u;

/** @type {Map<string, string>} */
const folds = new Map([["ü", "v"]]);
/** @type {Map<string, string>} the readings of a sign, each with a slash before it */
const readings = new Map();

/**
 * Know Chinese signs from now on. Without them letters, digits and the signs themselves are compared.
 * @param {Signs} signs
 */
export function useSigns(signs) {
  const pairs = [...signs.simplified];
  for (let at = 0; at < pairs.length; at += 2) folds.set(pairs[at], pairs[at + 1]);
  readings.clear();
  for (const [reading, read] of Object.entries(signs.readings)) {
    for (const sign of read) readings.set(sign, `${readings.get(sign) ?? ""}/${reading}`);
  }
}

/** @param {string} text @returns {string} its letters, digits and signs as they are compared */
export function folded(text) {
  const plain = text.normalize("NFKC").toLowerCase().normalize("NFKC");
  return [...plain]
    .map((letter) => folds.get(letter) ?? letter)
    .filter((letter) => SAYS_SOMETHING.test(letter))
    .join("");
}

/**
 * What is looked through for these texts, a line each: a semicolon before each sign, a slash before
 * each of its readings (tests/vectors/findable.json). Missing and empty ones say nothing.
 * @param {(string | null | undefined)[]} texts
 * @returns {string}
 */
export function findable(texts) {
  const line = (/** @type {string} */ text) =>
    [...folded(text)].map((letter) => `;${letter}${readings.get(letter) ?? ""}`).join("");
  return texts
    .map((text) => (text ? line(text) : ""))
    .filter(Boolean)
    .join("\n");
}

/**
 * The words that were typed, folded; null where something was typed and none of it can be looked for. A telephone
 * number with its area's code is `7732822222=2822222`: found within a text by what stands before the mark, and by what
 * stands after it where that is a whole text.
 * @param {string} typed
 * @returns {string[] | null}
 */
export function wordsOf(typed) {
  const text = plain(typed);
  const numbers = telephonesIn(text);
  const pieces = without(text, numbers).match(/\S+/g) ?? [];
  const called = numbers.map(({ telephone }) => [telephone.digits, local(telephone)].filter(Boolean).join(OR_LOCAL));
  const words = [...new Set([...pieces.map((piece) => folded(withoutCountry(piece))).filter(Boolean), ...called])];
  return words.length > 0 || pieces.length === 0 ? words : null;
}

/**
 * Whether every word is found in what `findable` gave.
 * @param {string[] | null} words
 * @param {string} text
 */
export function finds(words, text) {
  return words !== null && words.every((word) => stands(word, text));
}

/**
 * Whether one word is found there, or found at the beginning of one of the texts.
 * @param {string} word
 * @param {string} text
 * @param {boolean} [atBeginning]
 */
export function stands(word, text, atBeginning = false) {
  const lines = text.split("\n").map((line) =>
    line
      .slice(1)
      .split(";")
      .map((unit) => unit.split("/")),
  );
  const [within, whole] = word.split(OR_LOCAL);
  const isWhole = (/** @type {Unit[]} */ line) => line.map(([letter]) => letter).join("") === whole;
  return lines.some((line) => standsIn(within, line, atBeginning) || isWhole(line));
}

/**
 * Goes through the line once, with every place in the word that may have been reached by then: no text makes it slow.
 * @param {string} word
 * @param {Unit[]} line
 * @param {boolean} atBeginning
 */
function standsIn(word, line, atBeginning) {
  /** @type {Set<number>} */
  let reached = new Set();
  for (const [index, unit] of line.entries()) {
    /** @type {Set<number>} */
    const now = new Set();
    for (const place of atBeginning && index > 0 ? reached : [0, ...reached]) {
      for (const way of unit) {
        for (let length = 0; length < way.length && way[length] === word[place + length]; length += 1)
          now.add(place + length + 1);
      }
    }
    if (now.has(word.length)) return true;
    reached = now;
  }
  return false;
}

/**
 * By what a work order is found.
 * @param {any} body any: a work order's document, of which each member may be missing
 * @returns {(string | null | undefined)[]}
 */
export function textsOfOrder(body) {
  const parts = [body.customer, body.site, body.asset, body.contact].map((part) => part ?? {});
  return [
    body.number,
    body.fault,
    body.requests,
    body.diagnosis,
    ...parts.flatMap(({ name, number, address, phone, serial, model, brand }) => [
      name,
      number,
      address,
      ...textsOf(phone),
      serial,
      model,
      brand,
    ]),
  ];
}

/** By what a part is found. @param {{number?: string, name?: string}} body */
export function textsOfPart(body) {
  return [body.number, body.name];
}
