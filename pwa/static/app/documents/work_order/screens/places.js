/** The places that this phone knows from its orders, and the one where the technician is. */
import { textsOfOrder } from "../../../rules/search.js";
import { session } from "../../../store/session.js";
import { trueTime } from "../../../store/true_time.js";
import { lookFor } from "../../../ui/looking.js";
import { now } from "../../../ui/moments.js";
import { dueKey, isDone } from "../order_facts.js";
import { shownOrders } from "./shown_orders.js";

/** @typedef {import("../work_order.js").WorkOrder} WorkOrder */
/** @typedef {import("../work_order.js").Presence} Presence */

const HOUR_MS = 3_600_000;
/** Longer than this nobody stays: they forgot to say that they left. */
const LONGEST_STAY_MS = 12 * HOUR_MS;

/**
 * One order for each site: where the technician is, then those of open orders by their time, then of done ones.
 * @param {string} [typed] only sites of orders that match it
 * @returns {WorkOrder[]}
 */
export function knownPlaces(typed = "") {
  const here = placeHere()?.site?.id;
  const rank = (/** @type {WorkOrder} */ body) => `${body.site?.id === here ? 0 : isDone(body) ? 2 : 1}${dueKey(body)}`;
  const sorted = withSites()
    .filter(lookFor(typed, textsOfOrder).has)
    .sort((one, other) => rank(one).localeCompare(rank(other)));
  return sorted.filter((body, index) => sorted.findIndex((other) => other.site?.id === body.site?.id) === index);
}

/**
 * The order at whose site the technician is: arrived and not left, or else left within the last hour.
 * @returns {WorkOrder | null}
 */
export function placeHere() {
  const stays = withSites().map((body) => ({ body, arrived: timeOf(body.arrivals), left: timeOf(body.departures) }));
  const inside = stays.filter(({ arrived, left }) => arrived > left && now.value - arrived < LONGEST_STAY_MS);
  const around = inside.length > 0 ? inside : stays.filter(({ left }) => left > 0 && now.value - left < HOUR_MS);
  const latest = Math.max(...around.map(({ arrived, left }) => Math.max(arrived, left)));
  return around.find(({ arrived, left }) => Math.max(arrived, left) === latest)?.body ?? null;
}

/** @returns {WorkOrder[]} */
function withSites() {
  return shownOrders()
    .map(({ body }) => body)
    .filter(({ site }) => site);
}

/**
 * When this person last came or went, in milliseconds; 0 where never.
 * @param {Presence[] | undefined} records
 * @returns {number}
 */
function timeOf(records) {
  const own = (records ?? []).findLast(({ by }) => by === session.value?.person.id);
  return trueTime(own?.time?.best ?? own?.position?.fixed_at ?? "") || 0;
}
