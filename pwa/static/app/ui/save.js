/**
 * The one way in which a screen writes. "Saved" is said only after the phone's database has committed;
 * when it could not, the person reads why, and what was typed stays where it is.
 */
import { record } from "../ledger/record.js";
import { codeOf, failure, figuresOf } from "../core/failure.js";
import { forgets } from "../store/keeping.js";
import { t, text } from "./language.js";
import { toast } from "./toast.js";

/**
 * As `record`, where this window keeps what is written.
 * @param {import("../types.js").NewOperation[]} operations
 * @param {import("../types.js").NewPhoto[]} [photos]
 * @throws window_forgets in a private window, and what `record` throws; then nothing was written
 */
export async function write(operations, photos = []) {
  if (forgets.value) throw failure("window_forgets");
  await record(operations, photos);
}

/**
 * Writes operations and photos in one transaction.
 * @param {import("../types.js").NewOperation[]} operations
 * @param {{photos?: import("../types.js").NewPhoto[], said?: string | null, undo?: () => unknown}} [how]
 *   `said`: what to say once it is saved, otherwise the usual sentence; null where the screen says it itself
 * @returns {Promise<boolean>} whether it is on the phone
 */
export async function save(operations, { photos = [], said, undo } = {}) {
  try {
    await write(operations, photos);
  } catch (problem) {
    toast(problemText(problem), { wrong: true });
    return false;
  }
  if (said !== null) toast(said ?? t("phone-saved"), { undo });
  return true;
}

/**
 * What went wrong, for the person who holds the phone: in the phone's own words where it has them, otherwise the
 * server's.
 * @param {unknown} problem
 * @returns {string}
 */
export function problemText(problem) {
  const code = codeOf(problem);
  if (code === "unexpected") console.error(problem);
  return codeText(code, figuresOf(problem));
}

/**
 * The same for a code; one that nobody here knows has a sentence too.
 * @param {string} code
 * @param {Record<string, any>} [figures]  any: what the server said besides; a sentence takes what it can hold
 * @returns {string}
 */
export function codeText(code, figures = {}) {
  const name = code.replaceAll("_", "-");
  const { reach } = figures;
  if (code === "no_contact" && (reach === "portal" || reach === "faulty" || reach === "silent"))
    return t(`phone-reach-${reach}-about`);
  const title = text(`problem-${name}`, figures);
  const own = text(`phone-problem-${name}`, figures);
  if (own === null && reach === "faulty") return t("phone-reach-faulty-about");
  return own ?? (title ? t("phone-problem-of-server", { title }) : t("phone-problem-unexpected"));
}
