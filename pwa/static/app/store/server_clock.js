// The server's time, as far as it says how long ago something was.

/**
 * `time` runs on by as much as both clocks moved since the contact before: the server's, which said `server` then, and
 * the phone's, which said `phone`. One that jumps, ahead or back, makes nothing old.
 * @typedef {{time: string, server: string, phone: string}} ServerClock
 */

/**
 * @param {ServerClock} known
 * @param {{server: string, phone: string}} said what the two clocks say now
 * @returns {ServerClock}
 */
export function later(known, { server, phone }) {
  const moved_ms = [Date.parse(server) - Date.parse(known.server), Date.parse(phone) - Date.parse(known.phone)];
  const passed_ms = Math.max(0, Math.min(...moved_ms)) || 0;
  return { time: new Date(Date.parse(known.time) + passed_ms).toISOString(), server, phone };
}

/**
 * Note what time the server says it is.
 * @param {import("../ledger/record.js").Writable<"meta">} meta
 * @param {string} server_time
 * @returns {Promise<string>} the time by which what the server has is kept
 */
export async function noteServerTime(meta, server_time) {
  const said = { server: server_time, phone: new Date().toISOString() };
  /** @type {ServerClock | undefined} */
  const known = await meta.get("server_clock");
  // An earlier version of the app kept only what the server said last.
  const next = known ? later(known, said) : { time: (await meta.get("server_time")) ?? server_time, ...said };
  await meta.put(next, "server_clock");
  await meta.put(server_time, "server_time");
  return next.time;
}

/**
 * The time by which what the server has is kept; undefined where it never said what time it is.
 * @param {{get(key: string): Promise<any>}} meta  any: whatever stands there, `server_clock` or `server_time`
 * @returns {Promise<string | undefined>}
 */
export async function keptTime(meta) {
  /** @type {ServerClock | undefined} */
  const known = await meta.get("server_clock");
  return known?.time ?? (await meta.get("server_time"));
}
