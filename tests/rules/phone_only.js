/**
 * How the cases of phone_only.json become calls: of what only a phone decides, and no server beside it.
 */

/** @typedef {import("./calls.js").Call} Call */

/** @type {Record<string, Call>} */
export const PHONE_ONLY = {
  added: ({ decimal }, [one, other]) =>
    refused(() => ({ sum: decimal.addQuantities(one, other), same: decimal.sameQuantity(one, other) })),
  beginnings: ({ search }, { word, texts, at_beginning }) =>
    search.stands(word, search.findable(texts), ...(at_beginning === undefined ? [] : [at_beginning])),
  boundless: ({ lengths }, { length_m, accuracy_m }) => lengths.toldLength(length_m, Number(accuracy_m)),
  compared: ({ figures }, [one, other]) => figures.compare(one, other),
  equal_texts: ({ lines }, { base, other }) => lines.differingRanges(base, other),
  fix_series: ({ fixes }, { receipts, clocks }) => {
    /** @type {any} any: what the rule itself keeps */
    let stamps = null;
    return receipts.map((/** @type {any} any: JSON */ received, /** @type {number} */ index) => {
      const aged = fixes.fixAge(stamps, received, clocks[index]);
      stamps = aged.stamps;
      return { age_s: aged.age_s, base: stamps.base.mono, probe: stamps.probe.mono };
    });
  },
  found_by: ({ search }, { order, part }) => (order ? search.textsOfOrder(order) : search.textsOfPart(part)),
  known_when_opened: ({ terms }, { data, bodies, checklists }) => terms.knownWhenOpened(data, bodies, checklists),
  near: ({ place }, { fix, site_position, radius_m }) => place.isNear(fix, site_position, radius_m),
  operations: ({ apply }, { body, operation, context }) => {
    const next = apply.apply(body, operation, context);
    return next === body ? "unchanged" : next;
  },
  own_unable: ({ planning }, { body, by }) => Boolean(planning.isOwnUnable(body, by)),
  places: ({ place }, { position, site_position, radius_m }) => place.judgePlace(position, site_position, radius_m),
  positions: ({ fixes }, { latitude, longitude, accuracy, timestamp }) =>
    fixes.isPosition(
      { latitude: Number(latitude), longitude: Number(longitude), accuracy: Number(accuracy) },
      timestamp,
    ),
  relations: ({ bodies }, { body, context }) => bodies.relationTo(body, context),
  reports: ({ report }, { body, names }) => {
    const { arrived_at, technician } = report.reportOf(body, "en", names, "CNY");
    return { arrived_at, technician };
  },
  rooms: ({ fields }, { body, field }) => fields.placeOf(body, field),
  signs_twice: ({ search, signs }, { texts }) => {
    search.useSigns(signs);
    return search.findable(texts);
  },
  stage_words: ({ stages }, { current, to }) => refused(() => stages.advance(current, to, false)),
  tells_more: ({ place }, { earlier, found }) => place.tellsMore(earlier, found),
  terms_when_opened: ({ terms }, { rule_set, currency }) => terms.termsWhenOpened(rule_set ?? undefined, currency),
};

/**
 * What a call gives, or how it is refused.
 * @param {() => unknown} call
 */
function refused(call) {
  try {
    return call();
  } catch (problem) {
    if (problem instanceof RangeError) return problem.message;
    throw problem;
  }
}
