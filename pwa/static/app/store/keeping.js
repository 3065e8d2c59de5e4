/**
 * Whether this browser keeps what is recorded. Where it would not, nothing is recorded: that would be a promise nobody
 * keeps.
 */
import { signal } from "@preact/signals";

/**
 * What private windows of Firefox and Safari answer to the question for the origin's own files. Chrome's cannot be told
 * apart.
 */
const ANSWERS_OF_PRIVATE_WINDOWS = new Set(["SecurityError", "UnknownError"]);
const SECOND_TRY_MS = 500;
const PATIENCE_MS = 2000;

/** This window forgets everything when it is closed. */
export const forgets = signal(false);

/** Looks whether this is a private window; called once at the start. */
export async function lookWhetherKept() {
  if (!(await refusesFiles())) return;
  await new Promise((resolve) => setTimeout(resolve, SECOND_TRY_MS));
  forgets.value = await refusesFiles();
}

async function refusesFiles() {
  try {
    // A storage that does not answer says nothing about the window; the database's own wait is told with words.
    await Promise.race([
      navigator.storage?.getDirectory?.(),
      new Promise((resolve) => setTimeout(resolve, PATIENCE_MS)),
    ]);
    return false;
  } catch (problem) {
    return problem instanceof DOMException && ANSWERS_OF_PRIVATE_WINDOWS.has(problem.name);
  }
}

/**
 * Whether the browser forbids this site to store anything at all.
 * @param {unknown} problem what opening the database threw
 */
export function isForbidden(problem) {
  return (
    typeof indexedDB === "undefined" ||
    (problem instanceof DOMException && ["SecurityError", "InvalidStateError"].includes(problem.name))
  );
}
