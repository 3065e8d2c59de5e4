// Coming back to the app: phones end databases while it is in the background, often without telling.

import { lookWhetherStoreLives } from "./database.js";
import { lookWhetherDirectoryLives } from "./directory.js";

/** Not every phone says each of these. */
const COMING_BACK = ["visibilitychange", "focus", "pageshow", "resume"];

/** From now on the databases are asked whether they live whenever somebody comes back to the app. */
export function lookOnWaking() {
  for (const what of COMING_BACK) for (const where of [document, window]) where.addEventListener(what, look);
}

function look() {
  if (document.visibilityState === "hidden") return;
  // What does not help is said where something is wanted of them, and in the bar at the top.
  for (const one of [lookWhetherDirectoryLives, lookWhetherStoreLives]) void one().catch(() => {});
}
