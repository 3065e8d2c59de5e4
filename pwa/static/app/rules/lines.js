/**
 * Which lines of two texts differ: a longest common subsequence of lines, as diff finds it, within a bound. The server
 * does the same (server/sync/operations/lines.py), so that both merge alike.
 */

// What is compared costs the product of the lines between the first difference and the last.
const MOST_PAIRS = 64 * 64;

/**
 * Lines `start`..`end` of the base are lines `first`..`last` of the other text, and differ.
 * @typedef {{start: number, end: number, first: number, last: number}} Range
 */

/**
 * @param {string[]} base
 * @param {string[]} other
 * @returns {Range[] | null} in order, with equal lines between them; null where more than MOST_PAIRS pairs had to be
 *   compared
 */
export function differingRanges(base, other) {
  const head = equalAtStart(base, other);
  const tail = equalAtStart(base.slice(head).reverse(), other.slice(head).reverse());
  const [one, two] = [base, other].map((lines) => lines.slice(head, lines.length - tail));
  if (one.length * two.length > MOST_PAIRS) return null;
  /** @type {Range[]} */
  const ranges = [];
  let [start, first] = [0, 0];
  for (const [here, there] of [...matches(one, two), [one.length, two.length]]) {
    if (start !== here || first !== there) {
      ranges.push({ start: head + start, end: head + here, first: head + first, last: head + there });
    }
    [start, first] = [here + 1, there + 1];
  }
  return ranges;
}

/**
 * @param {string[]} one
 * @param {string[]} other
 */
function equalAtStart(one, other) {
  const first = one.findIndex((line, index) => line !== other[index]);
  return first < 0 ? one.length : first;
}

/**
 * Places of equal lines, in order in both, as many as there can be; of equals those that come first in `two`.
 * @param {string[]} one
 * @param {string[]} two
 * @returns {[number, number][]}
 */
function matches(one, two) {
  const rows = longest(one, two);
  /** @type {[number, number][]} */
  const found = [];
  let [here, there] = [0, 0];
  while (here < one.length && there < two.length) {
    if (one[here] === two[there]) {
      found.push([here, there]);
      [here, there] = [here + 1, there + 1];
    } else if (rows[here + 1][there] >= rows[here][there + 1]) here += 1;
    else there += 1;
  }
  return found;
}

/**
 * At [i][j]: how many lines `one` from i on and `two` from j on have in common, in order.
 * @param {string[]} one
 * @param {string[]} two
 * @returns {number[][]}
 */
function longest(one, two) {
  const rows = Array.from({ length: one.length + 1 }, () => Array(two.length + 1).fill(0));
  for (let here = one.length - 1; here >= 0; here -= 1) {
    for (let there = two.length - 1; there >= 0; there -= 1) {
      rows[here][there] =
        one[here] === two[there]
          ? rows[here + 1][there + 1] + 1
          : Math.max(rows[here + 1][there], rows[here][there + 1]);
    }
  }
  return rows;
}
