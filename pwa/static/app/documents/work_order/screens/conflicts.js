/**
 * Conflicts: two people changed the same description. Both values side by side; one stands, the other stays in the
 * history.
 */
import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { MainButton, SideButton } from "../../../ui/buttons.js";
import { Chip, Notice } from "../../../ui/chip.js";
import { inputOf, meantBy, ThirdValue } from "./conflict_input.js";
import { fieldText, valueText } from "./conflict_words.js";
import { choosing, isOfPlan, openConflicts, orderLine, standing } from "../conflicts.js";
import { useDraft } from "../../../ui/draft.js";
import { Icon } from "../../../ui/icon.js";
import { t } from "../../../ui/language.js";
import { clockOrDay } from "../../../ui/moments.js";
import { headline } from "../order_facts.js";
import { shownOrders } from "./shown_orders.js";
import { Page, Vault } from "../../../shell/page.js";
import { save } from "../../../ui/save.js";
import { personName } from "../../../ui/words.js";
import { same } from "../../../rules/merge.js";
import { session } from "../../../store/session.js";

/** @typedef {import("../work_order.js").ShownOrder} ShownOrder */
/** @typedef {import("../work_order.js").Conflict} Conflict */
/** @typedef {"kept" | "other" | "third"} Side */

/** @param {{id?: string}} properties the conflicts of one order, or of all on this phone */
export function Conflicts({ id }) {
  const seen = useRef(/** @type {Set<string>} */ (new Set()));
  const orders = shownOrders().filter((order) => order.gone === null && (id === undefined || order.id === id));
  for (const order of orders) for (const conflict of openConflicts(order.body)) seen.current.add(conflict.id);
  // What is decided here stays in sight until the person leaves: a wrong touch is seen, and taken back, at once.
  const shown = orders.flatMap((order) =>
    (order.body.conflicts ?? []).filter((one) => seen.current.has(one.id)).map((conflict) => ({ order, conflict })),
  );
  const only = id === undefined ? undefined : orders[0];
  return html`<${Page} title=${t("phone-conflicts-title")} note=${only && orderLine(only.body)}
    backTo=${id === undefined ? "today" : `orders/${id}`}>
    ${shown.some(({ conflict }) => !isOfPlan(conflict)) && html`<p class="soft">${t("phone-conflicts-about")}</p>`}
    ${shown.map(
      ({ order, conflict }) =>
        html`<${ConflictSheet} key=${conflict.id} order=${order} conflict=${conflict} named=${only === undefined} />`,
    )}
    ${
      shown.length === 0 &&
      html`<div class="empty"><${Vault} /><h2>${t("phone-conflicts-none")}</h2>
        <p class="soft">${t("phone-conflicts-none-hint")}</p></div>`
    }
  <//>`;
}

/**
 * @param {{order: ShownOrder, conflict: Conflict, named: boolean}} properties `named`: whether the order is said too
 */
function ConflictSheet({ order, conflict, named }) {
  const [again, setAgain] = useState(false);
  const { body } = order;
  const title = fieldText(body, conflict.field);
  const before = valueText(body, conflict.field, conflict.base);
  return html`<section class="sheet stack wide conflict" aria-label=${title}><div><h2>${title}</h2>
      ${
        named &&
        html`<a class="soft name" href=${`#/orders/${order.id}`}>
          ${[orderLine(body), headline(body)].filter(Boolean).join(" · ")}</a>`
      }
      ${!conflict.settled && html`<div class="soft prose">${t("phone-conflict-base", { value: before })}</div>`}</div>
    ${
      isOfPlan(conflict)
        ? html`<${ForTheOffice} order=${order} conflict=${conflict} />`
        : conflict.settled && !again
          ? html`<${Decided} order=${order} conflict=${conflict} onAgain=${() => setAgain(true)} />`
          : html`<${Deciding} order=${order} conflict=${conflict} title=${title} onDone=${() => setAgain(false)} />`
    }</section>`;
}

/** Whose value it is, and when. @param {{side: {by: string, at: string}}} properties */
function Whose({ side }) {
  const name = side.by === session.value?.person.id ? t("phone-conflict-me") : personName(side.by);
  return html`<span class="soft">${[name, side.at && clockOrDay(side.at)].filter(Boolean).join(" · ")}</span>`;
}

/** The plan is the office's: both values, and no button. @param {{order: ShownOrder, conflict: Conflict}} properties */
function ForTheOffice({ order, conflict }) {
  return html`<div class="sides">${[conflict.kept, conflict.other].map(
    (side, index) => html`<div class="sheet value" key=${index}><${Whose} side=${side} />
      <span class="prose">${valueText(order.body, conflict.field, side.value)}</span>
      ${index === 0 && html`<${Chip} tone="quiet">${t("phone-conflict-stands")}<//>`}</div>`,
  )}</div>
    ${conflict.settled ? null : html`<${Notice} icon="info" tone="corroborated">${t("phone-conflict-office")}<//>`}`;
}

/** @param {{order: ShownOrder, conflict: Conflict, title: string, onDone: () => void}} properties */
function Deciding({ order, conflict, title, onDone }) {
  const { id, field } = conflict;
  const draft = useDraft(`conflict:${id}`, {
    chosen: /** @type {Side | null} */ (null),
    third: /** @type {unknown} */ (null),
  });
  const { chosen, third } = draft.value;
  const input = inputOf(order.body, field);
  const value = chosen === "third" ? meantBy(input, third) : chosen && conflict[chosen].value;
  const choose = (/** @type {Side} */ side) =>
    draft.change({ chosen: side, third: third ?? beginning(input, conflict) });
  const settle = async () => {
    const changes = !conflict.settled || !same(standing(order.body, field), value);
    if (changes && !(await save([choosing(order, conflict, value ?? null)]))) return;
    await draft.drop();
    onDone();
  };
  return html`<div class="sides" role="radiogroup" aria-label=${title}>
      ${
        /** @type {const} */ (["kept", "other"]).map(
          (side) => html`<${SideChoice} key=${side} on=${chosen === side} onChoose=${() => choose(side)}>
        <${Whose} side=${conflict[side]} />
        <span class="prose">${valueText(order.body, field, conflict[side].value)}</span>
        ${side === "kept" && html`<${Chip} tone="quiet">${t("phone-conflict-stands")}<//>`}<//>`,
        )
      }
      <${SideChoice} on=${chosen === "third"} onChoose=${() => choose("third")}>
        <span>${t("phone-conflict-third")}</span><//></div>
    ${
      chosen === "third" &&
      html`<${ThirdValue} input=${input} label=${title} typed=${third}
        onType=${(/** @type {unknown} */ typed) => draft.change({ chosen, third: typed })} />`
    }
    ${
      chosen !== null &&
      html`<${MainButton} icon="check" disabled=${value === undefined} onPress=${settle}>
        ${t(`phone-conflict-take-${chosen}`)}<//>`
    }`;
}

/**
 * A value under the thumb; the chosen one carries a tick as well as its colour.
 * @param {{on: boolean, onChoose: () => void, children?: import("preact").ComponentChildren}} properties
 */
function SideChoice({ on, onChoose, children }) {
  return html`<button type="button" role="radio" class="sheet value" aria-checked=${on ? "true" : "false"}
    onClick=${onChoose}>
    ${children}<${Icon} name=${on ? "circle-check" : "circle"} /></button>`;
}

/**
 * Where writing a third one begins: with both, where a text has room for them; otherwise with what stands.
 * @param {import("./conflict_input.js").Input} input
 * @param {Conflict} conflict
 */
function beginning(input, { kept, other }) {
  if (input.kind === "text") return [kept.value, other.value].filter(Boolean).join("\n");
  return input.kind === "line" || input.kind === "tel" ? String(kept.value ?? "") : null;
}

/**
 * What stands now, by whom, and the way to choose again.
 * @param {{order: ShownOrder, conflict: Conflict, onAgain: () => void}} properties
 */
function Decided({ order, conflict, onAgain }) {
  return html`<div class="sheet value chosen" role="status">
    <${Whose} side=${{ by: conflict.settled?.by ?? "", at: conflict.settled?.at ?? "" }} />
      <span class="prose">${valueText(order.body, conflict.field, standing(order.body, conflict.field))}</span>
      <${Chip} tone="proven" icon="check">${t("phone-conflict-decided")}<//></div>
    <${SideButton} icon="undo-2" tone="wide" onPress=${onAgain}>${t("phone-conflict-again")}<//>`;
}
