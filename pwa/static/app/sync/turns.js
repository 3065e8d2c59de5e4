// One tab at a time.

import { newId } from "../ledger/ids.js";
import { failure } from "../parts/failure.js";
import { inOneTransaction } from "../store/database.js";

const tab = newId();
const LEASE_MS = 30_000;

/**
 * Do `work` while no other tab of this person does work of that name; waits for its turn.
 * @template Result
 * @param {string} name
 * @param {string} person
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 * @throws busy_elsewhere where the browser has no Web Locks and another tab is at it
 */
export async function inTurn(name, person, work) {
  if (navigator.locks) {
    /** @type {Result[]} */
    const results = [];
    await navigator.locks.request(`undercroft-${name}-${person}`, async () => {
      results.push(await work());
    });
    return results[0];
  }
  if (!(await lease(name))) throw failure("busy_elsewhere");
  const renewing = setInterval(() => void lease(name).catch(() => {}), LEASE_MS / 3);
  try {
    return await work();
  } finally {
    clearInterval(renewing);
    await release(name);
  }
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
