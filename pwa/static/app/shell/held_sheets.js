/** What the server keeps and has not applied: what waits for a supervisor, and what was decided. */
import { html } from "htm/preact";
import { decided, held } from "../sync/status.js";
import { call } from "../store/http.js";
import { SideButton } from "../ui/buttons.js";
import { Chip } from "../ui/chip.js";
import { Icon } from "../ui/icon.js";
import { kindText, orderNumber } from "../documents/parts/kind_words.js";
import { t, text } from "../ui/language.js";
import { clockOrDay } from "../ui/moments.js";
import { problemText, save } from "../ui/save.js";
import { toast } from "../ui/toast.js";
import { personName } from "../ui/words.js";

/** Delivered word for word; a person decides. Nothing where nothing waits. */
export function HeldSheet() {
  if (held.value.length === 0) return null;
  return html`<section class="sheet stack" aria-label=${t("phone-held-title")}><h2>${t("phone-held-title")}</h2>
    <p class="soft">${t("phone-held-about")}</p>
    <div class="lines">${held.value.map(
      (item) => html`<div class="stack" key=${item.id}><div class="row"><b class="grow">${kindText(item.kind)}</b>
        <${Chip} tone="claimed" icon="hourglass">${t("phone-held-waits")}<//></div>
      <div class="soft">${orderNumber(item.target)} · ${clockOrDay(item.at)}</div>
      <div class="because"><${Icon} name="info" />
        <span>${text(`held-${item.reason.replaceAll("_", "-")}`) ?? t("phone-held-other")}</span></div></div>`,
    )}</div>
    ${foreign().map(
      (device) =>
        html`<div class="stack" key=${device}><p>${t("phone-claim-means")}</p>
          <${SideButton} icon="user-check" onPress=${() => claim(device)}>${t("phone-claim")}<//></div>`,
    )}</section>`;
}

/** @returns {string[]} the ledgers of which only a file says that they are this person's */
function foreign() {
  const unknown = held.value.filter(({ reason, device }) => reason === "unknown_device" && device !== null);
  return [...new Set(unknown.map(({ device }) => String(device)))];
}

/**
 * Say that what a file brought in one's name is one's own. The server says how far the ledger goes, so that nobody
 * claims what came unseen.
 * @param {string} device
 */
async function claim(device) {
  try {
    const { ledger } = await call("GET", `/session?device=${device}`);
    await save([{ kind: "ledger.claim", target: device, data: { head: ledger.head } }], {
      said: t("phone-claim-said"),
    });
  } catch (problem) {
    toast(problemText(problem), { wrong: true });
  }
}

/** By whom, when, with which words. Nothing where nothing was decided. */
export function DecidedSheet() {
  if (decided.value.length === 0) return null;
  return html`<section class="sheet stack" aria-label=${t("phone-decided-title")}><h2>${t("phone-decided-title")}</h2>
    <div class="lines">${decided.value.map(
      ({
        id,
        kind,
        target,
        state,
        by,
        at,
        comment,
      }) => html`<div class="stack" key=${id}><div class="row"><b class="grow">${kindText(kind)}</b>
        ${
          state === "applied"
            ? html`<${Chip} tone="proven" icon="check">${t("phone-decided-applied")}<//>`
            : html`<${Chip} tone="contradicted" icon="x">${t("phone-decided-dismissed")}<//>`
        }</div>
      <div class="soft">
        ${orderNumber(target)} · ${by === null ? t("phone-decided-by-itself") : personName(by)} · ${clockOrDay(at)}
        </div>
      ${
        comment &&
        html`<div class="because"><${Icon} name="message-square" /><span class="prose">${comment}</span></div>`
      }</div>`,
    )}</div></section>`;
}
