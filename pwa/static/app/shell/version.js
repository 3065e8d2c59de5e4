// The installed app and its next version, which waits until the person agrees.

import { effect, signal } from "@preact/signals-core";
import { inMemory } from "../store/in_memory.js";
import { contact, online } from "../sync/status.js";
import { handedOver } from "../ui/router.js";
import { afterwards } from "../ui/travel.js";

/** Whether a newer version is on the phone and waits. */
export const newVersionWaits = signal(false);

/** @type {ServiceWorkerRegistration | null} */
let registration = null;
let agreed = false;
let startsAgain = false;
/** How long a person waits for the new version to take over before the app starts again without it, in ms. */
const PATIENCE = 5000;
/** By then what was closed in the same moment is on its way back in the history, in ms. */
const SETTLES = 100;

/** Install the app, so that from the next start on it needs no network; and look for newer versions. */
export async function installApp() {
  if (!navigator.serviceWorker) return;
  const controlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The first worker takes the page over silently. A later one comes because a person agreed, here or in another tab.
    if (agreed) startAgain();
    else if (controlled) newVersionWaits.value = true;
  });
  registration = await navigator.serviceWorker.register("/app/service-worker.js", {
    scope: "/app/",
    updateViaCache: "none",
  });
  follow(registration);
  // A browser that is short of room throws away what it likes of the stored files.
  effect(() => {
    if (contact.value.last_contact !== null || online.value) registration?.active?.postMessage("make-whole");
  });
  addEventListener("online", () => void registration?.update().catch(() => {}));
}

/**
 * The person agrees: the new version takes over, and the app starts again with it. A browser lets the old version
 * finish first what it is answering, for minutes where that hangs; then the app starts again as it is, which ends
 * that, and asks again.
 */
export function takeNewVersion() {
  agreed = true;
  if (registration?.waiting) {
    registration.waiting.postMessage("take-over");
    setTimeout(startAgain, PATIENCE);
  } else startAgain();
}

/** Whether nothing is lost by starting again, and nobody is in the middle of signing. */
export function mayStartAgain() {
  return inMemory().length === 0 && handedOver.value === null;
}

/** As soon as that may be; once, however often it was asked for. */
function startAgain() {
  if (mayStartAgain()) return reload();
  if (startsAgain) return;
  startsAgain = true;
  const stop = effect(() => {
    if (!mayStartAgain()) return;
    stop();
    startsAgain = false;
    reload();
  });
}

/** Going back in the history would end a reload that has begun. */
function reload() {
  setTimeout(() => afterwards(() => location.reload()), SETTLES);
}

/** @param {ServiceWorkerRegistration} installed */
function follow(installed) {
  const look = () => (newVersionWaits.value ||= installed.waiting !== null && installed.active !== null);
  look();
  installed.addEventListener("updatefound", () => installed.installing?.addEventListener("statechange", look));
}
