/** Typed text that is not on the phone's disk: it stays in memory, is said, and holds one back from leaving. */
import { signal } from "@preact/signals";
import { listen } from "../store/channel.js";
import { unreadable } from "../store/connection.js";
import { keepDraft } from "../store/drafts.js";
import { countInMemory } from "../store/in_memory.js";
import { session } from "../store/session.js";
import { codeOf } from "../core/failure.js";
import { t } from "./language.js";
import { toast } from "./toast.js";

/**
 * What is only in memory, by whose it is and the draft's key: `isHere` while they have not left the screen on which
 * they typed it, `why` the code that it failed with.
 * @typedef {{person: string | undefined, key: string, value: unknown, isHere: boolean, why: string}} Text
 */

const texts = signal(/** @type {Map<string, Text>} */ (new Map()));
countInMemory(() => [...texts.value.values()].map(({ person, key }) => ({ person, draft: key })));

/** What each draft is to hold, while it is on its way. @type {Map<string, unknown>} */
const wanted = new Map();

/**
 * What to say of the texts of whoever is signed in that are only in memory; null where there are none.
 * @returns {string | null}
 */
export function unkeptText() {
  return own().length === 0 ? null : sentence(own().some(({ why }) => why === "storage_full"));
}

/** @returns {boolean} whether one of them is on the screen that is in sight */
export function holdsBack() {
  return own().some(({ isHere }) => isHere);
}

/** Whoever has been asked leaves; the texts stay in memory. */
export function letGo() {
  texts.value = new Map([...texts.value].map(([place, text]) => [place, { ...text, isHere: false }]));
}

/** @param {string} key @returns {unknown} what was typed there and not kept; undefined where nothing was */
export function unkept(key) {
  return texts.value.get(placeOf(key))?.value;
}

/**
 * Keep what was typed; where that cannot be, it is said, and it stays in memory.
 * @param {string} key
 * @param {unknown} value
 * @returns {Promise<boolean>} whether it is on the disk
 */
export async function keepText(key, value) {
  const place = placeOf(key);
  const person = session.peek()?.person.id;
  wanted.set(place, value);
  const before = texts.peek().get(place);
  if (before) note(place, { ...before, value, isHere: true });
  try {
    await keepDraft(key, value);
    if (wanted.get(place) === value) drop(place);
    return true;
  } catch (problem) {
    if (!wanted.has(place)) return false; // It was recorded meanwhile.
    const why = codeOf(problem);
    if (own().length === 0) toast(sentence(why === "storage_full"), { wrong: true });
    note(place, { person, key, value: wanted.get(place), isHere: true, why });
    return false;
  }
}

/** Whoever is signed in gives up what they typed and could not keep. */
export function giveUpTexts() {
  for (const { key } of own()) forget(key);
}

/** @param {string} key what was typed there has been recorded */
export function forget(key) {
  drop(placeOf(key));
}

/** Try once more, for each text of whoever is signed in, and no longer than they are. */
export async function keepTexts() {
  const person = session.peek()?.person.id;
  for (const { key, value } of own()) {
    if (session.peek()?.person.id !== person) return;
    const place = placeOf(key);
    try {
      await keepDraft(key, value);
      if (wanted.get(place) === value) drop(place);
    } catch {
      // It stays where it is: in memory, and said.
    }
  }
}

/** @returns {Text[]} */
function own() {
  return [...texts.value.values()].filter(({ person }) => person === session.value?.person.id);
}

/** @param {boolean} isFull */
function sentence(isFull) {
  return t(isFull ? "phone-draft-unkept" : "phone-draft-not-kept");
}

/** Several people may work on one phone, each with a new order of their own. @param {string} key */
function placeOf(key) {
  return `${session.value?.person.id} ${key}`;
}

/** @param {string} place @param {Text} text */
function note(place, text) {
  texts.value = new Map([...texts.value, [place, text]]);
}

/** @param {string} place */
function drop(place) {
  wanted.delete(place);
  if (texts.peek().has(place)) texts.value = new Map([...texts.value].filter(([other]) => other !== place));
}

// A database that answers again takes them.
unreadable.subscribe((isSo) => {
  if (!isSo && own().length > 0) void keepTexts();
});
// What was sent may have made room.
listen((topic) => {
  if (topic === "contact" && own().length > 0) void keepTexts();
});
