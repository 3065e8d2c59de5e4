import { exportFile, exportName } from "../store/export.js";
import { t } from "./language.js";
import { problemText } from "./save.js";
import { toast } from "./toast.js";

/** Long enough for a slow phone to have opened the file that it was given. */
const ADDRESS_KEPT_MS = 60_000;

/**
 * Writes everything unsent into a file that the person keeps or hands over.
 * @param {string} [device] one that the office has revoked: only what it had not sent
 */
export async function saveExport(device) {
  try {
    const file = await exportFile(device);
    const address = URL.createObjectURL(file);
    const link = document.createElement("a");
    link.href = address;
    link.download = exportName(new Date());
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), ADDRESS_KEPT_MS);
    toast(t("phone-export-saved"));
  } catch (problem) {
    toast(problemText(problem), { wrong: true });
  }
}
