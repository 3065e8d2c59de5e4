/**
 * What a photo is said to show, changed afterwards: `photo.edit` with what the person saw; what was said first stays in
 * the history.
 */
import { html } from "htm/preact";
import { MainButton } from "../../ui/buttons.js";
import { Choices } from "../../ui/choices.js";
import { Ask } from "../../ui/dialog.js";
import { useDraft } from "../../ui/draft.js";
import { Field } from "../../ui/field.js";
import { t } from "../../ui/language.js";
import { save } from "../../ui/save.js";
import { PURPOSES, word } from "../../ui/words.js";

/** @typedef {import("../work_order/work_order.js").PhotoRecord} PhotoRecord */
/** @typedef {{caption: string, purpose: string}} Words */

/** @param {{order: string, photo: PhotoRecord, onClose: () => void}} properties */
export function PhotoWords({ order, photo, onClose }) {
  const stands = { caption: photo.caption ?? "", purpose: photo.purpose };
  const draft = useDraft(`photo-words:${photo.id}`, { was: stands, now: stands });
  const { was, now } = draft.value;
  const change = (/** @type {Partial<Words>} */ part) => draft.change({ was, now: { ...draft.newest().now, ...part } });
  const keep = async () => {
    const changes = changed(was, { ...now, caption: now.caption.trim() });
    const operation = { kind: "photo.edit", target: order, data: { photo: photo.id, changes } };
    if (Object.keys(changes).length > 0 && !(await save([operation]))) return;
    await draft.drop();
    onClose();
  };
  return html`<${Ask} title=${t("phone-photo-words")} onClose=${onClose}>
    <${Choices} name=${t("phone-photo-purpose")} value=${now.purpose}
      onChoose=${(/** @type {string} */ purpose) => change({ purpose })}
      options=${PURPOSES.map((one) => ({ value: one, label: word("purpose", one) }))} />
    <${Field} label=${t("phone-photo-caption")} value=${now.caption}
      onInput=${(/** @type {string} */ caption) => change({ caption })} />
    <p class="soft">${t("phone-photo-words-kept")}</p>
    <${MainButton} icon="check" onPress=${keep}>${t("phone-photo-words-save")}<//><//>`;
}

/**
 * The fields that were changed, as an operation says it.
 * @param {Words} was
 * @param {Words} now
 */
function changed(was, now) {
  const names = /** @type {const} */ (["purpose", "caption"]);
  return Object.fromEntries(
    names.filter((name) => was[name] !== now[name]).map((name) => [name, { was: was[name], now: now[name] }]),
  );
}
