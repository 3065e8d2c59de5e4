/**
 * Times, durations and sizes as a technician reads them: by the time as the server has it, where the phone knows it.
 */
import { effect, signal } from "@preact/signals";
import { trueNow, trueTime } from "../store/true_time.js";
import { formatTime, t } from "./language.js";

const TICK_MS = 15_000;
const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/** The present, in milliseconds; moves every quarter of a minute so that remaining times count down. */
export const now = signal(trueNow());

/** Lets the present move; called once at the start. */
export function startClock() {
  const move = () => {
    now.value = trueNow();
  };
  setInterval(move, TICK_MS);
  document.addEventListener("visibilitychange", move);
  effect(move); // As soon as the server has said by how much the phone's clock is wrong.
}

/** @param {string | number} at @returns {string} for example 09:14 */
export function clock(at) {
  return formatTime(trueTime(at), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** @param {string | number} at @returns {string} for example Tue 24 November */
export function day(at) {
  return formatTime(trueTime(at), { month: "long", day: "numeric", weekday: "short" });
}

/** @param {string | number} at @returns {string} for example 24 Nov */
function shortDay(at) {
  return formatTime(trueTime(at), { month: "short", day: "numeric" });
}

/** @param {string | number} at @returns {string} the day alone, to compare days */
export function dayKey(at) {
  return formatTime(trueTime(at), { year: "numeric", month: "2-digit", day: "2-digit" });
}

/** @param {string | number} at @returns {string} the clock when it was today, otherwise the day with it */
export function clockOrDay(at) {
  if (dayKey(at) === dayKey(now.value)) return clock(at);
  return formatTime(trueTime(at), {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}

/** @param {string} date a day without a time, as `2029-03-31` @returns {string} */
export function dateText(date) {
  return formatTime(`${date.slice(0, 10)}T12:00:00Z`, { year: "numeric", month: "short", day: "numeric" });
}

/**
 * @param {{start: string, end: string} | null} window
 * @returns {string} for example 09:00–11:00, with the day where that is not today
 */
export function windowText(window) {
  if (window === null) return t("phone-window-none");
  const times = { start: clock(window.start), end: clock(window.end) };
  return dayKey(window.start) === dayKey(now.value)
    ? t("phone-window", times)
    : t("phone-window-day", { ...times, day: shortDay(window.start) });
}

/** @param {number} seconds @returns {string} for example 2 h 51 min */
export function duration(seconds) {
  const whole = Math.abs(seconds);
  if (whole < MINUTE_S) return t("duration-now");
  if (whole < HOUR_S) return t("duration-minutes", { minutes: Math.floor(whole / MINUTE_S) });
  if (whole < DAY_S)
    return t("duration-hours", { hours: Math.floor(whole / HOUR_S), minutes: Math.floor((whole % HOUR_S) / MINUTE_S) });
  return t("duration-days", { days: Math.floor(whole / DAY_S), hours: Math.floor((whole % DAY_S) / HOUR_S) });
}

/** @param {number} seconds age of a position fix @returns {string} */
export function age(seconds) {
  return seconds < MINUTE_S ? t("duration-seconds", { seconds: Math.round(seconds) }) : duration(seconds);
}

/** @param {string} deadline @returns {number} seconds left, negative when it is over */
export function secondsLeft(deadline) {
  return (Date.parse(deadline) - now.value) / 1000;
}

/** @param {number} bytes @returns {string} */
export function bytesText(bytes) {
  if (bytes < 1000) return t("size-bytes", { value: bytes });
  if (bytes < 1e6) return t("size-kilobytes", { value: Math.round(bytes / 1000) });
  if (bytes < 1e9) return t("size-megabytes", { value: bytes / 1e6 });
  return t("size-gigabytes", { value: bytes / 1e9 });
}
