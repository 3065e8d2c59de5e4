/** Typed text that is not on the phone's disk: it stays in memory, is said, and holds one back from leaving. */
import { signal } from "@preact/signals";
import { listen } from "../store/channel.js";
import { keepDraft } from "../store/drafts.js";
import { session } from "../store/session.js";
import { t } from "./language.js";
import { toast } from "./toast.js";

/** `isHere` while the person has not left the screen on which they typed it. @typedef {{person: string | undefined, value: unknown, isHere: boolean}} Text */

const texts = signal(/** @type {Map<string, Text>} */ (new Map()));

/** What each key is to hold, while it is on its way. @type {Map<string, unknown>} */
const wanted = new Map();

/** How many texts of whoever is signed in are only in memory. @returns {number} */
export function countUnkept() {
  return own().length;
}

/** @returns {boolean} whether one of them is on the screen that is in sight */
export function holdsBack() {
  return own().some(([, { isHere }]) => isHere);
}

/** Whoever has been asked leaves; the texts stay in memory. */
export function letGo() {
  texts.value = new Map([...texts.value].map(([key, text]) => [key, { ...text, isHere: false }]));
}

/** @param {string} key @returns {unknown} what was typed there and not kept; undefined where nothing was */
export function unkept(key) {
  return own().find(([name]) => name === key)?.[1].value;
}

/**
 * Keep what was typed; where that cannot be, it is said, and it stays in memory.
 * @param {string} key
 * @param {unknown} value
 * @returns {Promise<boolean>} whether it is on the disk
 */
export async function keepText(key, value) {
  const person = session.peek()?.person.id;
  wanted.set(key, value);
  if (texts.peek().has(key)) note(key, { person, value, isHere: true });
  try {
    await keepDraft(key, value);
    if (wanted.get(key) === value) forget(key);
    return true;
  } catch {
    if (!wanted.has(key)) return false; // It was recorded meanwhile.
    if (countUnkept() === 0) toast(t("phone-draft-unkept"), { wrong: true });
    note(key, { person, value: wanted.get(key), isHere: true });
    return false;
  }
}

/** @param {string} key */
export function forget(key) {
  wanted.delete(key);
  if (texts.peek().has(key)) texts.value = new Map([...texts.value].filter(([name]) => name !== key));
}

/** Try once more, for each text. */
export async function keepTexts() {
  for (const [key, { value }] of own()) {
    try {
      await keepDraft(key, value);
      if (wanted.get(key) === value) forget(key);
    } catch {
      // It stays where it is: in memory, and said.
    }
  }
}

/** @returns {[string, Text][]} */
function own() {
  return [...texts.value].filter(([, { person }]) => person === session.value?.person.id);
}

/** @param {string} key @param {Text} text */
function note(key, text) {
  texts.value = new Map([...texts.value, [key, text]]);
}

// They are only in memory: the browser asks before it lets them go.
addEventListener("beforeunload", (event) => {
  if (texts.peek().size > 0) event.preventDefault();
});
// What was sent may have made room.
listen((topic) => {
  if (topic === "contact" && countUnkept() > 0) void keepTexts();
});
