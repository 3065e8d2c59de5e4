// Whether the browser still has what it was given: what the server says is there, and what is here, once an exchange.

import { computed, effect, signal } from "@preact/signals-core";
import { ANY_TEXT } from "../store/database.js";
import { session } from "../store/session.js";

/** How many documents of the last answer are not here although they were written. */
export const lostByBrowser = signal(0);
const person = computed(() => session.value?.person.id);
// Of one person's store it says nothing about another's.
effect(() => {
  void person.value;
  lostByBrowser.value = 0;
});

/**
 * Count the documents of each feed that has been read to its end. Where some are missing, the feed is asked for from
 * its start, once: what this browser has lost comes back, and where it loses it again, that is said.
 * @param {import("./answer.js").Transaction} transaction
 * @param {import("./answer.js").Answer} answer
 * @returns {Promise<{lost: number, again: boolean}>} how many are missing and do not come back, and whether to ask
 *   again
 */
export async function compareHeld(transaction, answer) {
  const feeds = transaction.objectStore("feeds");
  const result = { lost: 0, again: false };
  if (answer.more) return result;
  for (const feed of Object.keys(answer.cursors)) {
    const known = await feeds.get(feed);
    if (known?.holds === undefined) continue;
    const missing = known.holds - (await countOf(transaction, feed));
    if (missing <= 0) {
      if (known.asked_again) await feeds.put({ ...known, asked_again: false });
    } else if (known.asked_again) {
      result.lost += missing;
    } else {
      await feeds.put({ ...known, cursor: 0, asked_again: true });
      result.again = true;
    }
  }
  return result;
}

/**
 * @param {import("./answer.js").Transaction} transaction
 * @param {string} feed
 * @returns {Promise<number>} how many documents of a feed are here and have not left it
 */
async function countOf(transaction, feed) {
  const documents = transaction.objectStore("documents");
  const [all, gone] = await Promise.all([
    documents.index("feed").count(IDBKeyRange.only(feed)),
    documents.index("gone").getAll(ANY_TEXT),
  ]);
  return all - gone.filter((document) => document.feed === feed && document.gone !== null).length;
}
