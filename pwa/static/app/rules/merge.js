/** How two changes of one field meet: scalars by their base, texts line by line, as on the server. */
import { differingRanges } from "./lines.js";

// Longer texts become a conflict for a person, and so do texts that differ in too many lines (lines.js).
const MOST_LINES = 500;

/**
 * A JSON value; undefined is an absent one.
 * @typedef {any} Json  any: the protocol allows every JSON value in a field
 */

/** @typedef {{start: number, end: number, lines: string[]}} Hunk Lines `start`..`end` of the base became `lines`. */

/**
 * Take the change `was` → `now` into a field that holds `current`. `value` is the field's value from now on (on
 * `conflict` the one it had). Null, an absent field and an empty text are the same, and so are line ends.
 * @param {Json} was
 * @param {Json} now
 * @param {Json} current
 * @returns {{result: "applied" | "merged" | "conflict", value: Json}}
 */
export function mergeField(was, now, current) {
  const [base, mine, theirs] = [plain(was), plain(now), plain(current)];
  if (same(theirs, base)) return { result: "applied", value: mine };
  if (same(theirs, mine) || same(mine, base)) return { result: "applied", value: theirs };
  if (typeof base === "string" && typeof mine === "string" && typeof theirs === "string") {
    const text = mergeText(base, mine, theirs);
    if (text !== null) return { result: "merged", value: text };
  }
  return { result: "conflict", value: theirs };
}

/**
 * Both changes of `base` in one text, or null where they touch the same lines in different ways or too many.
 * @param {string} base
 * @param {string} one
 * @param {string} other
 * @returns {string | null}
 */
export function mergeText(base, one, other) {
  const [lines, mine, theirs] = [base, one, other].map((text) => text.split("\n"));
  if (Math.max(lines.length, mine.length, theirs.length) > MOST_LINES) return null;
  const [ours, others] = [hunksOf(lines, mine), hunksOf(lines, theirs)];
  const hunks = ours && others && together([...ours, ...others]);
  if (hunks === null) return null;
  /** @type {string[]} */
  const merged = [];
  let position = 0;
  for (const hunk of hunks) {
    merged.push(...lines.slice(position, hunk.start), ...hunk.lines);
    position = hunk.end;
  }
  return [...merged, ...lines.slice(position)].join("\n");
}

/**
 * Whether two JSON values are equal; members that are null count as absent.
 * @param {Json} one
 * @param {Json} other
 * @returns {boolean}
 */
export function same(one, other) {
  if (isEmpty(one) && isEmpty(other)) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, index) => same(value, other[index]));
  }
  if (isObject(one) && isObject(other)) {
    return [...Object.keys(one), ...Object.keys(other)].every((name) => same(one[name], other[name]));
  }
  return one === other;
}

/** @param {Json} value */
function isEmpty(value) {
  return value === null || value === undefined || value === "";
}

/** @param {Json} value */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {Json} value */
function plain(value) {
  return typeof value === "string" ? value.replace(/\r\n?/g, "\n") : (value ?? null);
}

/**
 * @param {string[]} base
 * @param {string[]} changed
 * @returns {Hunk[] | null}
 */
function hunksOf(base, changed) {
  const ranges = differingRanges(base, changed);
  return ranges && ranges.map(({ start, end, first, last }) => ({ start, end, lines: changed.slice(first, last) }));
}

/**
 * In the order of the base; an equal hunk counts once; null where two of them collide.
 * @param {Hunk[]} hunks
 * @returns {Hunk[] | null}
 */
function together(hunks) {
  const unique = [...new Map(hunks.map((hunk) => [JSON.stringify(hunk), hunk])).values()];
  unique.sort((one, other) => one.start - other.start || one.end - other.end);
  const collides = unique.some((hunk, index) => index > 0 && collide(unique[index - 1], hunk));
  return collides ? null : unique;
}

/**
 * Overlapping lines collide, and so do two different insertions at one place: which comes first?
 * @param {Hunk} before
 * @param {Hunk} after
 */
function collide(before, after) {
  const bothInsertHere = before.start === before.end && after.start === after.end && before.end === after.start;
  return after.start < before.end || bothInsertHere;
}
