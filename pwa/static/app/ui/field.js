import { html } from "htm/preact";
import { useEdit } from "./draft.js";
import { Icon } from "./icon.js";
import { t } from "./language.js";
import { save } from "./save.js";

/**
 * A plain labelled field.
 * @param {{label: string, value: string, onInput: (value: string) => void, onDone?: () => void, type?: string,
 *   inputmode?: string, multiline?: boolean, hint?: string, wrong?: string, autocomplete?: string, maxlength?: number,
 *   note?: import("preact").ComponentChildren}} properties
 *   `onDone` when the person leaves the field; `wrong` says what is wrong with the value
 */
export function Field({
  label,
  value,
  onInput,
  onDone,
  type = "text",
  inputmode,
  multiline = false,
  hint,
  wrong,
  autocomplete = "off",
  maxlength,
  note,
}) {
  const properties = {
    class: `input ${wrong ? "wrong" : ""}`,
    value,
    placeholder: hint,
    autocomplete,
    maxlength,
    "aria-invalid": wrong ? "true" : undefined,
    onBlur: onDone,
    onInput: (/** @type {{currentTarget: HTMLInputElement | HTMLTextAreaElement}} */ event) =>
      onInput(event.currentTarget.value),
  };
  return html`<label class="field"><span class="label"><span>${label}</span>${note}</span>
    ${
      multiline
        ? html`<textarea rows="2" ...${properties}></textarea>`
        : html`<input type=${type} inputmode=${inputmode} ...${properties} />`
    }
    ${wrong && html`<span class="wrong-text" role="alert"><${Icon} name="circle-alert" />${wrong}</span>`}</label>`;
}

/**
 * A shared description of a work order: edited in place, kept as a draft while it is typed, recorded as
 * `order.edit` with what the person saw when they began, as soon as they leave the field.
 * @param {{order: string, field: string, current: string, label: string, multiline?: boolean, type?: string,
 *   inputmode?: string, hint?: string}} properties
 */
export function SharedField({ order, field, current, label, multiline = false, type, inputmode, hint }) {
  const edit = useEdit(`edit:${order}:${field}`, current, (change) =>
    save([{ kind: "order.edit", target: order, data: { changes: { [field]: change } } }]),
  );
  return html`<${Field} label=${label} value=${edit.text} multiline=${multiline} type=${type} inputmode=${inputmode}
    hint=${hint}
    onInput=${edit.type} onDone=${edit.commit}
    note=${
      edit.isUnkept
        ? html`<span class="contradicted">${t("phone-field-unkept")}</span>`
        : edit.isKept
          ? html`<span class="claimed">${t("phone-field-typing")}</span>`
          : undefined
    } />`;
}
