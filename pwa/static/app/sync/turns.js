// One tab at a time. A tab that was stopped, and whose turn another one has taken, finds that out before it writes:
// whose turn it is stands in the store, and is read in the very transaction that would write.

import { newId } from "../core/ids.js";
import { codeOf, failure } from "../core/failure.js";
import { inOneTransaction, inStore } from "../store/database.js";
import { holdingLock } from "../store/locks.js";

const tab = newId();
const LEASE_MS = 30_000;

/**
 * A turn that was taken: `check` throws turn_lost, in a transaction over `meta`, where another tab has taken one since;
 * `isLost` once the browser has said so.
 * @typedef {{isLost: () => boolean, check: (meta: Readable) => Promise<void>}} Turn
 * @typedef {import("../store/unsent.js").Readable<"meta">} Readable
 */

/** The turn of whoever asks nobody. @type {Turn} */
export const ALONE = { isLost: () => false, check: async () => {} };

/**
 * Do `work` while no other tab of this person does work of that name; waits for its turn.
 * @template Result
 * @param {string} name
 * @param {string} person
 * @param {(turn: Turn) => Promise<Result>} work
 * @returns {Promise<Result>}
 * @throws busy_elsewhere where the browser has no Web Locks and another tab is at it, turn_lost where this tab was
 *   stopped and another one has gone on
 */
export async function inTurn(name, person, work) {
  if (navigator.locks) {
    return holdingLock(`undercroft-${name}-${person}`, async ({ isLost }) =>
      work({ isLost, check: await takeTurn(name) }),
    );
  }
  if (!(await lease(name))) throw failure("busy_elsewhere");
  const renewing = setInterval(() => void lease(name).catch(() => {}), LEASE_MS / 3);
  try {
    return await work({ isLost: () => false, check: await takeTurn(name) });
  } finally {
    clearInterval(renewing);
    await release(name);
  }
}

/**
 * Note that from now on it is the turn of whoever asks.
 * @param {string} name
 * @returns {Promise<Turn["check"]>}
 */
async function takeTurn(name) {
  const key = `whose-turn-${name}`;
  const whose = await inOneTransaction(["meta"], async (transaction) => {
    const mine = newId();
    await transaction.objectStore("meta").put(mine, key);
    return mine;
  }).catch((problem) => {
    // A full phone can still send: then the turn is lost where somebody else could note theirs.
    if (codeOf(problem) !== "storage_full") throw problem;
    return inStore((database) => database.get("meta", key));
  });
  return async (meta) => {
    if ((await meta.get(key)) !== whose) throw failure("turn_lost");
  };
}

/**
 * Take or renew this tab's turn.
 * @param {string} name
 * @returns {Promise<boolean>} false where another tab has it
 */
function lease(name) {
  return inOneTransaction(["meta"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    /** @type {{tab: string, until: number} | undefined} */
    const held = await meta.get(`turn-${name}`);
    if (held && held.tab !== tab && held.until > Date.now()) return false;
    await meta.put({ tab, until: Date.now() + LEASE_MS }, `turn-${name}`);
    return true;
  });
}

/** @param {string} name */
function release(name) {
  return inOneTransaction(["meta"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    if ((await meta.get(`turn-${name}`))?.tab === tab) await meta.delete(`turn-${name}`);
  });
}
