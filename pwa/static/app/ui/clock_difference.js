/**
 * How far the phone's clock is from the server's, as far as that is known. It stops nothing: every line carries what
 * the clocks said.
 */
import { computed, effect, signal } from "@preact/signals";
import { readClocks } from "../ledger/clock.js";
import { parsed } from "../ledger/line.js";
import { signsOfAMovedClock } from "../rules/clocks.js";
import { inStore } from "../store/database.js";
import { orders } from "../store/documents.js";
import { session } from "../store/session.js";
import { ahead_ms, followServerTime } from "../store/true_time.js";
import { contact } from "../sync/status.js";
import { now } from "./moments.js";

/** What the last line's clocks said, null before one; and whether the server ever said what time it is. */
const written = signal(
  /** @type {{met: boolean, last: import("../types.js").Reading | null}} */ ({ met: true, last: null }),
);

/** Compares the clocks at each contact, and with the last line; called once at the start. */
export function compareClocks() {
  followServerTime();
  effect(() => {
    // Whatever is recorded brings new orders, and whatever the server says a new contact.
    if (session.value !== null && orders.value && contact.value) void readLedger().catch(() => {});
  });
}

async function readLedger() {
  written.value = await inStore(async (database) => {
    const transaction = database.transaction(["meta", "lines"]);
    /** @type {import("../types.js").Ledger | undefined} */
    const ledger = await transaction.objectStore("meta").get("ledger");
    const line = ledger && (await transaction.objectStore("lines").get([ledger.device, ledger.seq]));
    const told = await transaction.objectStore("meta").get("server_time");
    return { met: told !== undefined, last: line ? parsed(line).at : null };
  });
}

/**
 * By how many seconds the phone's clock is ahead (negative: behind); 0 where that does not matter or is not known.
 * `now` moves: this is looked at again and again.
 */
export const clockDifference_s = computed(() => (now.value === 0 ? 0 : Math.round(ahead_ms() / 1000)));

/**
 * What is known of the phone's clock, for what rests on it.
 * @returns {import("../rules/clocks.js").Clock}
 */
export const clockState = computed(() => {
  const { met, last } = written.value;
  const moved = now.value === 0 ? [] : signsOfAMovedClock(readClocks(), last).map(({ seconds }) => seconds);
  return { met, apart_s: clockDifference_s.value, moved_s: Math.max(0, ...moved) };
});
