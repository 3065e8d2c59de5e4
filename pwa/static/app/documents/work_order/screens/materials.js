/**
 * Materials and labour: the catalogue searched without a network, quantities by thumb, price and warranty effect at
 * once.
 */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { newId } from "../../../ledger/record.js";
import { MainButton, PlainButton, SideButton } from "../../../ui/buttons.js";
import { Choices } from "../../../ui/choices.js";
import { ConflictMark } from "./conflict_mark.js";
import { Icon } from "../../../ui/icon.js";
import { formatMoney, t } from "../../../ui/language.js";
import { AddLabour, AddOther } from "../../parts/line_forms.js";
import { lookFor } from "../../../ui/looking.js";
import { ChargeWhy } from "./money_sheets.js";
import { headline, present } from "../order_facts.js";
import { Left, NotFound } from "./order_page.js";
import { useOrder } from "./shown_orders.js";
import { Page } from "../../../shell/page.js";
import { back } from "../../../ui/router.js";
import { save } from "../../../ui/save.js";
import { Stepper } from "../../../ui/stepper.js";
import { SOURCES, word } from "../../../ui/words.js";
import { amount } from "../../../rules/decimal.js";
import { textsOfPart } from "../../../rules/search.js";
import { parts } from "../../../store/documents.js";

/** @typedef {import("../work_order.js").WorkOrder} WorkOrder */
/** @typedef {import("../work_order.js").UsedLine} UsedLine */
/** @typedef {{number: string, name: string, unit: string, unit_price: number, stock?: Record<string, string>}} Part */

const MOST_SHOWN = 8;

/** @param {{id: string}} properties */
export function Materials({ id }) {
  const order = useOrder(id);
  const [adding, setAdding] = useState(/** @type {"other" | "labour" | null} */ (null));
  if (order === null) return html`<${NotFound} />`;
  const { body } = order;
  return html`<${Page} title=${t("phone-materials-title")} note=${headline(body)} backTo=${`orders/${id}`}
      foot=${html`<${Total} body=${body} />
        <${MainButton} icon="check" onPress=${() => back(`orders/${id}`)}>${t("phone-done")}<//>`}>
    <${Left} order=${order} />
    <${Catalogue} id=${id} onOther=${() => setAdding("other")} />
    <${Used} id=${id} body=${body} kind="material" lines=${present(body.materials)} />
    <${Used} id=${id} body=${body} kind="labour" lines=${present(body.labour)}
      action=${html`<${PlainButton} icon="plus" onPress=${() => setAdding("labour")}>${t("phone-add")}<//>`} />
    ${adding === "other" && html`<${AddOther} order=${id} onClose=${() => setAdding(null)} />`}
    ${adding === "labour" && html`<${AddLabour} order=${id} onClose=${() => setAdding(null)} />`}
  <//>`;
}

/** @param {{id: string, onOther: () => void}} properties */
function Catalogue({ id, onOther }) {
  const [typed, setTyped] = useState("");
  const [source, setSource] = useState("van");
  const [added, setAdded] = useState(/** @type {{name: string, line: string} | null} */ (null));
  const found = typed.trim() === "" ? [] : search(typed);
  // Said beside the list: a toast would lie over the quantity that comes next.
  const add = async (/** @type {Part} */ part) => {
    const { number, name, unit, unit_price } = part;
    const line = newId();
    const saved = await save(
      [
        {
          kind: "material.add",
          target: id,
          data: { line, part: number, name, unit, quantity: "1", unit_price, source },
        },
      ],
      { said: null },
    );
    if (saved) setAdded({ name, line });
  };
  const takeBack = async () => {
    if (added && (await save([{ kind: "material.remove", target: id, data: { line: added.line } }], { said: null })))
      setAdded(null);
  };
  return html`<section class="sheet stack wide"><div class="heading"><h2>${t("phone-materials")}</h2><span class="end">
      <${PlainButton} icon="pencil" onPress=${onOther}>${t("phone-material-other")}<//></span></div>
    <div class="searching"><${Icon} name="search" />
      <input class="input" type="search" autocomplete="off" enterkeyhint="search" value=${typed}
      aria-label=${t("phone-material-search")} placeholder=${t("phone-material-search")}
      onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => {
        setTyped(event.currentTarget.value);
        setAdded(null);
      }} /></div>
    ${
      typed.trim() !== "" &&
      html`<div class="said" role="status">${
        added &&
        html`<div class="row">
          <span class="grow known proven"><${Icon} name="check" />${t("phone-material-added", { name: added.name })}
          </span>
      <${PlainButton} icon="undo-2" onPress=${takeBack}>${t("phone-undo")}<//></div>`
      }</div>`
    }
    ${
      typed.trim() !== "" &&
      html`<${Choices} name=${t("phone-source")} value=${source} onChoose=${setSource}
        options=${SOURCES.map((one) => ({ value: one, label: word("source", one) }))} />
      <div class="lines" role="list">${found.slice(0, MOST_SHOWN).map(
        (part) => html`
        <button type="button" role="listitem" class="part" key=${part.number} onClick=${() => add(part)}>
          <span class="grow"><b>${part.name}</b>
            <span class="soft">${[part.number, stockText(part)].filter(Boolean).join(" · ")}</span></span>
          <span>${formatMoney(part.unit_price)}<span class="soft"> / ${part.unit}</span></span>
          <${Icon} name="circle-plus" /></button>`,
      )}</div>
      <div class="soft" role="status">
        ${t(found.length > MOST_SHOWN ? "phone-material-more" : "phone-material-found", {
          count: found.length,
          shown: MOST_SHOWN,
        })}</div>`
    }
  </section>`;
}

/**
 * Parts by number or name; what begins with the typed text comes first.
 * @param {string} typed
 * @returns {Part[]}
 */
function search(typed) {
  const wanted = lookFor(typed, textsOfPart);
  const hits = parts.value.map((part) => /** @type {Part} */ (part.body)).filter(wanted.has);
  const rank = (/** @type {Part} */ part) => (wanted.beginsWith(part) ? 0 : 1);
  return hits.sort((one, other) => rank(one) - rank(other) || one.number.localeCompare(other.number));
}

/** @param {Part} part @returns {string} */
function stockText(part) {
  return Object.entries(part.stock ?? {})
    .map(([place, quantity]) =>
      SOURCES.includes(place) ? t("phone-stock", { place: word("source", place), quantity, unit: part.unit }) : "",
    )
    .filter(Boolean)
    .join(", ");
}

/**
 * The lines of this order, each with its quantity under the thumb.
 * @param {{id: string, body: WorkOrder, kind: "material" | "labour", lines: UsedLine[], action?:
 *   import("preact").ComponentChildren}} properties
 */
function Used({ id, body, kind, lines, action }) {
  return html`<section class="sheet stack">
    <div class="heading"><h2>${t(`phone-used-${kind}`)}</h2>${action && html`<span class="end">${action}</span>`}</div>
    ${
      lines.length === 0
        ? html`<p class="soft">${t(`phone-used-${kind}-none`)}</p>`
        : html`
    <div class="lines">${lines.map(
      (line) => html`<${UsedRow} key=${line.line} id=${id} body=${body} kind=${kind} line=${line}
      free=${body.charge?.lines.find((one) => one.line === line.line)?.amount === 0} />`,
    )}</div>`
    }</section>`;
}

/** @param {{id: string, body: WorkOrder, kind: "material" | "labour", line: UsedLine, free: boolean}} properties */
function UsedRow({ id, body, kind, line, free }) {
  const change = (/** @type {string} */ quantity) =>
    save(
      [
        {
          kind: `${kind}.change`,
          target: id,
          data: { line: line.line, changes: { quantity: { was: line.quantity, now: quantity } } },
        },
      ],
      { said: null },
    );
  const { line: identity, part, name, unit, quantity, unit_price, source, serial, method } = line;
  const again = {
    line: identity,
    name,
    unit,
    quantity,
    unit_price,
    ...(kind === "material"
      ? { part: part ?? null, source, ...(serial && { serial }) }
      : { ...(method && { method }) }),
  };
  const remove = () =>
    save([{ kind: `${kind}.remove`, target: id, data: { line: identity } }], {
      said: t("phone-removed"),
      undo: () => save([{ kind: `${kind}.add`, target: id, data: again }]),
    });
  return html`<div class="used"><div class="row top"><div class="grow"><b>${name}</b>
      <div class="soft">${[part, source && word("source", source), method, serial].filter(Boolean).join(" · ")}</div>
      </div>
      <div class="end">${formatMoney(amount(quantity, unit_price))}
        ${free && html`<div class="soft proven">${t("phone-free")}</div>`}</div></div>
    <div class="row"><${Stepper} line=${identity} name=${name} quantity=${quantity} unit=${unit} onChange=${change} />
      <span>${unit}</span>
      <span class="end"><${SideButton} icon="trash-2" name=${t("phone-remove-named", { name })} onPress=${remove} />
      </span></div>
    <${ConflictMark} id=${id} body=${body} field=${`${kind === "labour" ? kind : "materials"}.${identity}`} /></div>`;
}

/** What the customer pays by now, always in sight. @param {{body: WorkOrder}} properties */
function Total({ body }) {
  const { charge } = body;
  if (!charge) return null;
  return html`<div class="row total" role="status"><${ChargeWhy} charge=${charge} />
    <b class="end">${t("phone-total", { amount: formatMoney(charge.total, charge.currency) })}</b></div>`;
}
