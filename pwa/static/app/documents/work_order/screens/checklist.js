/** Checklist: large answers; what is required and still open is said in a clear sentence. */
import { html } from "htm/preact";
import { MainButton } from "../../../ui/buttons.js";
import { Notice } from "../../../ui/chip.js";
import { itemText, listName, OnlyIn } from "../../parts/checklist_words.js";
import { Choices } from "../../../ui/choices.js";
import { ConflictMark } from "./conflict_mark.js";
import { useEdit } from "../../../ui/draft.js";
import { Field } from "../../../ui/field.js";
import { FigureField, measureIn } from "../../../ui/figure.js";
import { Icon } from "../../../ui/icon.js";
import { t } from "../../../ui/language.js";
import { answerOf, checklistProgress, headline, listsOf, present } from "../order_facts.js";
import { Left, NotFound } from "./order_page.js";
import { useOrder } from "./shown_orders.js";
import { Page } from "../../../shell/page.js";
import { back } from "../../../ui/router.js";
import { save } from "../../../ui/save.js";
import { checklists } from "../../../store/documents.js";

/** @typedef {import("../work_order.js").WorkOrder} WorkOrder */
/** @typedef {import("../order_facts.js").ChecklistItem} ChecklistItem */

/** @param {{id: string}} properties */
export function Checklist({ id }) {
  const order = useOrder(id);
  if (order === null) return html`<${NotFound} />`;
  const { body } = order;
  const lists = listsOf(body, checklists.value);
  const { answered, total, blocking } = checklistProgress(body, checklists.value);
  return html`<${Page} title=${t("phone-checklist-title")} note=${headline(body)} backTo=${`orders/${id}`}
      foot=${html`<${MainButton} icon="check" onPress=${() => back(`orders/${id}`)}>${t("phone-done")}<//>`}>
    <${Left} order=${order} />
    ${
      total > 0 &&
      html`<div class="stack"><div class="row"><b>${t("phone-checklist-progress", { answered, total })}</b></div>
      <div class="progress" role="progressbar" aria-valuenow=${answered} aria-valuemax=${total}
        aria-label=${t("phone-checklist-title")}><i style=${{ inlineSize: `${(answered / total) * 100}%` }} /></div>
        </div>`
    }
    ${blocking.length > 0 && html`<${Notice} icon="list-checks">${t("phone-blocked", { count: blocking.length })}<//>`}
    ${lists.map(
      (list) => html`<section class="stack wide" key=${list.id}><h2>${listName(list)}</h2><${OnlyIn} list=${list} />
      ${list.items.map((item) => html`<${Item} key=${item.id} id=${id} body=${body} item=${item} />`)}</section>`,
    )}
    ${
      total === 0 &&
      html`<div class="empty"><${Icon} name="clipboard-check" /><p class="soft">${t("phone-checklist-none")}</p></div>`
    }
  <//>`;
}

/** @param {{id: string, body: WorkOrder, item: ChecklistItem}} properties */
function Item({ id, body, item }) {
  const value = answerOf(body, item.id);
  const answer = (/** @type {unknown} */ now, /** @type {unknown} */ was = value) =>
    save([{ kind: "checklist.answer", target: id, data: { item: item.id, was, now } }]);
  return html`<section class="sheet stack item">
    <div>${itemText(item)}${item.required && html` <span class="soft">· ${t("phone-checklist-required")}</span>`}</div>
    <${Answer} order=${id} item=${item} value=${value} photos=${present(body.photos).length} answer=${answer} />
    <${ConflictMark} id=${id} body=${body} field=${`checklist.${item.id}`} /></section>`;
}

/**
 * @param {{order: string, item: ChecklistItem, value: unknown, photos: number, answer: (now: unknown) =>
 *   Promise<boolean>}} properties
 */
function Answer({ order, item, value, photos, answer }) {
  switch (item.type) {
    case "check": {
      const options = [
        { value: "true", label: t("answer-pass"), tone: "yes" },
        { value: "false", label: t("answer-fail"), tone: "no" },
        { value: "not_applicable", label: t("answer-not-applicable") },
      ];
      const choose = (/** @type {string} */ chosen) =>
        answer(chosen === String(value) ? null : chosen === "not_applicable" ? chosen : chosen === "true");
      return html`<${Choices} look="even" name=${itemText(item)} options=${options}
        value=${value === null ? null : String(value)} onChoose=${choose} />`;
    }
    case "choice":
      return html`<${Choices} look="list" name=${itemText(item)} value=${value === null ? null : String(value)}
        onChoose=${answer}
        options=${(item.choices ?? []).map((choice) => ({ value: choice, label: choice }))} />`;
    case "photo":
      return html`<div class="row">
        <a class="side accent" href=${`#/orders/${order}/photos`}><${Icon} name="camera" />
          <span>${t("phone-door-photos", { count: photos })}</span></a>
        <${Choices} name=${itemText(item)} value=${value === null ? null : String(value)}
          onChoose=${() => answer(value === null ? true : null)}
          options=${[{ value: "true", label: t("phone-done") }]} /></div>`;
    default:
      return html`<${Typed} order=${order} item=${item} value=${value} answer=${answer} />`;
  }
}

/**
 * A number with its unit and tolerance, or a text.
 * @param {{order: string, item: ChecklistItem, value: unknown, answer: (now: unknown, was?: unknown) =>
 *   Promise<boolean>}} properties
 */
function Typed({ order, item, value, answer }) {
  const reads = item.type === "number" ? measureIn(item.unit) : null;
  const given = value === null ? "" : String(value);
  const edit = useEdit(
    `answer:${order}:${item.id}`,
    given,
    ({ was, now }) => answer(now || null, was === given ? value : was),
    reads === null ? (text) => text.trim() : (text) => (reads(text).wrong ? null : (reads(text).value ?? "")),
  );
  const range = [item.low, item.high].every((bound) => bound === undefined)
    ? ""
    : t("phone-checklist-range", { low: item.low ?? "", high: item.high ?? "" });
  const label = [item.unit, range].filter(Boolean).join(" · ") || t("phone-checklist-answer");
  if (reads === null)
    return html`<${Field} label=${label} value=${edit.text} multiline=${true} onInput=${edit.type}
      onDone=${edit.commit} />`;
  return html`<${FigureField} label=${label} value=${edit.text} reads=${reads} onInput=${edit.type}
    onDone=${edit.commit}
    caution=${(/** @type {string} */ measured) =>
      isOutside(item, measured) ? t("phone-checklist-outside") : undefined} />`;
}

/** @param {ChecklistItem} item @param {string} value @returns {boolean} */
function isOutside(item, value) {
  return (
    (item.low !== undefined && Number(value) < Number(item.low)) ||
    (item.high !== undefined && Number(value) > Number(item.high))
  );
}
