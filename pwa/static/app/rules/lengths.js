/**
 * Lengths as they are told: no finer than the accuracy that they were measured with. The same rule as the server's
 * (server/rules/lengths.py); the verdicts are reckoned with what was measured.
 */

/**
 * A length in whole metres, tens, hundreds: the largest of them that is no more than half of the accuracy.
 * @param {number} length_m
 * @param {number | null} accuracy_m
 * @returns {number}
 */
export function toldLength(length_m, accuracy_m) {
  const within_m = accuracy_m ?? 0;
  let step = 1;
  while (Number.isFinite(within_m) && step * 20 <= within_m) step *= 10;
  return inSteps(length_m, step);
}

/** @param {number} accuracy_m @returns {number} in whole metres, from a hundred on with two figures */
export function toldAccuracy(accuracy_m) {
  let step = 1;
  while (step * 100 <= accuracy_m) step *= 10;
  return inSteps(accuracy_m, step);
}

/** @param {number} length_m @param {number} step */
function inSteps(length_m, step) {
  return Math.floor(length_m / step + 0.5) * step;
}
