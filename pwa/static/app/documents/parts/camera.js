/**
 * The camera inside the app: every press takes a photo, kept on the disk in turn; how many are not there yet is said.
 */
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { runCamera } from "../../capture/camera.js";
import { SideButton } from "../../ui/buttons.js";
import { Choices } from "../../ui/choices.js";
import { Ask } from "../../ui/dialog.js";
import { FailedPhotos } from "./failed_photos.js";
import { Icon } from "../../ui/icon.js";
import { t } from "../../ui/language.js";
import { useOverlay } from "../../ui/overlays.js";
import { ownUnkept } from "./photo_keeping.js";
import { beingSaved, beingTaken, keepInTurn, MOST_WAITING } from "./photo_queue.js";
import { problemText } from "../../ui/save.js";
import { UnkeptPhotos } from "./unkept_photos.js";
import { PURPOSES, word } from "../../ui/words.js";

/**
 * @param {{order: string, purpose: string, caption?: string, onPurpose?: (purpose: string) => void, onClose: () =>
 *   void, onTaken?: () => void}} properties without `onPurpose` the purpose is fixed
 */
export function CameraView({ order, purpose, caption, onPurpose, onClose, onTaken }) {
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const camera = useRef(/** @type {import("../../capture/camera.js").Camera | null} */ (null));
  const [trouble, setTrouble] = useState(/** @type {string | null} */ (null));
  const addresses = useRef(/** @type {string[]} */ ([]));
  const pictures = useRef(/** @type {Promise<unknown>[]} */ ([]));
  const claimed = useRef("");
  const here = useRef(true);
  const [taken, setTaken] = useState(0);
  const [presses, setPresses] = useState(0);
  const [asking, setAsking] = useState(false);

  useEffect(() => {
    if (video.current)
      camera.current = runCamera(video.current, (problem) => setTrouble(problem && problemText(problem)));
    return () => camera.current?.stop();
  }, []);
  useEffect(
    () => () => {
      here.current = false;
      addresses.current.forEach((address) => URL.revokeObjectURL(address));
    },
    [],
  );
  useEffect(() => {
    if (!caption) claimed.current = "";
  }, [caption]);
  const saving = beingSaved(order);
  const isFull = beingTaken(order) >= MOST_WAITING;

  // A picture that is just being taken needs the camera for a moment more.
  const close = async () => {
    await Promise.all(pictures.current);
    onClose();
  };
  useOverlay(close);

  async function shoot() {
    if (camera.current === null || isFull) return;
    // A caption belongs to one photo: the next press goes without, unless this one comes to nothing.
    const own = caption && claimed.current !== caption ? caption : undefined;
    if (own) claimed.current = own;
    setPresses((before) => before + 1);
    const picture = camera.current.take();
    pictures.current = [...pictures.current, picture.catch(() => {})].slice(-MOST_WAITING);
    if (await keepInTurn(order, picture, { purpose, caption: own })) {
      const address = URL.createObjectURL(await picture);
      if (!here.current) return URL.revokeObjectURL(address);
      addresses.current.push(address);
      setTaken(addresses.current.length);
      if (own || !caption) onTaken?.();
    } else {
      if (own) claimed.current = "";
      setAsking(true);
    }
  }

  return html`<div class="camera" role="dialog" aria-modal="true" aria-label=${t("phone-camera")}>
    <div class="head">
      <button type="button" class="round" aria-label=${t("phone-close")} onClick=${close}><${Icon} name="x" /></button>
      <span class="count" role="status">${taken === 0 && saving === 0 && word("purpose", purpose)}
        ${taken > 0 && html`<span>${t("phone-camera-taken", { count: taken })}</span>`}
        ${saving > 0 && html`<span class="saving">${t("phone-camera-saving", { count: saving })}</span>`}</span>
        <span class="round"></span></div>
    <div class="view"><video ref=${video} hidden=${trouble !== null} playsinline muted autoplay></video>
      ${trouble === null && presses > 0 && html`<div class="blink" key=${presses}></div>`}
      ${trouble !== null && html`<div class="trouble" role="alert"><${Icon} name="camera" /><p>${trouble}</p></div>`}
      </div>
    <${FailedPhotos} order=${order} />
    ${caption?.trim() && html`<p class="caption"><${Icon} name="pencil" /><span>${caption.trim()}</span></p>`}
    ${
      onPurpose &&
      html`<div class="chips"><${Choices} name=${t("phone-photo-purpose")} value=${purpose} onChoose=${onPurpose}
      options=${PURPOSES.map((one) => ({ value: one, label: word("purpose", one) }))} /></div>`
    }
    <div class="deck">
      <span>${taken > 0 && html`<img class="last" src=${addresses.current.at(-1)} alt=${t("phone-camera-last")} />`}
      </span>
      <button type="button" class="shutter" disabled=${trouble !== null || isFull} aria-busy=${saving > 0}
        aria-label=${t("phone-camera-take")} onClick=${shoot}></button>
      <${SideButton} onPress=${close}>${t("phone-done")}<//></div>
    </div>
    ${
      asking &&
      ownUnkept().some((one) => one.order === order) &&
      html`<${Ask} title=${t("phone-unkept-title")} onClose=${() => setAsking(false)}>
      <${UnkeptPhotos} order=${order} /><//>`
    }`;
}
