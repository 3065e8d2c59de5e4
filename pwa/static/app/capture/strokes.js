// A signature as strokes of points [x, y, t_ms, pressure], thin enough to fit into one line of the ledger.

import { MAX_LINE_BYTES } from "../ledger/line.js";

/** @typedef {[number, number, number, number]} Point x and y in the box's units, milliseconds, pressure 0 to 1 */

/** Of a line, what stands around its data: ids, clocks, the hash of the line before. */
const AROUND_BYTES = 1024;

/**
 * signature_pad's groups of points as the protocol's strokes; `t_ms` counts from the first point.
 * @param {{points: {x: number, y: number, time: number, pressure: number}[]}[]} groups
 * @returns {Point[][]}
 */
export function strokesOf(groups) {
  const start = groups[0]?.points[0]?.time ?? 0;
  return groups.map(({ points }) =>
    points.map(({ x, y, time, pressure }) => [tenth(x), tenth(y), Math.round(time - start), hundredth(pressure)]),
  );
}

/**
 * The strokes with as many points as fit: those that lie on a straight line between their neighbours go first; the
 * first and the last of every stroke always stay.
 * @param {Point[][]} strokes
 * @param {number} mostBytes of their JSON
 * @returns {Point[][]}
 */
export function thinned(strokes, mostBytes) {
  let result = strokes;
  for (let tolerance = 0.25; bytesOf(result) > mostBytes && tolerance < 1e5; tolerance *= 1.6) {
    result = strokes.map((stroke) => simplified(stroke, tolerance));
  }
  return result;
}

/**
 * What is left for the strokes in the line that holds them and `data`.
 * @param {import("../types.js").Json} data everything that stands beside them: above all the report, as a text in a
 *   text
 * @returns {number} bytes
 */
export function roomForStrokes(data) {
  return MAX_LINE_BYTES - AROUND_BYTES - bytesOf(data);
}

/**
 * The Douglas-Peucker algorithm, without recursion: a slow hand makes long strokes.
 * @param {Point[]} stroke
 * @param {number} tolerance in the box's units
 * @returns {Point[]}
 */
function simplified(stroke, tolerance) {
  if (stroke.length < 3) return stroke;
  const keeps = new Uint8Array(stroke.length);
  keeps[0] = keeps[stroke.length - 1] = 1;
  const spans = [[0, stroke.length - 1]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [first, last] = span;
    let farthest = 0;
    let distance = tolerance;
    for (let index = first + 1; index < last; index += 1) {
      const here = distanceTo(stroke[index], stroke[first], stroke[last]);
      if (here > distance) [farthest, distance] = [index, here];
    }
    if (farthest === 0) continue;
    keeps[farthest] = 1;
    spans.push([first, farthest], [farthest, last]);
  }
  return stroke.filter((_point, index) => keeps[index] === 1);
}

/**
 * @param {Point} point
 * @param {Point} start of the straight line
 * @param {Point} end of it
 */
function distanceTo([x, y], [startX, startY], [endX, endY]) {
  const [dx, dy] = [endX - startX, endY - startY];
  const square = dx * dx + dy * dy;
  const share = square === 0 ? 0 : Math.max(0, Math.min(1, ((x - startX) * dx + (y - startY) * dy) / square));
  return Math.hypot(x - startX - share * dx, y - startY - share * dy);
}

/** @param {unknown} value */
function bytesOf(value) {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

/** @param {number} value */
function tenth(value) {
  return Math.round(value * 10) / 10;
}

/** @param {number} value */
function hundredth(value) {
  return Math.round(value * 100) / 100;
}
