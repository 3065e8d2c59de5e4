// One exchange after the other until both sides have everything, and the ways out when a ledger does not fit.

import { carryOver } from "../ledger/carry_over.js";
import { readClocks } from "../ledger/clock.js";
import { announcement, newLedger } from "../ledger/device.js";
import { codeOf, failure, figuresOf } from "../core/failure.js";
import { announce } from "../store/channel.js";
import { inStore, store } from "../store/database.js";
import { refreshDocuments, refreshOrders } from "../store/documents.js";
import { call } from "../store/http.js";
import { sendAgain } from "../store/photos.js";
import { makingRoom } from "../store/room.js";
import { session } from "../store/session.js";
import { takeGap, takeIn } from "./answer.js";
import { lostByBrowser } from "./holding.js";
import { deliveredContent, lackingIn } from "./photos.js";
import { claimOwnLines, offerCopies, sendFormerLines } from "./recalls.js";
import { MOST_LINES, nextRequest } from "./request.js";
import { justStored } from "./status.js";
import { ALONE } from "./turns.js";

/** @typedef {import("../types.js").Ledger} Ledger */
/** @typedef {import("../core/failure.js").Failure} Failure */

/** The part of what one exchange may carry that gets through: less on a link on which one has fallen silent. */
let share = 1;
/** Where the server's list of photos that it wants goes on: a page with each exchange, and then from the start. */
let wantedFrom = 0;
/** The largest part that nothing between here and the server has called too large. */
let largestShare = 1;
const LEAST_SHARE = 1 / MOST_LINES;
/** Said by our server, or by a proxy in front of it that lets less through. */
const TOO_LARGE = 413;
/** So many repairs of the ledger in one go are enough: more would be two sides that never agree. */
const MOST_REPAIRS = 5;

/**
 * Exchange until nothing is left to send and the server has nothing more to give.
 * @param {import("./turns.js").Turn} [turn]
 * @throws the server's code, no_contact, turn_lost, or no_progress where an answer leaves everything as it was, as one
 *   that something in between gives again and again
 */
export async function exchangeAll(turn = ALONE) {
  let linesTaken = MOST_LINES;
  /** @type {Set<string>} */
  const states = new Set();
  for (let repairs = 0, more = true; more;) {
    const feeds = session.value?.feeds ?? [];
    const request = await nextRequest(feeds, { lines: linesTaken, share, wantedFrom, turn });
    try {
      if (hasGap(request)) throw failure("ledger_gap", { acknowledged: request.ledger.acknowledged });
      more =
        (await exchangeOnce(request)) || (await offerCopies()) || (await sendFormerLines()) || (await claimOwnLines());
      share = Math.min(largestShare, share * 2);
      const state = await stateOfExchange();
      if (more && states.has(state)) throw failure("no_progress");
      states.add(state);
    } catch (problem) {
      if (codeOf(problem) === "no_progress") throw problem;
      if (figuresOf(problem).silent) share = Math.max(LEAST_SHARE, share / 4);
      if (++repairs > MOST_REPAIRS) throw problem;
      if (codeOf(problem) === "batch_too_long" && linesTaken > 1) linesTaken = Math.ceil(linesTaken / 4);
      else if (figuresOf(problem).status === TOO_LARGE && share > LEAST_SHARE) {
        largestShare = share = Math.max(LEAST_SHARE, share / 4);
      } else await repair(/** @type {Failure} */ (problem), request);
    }
  }
}

/**
 * How far both sides are: with each exchange that is worth another one something of it changes.
 * @returns {Promise<string>}
 */
function stateOfExchange() {
  return inStore(async (database) => {
    const transaction = database.transaction(["meta", "feeds"]);
    /** @type {Ledger | undefined} */
    const ledger = await transaction.objectStore("meta").get("ledger");
    return JSON.stringify([
      ledger?.device,
      ledger?.seq,
      ledger?.acknowledged,
      wantedFrom,
      await transaction.objectStore("feeds").getAll(),
    ]);
  });
}

/**
 * @param {import("./request.js").Request} request
 * @returns {Promise<boolean>} whether there is more to exchange
 */
async function exchangeOnce(request) {
  const delivered = await deliveredContent();
  /** @type {import("./answer.js").Answer} */
  const answer = await call("POST", "/sync", request.body);
  const received = readClocks();
  const lacking = lackingIn(answer);
  justStored.value = new Set([...justStored.value].filter((sha256) => !lacking.has(sha256)));
  // Before anything of it is written: what has to make room for the answer must not be what the answer asks for.
  const again = await makingRoom(() => sendAgain(lacking, delivered), { keep: lacking });
  wantedFrom = answer.wanted_next ?? 0;
  const { company, forked, lost, again: lacks } = await takenIn(answer, request, received, lacking);
  lostByBrowser.value = lost;
  await (company ? refreshDocuments() : refreshOrders());
  if (again > 0) announce("photos");
  if (company || answer.changes.length > 0 || request.lines.length > 0) announce("documents");
  if (forked) await moveToNewDevice(request.ledger.device, request.turn);
  /** @type {Ledger} */
  const ledger = await (await store()).get("meta", "ledger");
  return answer.more || lacks || ledger.acknowledged < ledger.seq || (again > 0 && wantedFrom > 0);
}

/**
 * Take an answer in; where there is no room for all of it, that the server has the lines is noted first.
 * @param {import("./answer.js").Answer} answer
 * @param {import("./request.js").Request} request
 * @param {import("../types.js").Reading} received
 * @param {Set<string>} lacking
 * @throws no_room_for_news where the documents of it found no room
 */
async function takenIn(answer, request, received, lacking) {
  try {
    return await makingRoom(() => takeIn(answer, request, received), { keep: lacking });
  } catch (problem) {
    if (codeOf(problem) !== "storage_full") throw problem;
    const receipts = { ...answer, changes: [], cursors: {}, reset: [], more: true };
    // Where another history has begun, its documents tell what this one is about.
    if (answer.epoch === request.body.epoch)
      await makingRoom(() => takeIn(receipts, request, received), { keep: lacking });
    throw failure("no_room_for_news");
  }
}

/**
 * Whether lines that the server needs next are not on this phone: it lost more than the phone still keeps, or never
 * had this ledger. Sent like that, every one of them would be held.
 * @param {import("./request.js").Request} request
 */
function hasGap({ ledger, lines }) {
  const isMissing = ledger.acknowledged < ledger.seq && lines.length === 0;
  return isMissing || lines.some(({ seq }, index) => seq !== ledger.acknowledged + 1 + index);
}

/**
 * Do what the refusal asks for, so that the next exchange fits; anything else is thrown on.
 * @param {Failure} problem
 * @param {import("./request.js").Request} request
 */
async function repair(problem, { ledger, turn }) {
  const { acknowledged } = problem.figures;
  if (problem.code === "ledger_fork") {
    await moveToNewDevice(ledger.device, turn);
  } else if (problem.code === "ledger_gap" && typeof acknowledged === "number") {
    await takeGap(ledger.device, acknowledged, turn);
    // Lines that were dropped after 30 days cannot fill the gap.
    if (hasGap(await nextRequest([]))) await moveToNewDevice(ledger.device, turn);
  } else if (problem.code === "wrong_device") {
    await announceDevice(ledger);
  } else {
    throw problem;
  }
}

/**
 * Become a new device, without asking for the password, and carry over what was not delivered.
 * @param {string} oldDevice
 * @param {import("./turns.js").Turn} turn
 */
async function moveToNewDevice(oldDevice, turn) {
  const database = await store();
  await inStore((kept) => turn.check(kept.transaction("meta").objectStore("meta")));
  /** @type {Ledger | undefined} */
  const announced = await database.get("meta", "next_ledger");
  const next = announced ?? (await newLedger());
  // Kept before the server hears of it, so that a phone that dies in between goes on with the same device.
  if (!announced) await database.put("meta", next, "next_ledger");
  const { welcome, current, received } = await announceDevice(next);
  if (await carryOver(oldDevice, { ...next, anchor: { token: welcome.anchor, received } })) {
    session.value = { ...current, feeds: welcome.feeds, device: { id: next.device, name: next.name } };
    announce("session");
  }
}

/**
 * Move the server's session to a device of ours.
 * @param {Ledger} ledger
 * @throws wrong_device where the browser's session has become somebody else's
 */
async function announceDevice(ledger) {
  const current = session.value;
  if (!current) throw failure("not_signed_in");
  /** @type {import("../store/session.js").Welcome} */
  const who = await call("GET", "/session");
  if (who.person.id !== current.person.id) throw failure("wrong_device");
  /** @type {import("../store/session.js").Welcome} */
  const welcome = await call("POST", "/session/device", { device: announcement(ledger) });
  return { welcome, current, received: readClocks() };
}
