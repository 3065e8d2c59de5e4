/** Sending because a person asked for it: what came of it is told. */
import { signal } from "@preact/signals";
import { sendNow } from "../sync/exchange.js";
import { contact, onlyHere, outbox, reach, refreshStatus } from "../sync/status.js";
import { endedText } from "./ended.js";
import { t } from "../ui/language.js";
import { codeText } from "../ui/save.js";

/**
 * How much was sent, how much of what waited was not, and the code of what kept it.
 * @typedef {{sent: number, left: number, code: string | null}} How
 */

/** What came of it, and how things stood then: what has changed since is told by the screen itself. */
const told = signal(/** @type {{how: How, as: string} | null} */ (null));
export const sendingByHand = signal(false);

/** @returns {{text: string, wrong: boolean} | null} what came of the last sending by hand, as long as it stands */
export function cameOfIt() {
  if (told.value?.as !== asItStands()) return null;
  const { how } = told.value;
  return { text: textOf(how), wrong: how.code !== null || how.left > 0 };
}

/** Send what waits, and ask for news. */
export async function sendByHand() {
  if (sendingByHand.value) return;
  sendingByHand.value = true;
  told.value = null;
  try {
    await refreshStatus();
    const before = ids();
    const code = await sendNow();
    await refreshStatus();
    const left = new Set(ids());
    const sent = before.filter((id) => !left.has(id)).length;
    told.value = { how: { sent, left: before.length - sent, code }, as: asItStands() };
  } finally {
    sendingByHand.value = false;
  }
}

function ids() {
  return outbox.value.map(({ id }) => id);
}

/** What is known of the server now, and how much waits, as one text. That it is tried again changes nothing of it. */
function asItStands() {
  const { code, last_contact } = contact.value;
  return JSON.stringify([code, last_contact, reach.value, onlyHere.value]);
}

/** @param {How} how @returns {string} */
function textOf({ sent, left, code }) {
  const why = code === null ? "" : whyNot(code);
  if (sent > 0 && left === 0) return [t("phone-outbox-sent", { count: sent }), why].filter(Boolean).join(" ");
  if (sent > 0) return [t("phone-outbox-sent-some", { count: sent, left }), why].filter(Boolean).join(" ");
  if (code !== null) return t(left === 0 ? "phone-outbox-not-done" : "phone-outbox-not-sent", { why });
  return left === 0 ? t("phone-outbox-sent-nothing") : t("phone-outbox-sent-none", { left });
}

/** @param {string} code @returns {string} */
function whyNot(code) {
  if (code === "turn_lost") return t("phone-outbox-elsewhere");
  if (code === "session_ended") return endedText();
  if (reach.value === "offline") return t("phone-outbox-offline");
  return codeText(code, { reach: reach.value });
}
