/** What is new for whoever is signed in, and what they have looked at; kept on the phone, for each person. */
import { computed, effect, signal } from "@preact/signals";
import { announce, listen } from "../store/channel.js";
import { changeStoreOf, inStore } from "../store/database.js";
import { session } from "../store/session.js";
import { contact, decided } from "../sync/status.js";
import { allLooked, bothLooked, leftKey, newest, newsOf, planOf, settled } from "../documents/work_order/news.js";
import { shownOrders } from "../documents/work_order/screens/shown_orders.js";
import { handedOver, route } from "../ui/router.js";

/** @typedef {import("../documents/work_order/news.js").Looked} Looked */
/** @typedef {import("../documents/work_order/news.js").LeftOrder} LeftOrder */

/**
 * What the phone knows of one person; `looked` is null before their first contact here: nothing is new to who has seen
 * nothing yet.
 * @type {import("@preact/signals").Signal<{person: string, looked: Looked | null, left: LeftOrder[]} | null>}
 */
const known = signal(null);

/** What is not done by looking at it. */
const STAYS = new Set(["returned", "conflict"]);

/** @returns {Parameters<typeof newsOf>[0]} */
function here() {
  return { orders: shownOrders(), decided: decided.value, left: known.value?.left ?? [] };
}

/** What is new, in the order in which it is shown. */
export const news = computed(() => {
  const person = session.value?.person.id;
  if (known.value?.person !== person || !known.value?.looked) return [];
  return newsOf(here(), known.value.looked, person);
});

/** Follows what comes, and what is looked at; called once at the start. */
export function followNews() {
  effect(() => {
    const person = session.value?.person.id;
    if (person === undefined) known.value = null;
    else void learn(person).catch(() => {});
  });
  listen((topic, elsewhere) => {
    const person = session.peek()?.person.id;
    const isOfAnotherTab = topic === "looked" && elsewhere;
    if (person !== undefined && (topic === "documents" || topic === "contact" || isOfAnotherTab))
      void learn(person, isOfAnotherTab).catch(() => {});
  });
  effect(() => {
    if (known.value === null || contact.value.last_contact === null) return;
    const { person, looked } = known.value;
    if (person !== session.value?.person.id) return;
    const next = looked === null ? allLooked(here()) : settled(here(), looked, person);
    if (next !== looked) keep(person, next);
  });
  effect(() => {
    const [screen, order] = route.value;
    // What comes while the phone is dark, or in the customer's hands, has nobody looked at.
    if (news.value.length === 0 || !shown.value || handedOver.value) return;
    if (screen === "orders" && order) lookedAtOrder(order);
    if (screen === "outbox") lookedAtDecisions();
  });
}

/** Whether the app is what is on the screen. */
const shown = signal(document.visibilityState === "visible");
document.addEventListener("visibilitychange", () => {
  shown.value = document.visibilityState === "visible";
});

/**
 * @param {string} person
 * @param {boolean} [isOfAnotherTab] whether another tab has written what was looked at
 */
async function learn(person, isOfAnotherTab = false) {
  const [looked, left] = await inStore((database) =>
    Promise.all([database.get("meta", "looked"), database.get("meta", "left_orders")]),
  );
  if (person !== session.peek()?.person.id) return;
  // What was looked at here may be on its way to the disk still.
  const own = known.peek()?.person === person ? (known.peek()?.looked ?? null) : null;
  const both = own && looked && isOfAnotherTab ? bothLooked(own, looked) : (own ?? looked ?? null);
  const next = { person, looked: both, left: left ?? [] };
  if (JSON.stringify(next) !== JSON.stringify(known.peek())) known.value = next;
}

/**
 * @param {string} person
 * @param {Looked} looked
 */
function keep(person, looked) {
  if (known.peek()?.person !== person) return;
  known.value = { person, looked, left: known.peek()?.left ?? [] };
  // On a full phone it is new once more after a restart.
  const write = changeStoreOf(person, ["meta"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    const there = await meta.get("looked"); // Another tab may have looked at something else just now.
    return meta.put(newest(there ? bothLooked(there, looked) : looked), "looked");
  });
  void write.then(() => announce("looked")).catch(() => {});
}

/** @param {(looked: Looked) => Looked} change */
function mark(change) {
  const current = known.peek();
  if (current?.looked) keep(current.person, change(current.looked));
}

/** @param {string} id */
export function lookedAtOrder(id) {
  const found = news
    .peek()
    .filter((one) =>
      "order" in one ? one.order.id === id && !STAYS.has(one.kind) : one.kind === "left" && one.left.id === id,
    );
  for (const one of found) {
    if ("order" in one)
      mark(({ plans, ...others }) => ({ ...others, plans: { ...plans, [id]: planOf(one.order.body) } }));
    else if (one.kind === "left") mark(({ left, ...others }) => ({ ...others, left: [...left, leftKey(one.left)] }));
  }
}

/** All that was decided of held entries. */
export function lookedAtDecisions() {
  if (news.peek().some(({ kind }) => kind === "decided"))
    mark((looked) => ({ ...looked, decided: decided.peek().map(({ id }) => id) }));
}

/** Everything that only has to be looked at. */
export function lookedAtAll() {
  mark(() => allLooked(here()));
}
