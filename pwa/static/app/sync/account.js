// A person's own account on the server: all of it needs a signal, and nothing of it is kept on the phone.

import { callPhone } from "../ledger/device.js";
import { codeOf, failure } from "../core/failure.js";
import { changeStoreOf } from "../store/database.js";
import { call } from "../store/http.js";
import { changePassword as change, ENDED, session } from "../store/session.js";
import { sendNow } from "./exchange.js";
import { setEnded } from "./status.js";

/**
 * Where this person is known and signed in.
 * @returns {Promise<import("../types.js").OwnSessions>}
 * @throws the server's code, or no_contact
 */
export function ownSessions() {
  return heard(() => call("GET", "/sessions"));
}

/**
 * End the sessions of one phone or browser of this person.
 * @param {string} id
 * @param {string} password theirs, once more
 * @throws the server's code (bad_credentials, …), or no_contact: then nobody knows whether they have ended
 */
export function endOne(id, password) {
  return heard(() => call("POST", `/sessions/${id}/ending`, { password }));
}

/**
 * End all sessions of this person but this one.
 * @param {string} password theirs, once more
 * @throws as `endOne` does
 */
export function endOthers(password) {
  return endOne("others", password);
}

/**
 * Change the password; what waits goes on under the new session.
 * @param {string} old
 * @param {string} wanted
 * @throws the server's code, or no_contact: then nobody knows whether it was changed
 */
export async function changePassword(old, wanted) {
  await heard(() => change(old, wanted));
  void sendNow();
}

/**
 * Call this phone by another name, for its people and the office: first on its own disk, so that the server never has a
 * name that the phone could not keep.
 * @param {string} name as `plainName` gave it
 * @throws what keeps it from the disk; the server's code, or no_contact: then nobody knows how the server calls it. The
 *   phone keeps its name of before.
 */
export async function namePhone(name) {
  const person = session.value?.person.id;
  if (person === undefined) throw failure("not_signed_in");
  const before = await nameLedger(person, name);
  try {
    await heard(() => call("POST", "/sessions/present/name", { name }));
  } catch (problem) {
    if (before !== null) await nameLedger(person, before).catch(() => {});
    throw problem;
  }
  callPhone(name);
  const current = session.value;
  if (current?.person.id === person) session.value = { ...current, device: { ...current.device, name } };
}

/**
 * @param {string} person whose ledger
 * @param {string} name
 * @returns {Promise<string | null>} what it was called before; null where there is no ledger
 */
function nameLedger(person, name) {
  return changeStoreOf(person, ["meta"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    /** @type {import("../types.js").Ledger | undefined} */
    const ledger = await meta.get("ledger");
    if (ledger) await meta.put({ ...ledger, name }, "ledger");
    return ledger?.name ?? null;
  });
}

/**
 * What the server answers; that this session is over is noted before it is thrown.
 * @template Result
 * @param {() => Promise<Result>} ask
 * @returns {Promise<Result>}
 */
async function heard(ask) {
  try {
    return await ask();
  } catch (problem) {
    if (ENDED.has(codeOf(problem))) await setEnded(problem).catch(() => {});
    throw problem;
  }
}
