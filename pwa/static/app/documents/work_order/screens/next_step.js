/** The foot of an order: one large button for the next fact, and the two ways in which a job stops. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { watch } from "../../../capture/position.js";
import { isOwnUnable, stageBeforeUnable } from "../planning.js";
import { ENDS } from "../stages.js";
import { checklists } from "../../../store/documents.js";
import { session } from "../../../store/session.js";
import { MainButton, SideButton } from "../../../ui/buttons.js";
import { itemText } from "../../parts/checklist_words.js";
import { Notice } from "../../../ui/chip.js";
import { Choices } from "../../../ui/choices.js";
import { Ask, AskChoice } from "../../../ui/dialog.js";
import { Departing } from "../../parts/departing.js";
import { useDraft } from "../../../ui/draft.js";
import { Field } from "../../../ui/field.js";
import { t } from "../../../ui/language.js";
import { checklistProgress, nextFact } from "../order_facts.js";
import { go } from "../../../ui/router.js";
import { save } from "../../../ui/save.js";
import { PAUSE_REASONS, stageReason, UNABLE_REASONS } from "../../../ui/words.js";

/** @typedef {import("../work_order.js").ShownOrder} ShownOrder */

/** @type {Record<string, string>} */
const ICONS = {
  accept: "check",
  set_off: "navigation",
  arrive: "map-pin",
  start: "wrench",
  sign: "pen-line",
  resume: "play",
  depart: "log-out",
};
/** @type {Record<string, string>} */
const LEADS_TO = { accept: "accepted", set_off: "en_route", start: "working", resume: "working" };

/** @param {{order: ShownOrder}} properties */
export function NextStep({ order }) {
  const [asking, setAsking] = useState(/** @type {"paused" | "unable" | "blocked" | null} */ (null));
  const { id, body } = order;
  const [departing, setDeparting] = useState(false);
  // Nobody begins what has been given to somebody else; what was begun is ended.
  const mayGoOn = order.gone === null || !["new", "accepted"].includes(body.stage);
  const fact = mayGoOn ? nextFact(body) : null;
  // Only while leaving is next and in sight: the fix is then there when the button is pressed.
  useEffect(() => (fact === "depart" ? watch() : undefined), [fact]);
  const active = mayGoOn && body.stage !== "new" && !ENDS.has(body.stage);
  const mistaken = order.gone === null && isOwnUnable(body, session.value?.person.id) ? takenBack(body) : null;

  async function press() {
    if (fact === "arrive") return go(`orders/${id}/arrive`);
    if (fact === "sign")
      return checklistProgress(body, checklists.value).blocking.length > 0
        ? setAsking("blocked")
        : go(`orders/${id}/sign`);
    if (fact === "depart") return setDeparting(true);
    if (fact !== null) await say(LEADS_TO[fact]);
  }
  const say = (/** @type {string} */ to) => save([{ kind: "order.stage", target: id, data: { to } }]);

  if (departing) return html`<${Departing} order=${id} onDone=${() => setDeparting(false)} />`;
  return html`
    ${
      (fact === "depart" || (fact === null && !active)) &&
      html`<${SideButton} icon="file-text" tone="wide" onPress=${() => go(`orders/${id}/sign`)}>
        ${t("phone-order-see-report")}<//>`
    }
    ${
      mistaken &&
      html`<${SideButton} icon="undo-2" tone="wide" onPress=${() => say(mistaken.to)}>${t(mistaken.label)}<//>`
    }
    ${
      active &&
      html`<div class="row equal">
      ${
        body.stage === "working" &&
        html`<${SideButton} icon="pause" onPress=${() => setAsking("paused")}>${t("phone-pause")}<//>`
      }
      <${SideButton} icon="circle-x" onPress=${() => setAsking("unable")}>${t("phone-unable")}<//></div>`
    }
    ${
      fact &&
      html`<${MainButton} icon=${ICONS[fact]} onPress=${press}>${t(`phone-next-${fact.replaceAll("_", "-")}`)}<//>`
    }
    ${asking === "paused" && html`<${AskPause} id=${id} onClose=${() => setAsking(null)} />`}
    ${asking === "unable" && html`<${AskUnable} id=${id} onClose=${() => setAsking(null)} />`}
    ${asking === "blocked" && html`<${Blocked} order=${order} onClose=${() => setAsking(null)} />`}`;
}

/**
 * Where an `unable` that was a mistake leads back to: on with the work at the site, else to where the order stood.
 * @param {import("../work_order.js").WorkOrder} body
 * @returns {{to: string, label: string}}
 */
function takenBack(body) {
  const stood = stageBeforeUnable(body);
  if (["on_site", "working", "paused"].includes(stood)) return { to: "working", label: "phone-unable-mistaken" };
  return { to: stood, label: "phone-unable-taken-back" };
}

/**
 * What ends or halts the work, once it is on the disk.
 * @param {string} id
 * @param {"paused" | "unable"} to
 * @param {() => void} onClose
 */
function useStopping(id, to, onClose) {
  const own = useDraft(`stop:${id}:${to}`, "");
  const stop = async (/** @type {string} */ reason) => {
    if (!(await save([{ kind: "order.stage", target: id, data: { to, reason } }]))) return;
    await own.drop();
    onClose();
  };
  return { own, stop };
}

/** @param {string[]} reasons */
const optionsOf = (reasons) => reasons.map((reason) => ({ value: reason, label: stageReason(reason) }));

/**
 * Why the work halts: chosen by one touch, since going on is the next.
 * @param {{id: string, onClose: () => void}} properties
 */
function AskPause({ id, onClose }) {
  const { own, stop } = useStopping(id, "paused", onClose);
  return html`<${AskChoice} title=${t("phone-paused-why")} onClose=${onClose} onChoose=${stop}
    options=${optionsOf(PAUSE_REASONS)}>
    <${Field} label=${t("phone-reason-own")} value=${own.value} onInput=${own.change} multiline=${true} />
    ${
      own.value.trim() &&
      html`<${SideButton} tone="accent" icon="check" onPress=${() => stop(own.value.trim())}>${t("phone-paused-so")}
        <//>`
    }<//>`;
}

/**
 * Why it cannot be done: chosen, or in own words, and then confirmed.
 * @param {{id: string, onClose: () => void}} properties
 */
function AskUnable({ id, onClose }) {
  const { own, stop } = useStopping(id, "unable", onClose);
  const [chosen, choose] = useState(/** @type {string | null} */ (null));
  const reason = chosen ?? own.value.trim();
  const type = (/** @type {string} */ typed) => {
    choose(null);
    own.change(typed);
  };
  return html`<${Ask} title=${t("phone-unable-why")} onClose=${onClose}>
    <${Choices} look="list" name=${t("phone-unable-why")} value=${chosen} onChoose=${choose}
      options=${optionsOf(UNABLE_REASONS)} />
    <${Field} label=${t("phone-reason-own")} value=${own.value} onInput=${type} multiline=${true} />
    <${MainButton} icon="circle-x" disabled=${reason === ""} onPress=${() => stop(reason)}>${t("phone-unable-so")}<//>
    <//>`;
}

/**
 * Which answers are still missing before the job can be finished.
 * @param {{order: ShownOrder, onClose: () => void}} properties
 */
function Blocked({ order, onClose }) {
  const { blocking } = checklistProgress(order.body, checklists.value);
  return html`<${Ask} title=${t("phone-blocked-title")} onClose=${onClose}>
    <${Notice} icon="list-checks">${t("phone-blocked", { count: blocking.length })}<//>
    <ul class="lines">${blocking.slice(0, 6).map((item) => html`<li key=${item.id}>${itemText(item)}</li>`)}</ul>
    <${MainButton} icon="list-checks" onPress=${() => go(`orders/${order.id}/checklist`)}>${t("phone-blocked-go")}<//>
    <//>`;
}
