/** Photos: the camera in the app, files, and of every photo where its bytes are. */
import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { SideButton } from "../parts/buttons.js";
import { CameraView } from "../parts/camera.js";
import { Chip } from "../parts/chip.js";
import { Choices } from "../parts/choices.js";
import { useDraft } from "../parts/draft.js";
import { Field } from "../parts/field.js";
import { Icon } from "../parts/icon.js";
import { t } from "../parts/language.js";
import { bytesText, clockOrDay } from "../parts/moments.js";
import { headline, present } from "../parts/order_facts.js";
import { Left, NotFound, useOrder } from "../parts/order_page.js";
import { useOverlay } from "../parts/overlays.js";
import { Page } from "../parts/page.js";
import { PhotoImage, photoState } from "../parts/photo_image.js";
import { keepPhoto, ownUnkept, PURPOSES, removePhoto } from "../parts/photo_keeping.js";
import { UnkeptPhotos } from "../parts/unkept_photos.js";
import { word } from "../parts/words.js";

/** @typedef {import("../parts/work_order.js").PhotoRecord} PhotoRecord */

/** @param {{id: string}} properties */
export function Photos({ id }) {
  const order = useOrder(id);
  const [chosen, choose] = useState(order?.body.stage === "working" ? "after" : "fault");
  // A caption belongs to one purpose and the next photo: it never slips to another one.
  const draft = useDraft(`photo:${id}`, { caption: "", purpose: chosen });
  const { caption } = draft.value;
  const purpose = caption === "" ? chosen : draft.value.purpose;
  const [camera, setCamera] = useState(false);
  const [viewed, setViewed] = useState(/** @type {string | null} */ (null));
  if (order === null) return html`<${NotFound} />`;
  const forget = () => {
    if (draft.newest().caption === "") return;
    draft.change({ caption: "", purpose });
    void draft.drop();
  };
  const setPurpose = (/** @type {string} */ wanted) => {
    choose(wanted);
    if (wanted !== purpose) forget();
  };
  const close = () => {
    setCamera(false);
    choose(purpose);
  };
  const photos = present(order.body.photos);
  const shown = photos.find((photo) => photo.id === viewed);
  return html`<${Page} title=${t("phone-photos-title")} note=${headline(order.body)} backTo=${`orders/${id}`}
      foot=${html`<button type="button" class="main" onClick=${() => setCamera(true)}><${Icon} name="camera" /><span>${t("phone-photos-take")}</span></button>
        <${ChooseFiles} order=${id} purpose=${purpose} caption=${caption} onKept=${forget} />`}>
    <${Left} order=${order} />
    ${ownUnkept().some((one) => one.order === id) && html`<section class="sheet stack"><h2>${t("phone-unkept-title")}</h2><${UnkeptPhotos} order=${id} /></section>`}
    <${Choices} name=${t("phone-photo-purpose")} value=${purpose} onChoose=${setPurpose}
      options=${PURPOSES.map((one) => ({ value: one, label: word("purpose", one) }))} />
    <${Field} label=${t("phone-photo-caption")} value=${caption} hint=${t("phone-photo-caption-hint")}
      onInput=${(/** @type {string} */ typed) => draft.change({ caption: typed, purpose })} />
    ${photos.length === 0
      ? html`<div class="empty"><${Icon} name="images" /><p class="soft">${t("phone-photos-none")}</p></div>`
      : html`<ul class="photos">${photos.map((photo) => html`<${Tile} key=${photo.id} photo=${photo} onOpen=${() => setViewed(photo.id)} />`)}</ul>`}
    ${camera && html`<${CameraView} order=${id} purpose=${purpose} caption=${caption} onPurpose=${setPurpose} onTaken=${forget} onClose=${close} />`}
    ${shown && html`<${Viewer} order=${id} photo=${shown} onClose=${() => setViewed(null)} />`}
  <//>`;
}

/** @param {{order: string, purpose: string, caption: string, onKept: () => void}} properties the caption goes to all that are chosen at once */
function ChooseFiles({ order, purpose, caption, onKept }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const take = async () => {
    let kept = false;
    for (const file of Array.from(input.current?.files ?? [])) kept = (await keepPhoto(order, file, purpose, caption)) || kept;
    if (kept) onKept();
    if (input.current) input.current.value = "";
  };
  return html`<input ref=${input} type="file" accept="image/*" multiple hidden onChange=${take} />
    <${SideButton} icon="image-plus" tone="wide" onPress=${() => input.current?.click()}>${t("phone-photos-choose")}<//>`;
}

/** @param {{photo: PhotoRecord, onOpen: () => void}} properties */
function Tile({ photo, onOpen }) {
  const state = photoState(photo);
  const name = word("purpose", photo.purpose);
  return html`<li><button type="button" class="photo" onClick=${onOpen} aria-label=${`${name}: ${state.text}`}>
    <${PhotoImage} photo=${photo} size="thumb" name=${name} />
    <span class="where"><${Icon} name=${state.icon} />${state.short}</span><span class="what">${name}</span>
    ${state.share > 0 && state.share < 1 && html`<span class="progress"><i style=${{ inlineSize: `${state.share * 100}%` }} /></span>`}</button></li>`;
}

/** One photo large, with everything that is known of it. @param {{order: string, photo: PhotoRecord, onClose: () => void}} properties */
function Viewer({ order, photo, onClose }) {
  useOverlay(onClose);
  const state = photoState(photo);
  const name = word("purpose", photo.purpose);
  const remove = async () => {
    onClose();
    await removePhoto(order, photo);
  };
  return html`<div class="camera viewer" role="dialog" aria-modal="true" aria-label=${name}>
    <div class="head"><button type="button" class="round" aria-label=${t("phone-close")} onClick=${onClose}><${Icon} name="x" /></button><b>${name}</b><span class="round"></span></div>
    <div class="view"><${PhotoImage} photo=${photo} size="screen" name=${name} /></div>
    <div class="about"><div><${Chip} tone=${state.tone} icon=${state.icon}>${state.text}<//>
        <div class="about-line">${clockOrDay(photo.taken_at)} · ${bytesText(photo.size)}</div>${photo.caption && html`<div>${photo.caption}</div>`}</div>
      <${SideButton} icon="trash-2" onPress=${remove}>${t("phone-remove")}<//></div></div>`;
}
