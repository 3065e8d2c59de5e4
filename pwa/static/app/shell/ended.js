import { session } from "../store/session.js";
import { t, text } from "../ui/language.js";

/** Why the server wants the password again, and what to do, in one sentence. @returns {string} */
export function endedText() {
  const why = session.value?.why ?? null;
  if (why === null) return t("phone-sign-in-again");
  return text(`phone-ended-${why.replaceAll("_", "-")}`) ?? t("phone-sign-in-ended");
}

/** @returns {boolean} whether no password helps: the account is closed */
export function isClosed() {
  return session.value?.ended === true && session.value.why === "account_closed";
}
