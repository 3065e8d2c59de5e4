// Small pictures that go ahead of the originals on a thin link.

import { hashOf } from "../ledger/line.js";

export const MOST_PREVIEW_BYTES = 64 * 1024;
/** From the best to the last that is tried: the longest side in pixels, and the JPEG quality. */
const TRIES = [
  { side: 960, quality: 0.7 },
  { side: 720, quality: 0.6 },
  { side: 480, quality: 0.5 },
  { side: 320, quality: 0.4 },
];

/**
 * A JPEG of at most 64 KiB of the photo.
 * @param {Blob} photo
 * @returns {Promise<{blob: Blob, sha256: string} | null>} null where this browser cannot read the format
 */
export async function makePreview(photo) {
  const picture = await createImageBitmap(photo, { imageOrientation: "from-image" }).catch(() => null);
  if (!picture) return null;
  try {
    for (const { side, quality } of TRIES) {
      const blob = await drawn(picture, side, quality);
      if (blob && blob.size <= MOST_PREVIEW_BYTES) {
        return { blob, sha256: hashOf(new Uint8Array(await blob.arrayBuffer())) };
      }
    }
    return null;
  } finally {
    picture.close();
  }
}

/**
 * @param {ImageBitmap} picture
 * @param {number} side
 * @param {number} quality
 * @returns {Promise<Blob | null>}
 */
function drawn(picture, side, quality) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}
