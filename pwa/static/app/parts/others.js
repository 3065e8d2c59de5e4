/** Other people who have worked on this phone: what they recorded stays theirs, and only they can send it. */
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { readStoreOf } from "../store/database.js";
import { knownPeople } from "../store/directory.js";
import { session } from "../store/session.js";
import { readUnsent } from "../store/unsent.js";
import { Notice } from "./chip.js";
import { t } from "./language.js";

const waiting = signal(/** @type {{id: string, name: string, count: number}[]} */ ([]));

async function look() {
  const found = [];
  for (const { id, person } of await knownPeople()) {
    const { lines, photos, shut_out } = (await readStoreOf(id, readUnsent)).unsent;
    const count = lines + photos + shut_out;
    if (count > 0) found.push({ id, name: person.name, count });
  }
  waiting.value = found;
}

/** Names everybody with something unsent on this phone. @param {{others?: boolean}} properties `others`: but not whoever is signed in */
export function StillUnsent({ others = false }) {
  const own = session.value?.person.id;
  useEffect(() => { void look().catch(() => { waiting.value = []; }); }, [own]);
  return html`${waiting.value.filter(({ id }) => !others || id !== own).map(({ id, name, count }) => html`
    <${Notice} key=${id} icon="smartphone" tone="corroborated">${t("phone-still-unsent", { name, count })}<//>`)}`;
}
