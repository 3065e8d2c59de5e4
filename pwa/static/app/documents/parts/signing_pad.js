/**
 * The signature across the whole screen, lying on its side. Where the browser cannot turn the screen, the page is laid
 * out sideways by its writing mode and the points are turned back, so that a signature always lies along its line.
 */
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import SignaturePad from "signature_pad";
import { MainButton, SideButton } from "../../ui/buttons.js";
import { CustomerBar } from "./customer_reading.js";
import { formatMoney, t } from "../../ui/language.js";

/** @typedef {import("signature_pad").PointGroup} PointGroup */
/** @typedef {{width: number, height: number}} Box */

/** While a stroke is being drawn it is kept so often: oftener would make a slow phone draw in jerks. */
const KEEP_EVERY_MS = 200;

/** @returns {boolean} whether the page lies sideways on an upright screen */
const sideways = () => matchMedia("(orientation: portrait)").matches;

/**
 * Points turned from an upright screen to the line that the customer writes along, or back.
 * @param {PointGroup[]} groups
 * @param {(point: {x: number, y: number}) => {x: number, y: number}} turn
 * @returns {PointGroup[]}
 */
function turned(groups, turn) {
  return groups.map((group) => ({ ...group, points: group.points.map((point) => ({ ...point, ...turn(point) })) }));
}

/**
 * The pad on a canvas that keeps its drawing when the screen turns or changes its size.
 * @param {HTMLCanvasElement} canvas
 * @param {import("./customer_reading.js").Drawing | null} drawn what it begins with
 */
function padOn(canvas, drawn) {
  const pad = new SignaturePad(canvas, { minWidth: 1.2, maxWidth: 4, penColor: getComputedStyle(canvas).color });
  let was = { box: { width: 0, height: 0 }, sideways: sideways() };
  let begins = drawn && {
    box: { width: drawn.width, height: drawn.height },
    groups: /** @type {PointGroup[]} */ (drawn.groups),
  };

  /** @returns {{box: Box, groups: PointGroup[]}} as the customer sees it: the line runs along x */
  function drawing() {
    const { box } = was;
    return was.sideways
      ? {
          box: { width: box.height, height: box.width },
          groups: turned(pad.toData(), ({ x, y }) => ({ x: y, y: box.width - x })),
        }
      : { box, groups: pad.toData() };
  }

  function fit() {
    const before = begins ?? drawing();
    begins = null;
    const box = { width: canvas.clientWidth, height: canvas.clientHeight };
    const ratio = Math.max(devicePixelRatio, 1);
    canvas.width = box.width * ratio;
    canvas.height = box.height * ratio;
    canvas.getContext("2d")?.scale(ratio, ratio);
    was = { box, sideways: sideways() };
    pad.clear();
    if (before.groups.length === 0) return;
    const now = drawing().box;
    const scale = Math.min(now.width / before.box.width, now.height / before.box.height);
    const scaled = turned(before.groups, ({ x, y }) => ({ x: x * scale, y: y * scale }));
    pad.fromData(was.sideways ? turned(scaled, ({ x, y }) => ({ x: box.width - y, y: x })) : scaled);
  }
  const watching = new ResizeObserver(fit);
  watching.observe(canvas);
  return {
    pad,
    drawing,
    stop: () => {
      watching.disconnect();
      pad.off();
    },
  };
}

/**
 * @param {{text: string, signing: import("./customer_reading.js").Signing, drawn:
 *   import("./customer_reading.js").Drawing | null,
 *   onDraw: (drawing: import("./customer_reading.js").Drawing | null) => void,
 *   onConfirm: (drawing: import("./customer_reading.js").Drawing) => Promise<void>, onRead: () => void}} properties
 *   `drawn` was drawn before the app was closed; `onDraw` hears of each stroke, and of null where all is wiped out
 */
export function SigningPad({ text, signing, drawn: begins, onDraw, onConfirm, onRead }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const drawn = useRef(/** @type {ReturnType<typeof padOn> | null} */ (null));
  const [empty, setEmpty] = useState(begins === null);
  const reader = signing.language;
  const { number, charge } = JSON.parse(text);

  /** @returns {import("./customer_reading.js").Drawing | null} */
  const taken = () => {
    const { box, groups } = drawn.current?.drawing() ?? { box: null, groups: [] };
    return box && { ...box, groups };
  };
  useEffect(() => {
    if (canvas.current === null) return undefined;
    const own = padOn(canvas.current, begins);
    drawn.current = own;
    own.pad.addEventListener("endStroke", () => {
      setEmpty(own.pad.isEmpty());
      onDraw(taken());
    });
    // A long stroke is kept on its way too: a page that is loaded anew, or dies, under the finger takes no name with
    // it.
    let keptAt = 0;
    own.pad.addEventListener("afterUpdateStroke", () => {
      if (performance.now() - keptAt < KEEP_EVERY_MS) return;
      keptAt = performance.now();
      onDraw(taken());
    });
    return () => {
      own.stop();
      if (document.fullscreenElement) void document.exitFullscreen().catch(() => {});
    };
  }, []);

  const confirm = async () => {
    const drawing = taken();
    if (drawing) await onConfirm(drawing);
  };
  const redo = () => {
    drawn.current?.pad.clear();
    setEmpty(true);
    onDraw(null);
  };
  const due = t("report-due", { total: formatMoney(charge.total, charge.currency, reader) }, reader);
  return html`<div class="pad-screen" lang=${reader}>
    <${CustomerBar} title=${t("phone-sign-here", {}, reader)}><span>${[number, due].filter(Boolean).join(" · ")}</span>
    <//>
    <div class="pad">
      <div class="sheet paper"><canvas ref=${canvas} aria-label=${t("phone-sign-here", {}, reader)}></canvas>
        <div class="writing-line">
          <span>
            ${t(
              "phone-sign-signer",
              { name: signing.name, role: t(`signer-${signing.role.replaceAll("_", "-")}`, {}, reader) },
              reader,
            )}</span>
          <span>${t("report-consent", {}, reader)}</span></div></div>
      <div class="deeds"><${MainButton} disabled=${empty} onPress=${confirm}>${t("phone-sign-confirm", {}, reader)}<//>
        <${SideButton} disabled=${empty} onPress=${redo}>${t("phone-sign-redo", {}, reader)}<//>
        <${SideButton} onPress=${onRead}>${t("phone-sign-read-again", {}, reader)}<//></div></div></div>`;
}
