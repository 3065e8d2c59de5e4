/** Leaving the site: the phone asks where it is, for a few seconds at most, and nobody has to wait for that. */
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { placeNow, position, positionProblem, watch } from "../../capture/position.js";
import { newId } from "../../ledger/record.js";
import { MainButton, SideButton } from "../../ui/buttons.js";
import { t } from "../../ui/language.js";
import { save } from "../../ui/save.js";

const PATIENCE_MS = 6000;
/** A fix as young as this says where the phone is now. */
const FRESH_S = 15;

/**
 * Records the departure as soon as the position is known, is refused, or has not come in time; at once when the person
 * goes on; and not at all when they say that they are still there.
 * @param {{order: string, onDone: () => void}} properties
 */
export function Departing({ order, onDone }) {
  const begun = useRef(false);
  const answered = (position.value !== null && position.value.age_s <= FRESH_S) || positionProblem.value !== null;
  async function depart() {
    if (begun.current) return;
    begun.current = true;
    await save([{ kind: "departure.record", target: order, data: { departure: newId(), ...placeNow() } }], {
      said: t("phone-saved-departure"),
    });
    onDone();
  }
  useEffect(() => {
    const stop = watch();
    const patience = setTimeout(depart, PATIENCE_MS);
    return () => {
      stop();
      clearTimeout(patience);
      void depart(); // Whoever goes to another screen has left all the same.
    };
  }, []);
  useEffect(() => {
    if (answered) void depart();
  }, [answered]);
  const stay = () => {
    begun.current = true;
    onDone();
  };
  return html`<div class="asking" role="status"><span>${t("phone-depart-asking")}</span>
    <div class="progress waits"><i /></div></div>
    <${SideButton} icon="undo-2" tone="wide" onPress=${stay}>${t("phone-depart-stay")}<//>
    <${MainButton} icon="log-out" onPress=${depart}>${t("phone-depart-now")}<//>`;
}
