// Taking photos in, wherever they come from. The bytes are hashed before anything else, and kept as they are.

import { hashOf } from "../ledger/line.js";
import { newId } from "../core/ids.js";
import { failure } from "../core/failure.js";

export const MOST_PHOTO_BYTES = 25 * 1024 * 1024;
const HEIF_BRANDS = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]);

/**
 * @typedef {{photo: string, sha256: string, size: number, media_type: string, blob: Blob}} TakenPhoto
 */

/**
 * Take a picture's bytes in: `photo` is its new id, `media_type` what the content is, whatever the file's name says.
 * @param {Blob} source
 * @returns {Promise<TakenPhoto>} `blob` holds exactly the bytes that were hashed
 * @throws not_a_photo, photo_too_large
 */
export async function takeIn(source) {
  if (source.size > MOST_PHOTO_BYTES) throw failure("photo_too_large", { bytes: source.size });
  const bytes = await source.arrayBuffer();
  const sha256 = await digest(bytes);
  const media_type = mediaTypeOf(new Uint8Array(bytes, 0, Math.min(16, bytes.byteLength)));
  if (!media_type) throw failure("not_a_photo");
  return { photo: newId(), sha256, size: bytes.byteLength, media_type, blob: new Blob([bytes], { type: media_type }) };
}

/**
 * The media type by the first bytes.
 * @param {Uint8Array} head
 * @returns {string | null}
 */
export function mediaTypeOf(head) {
  const ascii = String.fromCharCode(...head);
  if (ascii.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (ascii.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (ascii.startsWith("RIFF") && ascii.slice(8, 12) === "WEBP") return "image/webp";
  if (ascii.slice(4, 8) === "ftyp" && HEIF_BRANDS.has(ascii.slice(8, 12))) return "image/heic";
  return null;
}

/** @param {ArrayBuffer} bytes */
async function digest(bytes) {
  if (!crypto.subtle) return hashOf(new Uint8Array(bytes));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
