import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { declinePin, pinState } from "../store/pin.js";
import { session } from "../store/session.js";
import { AskPin } from "../ui/ask_pin.js";
import { SideButton } from "../ui/buttons.js";
import { Chip } from "../ui/chip.js";
import { ChoosePin } from "../ui/choose_pin.js";
import { t } from "../ui/language.js";
import { problemText } from "../ui/save.js";
import { toast } from "../ui/toast.js";

/** The PIN for taking the phone back: whether there is one, and setting, changing and removing it. */
export function PinSetting() {
  const person = session.value?.person.id;
  const [isSet, setIsSet] = useState(/** @type {boolean | null} */ (null));
  const [asked, setAsked] = useState(/** @type {"choose" | "change" | "remove" | null} */ (null));
  const look = () =>
    void pinState().then(
      (state) => setIsSet(state === "set"),
      () => setIsSet(null),
    );
  useEffect(look, [person]);
  const end = () => {
    setAsked(null);
    look(); // A forgotten PIN is gone, even where no other was chosen.
  };
  async function remove() {
    try {
      await declinePin();
      toast(t("phone-pin-removed"));
    } catch (problem) {
      toast(problemText(problem), { wrong: true });
    }
    end();
  }
  const chosen = () => {
    toast(t("phone-pin-kept"));
    end();
  };
  return html`<section class="sheet stack wide"><div class="row"><div class="grow"><b>${t("phone-pin-title")}</b></div>
      ${
        isSet !== null &&
        (isSet
          ? html`<${Chip} tone="proven" icon="lock">${t("phone-pin-set")}<//>`
          : html`<${Chip} tone="quiet" icon="lock-open">${t("phone-pin-none")}<//>`)
      }</div>
    <p class="soft">${t(isSet ? "phone-pin-set-about" : "phone-pin-none-about")}</p>
    ${
      isSet
        ? html`<div class="row equal"><${SideButton} onPress=${() => setAsked("change")}>${t("phone-pin-change")}<//>
        <${SideButton} onPress=${() => setAsked("remove")}>${t("phone-pin-remove")}<//></div>`
        : html`<${SideButton} icon="lock" tone="wide" disabled=${isSet === null} onPress=${() => setAsked("choose")}>
          ${t("phone-pin-choose")}<//>`
    }
    ${asked === "choose" && html`<${ChoosePin} onChosen=${chosen} onClose=${end} />`}
    ${
      asked === "change" &&
      html`<${AskPin} doneName=${t("phone-pin-next")} onRight=${() => setAsked("choose")} onClose=${end} />`
    }
    ${asked === "remove" && html`<${AskPin} doneName=${t("phone-pin-remove")} onRight=${remove} onClose=${end} />`}
    </section>`;
}
