/**
 * How a case of tests/vectors becomes a call of the phone's rules: for every engine that runs them, so that it is said
 * once. Needs nothing of Node.js or of a browser.
 */

/** @typedef {Record<string, any>} Rules the modules by their names; any: each has functions of its own */
/** @typedef {(rules: Rules, given: any, file: any) => unknown} Call any: JSON of a case, and of the file around it */
/** @typedef {{name: string, input: any, expected: any}} Case any: JSON */
/** @typedef {{name: string, answer: unknown, expected: unknown}} Wrong */

/** The modules that the calls use, by their rooms in the app. */
export const MODULES = {
  "rules/": [
    "charges",
    "clocks",
    "deadlines",
    "decimal",
    "figures",
    "fixes",
    "lengths",
    "lines",
    "marks",
    "merge",
    "place",
    "scripts",
    "search",
    "telephones",
    "terms",
    "warranty",
  ],
  "documents/work_order/": ["apply", "bodies", "fields", "planning", "report", "stages", "weak_evidence"],
};

const TARGET = "0190e000-0000-7000-8000-000000000001";

/** @type {Record<string, Call>} by the name of the file */
export const CALLS = {
  amounts: ({ decimal }, { quantity, unit_price, percent }) => {
    try {
      return { amount: decimal.amount(quantity, unit_price, percent) };
    } catch (problem) {
      if (problem instanceof RangeError) return { amount: null };
      throw problem;
    }
  },
  apply: ({ apply }, given, file) => worked(apply.apply, given, file),
  charges: ({ charges }, { materials, labour, covered, cause, price_rule, currency }) =>
    charges.charge(materials, labour, covered, cause, price_rule, currency),
  clock_signs: ({ clocks }, { at, previous }) => clocks.signsOfAMovedClock(at, previous),
  differences: ({ report }, { signed, body }) => report.differences(signed, body),
  figures: ({ figures }, { typed, kind, units }) => {
    try {
      return { value: figures.figureOf(typed, figures.KINDS[kind], units) };
    } catch (problem) {
      if (problem instanceof figures.NotTaken) return refusal(problem);
      throw problem;
    }
  },
  findable: ({ search }, { texts }) => ({ findable: search.findable(texts) }),
  fix_age: ({ fixes }, { stamp, wall, corrected }) => ({
    age_s: fixes.ageByStamp(Date.parse(stamp), [wall, corrected].map(Date.parse)),
  }),
  languages: ({ scripts }, { all, language }) => ({
    read: all.map((/** @type {any} any: JSON */ said) => scripts.readIn(said, language)),
    only: scripts.onlyIn(all, language),
  }),
  lengths: ({ lengths }, { length_m, accuracy_m }) => ({
    length_m: lengths.toldLength(length_m, accuracy_m),
    accuracy_m: lengths.toldAccuracy(accuracy_m),
  }),
  marks: ({ marks }, { id }) => ({ mark: marks.markOf(id) }),
  merge: ({ merge }, { was, now, current }) => merge.mergeField(was, now, current),
  place: ({ place }, { position, site_position, radius_m }) => {
    const judged = place.judgePlace(position, site_position, radius_m);
    if (judged === null) return null;
    const { reasons, ...rest } = judged;
    return { ...rest, codes: reasons.map((/** @type {{code: string}} */ { code }) => code) };
  },
  remaining: ({ deadlines }, { due_by, begun_at, now }) =>
    deadlines.remaining(moment(due_by), moment(begun_at), moment(now)),
  report: ({ report }, { body, language, names, currency }) => report.reportOf(body, language, names, currency),
  search: ({ search }, { typed, texts }) => ({ found: search.finds(search.wordsOf(typed), search.findable(texts)) }),
  stages: ({ stages }, { current, to, review_returned, own_unable, before }) => ({
    stage: stages.advance(current, to, review_returned, own_unable, before),
  }),
  telephones: ({ search, telephones }, { field, typed }) => {
    const [texts, words] = [telephones.textsOf(field), search.wordsOf(typed)];
    return { found: search.finds(words, search.findable(texts)), texts, words };
  },
  warranty_on: ({ warranty }, { warranty: known, on }) => warranty.coveredOn(known, on),
  weak_evidence: ({ weak_evidence }, { body, me, clock }) => weak_evidence.weakEvidence(body, me, clock),
};

/** @param {any} problem any: a NotTaken, of a module that may be any engine's */
function refusal({ code, figures }) {
  return { problem: code, figures };
}

/** @param {string | null} text */
function moment(text) {
  return text === null ? null : new Date(text);
}

/**
 * An order that is opened and worked on, one operation after the other, and which of these changed it.
 * @param {(body: any, operation: any, context: any) => any} apply any: JSON
 * @param {any} given any: JSON
 * @param {any} file any: JSON
 */
function worked(apply, given, file) {
  let [body, version] = [{}, 0];
  /** @type {boolean[]} */
  const changed = [];
  const terms = { contract: "standard", price_rule: file.price_rule, currency: "CNY" };
  const opening = {
    id: TARGET,
    kind: "order.open",
    data: given.open,
    at: file.opened_at,
    actor: given.opener ?? file.opener,
  };
  for (const entry of [opening, ...given.operations]) {
    const { id: by, role, relation, device } = entry.actor;
    const next = apply(
      body,
      { ...entry, target: TARGET },
      { by, role, relation, device, at: entry.at, version: version + 1, terms },
    );
    changed.push(next !== body);
    if (next !== body) version += 1;
    body = next;
  }
  return { body, changed: changed.slice(1) };
}

/** @param {any} body any: JSON @param {string} path */
function at(body, path) {
  return path.split(".").reduce((found, part) => found?.[part], body) ?? null;
}

/**
 * What the rules make of a case, as JSON has it.
 * @param {Rules} rules
 * @param {Call} call
 * @param {any} file any: JSON
 * @param {Case} one
 * @returns {{answer: unknown, expected: unknown}}
 */
export function answerOf(rules, call, file, { input, expected }) {
  const answer = call(rules, input, file);
  return expected?.paths
    ? { answer: asJson(lookedAt(answer, expected)), expected: lookedAt(expected, expected) }
    : { answer: asJson(answer), expected };
}

/**
 * Of a whole order what a case looks at.
 * @param {any} found any: JSON of a body, or of what is expected of its paths
 * @param {any} expected any: JSON
 */
function lookedAt({ body, paths, changed }, expected) {
  return {
    changed,
    paths: paths ?? Object.fromEntries(Object.keys(expected.paths).map((path) => [path, at(body, path)])),
  };
}

/** @param {unknown} value */
function asJson(value) {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

/**
 * The cases of a file that the rules answer otherwise than expected.
 * @param {Rules} rules
 * @param {Call} call
 * @param {any} file any: JSON
 * @returns {Wrong[]}
 */
export function wrongOf(rules, call, file) {
  return file.cases
    .map((/** @type {Case} */ one) => ({ name: one.name, ...answerOf(rules, call, file, one) }))
    .filter((/** @type {Wrong} */ { answer, expected }) => differ(answer, expected));
}

/**
 * Whether two JSON values differ; distances by more than half a percent and a decimetre: the server measures them on
 * the ellipsoid.
 * @param {any} answer any: JSON
 * @param {any} expected any: JSON
 * @param {string} [key] under which they stand
 * @returns {boolean}
 */
export function differ(answer, expected, key) {
  if (key === "distance_m" && typeof answer === "number" && typeof expected === "number") {
    return Math.abs(answer - expected) > Math.max(0.11, 0.005 * Math.abs(expected));
  }
  if (typeof answer !== "object" || typeof expected !== "object" || answer === null || expected === null)
    return answer !== expected;
  if (Array.isArray(answer) !== Array.isArray(expected)) return true;
  const keys = Object.keys(answer);
  return (
    keys.length !== Object.keys(expected).length ||
    keys.some((each) => !Object.hasOwn(expected, each) || differ(answer[each], expected[each], each))
  );
}

/**
 * The modules of the rules, ready to be called, with the `signs` that they know.
 * @param {string} folder the address of the app's modules, with a slash at its end
 * @param {any} signs any: JSON of rules/signs.json
 * @returns {Promise<Rules>}
 */
export async function rulesIn(folder, signs) {
  const places = Object.entries(MODULES).flatMap(([room, names]) =>
    names.map((name) => [name, `${folder}${room}${name}.js`]),
  );
  const loaded = await Promise.all(places.map(async ([name, address]) => [name, await import(address)]));
  const rules = Object.fromEntries(loaded);
  rules.search.useSigns(signs);
  return { ...rules, signs };
}
