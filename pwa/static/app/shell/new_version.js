import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { SideButton } from "../ui/buttons.js";
import { t } from "../ui/language.js";
import { mayStartAgain, newVersionWaits, takeNewVersion } from "./version.js";

const CACHE = "undercroft-shell-";

/** The version that is stored on this phone, as its first characters; null where none is. */
export const version = signal(/** @type {string | null} */ (null));

/** Looks up the stored version; called once at the start. */
export async function readVersion() {
  const names = "caches" in globalThis ? await caches.keys() : [];
  version.value = names.find((name) => name.startsWith(CACHE))?.slice(CACHE.length, CACHE.length + 8) ?? null;
}

/** A newer app waits: nothing is lost by taking it, and nobody is interrupted by it. */
export function NewVersion() {
  if (!newVersionWaits.value || !mayStartAgain()) return null;
  return html`<div class="new-version" role="status"><span class="grow">${t("phone-new-version")}</span>
    <${SideButton} icon="refresh-cw" tone="accent" onPress=${takeNewVersion}>${t("phone-new-version-take")}<//></div>`;
}
