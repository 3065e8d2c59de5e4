/** From a drawing to a recorded signature, and the finish of the job with it, in one transaction. */
import { placeNow } from "../../../capture/position.js";
import { roomForStrokes, strokesOf, thinned } from "../../../capture/strokes.js";
import { hashOf } from "../../../ledger/line.js";
import { newId } from "../../../ledger/record.js";
import { t } from "../../../ui/language.js";
import { save } from "../../../ui/save.js";

/** @typedef {import("../work_order.js").ShownOrder} ShownOrder */
/** @typedef {import("../../parts/customer_reading.js").Drawing} Drawing */

/**
 * The operation that ends the work, where it has not ended.
 * @param {ShownOrder} order
 * @returns {import("../../../types.js").NewOperation[]}
 */
export function finishOf({ id, body }) {
  return body.stage === "finished" || body.stage === "unable"
    ? []
    : [{ kind: "order.stage", target: id, data: { to: "finished" } }];
}

/**
 * @param {ShownOrder} order
 * @param {string} text the report's JSON, exactly as it was shown
 * @param {import("../../parts/customer_reading.js").Signing} signing
 * @param {Drawing} drawing
 * @returns {Promise<boolean>} whether it is on the phone
 */
export async function recordSignature(order, text, signing, drawing) {
  const { name, role, score, language } = signing;
  const comment = signing.comment.trim();
  const { position } = placeNow();
  const data = {
    signature: signing.signature ?? newId(),
    report: text,
    sha256: hashOf(new TextEncoder().encode(text)),
    signer: { name: name.trim(), role },
    box: { width: drawing.width, height: drawing.height },
    ...(position && { position }),
    rating: score === null ? null : { score, ...(comment && { comment }) },
    consent: t("report-consent", {}, language),
  };
  const strokes = thinned(strokesOf(drawing.groups), roomForStrokes(data));
  // A comment without stars would have no place in the rating: it stands as a note.
  const note =
    score === null && comment
      ? [
          {
            kind: "note.add",
            target: order.id,
            data: { note: newId(), text: `${t("phone-sign-objection")}${comment}` },
          },
        ]
      : [];
  return save(
    [{ kind: "signature.record", target: order.id, data: { ...data, strokes } }, ...note, ...finishOf(order)],
    { said: null },
  );
}
