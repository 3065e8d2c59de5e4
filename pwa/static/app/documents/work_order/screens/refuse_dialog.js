import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { MainButton, SideButton } from "../../../ui/buttons.js";
import { CameraView } from "../../parts/camera.js";
import { Choices } from "../../../ui/choices.js";
import { Ask } from "../../../ui/dialog.js";
import { useDraft } from "../../../ui/draft.js";
import { Field } from "../../../ui/field.js";
import { t } from "../../../ui/language.js";
import { present } from "../order_facts.js";
import { leave } from "../../../ui/router.js";
import { save } from "../../../ui/save.js";
import { finishOf } from "./signing.js";
import { word } from "../../../ui/words.js";

/**
 * Nobody is made to sign for somebody else: why there is no signature, with a photo offered instead.
 * @param {{order: import("../work_order.js").ShownOrder, onClose: () => void}} properties
 */
export function RefuseDialog({ order, onClose }) {
  const draft = useDraft(`refuse:${order.id}`, { reason: /** @type {string | null} */ (null), comment: "" });
  const [camera, setCamera] = useState(false);
  const { reason, comment } = draft.value;
  const keep = async () => {
    const data = { reason, ...(comment.trim() && { comment: comment.trim() }) };
    if (!(await save([{ kind: "signature.refuse", target: order.id, data }, ...finishOf(order)]))) return;
    await draft.drop();
    leave(`orders/${order.id}`);
  };
  if (camera) return html`<${CameraView} order=${order.id} purpose="document" onClose=${() => setCamera(false)} />`;
  return html`<${Ask} title=${t("phone-refuse-title")} onClose=${onClose}>
    <${Choices} look="list" name=${t("phone-refuse-title")} value=${reason}
      onChoose=${(/** @type {string} */ chosen) => draft.change({ ...draft.value, reason: chosen })}
      options=${["absent", "refused"].map((one) => ({ value: one, label: word("refusal", one) }))} />
    <${Field} label=${t("phone-refuse-comment")} value=${comment} multiline=${true}
      onInput=${(/** @type {string} */ typed) => draft.change({ ...draft.value, comment: typed })} />
    <div class="row">
      <span class="grow soft">${t("phone-refuse-photo", { count: present(order.body.photos).length })}</span>
      <${SideButton} icon="camera" onPress=${() => setCamera(true)}>${t("phone-photos-take")}<//></div>
    <${MainButton} icon="check" disabled=${reason === null} onPress=${keep}>${t("phone-refuse-finish")}<//><//>`;
}
