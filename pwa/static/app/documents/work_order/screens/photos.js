/** Photos: the camera in the app, files, and of every photo where its bytes are. */
import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { SideButton } from "../../../ui/buttons.js";
import { CameraView } from "../../parts/camera.js";
import { Chip } from "../../../ui/chip.js";
import { Choices } from "../../../ui/choices.js";
import { ConflictMark } from "./conflict_mark.js";
import { useDraft } from "../../../ui/draft.js";
import { FailedPhotos, RejectedPhotos, rejection } from "../../parts/failed_photos.js";
import { Field } from "../../../ui/field.js";
import { Icon } from "../../../ui/icon.js";
import { t } from "../../../ui/language.js";
import { bytesText, clockOrDay } from "../../../ui/moments.js";
import { headline, present } from "../order_facts.js";
import { Left, NotFound } from "./order_page.js";
import { useOrder } from "./shown_orders.js";
import { useOverlay } from "../../../ui/overlays.js";
import { Page } from "../../../shell/page.js";
import { PhotoImage, photoState } from "../../parts/photo_image.js";
import { ownUnkept, removePhoto } from "../../parts/photo_keeping.js";
import { likelyPurpose } from "../photo_purpose.js";
import { beingSaved, keepInTurn } from "../../parts/photo_queue.js";
import { PhotoWords } from "../../parts/photo_words.js";
import { UnkeptPhotos } from "../../parts/unkept_photos.js";
import { PURPOSES, word } from "../../../ui/words.js";

/** @typedef {import("../work_order.js").PhotoRecord} PhotoRecord */

/** @param {{id: string}} properties */
export function Photos({ id }) {
  const order = useOrder(id);
  const [chosen, choose] = useState(/** @type {string | null} */ (null));
  // A caption belongs to one purpose and the next photo: it never slips to another one.
  const wanted = chosen ?? likelyPurpose(order?.body);
  const draft = useDraft(`photo:${id}`, { caption: "", purpose: wanted });
  const { caption } = draft.value;
  const purpose = caption === "" ? wanted : draft.value.purpose;
  const [camera, setCamera] = useState(false);
  const [viewed, setViewed] = useState(/** @type {string | null} */ (null));
  if (order === null) return html`<${NotFound} />`;
  const forget = () => {
    if (draft.newest().caption === "") return;
    draft.change({ caption: "", purpose });
    void draft.drop();
  };
  const setPurpose = (/** @type {string} */ next) => {
    choose(next);
    if (next !== purpose) forget();
  };
  // What was begun with goes on: it does not change from one photo of a series to the next.
  const open = () => {
    choose(purpose);
    setCamera(true);
  };
  const saving = beingSaved(id);
  const photos = present(order.body.photos);
  const shown = photos.find((photo) => photo.id === viewed);
  return html`<${Page} title=${t("phone-photos-title")} note=${headline(order.body)} backTo=${`orders/${id}`}
      foot=${html`<button type="button" class="main" onClick=${open}><${Icon} name="camera" />
        <span>${t("phone-photos-take")}</span></button>
        <${ChooseFiles} order=${id} purpose=${purpose} caption=${caption} onChosen=${() => choose(purpose)}
          onKept=${forget} />`}>
    <${Left} order=${order} />
    ${saving > 0 && html`<p class="soft" role="status">${t("phone-camera-saving", { count: saving })}</p>`}
    <${FailedPhotos} order=${id} /><${RejectedPhotos} order=${id} />
    ${
      ownUnkept().some((one) => one.order === id) &&
      html`<section class="sheet stack"><h2>${t("phone-unkept-title")}</h2><${UnkeptPhotos} order=${id} /></section>`
    }
    <${Choices} name=${t("phone-photo-purpose")} value=${purpose} onChoose=${setPurpose}
      options=${PURPOSES.map((one) => ({ value: one, label: word("purpose", one) }))} />
    <${Field} label=${t("phone-photo-caption")} value=${caption} hint=${t("phone-photo-caption-hint")}
      onInput=${(/** @type {string} */ typed) => draft.change({ caption: typed, purpose })} />
    ${
      photos.length === 0
        ? html`<div class="empty"><${Icon} name="images" /><p class="soft">${t("phone-photos-none")}</p></div>`
        : html`<ul class="photos">
          ${photos.map((photo) => html`<${Tile} key=${photo.id} photo=${photo} onOpen=${() => setViewed(photo.id)} />`)}
          </ul>`
    }
    ${
      camera &&
      html`<${CameraView} order=${id} purpose=${purpose} caption=${caption} onPurpose=${setPurpose} onTaken=${forget}
        onClose=${() => setCamera(false)} />`
    }
    ${shown && html`<${Viewer} order=${id} body=${order.body} photo=${shown} onClose=${() => setViewed(null)} />`}
  <//>`;
}

/**
 * @param {{order: string, purpose: string, caption: string, onChosen: () => void, onKept: () => void}} properties the
 *   caption goes to all that are chosen at once
 */
function ChooseFiles({ order, purpose, caption, onChosen, onKept }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const take = async () => {
    onChosen();
    // At once, so that each counts as being saved from now on, and is whose it was when it was chosen.
    const kept = await Promise.all(
      Array.from(input.current?.files ?? [], (file) => keepInTurn(order, file, { purpose, caption }, file.name)),
    );
    if (kept.includes(true)) onKept();
    if (input.current) input.current.value = "";
  };
  return html`<input ref=${input} type="file" accept="image/*" multiple hidden onChange=${take} />
    <${SideButton} icon="image-plus" tone="wide" onPress=${() => input.current?.click()}>${t("phone-photos-choose")}
    <//>`;
}

/** @param {{photo: PhotoRecord, onOpen: () => void}} properties */
function Tile({ photo, onOpen }) {
  const state = photoState(photo);
  const name = word("purpose", photo.purpose);
  return html`<li>
    <button type="button" class="photo" onClick=${onOpen} data-does=${`photo ${photo.id}`}
      aria-label=${`${name}: ${state.text}`}>
    <${PhotoImage} photo=${photo} size="thumb" name=${name} />
    <span class="where"><${Icon} name=${state.icon} />${state.short}</span><span class="what">${name}</span>
    ${
      state.share > 0 &&
      state.share < 1 &&
      html`<span class="progress"><i style=${{ inlineSize: `${state.share * 100}%` }} /></span>`
    }</button></li>`;
}

/**
 * One photo large, with everything that is known of it.
 * @param {{order: string, body: import("../work_order.js").WorkOrder, photo: PhotoRecord, onClose: () => void}}
 *   properties
 */
function Viewer({ order, body, photo, onClose }) {
  useOverlay(onClose);
  const state = photoState(photo);
  const name = word("purpose", photo.purpose);
  const refused = rejection(photo);
  const [saying, say] = useState(false);
  const remove = async () => {
    onClose();
    await removePhoto(order, photo);
  };
  return html`<div class="camera viewer" role="dialog" aria-modal="true" aria-label=${name}>
    <div class="head">
      <button type="button" class="round" aria-label=${t("phone-close")} onClick=${onClose}><${Icon} name="x" />
      </button><b>${name}</b><span class="round"></span></div>
    <div class="view"><${PhotoImage} photo=${photo} size="screen" name=${name} /></div>
    <div class="about"><div><${Chip} tone=${state.tone} icon=${state.icon}>${state.text}<//>
        <div class="about-line">${clockOrDay(photo.taken_at)} · ${bytesText(photo.size)}</div>
        ${photo.caption && html`<div>${photo.caption}</div>`}
        ${refused && html`<div class="refused">${refused.why} ${refused.helps}</div>`}
        <${ConflictMark} id=${order} body=${body} field=${`photos.${photo.id}`} /></div>
      <div class="row"><${SideButton} icon="pencil" onPress=${() => say(true)}>${t("phone-photo-words")}<//>
        <${SideButton} icon="trash-2" onPress=${remove}>${t("phone-remove")}<//></div></div>
    ${saying && html`<${PhotoWords} order=${order} photo=${photo} onClose=${() => say(false)} />`}</div>`;
}
