/** Pictures that were taken and could not be stored: still on the screen, why, to try again, and what helps. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { textFits } from "../../store/room.js";
import { measureStorage } from "../../store/storage.js";
import { sendNow } from "../../sync/exchange.js";
import { MainButton, SideButton } from "../../ui/buttons.js";
import { saveExport } from "./export_button.js";
import { orderNumber } from "./kind_words.js";
import { t, text } from "../../ui/language.js";
import { bytesText, clockOrDay } from "../../ui/moments.js";
import { dropUnkept, keepAgain, ownUnkept } from "./photo_keeping.js";
import { codeText } from "../../ui/save.js";
import { saveFile } from "../../ui/save_file.js";
import { word } from "../../ui/words.js";

/** @typedef {import("./photo_keeping.js").Unkept} Unkept */

/** Nothing where all of the order's pictures are on the phone. @param {{order: string}} properties */
export function UnkeptPhotos({ order }) {
  const photos = ownUnkept().filter((one) => one.order === order);
  if (photos.length === 0) return null;
  const tryAgain = async () => {
    for (const one of photos) if (!(await keepAgain(one))) break;
    await measureStorage();
  };
  const sendFirst = async () => {
    await sendNow();
    await tryAgain();
  };
  const whys = new Set(photos.map(({ why }) => why));
  const isFull = whys.has("storage_full");
  const isFullAlone = isFull && whys.size === 1;
  return html`<div class="stack wide unkept">
    <p role="alert">${t(isFullAlone ? "phone-unkept-why" : "phone-unkept-not-kept", { count: photos.length })}
      ${!isFullAlone && [...whys].map((why) => html` <span key=${why}>${because(why)}</span>`)}
      ${isFull && textFits.value && ` ${t("phone-unkept-text")}`}</p>
    <ul class="lines">${photos.map((one) => html`<${Picture} key=${one.photo.photo} one=${one} />`)}</ul>
    <${MainButton} icon="refresh-cw" onPress=${tryAgain}>${t("phone-unkept-again")}<//>
    ${
      isFull &&
      html`<div class="row equal"><${SideButton} icon="arrow-up-down" onPress=${sendFirst}>${t("phone-unkept-send")}<//>
      <${SideButton} icon="file-down" onPress=${saveExport}>${t("phone-sign-out-export")}<//></div>`
    }</div>`;
}

/** What keeps it from the disk, in words that ask nobody to close the app. @param {string | null} why */
function because(why) {
  if (why === null) return "";
  return text(`phone-unkept-${why.replaceAll("_", "-")}`) ?? codeText(why);
}

/** The picture itself, to choose its file in a window that keeps it. @param {Unkept} one */
function savePicture({ order, purpose, photo }) {
  const name = [orderNumber(order), word("purpose", purpose), photo.sha256.slice(0, 6)].filter(Boolean).join(" ");
  saveFile(photo.blob, `${name}.${photo.media_type.split("/")[1]}`);
}

/** @param {{one: Unkept}} properties */
function Picture({ one }) {
  const [address, setAddress] = useState("");
  useEffect(() => {
    const own = URL.createObjectURL(one.photo.blob);
    setAddress(own);
    return () => URL.revokeObjectURL(own);
  }, [one]);
  const name = word("purpose", one.purpose);
  return html`<li class="row"><div class="photo">${address && html`<img src=${address} alt=${name} />`}</div>
    <div class="grow"><b>${name}</b>
      <div class="soft">${[clockOrDay(one.operation.data.taken_at), bytesText(one.photo.size)].join(" · ")}</div></div>
    ${
      one.why !== "storage_full" &&
      html`<${SideButton} icon="file-down" onPress=${() => savePicture(one)}>${t("phone-unkept-file")}<//>`
    }
    <${SideButton} icon="trash-2" onPress=${() => dropUnkept(one)}>${t("phone-unkept-drop")}<//></li>`;
}
