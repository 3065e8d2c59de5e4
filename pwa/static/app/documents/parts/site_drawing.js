/** Where the phone is and where the site is, to scale, without any map: circle of the site, circle of the fix. */
import { html } from "htm/preact";
import { t } from "../../ui/language.js";

/** @typedef {import("../../rules/place.js").Point} Point */
/** @typedef {import("../../rules/place.js").Place} Place */

const METRES_PER_DEGREE = 111_195;
const WIDTH = 300;
const HEIGHT = 196;
const MARGIN = 14;
const SCALE_BARS_M = [1, 2, 5, 10, 20, 40, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000, 100000, 500000, 1000000];

/**
 * In which direction the fix lies from the site, as a vector of length 1 to the east and to the north.
 * @param {Point} site
 * @param {Point} fix
 */
function direction(site, fix) {
  const east = (fix.longitude - site.longitude) * METRES_PER_DEGREE * Math.cos((site.latitude * Math.PI) / 180);
  const north = (fix.latitude - site.latitude) * METRES_PER_DEGREE;
  const length = Math.hypot(east, north) || 1;
  return { east: east / length, north: north / length };
}

/**
 * @param {{site: {centre: Point, radius_m: number}, fix: Point | null, place: Place | null}} properties
 *   `place` says how far the fix is and how sure that is
 */
export function SiteDrawing({ site, fix, place }) {
  const distance = place?.distance_m ?? 0;
  const accuracy = place?.accuracy_m ?? 0;
  const towards = fix === null ? { east: 0, north: 0 } : direction(site.centre, fix);
  const scale = (HEIGHT / 2 - MARGIN) / Math.max(site.radius_m, distance + accuracy);
  const [x, y] = [WIDTH / 2 + towards.east * distance * scale, HEIGHT / 2 - towards.north * distance * scale];
  const tone =
    place === null || place.answer === "unclear" ? "claimed" : place.answer === "inside" ? "proven" : "contradicted";
  const label =
    place === null
      ? t("phone-arrive-drawing-none", { radius: site.radius_m })
      : t("phone-arrive-drawing", {
          distance: Math.round(distance),
          accuracy: Math.round(accuracy),
          radius: site.radius_m,
        });
  return html`<svg class=${`drawing ${tone}`} viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${label}>
    <circle class="site" cx=${WIDTH / 2} cy=${HEIGHT / 2} r=${site.radius_m * scale} />
    <path class="site-mark" d=${`M${WIDTH / 2} ${HEIGHT / 2 - 5}v10M${WIDTH / 2 - 5} ${HEIGHT / 2}h10`} />
    ${
      place &&
      html`<circle class="fix" cx=${x} cy=${y} r=${Math.max(4, accuracy * scale)} />
        <circle class="fix-mark" cx=${x} cy=${y} r="3.5" />`
    }
    <${ScaleBar} scale=${scale} /><${North} /></svg>`;
}

/** @param {{scale: number}} properties pixels per metre */
function ScaleBar({ scale }) {
  const metres = SCALE_BARS_M.filter((length) => length * scale <= 64).at(-1) ?? SCALE_BARS_M[0];
  const text = metres < 1000 ? t("phone-metres", { metres }) : t("phone-kilometres", { kilometres: metres / 1000 });
  const width = metres * scale;
  return html`<g class="legend"><path d=${`M8 ${HEIGHT - 14}v6h${width}v-6`} />
    <text x="8" y=${HEIGHT - 20}>${text}</text></g>`;
}

function North() {
  return html`<g class="legend"><path d=${`M${WIDTH - 16} 34v-22m0 0l-5 8m5-8l5 8`} />
    <text x=${WIDTH - 16} y="48" text-anchor="middle">${t("phone-north")}</text></g>`;
}
