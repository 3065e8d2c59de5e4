// How the parts of the app, and its other tabs, hear that something has changed in the store.

/**
 * `lines`: something was recorded; `documents`: the server's documents or receipts changed; `photos`: a delivery
 * went on; `contact`: what is known of the server; `session`: who is signed in; `customer`: the phone was handed to a
 * customer, or taken back; `looked`: what of the news was looked at.
 * @typedef {"lines" | "documents" | "photos" | "contact" | "session" | "customer" | "looked"} Topic
 */

/** @type {Set<(topic: Topic, elsewhere: boolean) => void>} */
const listeners = new Set();
const channel = new BroadcastChannel("undercroft");

channel.addEventListener("message", (event) => tell(event.data, true));

/**
 * Say that something has changed, here and in the other tabs.
 * @param {Topic} topic
 */
export function announce(topic) {
  channel.postMessage(topic);
  tell(topic, false);
}

/**
 * Hear of changes; `elsewhere` where another tab made them.
 * @param {(topic: Topic, elsewhere: boolean) => void} listener
 * @returns {() => void} stops it
 */
export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * @param {Topic} topic
 * @param {boolean} elsewhere
 */
function tell(topic, elsewhere) {
  for (const listener of [...listeners]) listener(topic, elsewhere);
}
