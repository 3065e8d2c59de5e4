import { html } from "htm/preact";
import { Icon } from "../../../ui/icon.js";
import { formatMoney, t } from "../../../ui/language.js";
import { dateText } from "../../../ui/moments.js";
import { present } from "../order_facts.js";

/** @typedef {import("../work_order.js").WorkOrder} WorkOrder */

/** Whether the job is under warranty, until when, and why. @param {{body: WorkOrder}} properties */
export function WarrantySheet({ body }) {
  const { warranty } = body;
  if (!warranty) return null;
  const { covered, until, why } = warranty;
  const word =
    covered === true
      ? html`<b class="proven known"><${Icon} name="shield-check" />${t("phone-warranty-covered")}</b>`
      : covered === false
        ? html`<b class="claimed known"><${Icon} name="shield-off" />${t("phone-warranty-over")}</b>`
        : html`<b class="known"><${Icon} name="circle-help" />${t("phone-warranty-unknown")}</b>`;
  return html`<section class="sheet"><div class="label">${t("phone-warranty")}</div>
    <div class="row">${word}
      ${
        until &&
        html`<span>${t(covered ? "phone-warranty-until" : "phone-warranty-ended", { date: dateText(until) })}</span>`
      }</div>
    <div class="soft">${warrantyWhy(why)}</div></section>`;
}

/** @param {{code: string, months?: number, start?: string, begins?: string}} why @returns {string} */
function warrantyWhy(why) {
  switch (why.code) {
    case "within_term":
    case "term_over":
      return t("phone-warranty-term", {
        months: why.months ?? 0,
        begins: t(`phone-begins-${(why.begins ?? "acceptance").replaceAll("_", "-")}`),
        date: why.start ? dateText(why.start) : "",
      });
    case "no_asset":
      return t("phone-warranty-no-asset");
    case "no_dates":
      return t("phone-warranty-no-dates");
    default:
      return t("phone-warranty-no-term");
  }
}

/** What the customer pays, and why. @param {{body: WorkOrder}} properties */
export function ChargeSheet({ body }) {
  const { charge } = body;
  if (!charge || present(body.materials).length + present(body.labour).length === 0) return null;
  const market = charge.lines.reduce((sum, line) => sum + line.price, 0);
  return html`<section class="sheet stack"><div class="row"><div><div class="label">${t("phone-charge")}</div>
      <${ChargeWhy} charge=${charge} /></div>
    <div class="end"><div class="big">${formatMoney(charge.total, charge.currency)}</div>
      ${
        market !== charge.total &&
        html`<div class="soft">${t("phone-charge-market", { amount: formatMoney(market, charge.currency) })}</div>`
      }</div></div></section>`;
}

/** Free or to be paid, with the reason. @param {{charge: import("../work_order.js").Charge}} properties */
export function ChargeWhy({ charge }) {
  const { covered, why } = charge;
  const icon = covered === true ? "check" : covered === false ? "receipt" : "circle-help";
  const tone = covered === true ? "proven" : covered === false ? "claimed" : "";
  return html`<span class=${`known ${tone}`}><${Icon} name=${icon} />${t(
    `phone-charge-${why.code.replaceAll("_", "-")}`,
    {
      materials: why.materials_percent ?? 100,
      labour: why.labour_percent ?? 100,
    },
  )}</span>`;
}
