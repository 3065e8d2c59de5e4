/** How far the phone's clock is from the server's, as far as that is known. It stops nothing: every line carries what the clocks said. */
import { computed, effect, signal } from "@preact/signals";
import { readClocks } from "../ledger/clock.js";
import { parsed } from "../ledger/line.js";
import { signsOfAMovedClock } from "../rules/clocks.js";
import { inStore, store } from "../store/database.js";
import { orders } from "../store/documents.js";
import { session } from "../store/session.js";
import { contact } from "../sync/status.js";
import { now } from "./moments.js";

/** Less is what a slow link and an ordinary clock come to. */
const MATTERS_MS = 120_000;

const known = signal(/** @type {{server_ms: number, apart_ms: number, beyond_ms: number} | null} */ (null));

/** What the last line's clocks said, null before one; and whether the server ever said what time it is. */
const written = signal(/** @type {{met: boolean, last: import("../types.js").Reading | null}} */ ({ met: true, last: null }));

/** By how much the calendar clock is ahead of the one that only runs: it shrinks when somebody sets the clock back. */
const beyondRunning = () => Date.now() - performance.now();

/** Compares the clocks at each contact; called once at the start. */
export function compareClocks() {
  effect(() => {
    const { last_contact: phone } = contact.value;
    if (phone === null) known.value = null;
    else void readServerTime(phone).catch(() => {});
  });
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

/**
 * What is known of the phone's clock, for what rests on it.
 * @returns {import("../rules/weak_evidence.js").Clock}
 */
export const clockState = computed(() => {
  const { met, last } = written.value;
  const moved = now.value === 0 ? [] : signsOfAMovedClock(readClocks(), last).map(({ seconds }) => seconds);
  return { met, apart_s: clockDifference_s.value, moved_s: Math.max(0, ...moved) };
});
