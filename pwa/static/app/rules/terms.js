/** What holds for an order before the server has found its customer's contract. */

/** @typedef {import("../types.js").Json} Json */

/**
 * The terms of an order that was opened on this phone: those of the company's default contract, and a coverage that
 * nobody knows yet. Without a rule set at hand its prices are full ones.
 * @param {Json | undefined} ruleSet the body of the company's `rules` document
 * @param {string} currency
 * @returns {Json}
 */
export function termsWhenOpened(ruleSet, currency) {
  const contract = ruleSet?.contracts?.find((/** @type {{id: string}} */ { id }) => id === ruleSet.default_contract);
  const price_rule = ruleSet?.price_rules?.[contract?.price_rule] ?? null;
  return { contract: contract?.id ?? null, price_rule, currency };
}

/**
 * Whom and what an opened order names, as far as this phone's other orders tell; and the checklists of its kind.
 * @param {Json} data of `order.open`
 * @param {Json[]} bodies of the orders at hand
 * @param {{id: string, body: Json}[]} checklists the company's
 */
export function knownWhenOpened(data, bodies, checklists) {
  const named = (/** @type {"customer" | "site" | "asset"} */ what) =>
    (data[what] && bodies.map((body) => body[what]).find((one) => one?.id === data[what])) || null;
  const lists = checklists
    .filter(({ body }) => body.kinds?.includes(data.kind))
    .map(({ id }) => id)
    .sort();
  return { customer: named("customer"), site: named("site"), asset: named("asset"), lists };
}
