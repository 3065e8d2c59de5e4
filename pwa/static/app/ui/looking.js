/**
 * Looking through what is on the phone. The table of Chinese signs is read from its disk when somebody first searches.
 */
import { signal } from "@preact/signals";
import { findable, finds, stands, useSigns, wordsOf } from "../rules/search.js";

const TABLE = "/app/static/app/rules/signs.json";
/** Who has searched without the table searches again with it. */
const known = signal(false);
/** @type {Promise<void> | null} */
let reading = null;
/** What things are found by, each until it is another. @type {WeakMap<object, string>} */
let kept = new WeakMap();

/** Know Chinese signs; without the table everything is found but by pinyin, and the next search asks for it again. */
function learn() {
  reading ??= fetch(TABLE)
    .then(async (answer) => {
      if (!answer.ok) throw new Error(`signs.json: ${answer.status}`);
      useSigns(await answer.json());
      kept = new WeakMap();
      known.value = true;
    })
    .catch(() => {
      reading = null;
    });
}

/**
 * Tells of a thing whether it has every word that was typed, and whether it begins with the first of them.
 * @template {object} Thing
 * @param {string} typed
 * @param {(thing: Thing) => (string | null | undefined)[]} textsOf by what a thing is found
 * @returns {{has: (thing: Thing) => boolean, beginsWith: (thing: Thing) => boolean}}
 */
export function lookFor(typed, textsOf) {
  const words = wordsOf(typed);
  if (!known.value && words?.length) learn();
  const textOf = (/** @type {Thing} */ thing) => {
    const text = kept.get(thing) ?? findable(textsOf(thing));
    kept.set(thing, text);
    return text;
  };
  return {
    has: (thing) => finds(words, words?.length ? textOf(thing) : ""),
    beginsWith: (thing) => words?.[0] !== undefined && stands(words[0], textOf(thing), true),
  };
}
