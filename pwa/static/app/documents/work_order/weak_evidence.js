/**
 * What will be hard to believe later, while the technician is still on site and can do something about it. Hints for
 * the one who holds the phone: they stop nothing, and the server's verdict is the one that counts.
 */
import { judgePlace } from "../../rules/place.js";

/** @typedef {import("./work_order.js").WorkOrder} WorkOrder */
/** @typedef {import("./work_order.js").Presence} Presence */
/** @typedef {import("../../rules/clocks.js").Clock} Clock */
/** @typedef {"arrive" | "nameplate" | "photo" | "sign" | "send"} Remedy */

/**
 * One thing that is weak, and what helps, the best first. Figures: `age_s`, `accuracy_m`, `distance_m`, `radius_m`,
 * `seconds` (how far the clock is off or was moved), `why` (there is no position).
 * @typedef {{code: string, remedies: Remedy[], [figure: string]: unknown}} Weakness
 */

/** A fix older than this is said to be old, as in the reasons for a verdict. */
const OLD_FIX_S = 30;
const ON_SITE = ["on_site", "working", "paused", "finished", "unable"];

/**
 * What is weak, from the arrival to the signature; empty before anybody is on site and once they have left.
 * @param {WorkOrder} body
 * @param {string} me whose phone it is
 * @param {Clock} clock
 * @returns {Weakness[]}
 */
export function weakEvidence(body, me, clock) {
  if (!ON_SITE.includes(body.stage) || body.departures?.some(({ by }) => by === me)) return [];
  return [...ofArrival(body, me), ...ofClock(clock), ...ofPhotos(body), ...ofSignature(body)];
}

/**
 * Whether somebody was there: the best of their arrivals counts, and of those that prove nothing the last.
 * @param {WorkOrder} body
 * @param {string} me
 * @returns {Weakness[]}
 */
function ofArrival(body, me) {
  const arrivals = body.arrivals ?? [];
  const own = arrivals.filter(({ by }) => by === me);
  const remedies = /** @type {Remedy[]} */ (hasPhoto(body, "nameplate") ? ["arrive"] : ["arrive", "nameplate"]);
  // Whoever joins an order at which a colleague has arrived may not be on site at all.
  if (own.length === 0) return arrivals.length === 0 ? [{ code: "no_arrival", remedies }] : [];
  const places = own.map((arrival) => placeOf(arrival, body));
  if (places.some((place) => place?.answer === "inside")) return [];
  const last = own[own.length - 1];
  const place = places[places.length - 1];
  if (!last.position) return [{ code: "no_position", remedies, why: last.why_none ?? "unavailable" }];
  // Nothing on site helps where nobody knows where the site is, but a picture of what stands there.
  if (!place) return hasPhoto(body, "nameplate") ? [] : [{ code: "no_site_position", remedies: ["nameplate"] }];
  const figures = { distance_m: place.distance_m, accuracy_m: place.accuracy_m, radius_m: body.site?.radius_m ?? null };
  if (place.answer === "outside") return [{ code: "outside", remedies, ...figures }];
  const { age_s } = last.position;
  return [
    age_s > OLD_FIX_S ? { code: "old_fix", remedies, age_s, ...figures } : { code: "unclear", remedies, ...figures },
  ];
}

/**
 * As the server judged it, or as this phone can tell before that.
 * @param {Presence} arrival
 * @param {WorkOrder} body
 */
function placeOf(arrival, body) {
  return arrival.place ?? judgePlace(arrival.position, body.site?.position, body.site?.radius_m);
}

/** @param {Clock} clock @returns {Weakness[]} */
function ofClock({ met, apart_s, moved_s }) {
  if (!met) return [{ code: "clock_unmet", remedies: ["send"] }];
  if (moved_s !== 0) return [{ code: "clock_moved", remedies: ["send"], seconds: moved_s }];
  return apart_s === 0 ? [] : [{ code: "clock_apart", remedies: ["send"], seconds: apart_s }];
}

/** @param {WorkOrder} body @returns {Weakness[]} no photo of the work, once there is work to show */
function ofPhotos(body) {
  if (body.stage === "on_site") return [];
  return hasPhoto(body) ? [] : [{ code: "no_photo", remedies: ["photo"] }];
}

/**
 * @param {WorkOrder} body
 * @returns {Weakness[]} a finished job that nobody signed for, or of which something else was signed
 */
function ofSignature(body) {
  if (body.stage !== "finished") return [];
  const last = (body.signatures ?? []).at(-1);
  if (last) return last.state === "intact" ? [] : [{ code: "signature_superseded", remedies: ["sign"] }];
  return (body.refusals ?? []).length > 0 ? [] : [{ code: "no_signature", remedies: ["sign"] }];
}

/** @param {WorkOrder} body @param {string} [purpose] */
function hasPhoto(body, purpose) {
  return (body.photos ?? []).some(
    (photo) => !photo.removed && photo.state !== "rejected" && (purpose === undefined || photo.purpose === purpose),
  );
}
