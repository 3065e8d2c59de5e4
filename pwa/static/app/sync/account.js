// A person's own account on the server: all of it needs a signal, and nothing of it is kept on the phone.

import { codeOf } from "../parts/failure.js";
import { call } from "../store/http.js";
import { changePassword as change, ENDED } from "../store/session.js";
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
