import { exportFile, exportName } from "../store/export.js";
import { t } from "./language.js";
import { problemText } from "./save.js";
import { saveFile } from "./save_file.js";
import { toast } from "./toast.js";

/**
 * Writes everything unsent into a file that the person keeps or hands over.
 * @param {string} [device] one that the office has revoked: only what it had not sent
 */
export async function saveExport(device) {
  try {
    saveFile(await exportFile(device), exportName(new Date()));
    toast(t("phone-export-saved"));
  } catch (problem) {
    toast(problemText(problem), { wrong: true });
  }
}
