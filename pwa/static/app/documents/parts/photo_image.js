/**
 * A photo as it can be seen here: from this phone's own bytes, otherwise from the server's copy when there is a
 * network.
 */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { localPhoto, UNREADABLE } from "../../store/photos.js";
import { session } from "../../store/session.js";
import { contact, justStored, outbox, photosHere, progress } from "../../sync/status.js";
import { Icon } from "../../ui/icon.js";
import { formatNumber, t } from "../../ui/language.js";

/** @typedef {import("../work_order/work_order.js").PhotoRecord} PhotoRecord */

/**
 * @param {{photo: PhotoRecord, size: "thumb" | "screen", name: string}} properties
 */
export function PhotoImage({ photo, size, name }) {
  const [address, setAddress] = useState(/** @type {string | null} */ (null));
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    let here = true;
    /** @type {string | null} */
    let own = null;
    localPhoto(photo.sha256)
      .catch(() => null)
      .then((blob) => {
        if (!here) return;
        if (blob) own = URL.createObjectURL(blob);
        setAddress(own ?? `/api/v1/photos/${photo.sha256}?size=${size}`);
      });
    return () => {
      here = false;
      if (own) URL.revokeObjectURL(own);
    };
  }, [photo.sha256, size]);
  if (broken || address === null)
    return html`<span class="no-picture" role="img" aria-label=${name}><${Icon} name="image" /></span>`;
  return html`<img src=${address} alt=${name} loading="lazy" onError=${() => setBroken(true)} />`;
}

/**
 * Where the photo's bytes are: on this phone, on their way with how much of it, safe on the server, refused, or neither
 * here nor there. That the server has them is for its record to say; this phone's own note that they were delivered
 * counts for as long as the bytes are still here.
 * @param {PhotoRecord} photo
 * @returns {{icon: string, tone: import("../../ui/chip.js").Tone, text: string, short: string, share: number}}
 */
export function photoState(photo) {
  const item = outbox.value.find((one) => one.what === "photo" && one.sha256 === photo.sha256);
  if (item?.code === UNREADABLE)
    return {
      icon: "circle-x",
      tone: "contradicted",
      text: t("phone-photo-unreadable"),
      short: t("phone-photo-unreadable-short"),
      share: 0,
    };
  if (photo.state === "rejected" || item?.state === "rejected")
    return {
      icon: "circle-x",
      tone: "contradicted",
      text: t("photo-state-rejected"),
      short: t("phone-photo-rejected"),
      share: 0,
    };
  const sent = Math.max(item?.sent ?? 0, progress.value[photo.sha256] ?? 0);
  const share = item ? Math.min(1, sent / Math.max(1, item.bytes)) : 1;
  if (item && item.state === "sending" && contact.value.state === "sending") {
    const percent = formatNumber(share, { style: "percent" });
    return { icon: "cloud-upload", tone: "accent", text: t("phone-photo-sending", { percent }), short: percent, share };
  }
  if (item)
    return { icon: "smartphone", tone: "", text: t("phone-photo-here"), short: t("phone-photo-here-short"), share };
  if (photo.state === "stored")
    return {
      icon: "cloud-check",
      tone: "proven",
      text: t("photo-state-stored"),
      short: t("phone-photo-safe"),
      share: 1,
    };
  if (photosHere.value.has(photo.sha256) || justStored.value.has(photo.sha256))
    return {
      icon: "cloud-check",
      tone: "proven",
      text: t("phone-photo-delivered"),
      short: t("phone-photo-safe"),
      share: 1,
    };
  if (photo.lost)
    return {
      icon: "circle-x",
      tone: "contradicted",
      text: t("photo-state-lost"),
      short: t("photo-state-lost"),
      share: 0,
    };
  if (photo.by !== session.value?.person.id)
    return {
      icon: "cloud-upload",
      tone: "claimed",
      text: t(photo.state === "preview" ? "photo-state-preview" : "photo-state-missing"),
      short: t("phone-photo-awaited"),
      share: 0,
    };
  return {
    icon: "triangle-alert",
    tone: "contradicted",
    text: t("phone-photo-nowhere"),
    short: t("phone-photo-nowhere-short"),
    share: 0,
  };
}
