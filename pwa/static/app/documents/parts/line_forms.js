/**
 * Forms for what stands in no catalogue: another material, a piece of work. What is typed is kept until it is added.
 */
import { html } from "htm/preact";
import { newId } from "../../ledger/record.js";
import { MainButton } from "../../ui/buttons.js";
import { Choices } from "../../ui/choices.js";
import { Ask } from "../../ui/dialog.js";
import { useDraft } from "../../ui/draft.js";
import { Field } from "../../ui/field.js";
import { FigureField, minorUnits, price, quantityIn } from "../../ui/figure.js";
import { t } from "../../ui/language.js";
import { save } from "../../ui/save.js";
import { word } from "../../ui/words.js";

/** @typedef {{name: string, unit: string, quantity: string, price: string, extra: string}} LineDraft */

const SOURCES = ["bought", "van", "warehouse", "customer"];

/**
 * What is added; null while something is missing or not taken. No price is a price of nothing.
 * @param {LineDraft} line
 */
function meant(line) {
  const [name, unit, quantity, unitPrice] = [
    line.name.trim(),
    line.unit.trim(),
    quantityIn(line.unit)(line.quantity).value,
    price(line.price),
  ];
  if (name === "" || unit === "" || quantity === null || unitPrice.wrong) return null;
  return { name, unit, quantity, unit_price: minorUnits(unitPrice.value ?? "0") };
}

/** A material that is not in the catalogue. @param {{order: string, onClose: () => void}} properties */
export function AddOther({ order, onClose }) {
  const draft = useDraft(`material:${order}`, {
    name: "",
    unit: t("phone-unit-piece"),
    quantity: "1",
    price: "",
    extra: "bought",
  });
  const line = draft.value;
  const set = (/** @type {Partial<LineDraft>} */ changes) => draft.change({ ...line, ...changes });
  const add = async () => {
    const data = { line: newId(), ...meant(line), part: null, source: line.extra };
    if (!(await save([{ kind: "material.add", target: order, data }]))) return;
    await draft.drop();
    onClose();
  };
  return html`<${Ask} title=${t("phone-material-other")} onClose=${onClose}>
    <${Field} label=${t("phone-line-name")} value=${line.name}
      onInput=${(/** @type {string} */ name) => set({ name })} />
    <${Figures} line=${line} set=${set} />
    <${Choices} name=${t("phone-source")} value=${line.extra}
      onChoose=${(/** @type {string} */ extra) => set({ extra })}
      options=${SOURCES.map((one) => ({ value: one, label: word("source", one) }))} />
    <${MainButton} icon="plus" disabled=${meant(line) === null} onPress=${add}>${t("phone-add")}<//><//>`;
}

/** A piece of work: what, how, how much. @param {{order: string, onClose: () => void}} properties */
export function AddLabour({ order, onClose }) {
  const draft = useDraft(`labour:${order}`, {
    name: "",
    unit: t("phone-unit-hour"),
    quantity: "1",
    price: "",
    extra: "",
  });
  const line = draft.value;
  const set = (/** @type {Partial<LineDraft>} */ changes) => draft.change({ ...line, ...changes });
  const add = async () => {
    const data = { line: newId(), ...meant(line), ...(line.extra.trim() && { method: line.extra.trim() }) };
    if (!(await save([{ kind: "labour.add", target: order, data }]))) return;
    await draft.drop();
    onClose();
  };
  return html`<${Ask} title=${t("phone-labour-add")} onClose=${onClose}>
    <${Field} label=${t("phone-labour-name")} value=${line.name}
      onInput=${(/** @type {string} */ name) => set({ name })} />
    <${Field} label=${t("phone-labour-method")} value=${line.extra}
      onInput=${(/** @type {string} */ extra) => set({ extra })} />
    <${Figures} line=${line} set=${set} />
    <${MainButton} icon="plus" disabled=${meant(line) === null} onPress=${add}>${t("phone-add")}<//><//>`;
}

/**
 * Quantity, unit and price side by side.
 * @param {{line: LineDraft, set: (changes: Partial<LineDraft>) => void}} properties
 */
function Figures({ line, set }) {
  return html`<div class="row equal top">
    <${FigureField} label=${t("phone-line-quantity")} value=${line.quantity} reads=${quantityIn(line.unit)}
      onInput=${(/** @type {string} */ quantity) => set({ quantity })} />
    <${Field} label=${t("phone-line-unit")} value=${line.unit}
      onInput=${(/** @type {string} */ unit) => set({ unit })} />
    <${FigureField} label=${t("phone-line-price")} value=${line.price} reads=${price}
      onInput=${(/** @type {string} */ price) => set({ price })} /></div>`;
}
