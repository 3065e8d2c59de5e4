// Ids that the phone makes.

import { sha1 } from "@noble/hashes/legacy.js";

let lastTime = 0;
let counter = 0;

/**
 * A new UUID of version 7 (RFC 9562), lower case; ids of one run sort in the order in which they were made.
 * @returns {string}
 */
export function newId() {
  const time = Date.now();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  if (time > lastTime) {
    lastTime = time;
    counter = ((bytes[6] & 0x07) << 8) | bytes[7];
  } else if (++counter > 0xfff) {
    lastTime += 1;
    counter = 0;
  }
  for (let index = 0, rest = lastTime; index < 6; index += 1, rest = Math.floor(rest / 256))
    bytes[5 - index] = rest % 256;
  bytes[6] = 0x70 | (counter >> 8);
  bytes[7] = counter & 0xff;
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return written(bytes);
}

/**
 * The UUID of version 5 (RFC 9562) of a name in a namespace: whoever makes it gets the same one.
 * @param {string} namespace a UUID
 * @param {string} name
 * @returns {string}
 */
export function namedId(namespace, name) {
  const space = Uint8Array.from(namespace.replaceAll("-", "").match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const bytes = sha1(new Uint8Array([...space, ...new TextEncoder().encode(name)])).slice(0, 16);
  bytes[6] = 0x50 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return written(bytes);
}

/**
 * @param {Uint8Array} bytes sixteen
 * @returns {string}
 */
function written(bytes) {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
