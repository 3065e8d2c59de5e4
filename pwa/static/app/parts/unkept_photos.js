/** Pictures that were taken and could not be stored: still on the screen, to try again, and what helps. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { textFits } from "../store/room.js";
import { measureStorage } from "../store/storage.js";
import { sendNow } from "../sync/exchange.js";
import { MainButton, SideButton } from "./buttons.js";
import { saveExport } from "./export_button.js";
import { t } from "./language.js";
import { bytesText, clockOrDay } from "./moments.js";
import { dropUnkept, keepAgain, ownUnkept } from "./photo_keeping.js";
import { word } from "./words.js";

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
  return html`<div class="stack wide unkept"><p role="alert">${t("phone-unkept-why", { count: photos.length })} ${textFits.value && t("phone-unkept-text")}</p>
    <ul class="lines">${photos.map((one) => html`<${Picture} key=${one.photo.photo} one=${one} />`)}</ul>
    <${MainButton} icon="refresh-cw" onPress=${tryAgain}>${t("phone-unkept-again")}<//>
    <div class="row equal"><${SideButton} icon="arrow-up-down" onPress=${sendFirst}>${t("phone-unkept-send")}<//>
      <${SideButton} icon="file-down" onPress=${saveExport}>${t("phone-sign-out-export")}<//></div></div>`;
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
    <div class="grow"><b>${name}</b><div class="soft">${[clockOrDay(one.operation.data.taken_at), bytesText(one.photo.size)].join(" · ")}</div></div>
    <${SideButton} icon="trash-2" onPress=${() => dropUnkept(one)}>${t("phone-unkept-drop")}<//></li>`;
}
