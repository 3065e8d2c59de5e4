/** New order: more work found on the spot. What is typed is kept until it is saved; the office plans it. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { newId } from "../../../ledger/record.js";
import { MainButton } from "../../../ui/buttons.js";
import { Notice } from "../../../ui/chip.js";
import { Choices } from "../../../ui/choices.js";
import { useDraft } from "../../../ui/draft.js";
import { Field } from "../../../ui/field.js";
import { Icon } from "../../../ui/icon.js";
import { t } from "../../../ui/language.js";
import { placeText } from "../order_facts.js";
import { Page } from "../../../shell/page.js";
import { knownPlaces, placeHere } from "./places.js";
import { go } from "../../../ui/router.js";
import { save } from "../../../ui/save.js";
import { word } from "../../../ui/words.js";
import { trueNow } from "../../../store/true_time.js";

/** @typedef {import("../work_order.js").WorkOrder} WorkOrder */

const MOST_PLACES = 4;
const MOST_FOUND = 12;
const KINDS = ["repair", "installation", "maintenance", "inspection", "survey"];

/**
 * What is typed so far; `site` is null until one is chosen, empty for another place than those known here.
 * @typedef {{kind: string, fault: string, requests: string, site: string | null, name: string, phone: string}}
 *   NewOrderForm
 */

/** @returns {NewOrderForm} at the place where the technician is now, and at no other that nobody chose */
function beginning() {
  const here = placeHere();
  return {
    kind: "",
    fault: "",
    requests: "",
    site: here?.site?.id ?? null,
    name: here?.contact?.name ?? "",
    phone: here?.contact?.phone ?? "",
  };
}

export function NewOrder() {
  const draft = useDraft("new-order", beginning());
  const [tried, setTried] = useState(false);
  const form = draft.value;
  const set = (/** @type {Partial<NewOrderForm>} */ changes) => draft.change({ ...form, ...changes });
  const place = knownPlaces().find((body) => body.site?.id === form.site);
  const isChosen = place !== undefined || form.site === "";
  const choose = (/** @type {string} */ site) => {
    const [was, next] = [place?.contact, knownPlaces().find((body) => body.site?.id === site)?.contact];
    // What was typed stays; what came with the place before goes with it.
    const follow = (/** @type {"name" | "phone"} */ what) =>
      ["", was?.[what] ?? ""].includes(form[what].trim()) ? (next?.[what] ?? "") : form[what];
    set({ site, name: follow("name"), phone: follow("phone") });
  };
  const open = async () => {
    setTried(true);
    if (!isChosen || form.kind === "") return;
    const id = newId();
    const data = {
      kind: form.kind,
      fault: form.fault.trim(),
      contact: { name: form.name.trim(), phone: form.phone.trim() },
      channel: "field",
      reported_at: new Date(trueNow()).toISOString(),
      ...(form.requests.trim() && { requests: form.requests.trim() }),
      ...(place && { customer: place.customer?.id, site: place.site?.id }),
    };
    if (!(await save([{ kind: "order.open", target: id, data }], { said: t("phone-new-saved") }))) return;
    await draft.drop();
    go(`orders/${id}`, { replace: true });
  };
  return html`<${Page} title=${t("phone-new-title")} backTo="today"
      foot=${html`${
        tried &&
        form.kind === "" &&
        html`<div role="alert"><${Notice} icon="circle-alert">${t("phone-new-kind-missing")}<//></div>`
      }
        ${
          tried &&
          !isChosen &&
          html`<div role="alert"><${Notice} icon="map-pin-off">${t("phone-new-place-missing")}<//></div>`
        }
        <${MainButton} icon="check" disabled=${form.fault.trim() === ""} onPress=${open}>${t("phone-new-save")}<//>`}>
    <${Notice} tone="corroborated">${t("phone-new-about")}<//>
    <section class="sheet stack wide">
      <div class="field"><span class="label">${t("phone-new-kind")}</span>
        <${Choices} name=${t("phone-new-kind")} value=${form.kind}
        onChoose=${(/** @type {string} */ kind) => set({ kind })}
        options=${KINDS.map((kind) => ({ value: kind, label: word("kind", kind) }))} /></div>
      <${Field} label=${t("phone-order-fault")} value=${form.fault} multiline=${true}
        onInput=${(/** @type {string} */ fault) => set({ fault })} />
      <${Field} label=${t("phone-order-requests")} value=${form.requests} multiline=${true}
        onInput=${(/** @type {string} */ requests) => set({ requests })} /></section>
    <section class="sheet stack wide"><${Places} chosen=${isChosen ? form.site : null} onChoose=${choose} />
      <${Field} label=${t("phone-new-contact")} value=${form.name}
        onInput=${(/** @type {string} */ name) => set({ name })} />
      <${Field} label=${t("phone-order-phone")} value=${form.phone} type="tel" inputmode="tel"
        onInput=${(/** @type {string} */ phone) => set({ phone })} /></section>
  <//>`;
}

/**
 * Every site of this phone's orders, a few in sight and the others found by typing.
 * @param {{chosen: string | null, onChoose: (site: string) => void}} properties
 */
function Places({ chosen, onChoose }) {
  const [typed, setTyped] = useState("");
  const all = knownPlaces();
  const found = typed.trim() === "" ? all.slice(0, MOST_PLACES) : knownPlaces(typed).slice(0, MOST_FOUND);
  const first = all.filter((body) => body.site?.id === chosen && !found.some((one) => one.site?.id === chosen));
  const here = placeHere()?.site?.id;
  const options = [...first, ...found].map((body) => ({
    value: body.site?.id ?? "",
    icon: body.site?.id === here ? "map-pin" : undefined,
    label: placeName(body, body.site?.id === here),
  }));
  return html`<div class="field"><span class="label">${t("phone-new-place")}</span>
    ${
      all.length > MOST_PLACES &&
      html`<div class="searching"><${Icon} name="search" />
        <input class="input" type="search" autocomplete="off" enterkeyhint="search" value=${typed}
      aria-label=${t("phone-new-place-search")} placeholder=${t("phone-new-place-search")}
      onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => setTyped(event.currentTarget.value)} />
      </div>`
    }
    <${Choices} look="list" name=${t("phone-new-place")} value=${chosen} onChoose=${onChoose}
      options=${[...options, { value: "", label: t("phone-new-place-other") }]} />
    ${
      typed.trim() !== "" &&
      found.length === 0 &&
      html`<span class="soft" role="status">${t("phone-new-place-none")}</span>`
    }</div>`;
}

/**
 * @param {WorkOrder} body
 * @param {boolean} isHere
 * @returns {string} the place, whose it is, and whether the technician is there
 */
function placeName(body, isHere) {
  const customer = body.customer?.name ?? "";
  return [placeText(body), placeText(body).includes(customer) ? "" : customer, isHere ? t("phone-new-place-here") : ""]
    .filter(Boolean)
    .join(" · ");
}
