// Where a part of the app is missing and no network brings it back: the service worker's own page says so, and lets out
// what is unsent as a file. It stands on as few modules as it can; the worker carries them in its own script.

import { recall } from "./core/remembered.js";
import { saveFile } from "./ui/save_file.js";
import { openStore, readStoreOf } from "./store/database.js";
import { lastEntry } from "./store/directory.js";
import { exportFile, exportName } from "./store/export.js";
import { readUnsent } from "./store/unsent.js";

const page = document.documentElement;
const main = inOneLanguage();

for (const again of main.querySelectorAll(".again")) again.addEventListener("click", () => location.reload());
addEventListener("online", () => location.reload());
await look().catch((problem) => {
  console.error(problem);
  show("unreadable");
});

/** @returns {HTMLElement} the text in the language of the app, alone */
function inOneLanguage() {
  const texts = [...document.querySelectorAll("main")];
  const base = (/** @type {string} */ tag) => tag.split("-")[0];
  const wanted = [recall("undercroft-language") ?? "", ...navigator.languages];
  const chosen = wanted.map((tag) => texts.find(({ lang }) => base(lang) === base(tag))).find(Boolean) ?? texts[0];
  for (const other of texts) if (other !== chosen) other.remove();
  page.lang = chosen.lang;
  return chosen;
}

/** Offers what whoever was signed in last has not sent; a customer who holds the phone gets nothing of it. */
async function look() {
  const entry = await lastEntry();
  if (!entry) return;
  await openStore(entry.id);
  const { ledger, isHandedOver, unsent, shutOut } = await readStoreOf(entry.id, async (database) => ({
    ...(await readUnsent(database)),
    ledger: await database.get("meta", "ledger"),
    isHandedOver: (await database.get("drafts", "handed-over"))?.value,
  }));
  if (!ledger) throw new Error("no ledger");
  if (isHandedOver) return;
  if (unsent.lines + unsent.photos > 0) offer(unsent);
  for (const { device, lines } of shutOut) offer({ lines: lines.length, photos: 0 }, device);
  show(unsent.lines + unsent.photos + shutOut.length > 0 ? "unsent" : "nothing");
}

/**
 * @param {{lines: number, photos: number}} counts
 * @param {string} [device] one that the office has revoked
 */
function offer({ lines, photos }, device) {
  const { content } = /** @type {HTMLTemplateElement} */ (main.querySelector("template"));
  const file = /** @type {HTMLElement} */ (content.cloneNode(true).childNodes[0]);
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (file.querySelector(`.${name}`));
  part("lines").textContent = String(lines);
  part("photos").textContent = String(photos);
  part("shut-out").hidden = device === undefined;
  part("export").addEventListener("click", async () => {
    const isDone = await exportFile(device).then(
      (made) => saveFile(made, exportName(new Date())),
      (problem) => console.error(problem),
    );
    part("saved").hidden = !isDone;
    part("failed").hidden = Boolean(isDone);
  });
  main.querySelector(".files")?.append(file);
}

/** @param {"nothing" | "unsent" | "unreadable"} state */
function show(state) {
  for (const one of main.querySelectorAll("[data-state]")) {
    /** @type {HTMLElement} */ (one).hidden = /** @type {HTMLElement} */ (one).dataset.state !== state;
  }
}
