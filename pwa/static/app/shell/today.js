/** Today: what is under way and the day's orders by window, then what was left over, later days, and what is done. */
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../ui/icon.js";
import { PlainButton, SideButton } from "../ui/buttons.js";
import { t } from "../ui/language.js";
import { lookFor } from "../ui/looking.js";
import { clockOrDay, day, dayKey, now } from "../ui/moments.js";
import { isReturned } from "../documents/work_order/news.js";
import { NewsSheet } from "./news_sheet.js";
import { OrderCard } from "../documents/work_order/screens/order_card.js";
import { dueKey, isCurrent, isDone } from "../documents/work_order/order_facts.js";
import { shownOrders } from "../documents/work_order/screens/shown_orders.js";
import { useOverlay } from "../ui/overlays.js";
import { Page, Vault } from "./page.js";
import { go } from "../ui/router.js";
import { textsOfOrder } from "../rules/search.js";
import { contact } from "../sync/status.js";

/** @typedef {import("../documents/work_order/work_order.js").ShownOrder} Order */

/** What was typed into the search; null while it is closed. Kept while other screens are open. */
const search = signal(/** @type {string | null} */ (null));

/**
 * @param {Order[]} all
 * @returns {{today: Order[], earlier: Order[], later: [string, Order[]][], away: Order[], done: Order[], isBack:
 *   boolean}} `isBack`: some were sent back
 */
function byDay(all) {
  const sorted = [...all].sort((one, other) => dueKey(one.body).localeCompare(dueKey(other.body)));
  const today = dayKey(now.value);
  const open = sorted.filter(
    (order) => !isDone(order.body) && order.gone === null && order.body.disposition !== "cancelled",
  );
  const isLater = (/** @type {Order} */ order) => {
    const start = order.body.window?.start;
    return start !== undefined && Date.parse(start) > now.value && dayKey(start) !== today;
  };
  const isEarlier = (/** @type {Order} */ { body }) => {
    const end = body.window?.end;
    return end !== undefined && Date.parse(end) < now.value && dayKey(end) !== today && !isCurrent(body);
  };
  // What was sent back stands above everything, whenever it was planned.
  const ahead = open.filter((order) => !isReturned(order.body));
  const due = ahead.filter((order) => !isLater(order) && !isEarlier(order));
  /** @type {Map<string, Order[]>} */
  const days = new Map();
  for (const order of ahead.filter(isLater)) {
    const key = day(order.body.window?.start ?? "");
    days.set(key, [...(days.get(key) ?? []), order]);
  }
  return {
    isBack: ahead.length < open.length,
    today: [...due.filter(({ body }) => isCurrent(body)), ...due.filter(({ body }) => !isCurrent(body))],
    earlier: ahead.filter(isEarlier),
    later: [...days],
    away: sorted.filter((order) => order.gone !== null),
    done: sorted.filter((order) => !open.includes(order) && order.gone === null).reverse(),
  };
}

export function Today() {
  const typed = search.value;
  const { today, earlier, later, away, done, isBack } = byDay(shownOrders());
  const wanted = lookFor(typed ?? "", textsOfOrder);
  const found = typed ? shownOrders().filter((order) => wanted.has(order.body)) : null;
  return html`<${Page} title=${t("phone-today-title")} note=${day(now.value)} tab="today"
      action=${html`<${PlainButton} icon=${typed === null ? "search" : "x"} onPress=${() => {
        search.value = typed === null ? "" : null;
      }}>
        ${t(typed === null ? "phone-search" : "phone-close")}<//>`}>
    ${typed !== null && html`<${SearchField} typed=${typed} />`}
    ${typed === null && html`<${NewsSheet} />`}
    ${
      found !== null
        ? html`<${Found} found=${found} />`
        : html`
      ${today.map((order) => html`<${OrderCard} key=${order.id} order=${order} />`)}
      ${today.length === 0 && !isBack && html`<${NothingToday} />`}
      ${
        earlier.length > 0 &&
        html`<${Folded} title=${t("phone-today-earlier")} note=${t("phone-today-count", { count: earlier.length })}
          orders=${earlier} />`
      }
      ${later.map(
        ([date, of]) =>
          html`<${Folded} key=${date} title=${date} note=${t("phone-today-count", { count: of.length })}
            orders=${of} />`,
      )}
      ${
        away.length > 0 &&
        html`<${Folded} title=${t("phone-today-away")} note=${t("phone-today-count", { count: away.length })}
          orders=${away} />`
      }
      ${done.length > 0 && html`<${Folded} title=${t("phone-today-done")} orders=${done} note=${doneNote(done)} />`}
      <${SideButton} icon="plus" tone="wide" onPress=${() => go("new")}>${t("phone-new-open")}<//>`
    }
  <//>`;
}

/** @param {Order[]} done @returns {string} */
function doneNote(done) {
  const waiting = done.reduce((sum, order) => sum + order.waiting, 0);
  return t(waiting === 0 ? "phone-today-done-safe" : "phone-today-done-waiting", { count: done.length, waiting });
}

/** @param {{typed: string}} properties */
function SearchField({ typed }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  // At once, within the touch that opened it: later a phone would not show its keyboard.
  useLayoutEffect(() => field.current?.focus(), []);
  useOverlay(
    () => {
      search.value = null;
    },
    { stays: true },
  );
  return html`<div class="searching"><${Icon} name="search" />
    <input class="input" type="search" enterkeyhint="search" autocomplete="off" ref=${field} value=${typed}
      aria-label=${t("phone-search")} placeholder=${t("phone-today-search-hint")}
      onInput=${(/** @type {{currentTarget: HTMLInputElement}} */ event) => {
        search.value = event.currentTarget.value;
      }} /></div>`;
}

/** @param {{found: Order[]}} properties */
function Found({ found }) {
  return html`<div class="soft" role="status">${t("phone-today-found", { count: found.length })}</div>
    ${found.map((order) => html`<${OrderCard} key=${order.id} order=${order} />`)}`;
}

/** @param {{title: string, note: string, orders: Order[]}} properties */
function Folded({ title, note, orders: folded }) {
  const [open, setOpen] = useState(false);
  return html`<button type="button" class="sheet folder" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <b>${title}</b><span class="soft">${note}</span><${Icon} name=${open ? "chevron-up" : "chevron-down"} /></button>
    ${open && folded.map((order) => html`<${OrderCard} key=${order.id} order=${order} />`)}`;
}

function NothingToday() {
  const last = contact.value.last_contact;
  return html`<div class="empty"><${Vault} /><h2>${t("phone-today-none")}</h2>
    <p class="soft">${last === null ? t("phone-today-never") : t("phone-today-last-contact", { at: clockOrDay(last) })}
      <br />${t("phone-today-none-hint")}</p></div>`;
}
