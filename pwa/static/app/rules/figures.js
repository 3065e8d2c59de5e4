/**
 * What somebody meant who typed a figure, as the server reads it (server/rules/figures.py). What has only one meaning
 * is folded: full-width digits, a Chinese full stop between digits, blanks, the unit that is the field's own. What may
 * mean two things is not guessed at, and each field has bounds. Pure.
 */

/**
 * A kind of figure: at most `places` after the point, from `least` to `most`, or else above zero.
 * @typedef {{places: number, least: string, most: string, above_zero?: boolean}} Kind
 */

/** @type {Record<"QUANTITY" | "PRICE" | "MEASURE" | "LATITUDE" | "LONGITUDE", Kind>} */
export const KINDS = {
  QUANTITY: { places: 6, least: "0", most: "99999.99", above_zero: true },
  PRICE: { places: 2, least: "0", most: "9999999.99" },
  MEASURE: { places: 6, least: "-999999999", most: "999999999" },
  LATITUDE: { places: 12, least: "-90", most: "90" },
  LONGITUDE: { places: 12, least: "-180", most: "180" },
};
const LONGEST = 64;

const INVISIBLE = /\p{Cf}/gu;
const SIGNED = /^([+-]?) ?([0-9., ]*[0-9][0-9., ]*)(.*)/s;
const GROUPED = /^(?:[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3}){2,})$/;
const SPACED = /^[0-9]{1,3}(?: [0-9]{3})+(?:\.[0-9]*)?$/;

/** A figure that is not taken; `code` says why, `figures` are what a sentence about it needs. */
export class NotTaken extends RangeError {
  /** @param {string} code @param {Record<string, string | number>} [figures] */
  constructor(code, figures = {}) {
    super(code);
    this.code = code;
    this.figures = figures;
  }
}

/**
 * The decimal string that was meant; null where nothing was typed.
 * Throws NotTaken: not_a_number, points, comma, unit, places, above_zero, least, most.
 * @param {string} typed
 * @param {Kind} kind
 * @param {string[]} units the field's own
 * @returns {string | null}
 */
export function figureOf(typed, kind, units) {
  const text = plain(typed);
  if (text === "") return null;
  const own = units.filter((unit) => plain(unit) !== "");
  const found = [...text].length <= LONGEST ? SIGNED.exec(withoutUnit(text, own.map(plain))) : null;
  if (found === null) throw new NotTaken("not_a_number");
  const [, sign, body, rest] = found;
  if (/\p{Nd}/u.test(rest)) throw new NotTaken("not_a_number");
  if (rest !== "") throw new NotTaken("unit", { unit: own[0] ?? "" });
  const [whole, fraction] = parts(body);
  return within((sign === "-" ? "-" : "") + joined(whole, fraction, kind.places), kind);
}

/** In usual widths, in lower case, with single blanks and nothing that cannot be seen. @param {string} typed */
function plain(typed) {
  const usual = typed.replace(INVISIBLE, "").normalize("NFKC").toLowerCase();
  return usual
    .replace(/[\u2212\u2010]/g, "-")
    .replaceAll("\u3002", ".")
    .trim()
    .replace(/\s+/g, " ");
}

/**
 * Without a unit at its end, and one at its beginning: amounts are written with both.
 * @param {string} text
 * @param {string[]} units
 */
function withoutUnit(text, units) {
  const after = units.find((unit) => text.endsWith(unit)) ?? "";
  const begun = text.slice(0, text.length - after.length).replace(/ $/, "");
  const before = units.find((unit) => begun.startsWith(unit)) ?? "";
  return begun.slice(before.length).replace(/^ /, "");
}

/** The digits before and after the point. @param {string} typed @returns {[string, string]} */
function parts(typed) {
  if (typed.split(".").length > 2) throw new NotTaken("points");
  let body = typed.replace(/ ?\. ?/, ".");
  if (body.includes(" ")) {
    if (!SPACED.test(body)) throw new NotTaken("not_a_number");
    body = body.replaceAll(" ", "");
  }
  if (body.includes(",")) {
    if (!GROUPED.test(body)) throw new NotTaken("comma");
    body = body.replaceAll(",", "");
  }
  const [whole, fraction = ""] = body.split(".");
  return [whole.replace(/^0+/, "") || "0", fraction];
}

/**
 * Zeros at the end stay, as far as there is room for them: they say how closely something was measured.
 * @param {string} whole
 * @param {string} fraction
 * @param {number} places
 */
function joined(whole, fraction, places) {
  if (/[1-9]/.test(fraction.slice(places))) throw new NotTaken("places", { places });
  const kept = fraction.slice(0, places);
  return kept ? `${whole}.${kept}` : whole;
}

/** @param {string} value @param {Kind} kind */
function within(value, kind) {
  if (kind.above_zero && compare(value, "0") <= 0) throw new NotTaken("above_zero");
  if (compare(value, kind.least) < 0) throw new NotTaken("least", { least: kind.least });
  if (compare(value, kind.most) > 0) throw new NotTaken("most", { most: kind.most });
  return compare(value, "0") === 0 ? value.replace("-", "") : value;
}

/**
 * Below zero, zero or above as `one` is less than, equal to or more than `other`.
 * @param {string} one
 * @param {string} other
 */
export function compare(one, other) {
  const scale = Math.max(...[one, other].map((number) => (number.split(".")[1] ?? "").length));
  const [first, second] = [one, other].map((number) => {
    const [whole, fraction = ""] = number.split(".");
    return BigInt(whole + fraction.padEnd(scale, "0"));
  });
  return first < second ? -1 : first > second ? 1 : 0;
}
