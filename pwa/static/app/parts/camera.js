/** The camera inside the app: several photos in a row, each on the disk before the next one is asked for. */
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { runCamera } from "../capture/camera.js";
import { SideButton } from "./buttons.js";
import { Choices } from "./choices.js";
import { Ask } from "./dialog.js";
import { Icon } from "./icon.js";
import { t } from "./language.js";
import { useOverlay } from "./overlays.js";
import { keepPhoto, ownUnkept, PURPOSES } from "./photo_keeping.js";
import { problemText } from "./save.js";
import { UnkeptPhotos } from "./unkept_photos.js";
import { word } from "./words.js";

/**
 * @param {{order: string, purpose: string, caption?: string, onPurpose?: (purpose: string) => void, onClose: () => void, onTaken?: () => void}} properties
 *   without `onPurpose` the purpose is fixed
 */
export function CameraView({ order, purpose, caption, onPurpose, onClose, onTaken }) {
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const camera = useRef(/** @type {import("../capture/camera.js").Camera | null} */ (null));
  const [trouble, setTrouble] = useState(/** @type {string | null} */ (null));
  const [taken, setTaken] = useState(/** @type {string[]} */ ([]));
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  useOverlay(onClose);

  useEffect(() => {
    if (video.current) camera.current = runCamera(video.current, (problem) => setTrouble(problem && problemText(problem)));
    return () => camera.current?.stop();
  }, []);
  useEffect(() => () => taken.forEach((address) => URL.revokeObjectURL(address)), []);

  async function shoot() {
    if (busy || camera.current === null) return;
    setBusy(true);
    try {
      const blob = await camera.current.take();
      if (await keepPhoto(order, blob, purpose, caption)) {
        setTaken((before) => [...before, URL.createObjectURL(blob)]);
        onTaken?.();
      } else {
        setAsking(true);
      }
    } catch (problem) {
      setTrouble(problemText(problem));
    } finally {
      setBusy(false);
    }
  }

  return html`<div class="camera" role="dialog" aria-modal="true" aria-label=${t("phone-camera")}>
    <div class="head"><button type="button" class="round" aria-label=${t("phone-close")} onClick=${onClose}><${Icon} name="x" /></button>
      <span role="status">${taken.length > 0 ? t("phone-camera-taken", { count: taken.length }) : word("purpose", purpose)}</span><span class="round"></span></div>
    <div class="view"><video ref=${video} hidden=${trouble !== null} playsinline muted autoplay></video>
      ${trouble === null && taken.length > 0 && html`<div class="blink" key=${taken.length}></div>`}
      ${trouble !== null && html`<div class="trouble" role="alert"><${Icon} name="camera" /><p>${trouble}</p></div>`}</div>
    ${caption?.trim() && html`<p class="caption"><${Icon} name="pencil" /><span>${caption.trim()}</span></p>`}
    ${onPurpose && html`<div class="chips"><${Choices} name=${t("phone-photo-purpose")} value=${purpose} onChoose=${onPurpose}
      options=${PURPOSES.map((one) => ({ value: one, label: word("purpose", one) }))} /></div>`}
    <div class="deck"><span>${taken.length > 0 && html`<img class="last" src=${taken.at(-1)} alt=${t("phone-camera-last")} />`}</span>
      <button type="button" class="shutter" disabled=${trouble !== null} aria-busy=${busy} aria-label=${t("phone-camera-take")} onClick=${shoot}></button>
      <${SideButton} onPress=${onClose}>${t("phone-done")}<//></div>
    </div>
    ${asking && ownUnkept().some((one) => one.order === order) && html`<${Ask} title=${t("phone-unkept-title")} onClose=${() => setAsking(false)}>
      <${UnkeptPhotos} order=${order} /><//>`}`;
}
