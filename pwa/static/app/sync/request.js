// What one exchange says to the server.

import { readClocks } from "../ledger/clock.js";
import { sign } from "../ledger/device.js";
import { failure } from "../core/failure.js";
import { inStore, linesAfter } from "../store/database.js";
import { ALONE } from "./turns.js";

export const MOST_LINES = 500;
const MOST_CHANGES = 500;
/** Of 2 MiB, what the lines may take; the rest is for what stands around them. */
const MOST_BYTES = 2 * 1024 * 1024 - 32 * 1024;

/**
 * @typedef {{body: import("../types.js").Json, lines: import("../types.js").KeptLine[],
 *   ledger: import("../types.js").Ledger, turn: import("./turns.js").Turn}} Request
 */

/**
 * The next request: the oldest lines that are not acknowledged, and how far each feed has been read.
 * @param {string[]} feeds
 * @param {{lines?: number, share?: number, wantedFrom?: number, turn?: import("./turns.js").Turn}} [most] how many
 *   lines the server takes, which part of all that is allowed may go in one request and come back by one answer, where
 *   its list of wanted photos goes on, and in whose turn it is sent
 * @returns {Promise<Request>}
 */
export async function nextRequest(
  feeds,
  { lines: linesTaken = MOST_LINES, share = 1, wantedFrom = 0, turn = ALONE } = {},
) {
  const mostLines = Math.max(1, Math.min(linesTaken, Math.floor(MOST_LINES * share)));
  const { ledger, epoch, cursors, waiting } = await inStore((database) => whatThereIs(database, mostLines));
  const lines = fitting(waiting, MOST_BYTES * share);
  const last = lines.at(-1);
  const known = new Map(cursors.map(({ feed, cursor }) => [feed, cursor]));
  const body = {
    protocol: 1,
    device: ledger.device,
    epoch,
    first: ledger.acknowledged + 1,
    lines: lines.map(({ text }) => text),
    signature: last && (await sign(ledger, last.text)),
    sent: readClocks(),
    cursors: Object.fromEntries(feeds.map((feed) => [feed, known.get(feed) ?? 0])),
    limit: Math.max(1, Math.floor(MOST_CHANGES * share)),
    ...(wantedFrom > 0 ? { wanted_from: wantedFrom } : {}),
  };
  return { body, lines, ledger, turn };
}

/**
 * @param {import("../store/database.js").Store} database
 * @param {number} mostLines
 */
async function whatThereIs(database, mostLines) {
  const transaction = database.transaction(["meta", "lines", "feeds"]);
  const meta = transaction.objectStore("meta");
  const [ledger, epoch, cursors] = await Promise.all([
    /** @type {Promise<import("../types.js").Ledger | undefined>} */ (meta.get("ledger")),
    /** @type {Promise<string | undefined>} */ (meta.get("epoch")),
    transaction.objectStore("feeds").getAll(),
  ]);
  if (!ledger) throw failure("ledger_lost");
  const lines = transaction.objectStore("lines");
  return {
    ledger,
    epoch,
    cursors,
    waiting: await lines.getAll(linesAfter(ledger.device, ledger.acknowledged), mostLines),
  };
}

/**
 * As many lines from the beginning as fit into one batch; one always does.
 * @param {import("../types.js").KeptLine[]} lines
 * @param {number} [mostBytes]
 */
export function fitting(lines, mostBytes = MOST_BYTES) {
  let bytes = 0;
  const end = lines.findIndex(
    ({ text }) => (bytes += new TextEncoder().encode(JSON.stringify(text)).length + 1) > mostBytes,
  );
  return end === -1 ? lines : lines.slice(0, Math.max(end, 1));
}
