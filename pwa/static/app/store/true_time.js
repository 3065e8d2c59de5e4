// The time as the server has it, as far as this phone knows by how much its own clock is wrong. Everything that a
// person is shown, and that is compared for the screen, goes by it; what is written into lines is what the clock says,
// and is judged as evidence.

import { effect, signal } from "@preact/signals-core";
import { localTime } from "../ledger/clock.js";
import { listen } from "./channel.js";
import { inStore } from "./database.js";
import { session } from "./session.js";

/** Less is what a slow link and an ordinary clock come to. */
const MATTERS_MS = 120_000;
/** So many stamps of a wrong clock are kept, the newest: more than anybody looks back at. */
const MOST_STAMPS = 500;

/** What both clocks said at the last contact, and by how much the phone's was ahead of the one that only runs. */
const known = signal(/** @type {{server_ms: number, apart_ms: number, beyond_ms: number} | null} */ (null));
/**
 * Stamps of this phone that were made while its clock was known to be wrong, in milliseconds, and by how much it was
 * ahead.
 */
const stamps = signal(/** @type {Map<number, number>} */ (new Map()));

/** By how much the calendar clock is ahead of the one that only runs: it shrinks when somebody sets the clock back. */
const beyondRunning = () => Date.now() - performance.now();

/** Learns at each contact by how much the clock is wrong; called once at the start. */
export function followServerTime() {
  effect(() => {
    if (session.value === null) known.value = null;
    else void learnServerTime().catch(() => {});
  });
  listen((topic) => {
    if (topic === "contact" && session.peek() !== null) void learnServerTime().catch(() => {});
  });
}

/** Read what both clocks said when the server was last heard. */
export async function learnServerTime() {
  const [both, server, contact, kept] = await inStore((database) =>
    Promise.all([
      /** @type {Promise<import("./server_clock.js").ServerClock | undefined>} */ (
        database.get("meta", "server_clock")
      ),
      database.get("meta", "server_time"),
      database.get("meta", "contact"),
      /** @type {Promise<[number, number][] | undefined>} */ (database.get("meta", "wrong_stamps")),
    ]),
  );
  stamps.value = new Map([...(kept ?? []), ...stamps.peek()]);
  // An earlier version of the app kept both apart.
  const said = both ?? { server: server ?? "", phone: contact?.last_contact ?? "" };
  const [server_ms, phone_ms] = [Date.parse(said.server), Date.parse(said.phone)];
  if (Number.isNaN(server_ms + phone_ms)) known.value = null;
  else if (known.peek()?.server_ms !== server_ms)
    known.value = { server_ms, apart_ms: phone_ms - server_ms, beyond_ms: beyondRunning() };
}

/**
 * By how many milliseconds the phone's clock is ahead (negative: behind); 0 where that does not matter or is not known.
 * That it was set since the last contact is noticed where the clock that only runs tells it from time that has passed.
 * @returns {number}
 */
export function ahead_ms() {
  if (known.value === null) return 0;
  const { server_ms, apart_ms, beyond_ms } = known.value;
  const set_ms = beyondRunning() - beyond_ms;
  const isSetRight = apart_ms < 0 && Math.abs(apart_ms + set_ms) < MATTERS_MS;
  const apart = isSetRight ? 0 : Math.min(apart_ms + Math.min(0, set_ms), Date.now() - server_ms);
  return Math.abs(apart) < MATTERS_MS ? 0 : apart;
}

/** The present, in milliseconds. */
export function trueNow() {
  return Date.now() - ahead_ms();
}

/** The present, to be kept and shown later: never for a line, which says what the phone's clock says. */
export function trueStamp() {
  return localTime(new Date(trueNow()));
}

/**
 * The present as the phone's clock has it, for a line; shown it is put right.
 * @returns {string}
 */
export function rawStamp() {
  const at = new Date();
  noteStamps([at.getTime()]);
  return at.toISOString();
}

/**
 * When something was, as it is shown: what this phone stamped while it knew that its clock was wrong is put right by as
 * much as it was wrong then; everything else is as it is said to be.
 * @param {string | number} at
 * @returns {number} milliseconds
 */
export function trueTime(at) {
  const ms = typeof at === "number" ? at : Date.parse(at);
  return ms - (stamps.value.get(ms) ?? 0);
}

/**
 * Note the stamps of lines that are about to be written, where the clock is known to be wrong.
 * @param {import("../ledger/record.js").Writable<"meta">} meta
 * @param {{at: {wall: string}, data: import("../types.js").Json}[]} lines
 */
export async function keepStamps(meta, lines) {
  const ahead = ahead_ms();
  if (ahead === 0) return;
  // A satellite's time of a fix is right by itself; a browser's is the phone's clock.
  const isByPhone = (/** @type {number} */ at, /** @type {number} */ wall) =>
    Math.abs(at - wall) < Math.abs(at - (wall - ahead));
  const made = lines.flatMap(({ at, data }) => {
    const wall = Date.parse(at.wall);
    const within = [data?.taken_at, data?.position?.fixed_at].map((stamp) => Date.parse(stamp ?? ""));
    return [wall, ...within.filter((stamp) => isByPhone(stamp, wall))];
  });
  noteStamps(made);
  /** @type {[number, number][]} */
  const kept = (await meta.get("wrong_stamps")) ?? [];
  const added = made.map((stamp) => /** @type {[number, number]} */ ([stamp, stamps.peek().get(stamp) ?? ahead]));
  await meta.put([...kept, ...added].slice(-MOST_STAMPS), "wrong_stamps");
}

/** @param {number[]} made just now */
function noteStamps(made) {
  const ahead = ahead_ms();
  if (ahead === 0) return;
  const known = stamps.peek();
  stamps.value = new Map([
    ...known,
    ...made.filter((stamp) => !known.has(stamp)).map((stamp) => /** @type {[number, number]} */ ([stamp, ahead])),
  ]);
}
