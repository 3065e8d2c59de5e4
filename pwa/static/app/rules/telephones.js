/**
 * Telephone numbers as people write them, read by their digits, as the server does (server/rules/telephones.py). A
 * number without a country's code is one of mainland China: a mobile number, one with an area code, or a service number
 * (400, 800). What is none of these for certain is not guessed at: it is compared as it is written. Pure.
 */
import { CODES } from "./telephone_codes.js";

/**
 * Its country's code, its digits within the country without what is dialled before them, how many of these are the
 * area's.
 * @typedef {{country: string, digits: string, area: number}} Telephone
 */
/**
 * A number in a text, from its first sign to what comes after its last.
 * @typedef {{start: number, end: number, telephone: Telephone}} Found
 */

const HOME = "86";
/** @type {Map<string, string>} */
const TRUNKS = new Map([...CODES.matchAll(/([0-9]+):([0-9]*)/g)].map(([, code, trunk]) => [code, trunk]));
const FEWEST_ABROAD = 6;
const MOST_ABROAD = 13;
const PIECES = 8;
/** So many pieces in a row are read: nobody writes more numbers into one field. */
const MOST_PIECES = 200;

const BETWEEN = /[\u3001,;/|\n]/u;
const RUN = /[0-9+().\s\u2010-\u2015\u2212-]+/gu;
const DIGIT = /[0-9]/;
const EXTENSION = /[\u2010-\u2015\u2212-][0-9]{1,5}$/u;
const SPREADSHEET = /(^|[^0-9.])([0-9])\.([0-9]+)[eE]\+?([0-9]{1,2})(?![0-9.])/gu;
const MOBILE = /^0?(1[3-9][0-9]{9})$/;
const AREA = /^0?(10|2[0-9]|[3-9][0-9]{2})([2-9][0-9]{6,7})$/;
const SERVICE = /^[48]00[0-9]{7}$/;
const LETTER = /[A-Za-z]/;
const CODED = new RegExp(`^(?:\\+(?:${[...TRUNKS.keys()].join("|")})|00${HOME})`);
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

/**
 * The text in usual width; a number that a spreadsheet has written as a power of ten is written out where none of its
 * digits is lost.
 * @param {string} text
 */
export function plain(text) {
  return text.normalize("NFKC").replace(SPREADSHEET, (power, before, first, rest, exponent) => {
    const [kept, over] = [rest.slice(0, Number(exponent)), rest.slice(Number(exponent))];
    return kept.length === Number(exponent) && /^0*$/.test(over) ? `${before}${first}${kept}` : power;
  });
}

/** The whole numbers in a text that `plain` gave, from left to right. @param {string} text @returns {Found[]} */
export function telephonesIn(text) {
  // The digit is looked for afterwards, so that no text is gone through again and again.
  const runs = [...text.matchAll(RUN)].filter((run) => DIGIT.test(run[0]));
  return runs.flatMap((run) => inRun(text, run.index, run.index + run[0].length));
}

/**
 * Of the pieces between blanks, as many as make one number; the first that can is taken as long as it can be.
 * @param {string} text
 * @param {number} start
 * @param {number} end
 */
function inRun(text, start, end) {
  const pieces = [...text.slice(start, end).matchAll(/\S+/gu)]
    .map((piece) => [start + piece.index, start + piece.index + piece[0].length])
    .filter(([from, to]) => !LETTER.test(text[from - 1] ?? "") && !LETTER.test(text[to] ?? ""))
    .slice(0, MOST_PIECES);
  /** @type {Found[]} */
  const found = [];
  for (let at = 0; at < pieces.length; at += 1) {
    for (let last = Math.min(at + PIECES, pieces.length) - 1; last >= at; last -= 1) {
      const telephone = whole(text.slice(pieces[at][0], pieces[last][1]));
      if (!telephone) continue;
      found.push({ start: pieces[at][0], end: pieces[last][1], telephone });
      at = last;
      break;
    }
  }
  return found;
}

/**
 * The number that this is, with its country's or area's code, or a mobile or service number; null for a part.
 * @param {string} written
 * @returns {Telephone | null}
 */
export function whole(written) {
  return read(written) ?? read(written.replace(EXTENSION, ""));
}

/** @param {string} written @returns {Telephone | null} */
function read(written) {
  const marked = written.replaceAll("(0)", "").replace(/^[.(]+/, "");
  const digits = marked.replaceAll(/[^0-9]/g, "");
  if (marked.slice(1).includes("+")) return null;
  if (marked.startsWith("+") || digits.startsWith("00")) return abroad(digits.replace(/^00/, ""));
  return atHome(digits) ?? (digits.startsWith(HOME) ? atHome(digits.slice(HOME.length)) : null);
}

/** @param {string} digits @returns {Telephone | null} */
function abroad(digits) {
  const country = [1, 2, 3].map((length) => digits.slice(0, length)).find((code) => TRUNKS.has(code));
  if (country === undefined) return null;
  const rest = digits.slice(country.length);
  if (country === HOME) return within(rest);
  const own = TRUNKS.get(country) === "0" ? rest.replace(/^0/, "") : rest;
  return own.length >= FEWEST_ABROAD && own.length <= MOST_ABROAD ? { country, digits: own, area: 0 } : null;
}

/**
 * A number of the own country; with an area only where the nought before that is written or the country is.
 * @param {string} digits
 */
function atHome(digits) {
  const found = within(digits);
  return found === null || found.area === 0 || digits.startsWith("0") ? found : null;
}

/** @param {string} digits @returns {Telephone | null} */
function within(digits) {
  const mobile = MOBILE.exec(digits);
  if (mobile) return { country: HOME, digits: mobile[1], area: 0 };
  if (SERVICE.test(digits)) return { country: HOME, digits, area: 0 };
  const area = AREA.exec(digits);
  return area ? { country: HOME, digits: area[1] + area[2], area: area[1].length } : null;
}

/** The digits that are dialled within the area; null where there is no area. @param {Telephone} telephone */
export function local({ digits, area }) {
  return area > 0 ? digits.slice(area) : null;
}

/** @param {Telephone} telephone by what the number is found */
function forms({ country, digits, area }) {
  const trunk = /** @type {string} */ (TRUNKS.get(country));
  if (country === HOME) return [area > 0 ? trunk + digits : digits];
  return [country + digits, ...(trunk ? [trunk + digits] : [])];
}

/**
 * By what a telephone field is found, which may hold several numbers: the forms of each, and what else it says.
 * @param {string | null | undefined} written
 * @returns {string[]}
 */
export function textsOf(written) {
  /** @type {string[]} */
  const texts = [];
  for (const piece of plain(written ?? "").split(BETWEEN)) {
    const found = telephonesIn(piece);
    texts.push(...found.flatMap(({ telephone }) => forms(telephone)));
    if (SAYS_SOMETHING.test(without(piece, found))) texts.push(piece);
  }
  return [...new Set(texts)];
}

/** The text with a blank for each number that was found in it. @param {string} text @param {Found[]} found */
export function without(text, found) {
  return found.reduceRight((left, { start, end }) => `${left.slice(0, start)} ${left.slice(end)}`, text);
}

/** A word that begins a number with its country's code, without that. @param {string} word */
export function withoutCountry(word) {
  const bare = word.replace(/^\(+/, "");
  return CODED.test(bare) ? bare.replace(CODED, "") : word;
}
