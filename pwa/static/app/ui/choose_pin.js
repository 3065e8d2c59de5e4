import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { keepPin } from "../store/pin.js";
import { SideButton } from "./buttons.js";
import { Notice } from "./chip.js";
import { Ask } from "./dialog.js";
import { language, t } from "./language.js";
import { NumberPad } from "./number_pad.js";
import { problemText } from "./save.js";

/**
 * A new PIN, entered twice.
 * @param {{onChosen: () => unknown, onSkip?: () => unknown, onClose: () => void}} properties `onChosen` once it is on
 *   the disk; `onSkip` where it is only offered
 */
export function ChoosePin({ onChosen, onSkip, onClose }) {
  const [first, setFirst] = useState(/** @type {string | null} */ (null));
  const [said, setSaid] = useState(/** @type {string | null} */ (null));
  async function take(/** @type {string} */ digits) {
    setSaid(null);
    if (first === null) return setFirst(digits);
    if (first !== digits) return again(t("phone-pin-differs"));
    try {
      await keepPin(digits);
    } catch (problem) {
      return again(problemText(problem));
    }
    await onChosen();
  }
  function again(/** @type {string} */ because) {
    setFirst(null);
    setSaid(because);
  }
  return html`<${Ask} title=${t(first === null ? "phone-pin-choose" : "phone-pin-repeat")} lang=${language.value}
    onClose=${onClose}>
    <${NumberPad} doneName=${t(first === null ? "phone-pin-next" : "phone-pin-keep")} onDone=${take}>
      <div role="alert">${said && html`<${Notice} tone="contradicted" icon="circle-alert">${said}<//>`}</div>
      <p class="soft">${t(first === null ? "phone-pin-why" : "phone-pin-repeat-why")}</p>
      ${onSkip && first === null && html`<${SideButton} tone="wide" onPress=${onSkip}>${t("phone-pin-not-now")}<//>`}
      <//><//>`;
}
