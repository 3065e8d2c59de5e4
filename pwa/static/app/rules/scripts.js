/** In which of the two languages a text is written (server/rules/scripts.py has the same). */

const HAN = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;

/**
 * `zh-CN` where there is a Chinese sign in it, otherwise `en`.
 * @param {string} text
 */
export function languageOf(text) {
  return HAN.test(text) ? "zh-CN" : "en";
}

/**
 * A text in the reader's language where it is known in that, otherwise as it was written.
 * @param {{text: string, texts?: Record<string, string> | null}} said
 * @param {string} language
 */
export function readIn({ text, texts }, language) {
  return texts?.[language] || text;
}

/**
 * The one language of what cannot be read in the reader's; null where all can.
 * @param {{text: string, texts?: Record<string, string> | null}[]} all
 * @param {string} language
 * @returns {string | null}
 */
export function onlyIn(all, language) {
  const other = all.find((said) => languageOf(readIn(said, language)) !== language);
  return other ? languageOf(readIn(other, language)) : null;
}
