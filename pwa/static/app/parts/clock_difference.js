/** How far the phone's clock is from the server's, as far as that is known. It stops nothing: every line carries what the clocks said. */
import { computed, effect, signal } from "@preact/signals";
import { store } from "../store/database.js";
import { contact } from "../sync/status.js";
import { now } from "./moments.js";

/** Less is what a slow link and an ordinary clock come to. */
const MATTERS_MS = 120_000;

const known = signal(/** @type {{server_ms: number, apart_ms: number, beyond_ms: number} | null} */ (null));

/** By how much the calendar clock is ahead of the one that only runs: it shrinks when somebody sets the clock back. */
const beyondRunning = () => Date.now() - performance.now();

/** Compares the clocks at each contact; called once at the start. */
export function compareClocks() {
  effect(() => {
    const { last_contact: phone } = contact.value;
    if (phone === null) known.value = null;
    else void readServerTime(phone).catch(() => {});
  });
}

/** @param {string} phone what the phone's clock said at the last contact */
async function readServerTime(phone) {
  const server_ms = Date.parse((await (await store()).get("meta", "server_time")) ?? "");
  if (!Number.isNaN(server_ms)) known.value = { server_ms, apart_ms: Date.parse(phone) - server_ms, beyond_ms: beyondRunning() };
}

/**
 * By how many seconds the phone's clock is ahead (negative: behind); 0 where that does not matter or is not known. A
 * clock that was set back since the last contact is noticed too; one set forward looks like time that has passed.
 */
export const clockDifference_s = computed(() => {
  if (known.value === null || now.value === 0) return 0; // `now` moves: this is looked at again and again.
  const { server_ms, apart_ms, beyond_ms } = known.value;
  const setBack_ms = Math.min(0, beyondRunning() - beyond_ms);
  const apart = Math.min(apart_ms + setBack_ms, Date.now() - server_ms);
  return Math.abs(apart) < MATTERS_MS ? 0 : Math.round(apart / 1000);
});
