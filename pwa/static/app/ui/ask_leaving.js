import { html } from "htm/preact";
import { MainButton, SideButton } from "./buttons.js";
import { Ask } from "./dialog.js";
import { t } from "./language.js";
import { leaveAnyway, leaving } from "./router.js";

/** Whoever leaves a screen on which something typed could not be kept is asked first. */
export function AskLeaving() {
  if (leaving.value === null) return null;
  const stay = () => {
    leaving.value = null;
  };
  return html`<${Ask} title=${t("phone-leaving-title")} onClose=${stay}><p>${t("phone-leaving-why")}</p>
    <${MainButton} icon="pencil" onPress=${stay}>${t("phone-leaving-stay")}<//>
    <${SideButton} tone="wide" onPress=${leaveAnyway}>${t("phone-leaving-go")}<//><//>`;
}
