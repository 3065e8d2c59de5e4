// Which fields an edit may change, and where they are in the body (server/documents/work_order/fields.py has the same
// on the server).

/** @typedef {import("../../types.js").Json} Json */

export const PLAN = ["assignees", "lead", "window", "priority", "disposition", "instructions"];
export const SHARED = [
  "fault",
  "requests",
  "contact.name",
  "contact.phone",
  "cause",
  "diagnosis",
  "work_done",
  "site.position",
];
export const CHANGEABLE = {
  materials: ["name", "unit", "quantity", "unit_price", "source", "serial"],
  labour: ["name", "method", "unit", "quantity", "unit_price"],
  photos: ["caption", "purpose"],
};
/** What an entry of these lists is known by. */
const KEYS = { materials: "line", labour: "line", photos: "id" };

/**
 * Where a field stands: `holder` is the part of the body, `name` the field's name in it.
 * @typedef {{holder: Json, name: string, room: "plan" | "shared" | "checklist" | "materials" | "labour" | "photos"}}
 *   Place
 */

/**
 * Where a field is that an edit or an answer may change, by its full name; null where there is none such. The holder of
 * a checklist's answer is a copy: whoever changes it puts the answer back.
 * @param {Json} body
 * @param {string} fullName
 * @returns {Place | null}
 */
export function placeOf(body, fullName) {
  if (PLAN.includes(fullName)) return { holder: body, name: fullName, room: "plan" };
  if (SHARED.includes(fullName)) {
    if (fullName === "site.position" && !body.site) return null;
    const [holder, name] = within(body, fullName);
    return { holder, name, room: "shared" };
  }
  const [room, identity, name] = fullName.split(".");
  if (room === "checklist") {
    return { holder: answersOf(body), name: fullName.slice("checklist.".length), room };
  }
  if ((room !== "materials" && room !== "labour" && room !== "photos") || !CHANGEABLE[room].includes(name)) return null;
  const holder = body[room]?.find((/** @type {Json} */ each) => each[KEYS[room]] === identity);
  return holder ? { holder, name, room } : null;
}

/**
 * The checklist's answers without their authors. Nothing else is in the object: an item may have any name, "__proto__"
 * too.
 * @param {Json} body
 * @returns {Json}
 */
export function answersOf(body) {
  const given = Object.entries(/** @type {Record<string, Json>} */ (body.checklist?.answers ?? {}));
  return given.reduce((all, [item, answer]) => Object.assign(all, { [item]: answer.value }), Object.create(null));
}

/**
 * The part of `holder` that has the description of a dotted name, made where it is absent, and the name there. Only
 * descriptions have such names: a dot in the id of a checklist's item is a sign like any other.
 * @param {Json} holder
 * @param {string} name
 * @returns {[Json, string]}
 */
export function within(holder, name) {
  const way = name.split(".");
  const last = /** @type {string} */ (way.pop());
  const part = way.reduce((found, key) => (found[key] ??= {}), holder);
  return [part, last];
}

/**
 * What stands in a field as an edit sees it: a site's position without what the server worked out from it, null where
 * nothing stands.
 * @param {Json} holder
 * @param {string} name
 * @param {string} fullName
 * @returns {any} any: JSON
 */
export function standing(holder, name, fullName) {
  return comparable(fullName, Object.hasOwn(holder, name) ? holder[name] : null);
}

/**
 * The value as an edit saw it.
 * @param {string} fullName
 * @param {any} value any: JSON
 */
export function comparable(fullName, value) {
  if (fullName !== "site.position" || typeof value !== "object" || value === null) return value;
  return { latitude: value.latitude, longitude: value.longitude, datum: value.datum ?? null };
}
