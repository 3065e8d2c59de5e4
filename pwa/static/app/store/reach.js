// What the last contact says of the way to the server. The browser only knows whether there is any network at all: one
// that wants a sign-in, or behind which no server answers, looks to it like a good one.

import { computed, signal } from "@preact/signals-core";

/**
 * `unknown`: nothing was tried since there is signal; `offline`: no signal; `reached`: our server answered; `silent`:
 * nobody did; `portal`: somebody else did, as a network does that wants a sign-in first; `faulty`: the server, or what
 * stands in front of it, says that it cannot.
 * @typedef {"unknown" | "offline" | "reached" | "silent" | "portal" | "faulty"} Reach
 */

const HEALTH = "/healthz";
const PATIENCE_MS = 5000;
/** A proxy's word for a batch that is too long, and a network's that somebody has to sign in to it. */
const TOO_LARGE = 413;
const SIGN_IN_TO_NETWORK = 511;

/** Whether the browser knows of a network. */
export const online = signal(navigator.onLine);
const lastSaid = signal(/** @type {Reach} */ ("unknown"));
export const reach = computed(() => (online.value ? lastSaid.value : "offline"));
/** Whether nothing speaks against the server being there. */
export const mayReach = computed(() => reach.value === "reached" || reach.value === "unknown");

addEventListener("online", () => {
  lastSaid.value = "unknown";
  online.value = true;
});
addEventListener("offline", () => (online.value = false));

/**
 * @param {Reach} said by the contact that has just ended, or has been silent for too long
 * @returns {Reach}
 */
export function noteReach(said) {
  lastSaid.value = said;
  return said;
}

/**
 * Who answered.
 * @param {number} status
 * @param {boolean} isOurs whether the answer is in our server's form
 * @returns {Reach}
 */
export function reachOf(status, isOurs) {
  if (status === SIGN_IN_TO_NETWORK) return "portal";
  if (status >= 500) return "faulty";
  if (isOurs || status === TOO_LARGE) return "reached";
  return status < 400 ? "portal" : "silent";
}

/**
 * Who answers where a request has failed without an answer: a browser hides from it that it was led elsewhere.
 * @returns {Promise<Reach>}
 */
export async function whoAnswers() {
  if (!online.peek()) return "silent";
  try {
    const how = /** @type {const} */ ({ redirect: "manual", cache: "no-store", credentials: "omit" });
    const answer = await fetch(HEALTH, { ...how, signal: AbortSignal.timeout(PATIENCE_MS) });
    const isOthers =
      answer.type === "opaqueredirect" ||
      reachOf(answer.status, isJson(answer.headers.get("Content-Type"))) === "portal";
    return isOthers ? "portal" : "silent";
  } catch {
    return "silent";
  }
}

/** @param {string | null | undefined} type of an answer's content @returns {boolean} */
export function isJson(type) {
  return /[/+]json\b/.test(type ?? "");
}
