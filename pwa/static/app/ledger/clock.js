// What this device's clocks say.

import { newId } from "../core/ids.js";

/** Names this run of the app, so that readings of its monotonic clock can be compared. */
const run = newId();

/**
 * What the clocks say now.
 * @returns {import("../types.js").Reading}
 */
export function readClocks() {
  return { wall: localTime(new Date()), mono: Math.round(performance.now() * 1000) / 1000, run };
}

/**
 * A moment as RFC 3339 with milliseconds and the phone's own offset.
 * @param {Date} moment
 */
export function localTime(moment) {
  const offset = -moment.getTimezoneOffset();
  const shifted = new Date(moment.getTime() + offset * 60_000).toISOString().slice(0, -1);
  const pad = (/** @type {number} */ value) => String(Math.trunc(Math.abs(value))).padStart(2, "0");
  return `${shifted}${offset < 0 ? "-" : "+"}${pad(offset / 60)}:${pad(offset % 60)}`;
}
