import { exportFile, exportName } from "../store/export.js";
import { orderNumber } from "./kind_words.js";
import { t } from "./language.js";
import { clockOrDay } from "./moments.js";
import { shownOrders } from "./order_page.js";
import { problemText } from "./save.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

/** Long enough for a slow phone to have opened the file that it was given. */
const ADDRESS_KEPT_MS = 60_000;

/**
 * Writes everything unsent into a file that the person keeps or hands over.
 * @param {string} [device] one that the office has revoked: only what it had not sent
 */
export async function saveExport(device) {
  try {
    /** @type {import("../store/export.js").Unreadable[]} */
    let leftOut = [];
    const file = await exportFile(device, (unreadable) => { leftOut = unreadable; });
    const address = URL.createObjectURL(file);
    const link = document.createElement("a");
    link.href = address;
    link.download = exportName(new Date());
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), ADDRESS_KEPT_MS);
    toast(t("phone-export-saved"));
    if (leftOut.length > 0) toast(t("phone-export-left-out", { count: leftOut.length, photos: leftOut.map(nameOf).join(t("phone-list-joint")) }), { wrong: true });
  } catch (problem) {
    toast(problemText(problem), { wrong: true });
  }
}

/**
 * Which photo it is, for whoever has to find it again.
 * @param {import("../store/export.js").Unreadable} unreadable
 * @returns {string}
 */
function nameOf({ uses }) {
  const { photo, target } = uses[uses.length - 1];
  const record = shownOrders().find(({ id }) => id === target)?.body.photos?.find(({ id }) => id === photo);
  return [orderNumber(target), record && word("purpose", record.purpose), record && clockOrDay(record.taken_at)].filter(Boolean).join(" ");
}
