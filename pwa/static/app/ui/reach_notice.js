/** Why the server cannot be reached, for the screens that need it or are asked about it. */
import { html } from "htm/preact";
import { reach } from "../store/reach.js";
import { Notice } from "./chip.js";
import { t } from "./language.js";

/**
 * Nothing where nothing speaks against the server being there.
 * @param {{offline: string}} properties what is said without a signal
 */
export function ReachNotice({ offline }) {
  switch (reach.value) {
    case "offline":
      return html`<${Notice} icon="wifi-off">${offline}<//>`;
    case "silent":
      return html`<${Notice} icon="circle-alert">${t("phone-reach-silent-about")}<//>`;
    case "portal":
      return html`<${Notice} icon="log-in">${t("phone-reach-portal-about")}<//>`;
    case "faulty":
      return html`<${Notice} icon="triangle-alert">${t("phone-reach-faulty-about")}<//>`;
    default:
      return null;
  }
}
