// What is in this window's memory alone: nobody signs out while some of it is theirs, and no update ends it.

/**
 * A picture of an order, or a typed text by its draft's key; and whose it is.
 * @typedef {{person: string | undefined, order?: string, draft?: string}} Held
 */

/** @type {(() => readonly Held[])[]} */
const keepers = [];

/** @param {() => readonly Held[]} held what one part of the app holds, read from its signals */
export function countInMemory(held) {
  keepers.push(held);
}

/** All that is held, by whoever works on this phone. @returns {Held[]} */
export function inMemory() {
  return keepers.flatMap((held) => held());
}

/** Whether something of an order is held. @param {string} id @returns {boolean} */
export function isInMemory(id) {
  return inMemory().some(({ order, draft }) => order === id || draft?.includes(id));
}

// The browser asks before it lets it go.
addEventListener("beforeunload", (event) => {
  if (inMemory().length > 0) event.preventDefault();
});
