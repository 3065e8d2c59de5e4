// Arrivals, departures, photos and signatures on the phone: recorded whatever the plan says, and judged only when the
// server has seen the evidence.

import { find, listOf } from "./bodies.js";
import { mergeChanges } from "./edits.js";
import { CHANGEABLE } from "./fields.js";

/** @typedef {import("../../types.js").Json} Json */
/** @typedef {import("./bodies.js").Operation} Operation */
/** @typedef {import("./bodies.js").Context} Context */

const PHOTO = ["sha256", "size", "media_type", "purpose", "caption", "taken_at", "position"];

/** @type {import("./bodies.js").Meaning} */
export function arrive(body, operation, context) {
  if (find(body, "arrivals", "id", operation.data.arrival)) return false;
  const judged = { punctual: "unproven", verdict: "unproven", reasons: [], hints: [], ruling: null };
  listOf(body, "arrivals").push({ ...presence(operation.data.arrival, operation, context), ...judged });
  return true;
}

/** @type {import("./bodies.js").Meaning} */
export function leave(body, operation, context) {
  if (find(body, "departures", "id", operation.data.departure)) return false;
  listOf(body, "departures").push(presence(operation.data.departure, operation, context));
  return true;
}

/** @type {import("./bodies.js").Meaning} */
export function addPhoto(body, { id, data }, { by, at }) {
  const known = find(body, "photos", "id", data.photo);
  if (known) {
    if (known.sha256 !== data.sha256 || !known.removed) return false;
    known.removed = false;
    return true;
  }
  const values = Object.fromEntries(PHOTO.map((name) => [name, data[name] ?? null]));
  const state = { state: "missing", removed: false, hints: [], at };
  listOf(body, "photos").push({ id: data.photo, by, operation: id, ...values, ...state });
  return true;
}

/**
 * What a photo is said to show, merged by field; one that was removed stays so.
 * @type {import("./bodies.js").Meaning}
 */
export function editPhoto(body, operation, context) {
  const photo = find(body, "photos", "id", operation.data.photo);
  if (!photo) return false;
  const effect = mergeChanges(body, photo, `photos.${photo.id}.`, CHANGEABLE.photos, operation, context);
  return effect === "changed" || effect === "conflict";
}

/** @type {import("./bodies.js").Meaning} */
export function removePhoto(body, { data }) {
  const photo = find(body, "photos", "id", data.photo);
  if (!photo || photo.removed) return false;
  photo.removed = true;
  return true;
}

/** @type {import("./bodies.js").Meaning} */
export function sign(body, { id, data }, { by, at }) {
  if (find(body, "signatures", "id", data.signature)) return false;
  listOf(body, "signatures").push({
    ...{ id: data.signature, by, operation: id, signer: data.signer, sha256: data.sha256 },
    report: JSON.parse(data.report),
    ...{ state: "intact", differs: [], place: null, hints: [], time: claimed(at) },
  });
  if (data.rating) body.rating = data.rating;
  return true;
}

/** @type {import("./bodies.js").Meaning} */
export function refuse(body, { id, data }, { by, at }) {
  if (find(body, "refusals", "id", id)) return false;
  const { reason, comment = null } = data;
  listOf(body, "refusals").push({ id, reason, comment, by, at, time: claimed(at) });
  return true;
}

/** @param {string} id @param {Operation} operation @param {Context} context */
function presence(id, { id: operation, data }, { by, at }) {
  const { position = null, why_none = null } = data;
  return { id, by, operation, position, why_none, time: claimed(at), place: null };
}

/** @param {string} at */
function claimed(at) {
  return { best: at, earliest: null, latest: null, grade: "claimed" };
}
