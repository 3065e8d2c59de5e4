/**
 * Everything gone: a browser may clear what a site has stored. Then the app says so, instead of looking as if nobody
 * had ever worked here.
 */
import { effect, signal } from "@preact/signals";
import { readStoreOf } from "../store/database.js";
import { knownPeople } from "../store/directory.js";
import { call } from "../store/http.js";
import { lost, session } from "../store/session.js";
import { contact, onlyHere } from "../sync/status.js";
import { recall, remember } from "../core/remembered.js";

const KEY = "undercroft.worked";

/**
 * Who worked here, when all that they had recorded was last safe on the server, and how much was not when this was
 * noted last; null where that is not known.
 * @typedef {{name: string, safe_at: string | null, waiting: number | null}} Worked
 */

/** What the browser has cleared; null where nothing is missing. */
export const cleared = signal(/** @type {Worked | null} */ (null));

/** @returns {Record<string, Worked>} by the person's id */
function noted() {
  try {
    return JSON.parse(recall(KEY) ?? "{}");
  } catch {
    return {};
  }
}

/**
 * Notes beside the database who works here, and how far it is safe, and says it where the database is cleared under the
 * running app; called once at the start.
 */
export function noteWork() {
  /** @type {Worked | null} */
  let last = null;
  effect(() => {
    const person = session.value?.person;
    if (person === undefined) return;
    const safe_at = contact.value.last_all_safe ?? noted()[person.id]?.safe_at ?? null;
    last = { name: person.name, safe_at, waiting: onlyHere.value };
    note(person.id, last);
    cleared.value = null;
  });
  effect(() => {
    if (lost.value === null || last === null) return;
    note(lost.value, last); // Browsers clear what stands beside the database with it.
    cleared.value = last;
  });
}

/** @param {string} person @param {Worked} worked */
function note(person, worked) {
  remember(KEY, JSON.stringify({ ...noted(), [person]: worked }));
}

/** Looks whether somebody's data is missing; called once, where nobody is signed in. */
export async function lookForCleared() {
  const people = await knownPeople();
  const whole = new Set();
  for (const { id } of people) if (await readStoreOf(id, (database) => database.get("meta", "ledger"))) whole.add(id);
  const [missing] = Object.entries(noted())
    .filter(([id]) => !whole.has(id))
    .map(([, worked]) => worked);
  const [emptied] = people.filter(({ id }) => !whole.has(id));
  if (missing) cleared.value = missing;
  else if (emptied) cleared.value = { name: emptied.person.name, safe_at: null, waiting: null };
  else if (people.length === 0) await askServer();
}

/** The server's cookie outlives what scripts may store. */
async function askServer() {
  const who = await call("GET", "/session").catch(() => null);
  if (who !== null && session.value === null) cleared.value = { name: who.person.name, safe_at: null, waiting: null };
}
