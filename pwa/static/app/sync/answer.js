// Taking in what one exchange brought: receipts, documents and cursors, in one transaction.

import { ANY_NUMBER, ANY_TEXT, inOneTransaction, linesAfter } from "../store/database.js";
import { inUse } from "../store/documents.js";
import { isInMemory } from "../store/in_memory.js";
import { keptTime, noteServerTime } from "../store/server_clock.js";
import { linesOnlyHere } from "../store/unsent.js";
import { compareHeld } from "./holding.js";
import { copiesOf, withoutOld } from "./recalls.js";

/** Closed so long ago that it leaves by itself. */
const ARCHIVED = "archived";
/** Given to somebody else. */
const REASSIGNED = "reassigned";
/** The server did not say why. */
const UNKNOWN = "unknown";
/** What was begun on an order that has left is ended, and found again, for so long. */
const FINDABLE_FOR_MS = 24 * 3600 * 1000;

/** So many orders that have left are told of, the last ones. */
const MOST_LEFT = 50;

/** @typedef {import("../types.js").Ledger} Ledger */
/** @typedef {import("../types.js").Outcome} Outcome */

/**
 * @typedef {{feed: string, seq: number, type: string, id: string, version?: number, seal?: string,
 *   body?: import("../types.js").Json, gone?: boolean, reason?: string, to?: string[]}} Change
 * @typedef {{epoch: string, server_time: string, anchor: string, acknowledged: number, outcomes: Outcome[],
 *   changes: Change[], cursors: Record<string, number>, more: boolean, reset?: string[], holds?: Record<string,
 *   number>, wanted?: string[], wanted_next?: number}} Answer
 * @typedef {import("idb").IDBPTransaction<import("../store/database.js").Schema,
 *   ("meta" | "lines" | "receipts" | "documents" | "feeds" | "deliveries" | "drafts")[], "readwrite">} Transaction
 */

/**
 * @param {Answer} answer
 * @param {import("./request.js").Request} request
 * @param {import("../types.js").Reading} received when the answer came
 * @returns {Promise<{company: boolean, forked: boolean, lost: number, again: boolean}>} whether the company's documents
 *   changed; whether the server has lines of this device that this phone has not: it was put back to an earlier state,
 *   or copied; and as `compareHeld`
 * @throws turn_lost where another tab has gone on meanwhile: then the answer is an old one, and nothing of it is
 *   written
 */
export async function takeIn(answer, request, received) {
  let forked = false;
  let held = { lost: 0, again: false };
  await inOneTransaction(
    ["meta", "lines", "receipts", "documents", "feeds", "deliveries", "drafts"],
    async (transaction) => {
      const meta = transaction.objectStore("meta");
      await request.turn.check(meta);
      /** @type {Ledger} */
      const ledger = await meta.get("ledger");
      if (ledger.device !== request.ledger.device) return; // Another tab has moved on to a new device.
      forked = answer.acknowledged > request.ledger.seq;
      // What was recorded while the request was on its way is not what the answer speaks of.
      const acknowledged = Math.min(answer.acknowledged, request.lines.at(-1)?.seq ?? request.ledger.acknowledged);
      const settled_at = await noteServerTime(meta, answer.server_time);
      await takeAcknowledged(transaction, ledger, acknowledged, { outcomes: answer.outcomes, settled_at });
      await meta.put({ ...ledger, acknowledged, anchor: { token: answer.anchor, received } }, "ledger");
      await noticeRestore(transaction, answer, request);
      await takeChanges(transaction, answer);
      await keepAhead(transaction, answer, ledger.device);
      await removeGone(transaction);
      held = await compareHeld(transaction, answer);
    },
  );
  return {
    ...held,
    forked,
    company: answer.changes.some(({ feed }) => feed === "company") || (answer.reset ?? []).length > 0,
  };
}

/**
 * The server says up to where it has the ledger, outside of an answer: in the refusal of a gap.
 * @param {string} device
 * @param {number} acknowledged
 * @param {import("./turns.js").Turn} turn
 */
export async function takeGap(device, acknowledged, turn) {
  await inOneTransaction(["meta", "lines", "receipts"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    await turn.check(meta);
    /** @type {Ledger} */
    const ledger = await meta.get("ledger");
    if (ledger.device !== device || acknowledged >= ledger.acknowledged) return;
    await transaction.objectStore("receipts").delete(linesAfter(device, acknowledged));
    await meta.put({ ...ledger, acknowledged }, "ledger");
  });
}

/**
 * Note what became of the lines that the server has now; forget it of lines that it has lost.
 * @param {Transaction} transaction
 * @param {Ledger} ledger
 * @param {number} acknowledged
 * @param {{outcomes: Outcome[], settled_at: string}} told
 */
async function takeAcknowledged(transaction, ledger, acknowledged, { outcomes, settled_at }) {
  const receipts = transaction.objectStore("receipts");
  if (acknowledged < ledger.acknowledged) await receipts.delete(linesAfter(ledger.device, acknowledged));
  const bySeq = new Map(outcomes.map((outcome) => [outcome.seq, outcome]));
  if (acknowledged <= ledger.acknowledged) return;
  const taken = IDBKeyRange.bound([ledger.device, ledger.acknowledged + 1], [ledger.device, acknowledged]);
  for (const { device, seq, id } of await transaction.objectStore("lines").getAll(taken)) {
    const outcome = bySeq.get(seq) ?? null;
    /** @type {{held?: 1}} */
    const held = outcome?.status === "held" ? { held: 1 } : {};
    await receipts.put({ device, seq, id, settled_at, carried: false, outcome, ...held });
  }
}

/**
 * Another epoch is another history: the server was restored, and what this phone holds may be all that is left of it.
 * @param {Transaction} transaction
 * @param {Answer} answer
 * @param {import("./request.js").Request} request
 */
async function noticeRestore(transaction, { epoch }, request) {
  const meta = transaction.objectStore("meta");
  if (request.body.epoch !== undefined && request.body.epoch !== epoch) {
    const documents = await transaction.objectStore("documents").getAll();
    await meta.put(copiesOf(documents, (await meta.get("recalls")) ?? {}), "recalls");
    await meta.put(true, "former_lines_due");
    await meta.put(true, "shut_out_due");
  }
  await meta.put(epoch, "epoch");
}

/**
 * @param {Transaction} transaction
 * @param {Answer} answer
 */
async function takeChanges(transaction, answer) {
  const documents = transaction.objectStore("documents");
  const feeds = transaction.objectStore("feeds");
  const meta = transaction.objectStore("meta");
  /** @type {import("./recalls.js").Copies} */
  let copies = (await meta.get("recalls")) ?? {};
  for (const feed of answer.reset ?? []) {
    for (const document of await documents.index("feed").getAll(feed)) {
      // Of what has left already it is known why, and since when.
      if (document.gone === null) await documents.put({ ...document, stale: true });
    }
    await feeds.put({ feed, cursor: 0, resetting: true });
  }
  for (const { feed, type, id, version, seal, body, gone, reason, to } of answer.changes) {
    if (!gone && body && version !== undefined) {
      await documents.put({ type, id, version, seal, body, feed, gone: null, stale: false });
      if (type === "work_order") copies = withoutOld(copies, id, { version, body });
      continue;
    }
    const known = await documents.get([type, id]);
    if (known && known.gone === null && type === "work_order") await noteLeft(meta, known, reason ?? UNKNOWN, to);
    if (known) await documents.put({ ...known, ...(await leaving(transaction, id, reason ?? UNKNOWN)), gone_to: to });
  }
  for (const [feed, cursor] of Object.entries(answer.cursors)) {
    const known = await feeds.get(feed);
    const resetting = (known?.resetting ?? false) && answer.more;
    if (!answer.more) await goneWhatIsStale(transaction, feed, copies);
    // What was said of another place in the feed holds no longer.
    const holds = answer.holds?.[feed] ?? (known?.cursor === cursor ? known.holds : undefined);
    await feeds.put({ ...known, feed, cursor, resetting, holds });
  }
  await meta.put(copies, "recalls");
}

/**
 * A feed that was sent from the start has come to its end: what it no longer carries is gone. What the server has lost
 * stays until it has been offered and the answer has come; where that is believed, the feed carries it again for those
 * whose it is.
 * @param {Transaction} transaction
 * @param {string} feed
 * @param {import("./recalls.js").Copies} copies
 */
async function goneWhatIsStale(transaction, feed, copies) {
  const documents = transaction.objectStore("documents");
  const left = (await documents.index("feed").getAll(feed)).filter(({ stale }) => stale);
  if (left.length === 0) return;
  const offered = await offeredOrders(transaction);
  for (const document of left) {
    const isLost = document.type === "work_order" && (document.id in copies || offered.has(document.id));
    if (isLost) continue;
    const { reason, to } = whyLeft(document);
    if (document.type === "work_order") await noteLeft(transaction.objectStore("meta"), document, reason, to);
    await documents.put({ ...document, ...(await leaving(transaction, document.id, reason)), gone_to: to });
  }
}

/**
 * Why a document left that its feed does not carry any more: the feed says nothing of it, so only what the order itself
 * says is known.
 * @param {import("../types.js").KeptDocument} document
 * @returns {{reason: string, to?: string[]}}
 */
function whyLeft({ feed, body }) {
  const assignees = body.assignees ?? [];
  const isOthers = assignees.length > 0 && !assignees.includes(feed.slice(feed.indexOf(":") + 1));
  return isOthers ? { reason: REASSIGNED, to: assignees } : { reason: UNKNOWN };
}

/**
 * Keep by what an order is known that leaves its person, to tell them of it once it is not here any more. What has been
 * closed for long leaves by itself and is no news.
 * @param {import("../ledger/record.js").Writable<"meta">} meta
 * @param {{id: string, version: number, body: import("../types.js").Json}} document
 * @param {string} reason
 * @param {string[]} [to] to whom it was given
 */
async function noteLeft(meta, { id, version, body }, reason, to) {
  if (reason === ARCHIVED) return;
  const { number, fault } = body;
  /** @type {{id: string}[]} */
  const before = (await meta.get("left_orders")) ?? [];
  await meta.put(
    [...before.filter((one) => one.id !== id), { id, version, reason, to, number, fault }].slice(-MOST_LEFT),
    "left_orders",
  );
}

/**
 * What is noted of a document that leaves: why, and until when it stays findable where somebody has begun something on
 * it.
 * @param {Transaction} transaction
 * @param {string} id
 * @param {string} reason
 * @returns {Promise<{gone: string, gone_at: string | null, stale: boolean}>}
 */
async function leaving(transaction, id, reason) {
  const stays = reason !== ARCHIVED && (await isBegun(transaction, id));
  return {
    gone: reason,
    gone_at: stays ? ((await keptTime(transaction.objectStore("meta"))) ?? null) : null,
    stale: false,
  };
}

/**
 * Whether somebody is in an order here, or has recorded or typed something about it.
 * @param {Transaction} transaction
 * @param {string} id
 */
async function isBegun(transaction, id) {
  if (inUse.peek().has(id) || isInMemory(id)) return true;
  const drafts = await transaction.objectStore("drafts").getAllKeys();
  if (drafts.some((key) => key.includes(id))) return true;
  for (let cursor = await transaction.objectStore("lines").openCursor(); cursor; cursor = await cursor.continue()) {
    // A copy that the phone gave back after a restore is nobody's doing.
    if (cursor.value.target === id && cursor.value.kind !== "order.recall") return true;
  }
  return false;
}

/**
 * The orders of which a copy is on its way to the server, or is held there.
 * @param {Transaction} transaction
 * @returns {Promise<Set<string | null>>}
 */
async function offeredOrders(transaction) {
  const lines = transaction.objectStore("lines");
  /** @type {Ledger} */
  const ledger = await transaction.objectStore("meta").get("ledger");
  const held = await transaction.objectStore("receipts").index("held").getAll(ANY_NUMBER);
  const kept = await Promise.all(held.map(({ device, seq }) => lines.get([device, seq])));
  const unsent = await lines.getAll(linesAfter(ledger.device, ledger.acknowledged));
  return new Set([...kept, ...unsent].flatMap((line) => (line?.kind === "order.recall" ? [line.target] : [])));
}

/**
 * Keep in mind which acknowledged lines the documents on this phone do not show yet, so that nothing that was done
 * disappears from the screen for a moment. The end of the feeds has them all, but for those on orders that have left
 * and are still findable here.
 * @param {Transaction} transaction
 * @param {Answer} answer
 * @param {string} device
 */
async function keepAhead(transaction, answer, device) {
  const meta = transaction.objectStore("meta");
  /** @type {[string, number][]} */
  const ahead = [...((await meta.get("ahead")) ?? []), ...answer.outcomes.map(({ seq }) => [device, seq])];
  /** @type {[string, number][]} */
  const still = [];
  for (const key of ahead) {
    const outcome = (await transaction.objectStore("receipts").get(key))?.outcome;
    const { type, id, version } = outcome?.document ?? {};
    if (!outcome || outcome.status === "held" || !type || !id) continue;
    const shown = await transaction.objectStore("documents").get([type, id]);
    const comes = shown?.gone ? true : answer.more;
    if (comes && (shown?.version ?? 0) < (version ?? 0)) still.push(key);
  }
  await meta.put(still, "ahead");
}

/**
 * Remove the documents that are gone, that nothing unsent refers to and that nobody has to find any more.
 * @param {Transaction} transaction
 */
export async function removeGone(transaction) {
  const documents = transaction.objectStore("documents");
  // Nothing is removed because a browser says so that gives other records than it was asked for.
  const gone = (await documents.index("gone").getAll(ANY_TEXT)).filter((document) => document.gone !== null);
  if (gone.length === 0) return;
  const { own, shutOut } = await linesOnlyHere({
    meta: transaction.objectStore("meta"),
    lines: transaction.objectStore("lines"),
  });
  const lines = [...[...shutOut.values()].flat(), ...own];
  const deliveries = await transaction.objectStore("deliveries").getAll();
  const photos = deliveries.filter(({ state }) => state !== "stored");
  const needed = new Set([...lines, ...photos.flatMap(({ uses }) => uses)].map(({ target }) => target));
  const now = Date.parse((await keptTime(transaction.objectStore("meta"))) ?? "");
  for (const { type, id, gone_at } of gone) {
    const isFindable = inUse.peek().has(id) || isInMemory(id) || now - Date.parse(gone_at ?? "") < FINDABLE_FOR_MS;
    if (!isFindable && !needed.has(id)) await documents.delete([type, id]);
  }
}
