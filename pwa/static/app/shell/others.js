/**
 * Other people who have worked on this phone: what they recorded stays theirs, and goes with whoever has contact here.
 */
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { readStoreOf } from "../store/database.js";
import { knownPeople } from "../store/directory.js";
import { session } from "../store/session.js";
import { readUnsent } from "../store/unsent.js";
import { left, sayItIsMine } from "../sync/left_here.js";
import { SideButton } from "../ui/buttons.js";
import { Notice } from "../ui/chip.js";
import { t } from "../ui/language.js";
import { problemText } from "../ui/save.js";
import { toast } from "../ui/toast.js";

/**
 * `count` is null where their store cannot be read at present.
 * @typedef {{id: string, name: string, username: string, count: number | null}} Waiting
 */

const waiting = signal(/** @type {Waiting[]} */ ([]));

async function look() {
  const found = [];
  for (const { id, person } of await knownPeople()) {
    const count = await readStoreOf(id, readUnsent).then(
      ({ unsent: { lines, photos, shut_out } }) => lines + photos + shut_out,
      () => null,
    );
    if (count !== 0 || id in left.value) found.push({ id, name: person.name, username: person.username, count });
  }
  waiting.value = found;
}

/**
 * Names everybody with something unsent on this phone.
 * @param {{others?: boolean}} properties `others`: but not whoever is signed in
 */
export function StillUnsent({ others = false }) {
  const own = session.value?.person.id;
  const known = left.value;
  useEffect(() => {
    void look().catch(() => {
      waiting.value = [];
    });
  }, [own, known]);
  return html`${waiting.value
    .filter(({ id }) => !others || id !== own)
    .map(
      (one) => html`
    <${Notice} key=${one.id} icon="smartphone" tone="corroborated"><${Words} ...${one} /><//>`,
    )}`;
}

/** How much it is, and what it waits for. @param {Waiting} properties */
function Words({ id, name, username, count }) {
  const stays = left.value[id];
  if (!stays)
    return html`${count === null ? t("phone-still-unreadable", { name }) : t("phone-still-unsent", { name, count })}`;
  const isAsked = stays.why === "unknown_person" && session.value?.person.username === username;
  return html`<div class="stack">
    <div>${t("phone-left", { name, lines: stays.lines, photos: stays.photos, orders: stays.orders })}</div>
    <div>
      ${
        isAsked
          ? t(`phone-left-mine-${stays.asked}`, { name })
          : t(`phone-left-${stays.why.replaceAll("_", "-")}`, { name })
      }</div>
    ${
      isAsked &&
      stays.asked !== "asked" &&
      html`<${SideButton} icon="user-check" onPress=${() => claim(id)}>${t("phone-left-mine")}<//>`
    }</div>`;
}

/** @param {string} id */
async function claim(id) {
  try {
    await sayItIsMine(id);
  } catch (problem) {
    toast(problemText(problem), { wrong: true });
  }
}
