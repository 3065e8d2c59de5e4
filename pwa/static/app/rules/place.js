/**
 * Whether a position lies at its site, as far as its accuracy can tell. The server's verdict is the one that counts.
 */

/** @typedef {{latitude: number, longitude: number}} Point */
/** @typedef {"inside" | "outside" | "unclear"} Answer */
/** @typedef {{code: string, [figure: string]: unknown}} Reason */

/**
 * A site's coordinates as they were entered, with `wgs84`, the places that they may mean.
 * @typedef {{latitude?: number, longitude?: number, datum?: string | null, wgs84?: Point[]}} SitePosition
 */

/**
 * `distance_m` to the site's centre, or to the nearest place where the site may be; `accuracy_m` with the fix's age.
 * @typedef {{answer: Answer, distance_m: number, accuracy_m: number | null, reasons: Reason[]}} Place
 */

/** How fast the circle around an old fix grows. */
const WALKING_MPS = 1.5;
const DEFAULT_RADIUS_M = 150;
const OLD_FIX_S = 30;
/** In a town, and for how far before the site a phone looks closely: the last fix before the basement is made there. */
const DRIVING_MPS = 15;
const NEAR_M = 2000;

// WGS-84: half the longer axis in metres, and the square of the eccentricity.
const AXIS_M = 6378137;
const ECCENTRICITY_2 = 0.00669437999014;

/**
 * Judge a position against a site. The site's `wgs84` lists where it may be: one point, or three where nobody said
 * which map its coordinates come from; then all of them must agree. A correction made on a phone is WGS-84 itself and
 * carries no list. Null without a position or a site's position.
 * @param {(Point & {accuracy_m?: number | null, age_s?: number | null}) | null | undefined} position WGS-84
 * @param {SitePosition | null | undefined} sitePosition
 * @param {number | null | undefined} radiusM
 * @returns {Place | null}
 */
export function judgePlace(position, sitePosition, radiusM) {
  const sites = placesOf(sitePosition);
  if (!position || sites.length === 0) return null;
  const radius = radiusM ?? DEFAULT_RADIUS_M;
  const distances = sites.map((site) => distanceM(position, site));
  const { accuracy, reasons } = accuracyOf(position);
  const answers = new Set(distances.map((distance) => answerOf(distance, accuracy, radius)));
  const nearest = Math.min(...distances);
  const figures = { distance_m: nearest, accuracy_m: accuracy, radius_m: radius };
  if (answers.size > 1) {
    const unknown = { code: "datum_unknown", ...figures, farthest_m: Math.max(...distances) };
    return { answer: "unclear", distance_m: nearest, accuracy_m: accuracy, reasons: [unknown, ...reasons] };
  }
  const [answer] = answers;
  const why = accuracy === null ? reasons : [{ code: answer, ...figures }, ...reasons];
  return { answer, distance_m: nearest, accuracy_m: accuracy, reasons: why };
}

/**
 * The great-circle distance in metres, to a decimetre, on the sphere that fits the ellipsoid between the two points:
 * within 0.4 % of the geodesic.
 * @param {Point} one
 * @param {Point} other
 */
export function distanceM(one, other) {
  const [north, otherNorth] = [radians(one.latitude), radians(other.latitude)];
  const half = (/** @type {number} */ angle) => Math.sin(angle / 2) ** 2;
  const chord =
    half(otherNorth - north) + Math.cos(north) * Math.cos(otherNorth) * half(radians(other.longitude - one.longitude));
  const flattened = 1 - ECCENTRICITY_2 * Math.sin((north + otherNorth) / 2) ** 2;
  const radius = (AXIS_M * Math.sqrt(1 - ECCENTRICITY_2)) / flattened;
  return rounded(2 * radius * Math.asin(Math.min(1, Math.sqrt(chord))));
}

/**
 * Whether an earlier fix, its circle widened by a walk since then, still tells more than a new one: it is the smaller
 * circle, and the two do not say that the phone has gone elsewhere.
 * @param {Point & {accuracy_m: number, age_s: number}} earlier
 * @param {Point & {accuracy_m: number, age_s: number}} found
 */
export function tellsMore(earlier, found) {
  const [reach, foundReach] = [earlier, found].map(({ accuracy_m, age_s }) => accuracy_m + WALKING_MPS * age_s);
  return reach < foundReach && distanceM(earlier, found) <= reach + foundReach;
}

/**
 * Whether a fix may be so near to a site that it is worth its battery to know precisely: within a few minutes' drive,
 * or where it is not known how far. An old fix says less by a drive since then.
 * @param {(Point & {accuracy_m: number, age_s: number}) | null} fix
 * @param {SitePosition | null | undefined} sitePosition
 * @param {number | null | undefined} radiusM
 */
export function isNear(fix, sitePosition, radiusM) {
  const sites = placesOf(sitePosition);
  if (fix === null || sites.length === 0) return true;
  const reach = fix.accuracy_m + DRIVING_MPS * fix.age_s + (radiusM ?? DEFAULT_RADIUS_M) + NEAR_M;
  return sites.some((site) => distanceM(fix, site) <= reach);
}

/**
 * @param {SitePosition | null | undefined} position
 * @returns {Point[]}
 */
function placesOf(position) {
  if (position?.wgs84) return position.wgs84;
  const { latitude, longitude, datum } = position ?? {};
  return datum === "WGS-84" && latitude !== undefined && longitude !== undefined ? [{ latitude, longitude }] : [];
}

/** @param {number} degrees */
function radians(degrees) {
  return (degrees * Math.PI) / 180;
}

/** @param {number} metres */
function rounded(metres) {
  return Math.round(metres * 10) / 10;
}

/**
 * @param {number} distance
 * @param {number | null} accuracy
 * @param {number} radius
 * @returns {Answer}
 */
function answerOf(distance, accuracy, radius) {
  if (accuracy === null) return "unclear";
  if (distance + accuracy <= radius) return "inside";
  return distance - accuracy > radius ? "outside" : "unclear";
}

/**
 * The fix's accuracy widened by a walk since it was made; null where it says none.
 * @param {{accuracy_m?: number | null, age_s?: number | null}} position
 * @returns {{accuracy: number | null, reasons: Reason[]}}
 */
function accuracyOf({ accuracy_m: stated, age_s: age }) {
  const measured = stated ?? NaN;
  if (!(measured >= 0)) {
    return { accuracy: null, reasons: [{ code: "no_accuracy" }] };
  }
  const ageS = Math.max(age ?? 0, 0);
  const accuracy = rounded(measured + WALKING_MPS * ageS);
  if (ageS <= OLD_FIX_S) return { accuracy, reasons: [] };
  const old = { code: "old_fix", age_s: Math.round(ageS), stated_m: measured, accuracy_m: accuracy };
  return { accuracy, reasons: [old] };
}
