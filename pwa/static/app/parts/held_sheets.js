/** What the server keeps and has not applied: what waits for a supervisor, and what was decided. */
import { html } from "htm/preact";
import { decided, held } from "../sync/status.js";
import { Chip } from "./chip.js";
import { Icon } from "./icon.js";
import { kindText, orderNumber } from "./kind_words.js";
import { t, text } from "./language.js";
import { clockOrDay } from "./moments.js";
import { personName } from "./words.js";

/** Delivered word for word; a person decides. Nothing where nothing waits. */
export function HeldSheet() {
  if (held.value.length === 0) return null;
  return html`<section class="sheet stack" aria-label=${t("phone-held-title")}><h2>${t("phone-held-title")}</h2><p class="soft">${t("phone-held-about")}</p>
    <div class="lines">${held.value.map((item) => html`<div class="stack" key=${item.id}><div class="row"><b class="grow">${kindText(item.kind)}</b>
        <${Chip} tone="claimed" icon="hourglass">${t("phone-held-waits")}<//></div>
      <div class="soft">${orderNumber(item.target)} · ${clockOrDay(item.at)}</div>
      <div class="because"><${Icon} name="info" /><span>${text(`held-${item.reason.replaceAll("_", "-")}`) ?? item.reason}</span></div></div>`)}</div></section>`;
}

/** By whom, when, with which words. Nothing where nothing was decided. */
export function DecidedSheet() {
  if (decided.value.length === 0) return null;
  return html`<section class="sheet stack" aria-label=${t("phone-decided-title")}><h2>${t("phone-decided-title")}</h2>
    <div class="lines">${decided.value.map(({ id, kind, target, state, by, at, comment }) => html`<div class="stack" key=${id}><div class="row"><b class="grow">${kindText(kind)}</b>
        ${state === "applied" ? html`<${Chip} tone="proven" icon="check">${t("phone-decided-applied")}<//>` : html`<${Chip} tone="contradicted" icon="x">${t("phone-decided-dismissed")}<//>`}</div>
      <div class="soft">${orderNumber(target)} · ${by === null ? t("phone-decided-by-itself") : personName(by)} · ${clockOrDay(at)}</div>
      ${comment && html`<div class="because"><${Icon} name="message-square" /><span class="prose">${comment}</span></div>`}</div>`)}</div></section>`;
}
