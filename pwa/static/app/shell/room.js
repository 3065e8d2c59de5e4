import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { askToPersist, measureStorage, refusal, roomIsShort, storage, tellsOfRoom } from "../store/storage.js";
import { SideButton } from "../ui/buttons.js";
import { Chip, Notice } from "../ui/chip.js";
import { t } from "../ui/language.js";
import { bytesText, clockOrDay } from "../ui/moments.js";

/** How much room the phone has, and whether the browser promised to keep it. */
export function Room() {
  const { used, available, persisted } = storage.value;
  const full = refusal.value;
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    void measureStorage();
  }, []);
  const ask = async () => setRefused(!(await askToPersist()));
  return html`<section class="sheet stack"><div class="row"><div class="grow"><b>${t("phone-room-title")}</b>
      <div class="soft">${
        full === null && !tellsOfRoom()
          ? t("phone-room-untold")
          : full === null
            ? t("phone-room", { used: bytesText(used), available: bytesText(available) })
            : t("phone-room-full", { used: bytesText(used), size: bytesText(full.bytes), at: clockOrDay(full.at) })
      }</div></div>
    ${
      persisted
        ? html`<${Chip} tone="proven" icon="check">${t("phone-room-persisted")}<//>`
        : html`<${Chip} tone="claimed" icon="triangle-alert">${t("phone-room-not-persisted")}<//>`
    }</div>
    ${
      !persisted &&
      tellsOfRoom() &&
      html`<p class="soft">${t("phone-room-why")}</p>
        <${SideButton} icon="shield-check" tone="wide" onPress=${ask}>${t("phone-room-ask")}<//>`
    }
    ${
      !persisted &&
      refused &&
      html`<div role="status"><${Notice} icon="shield-off">${t("phone-room-refused")}<//></div>`
    }
    ${
      roomIsShort() &&
      html`<${Notice} tone="contradicted" icon="hard-drive">${t(full === null ? "phone-room-short" : "phone-room-out")}
        <//>`
    }</section>`;
}
