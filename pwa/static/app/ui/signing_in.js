import { useState } from "preact/hooks";
import { signIn } from "../store/session.js";
import { askToPersist } from "../store/storage.js";
import { takeBack } from "./router.js";
import { t } from "./language.js";
import { problemText } from "./save.js";
import { toast } from "./toast.js";

/**
 * Signing in from a form: whoever knows the password is the technician, so the phone is theirs again.
 * @param {() => unknown} [onDone]
 * @returns {{busy: boolean, wrong: string | null, submit: (username: string, password: string, called?: string) =>
 *   Promise<void>}} `wrong` says what the last try failed for
 */
export function useSigningIn(onDone) {
  const [wrong, setWrong] = useState(/** @type {string | null} */ (null));
  const [busy, setBusy] = useState(false);
  async function submit(/** @type {string} */ username, /** @type {string} */ password, called = "") {
    if (busy) return;
    setBusy(true);
    setWrong(null);
    try {
      const count = await signIn(username, password, called);
      await takeBack();
      void askToPersist().catch(() => false); // From here on there is something to keep.
      await onDone?.();
      if (count > 0) toast(t("phone-wrong-passwords", { count }), { wrong: true });
    } catch (problem) {
      setWrong(problemText(problem));
    } finally {
      setBusy(false);
    }
  }
  return { busy, wrong, submit };
}
