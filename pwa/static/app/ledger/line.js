// The form of a line (protocol.md, "A line") and its hash.

import { sha256 } from "@noble/hashes/sha2.js";
import { failure } from "../core/failure.js";

export const MAX_LINE_BYTES = 64 * 1024;
export const NO_LINE_BEFORE = "0".repeat(64);
const encoder = new TextEncoder();

/**
 * Where the next line of a ledger goes: its `seq` and the hash of the line before.
 * @typedef {{device: string, seq: number, hash: string}} Head
 */

/**
 * Write the next line of a ledger. Synchronous, so that it can be done inside an IndexedDB transaction, which
 * would close while WebCrypto computes a hash.
 * @param {Head} head of the ledger so far; it is not changed
 * @param {{id: string, at: import("../types.js").Reading, kind: string, target?: string | null, seen?: number,
 *   data: import("../types.js").Json}} content
 * @returns {{line: import("../types.js").KeptLine, head: Head}} the line and the head after it
 * @throws line_too_large, with its size
 */
export function nextLine(head, content) {
  const seq = head.seq + 1;
  const text = JSON.stringify({
    v: 1,
    id: content.id,
    device: head.device,
    seq,
    prev: head.hash,
    at: { wall: content.at.wall, mono: content.at.mono, run: content.at.run },
    kind: content.kind,
    target: content.target ?? undefined,
    seen: content.seen || undefined,
    data: writable(content.data),
  });
  const bytes = encoder.encode(text);
  if (bytes.length > MAX_LINE_BYTES) throw failure("line_too_large", { kind: content.kind, bytes: bytes.length });
  const line = {
    device: head.device,
    seq,
    id: content.id,
    kind: content.kind,
    target: content.target ?? null,
    written_at: content.at.wall,
    text,
  };
  return { line, head: { device: head.device, seq, hash: hashOf(bytes) } };
}

/**
 * SHA-256 in lower-case hex.
 * @param {Uint8Array} bytes
 */
export function hashOf(bytes) {
  return Array.from(sha256(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The line as an object.
 * @param {import("../types.js").KeptLine} kept
 * @returns {import("../types.js").Line}
 */
export function parsed(kept) {
  return JSON.parse(kept.text);
}

/**
 * The same value without what no database stores: NUL, and halves of characters that a keyboard may leave behind.
 * @param {import("../types.js").Json} value
 * @returns {import("../types.js").Json}
 */
function writable(value) {
  return JSON.parse(JSON.stringify(value), (_name, part) =>
    typeof part === "string" ? part.replace(/\u0000/g, "").replace(/\p{Surrogate}/gu, "\ufffd") : part,
  );
}
