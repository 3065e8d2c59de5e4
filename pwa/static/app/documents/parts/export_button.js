import { exportFile, exportName } from "../../store/export.js";
import { trueNow } from "../../store/true_time.js";
import { orderNumber } from "./kind_words.js";
import { t } from "../../ui/language.js";
import { clockOrDay } from "../../ui/moments.js";
import { shownOrders } from "../work_order/screens/shown_orders.js";
import { problemText } from "../../ui/save.js";
import { saveFile } from "../../ui/save_file.js";
import { toast } from "../../ui/toast.js";
import { word } from "../../ui/words.js";

/**
 * Writes everything unsent into a file that the person keeps or hands over.
 * @param {string} [device] one that the office has revoked: only what it had not sent
 */
export async function saveExport(device) {
  try {
    /** @type {import("../../store/export.js").Unreadable[]} */
    let leftOut = [];
    saveFile(
      await exportFile(device, (unreadable) => {
        leftOut = unreadable;
      }),
      exportName(new Date(trueNow())),
    );
    toast(t("phone-export-saved"));
    if (leftOut.length > 0)
      toast(
        t("phone-export-left-out", { count: leftOut.length, photos: leftOut.map(nameOf).join(t("phone-list-joint")) }),
        { wrong: true },
      );
  } catch (problem) {
    toast(problemText(problem), { wrong: true });
  }
}

/**
 * Which photo it is, for whoever has to find it again.
 * @param {import("../../store/export.js").Unreadable} unreadable
 * @returns {string}
 */
function nameOf({ uses }) {
  const { photo, target } = uses[uses.length - 1];
  const record = shownOrders()
    .find(({ id }) => id === target)
    ?.body.photos?.find(({ id }) => id === photo);
  return [orderNumber(target), record && word("purpose", record.purpose), record && clockOrDay(record.taken_at)]
    .filter(Boolean)
    .join(" ");
}
