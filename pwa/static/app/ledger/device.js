// The device's own key: it signs batches, and nothing can take it out of this browser.

import { recall, remember } from "../core/remembered.js";
import { newId } from "../core/ids.js";
import { NO_LINE_BEFORE } from "./line.js";

const KEY = { name: "ECDSA", namedCurve: "P-256" };
/** What Chrome calls every phone. */
const NO_MODEL = "K";
/** Of the phone, whoever works on it. */
const NAME = "undercroft.phone-name";
export const LONGEST_NAME = 64;
/** Ends of lines, and what turns the direction of the text after it or marks it. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * The empty ledger of a device that did not exist before, with its new key.
 * @param {string} [id] an id that was announced already
 * @returns {Promise<import("../types.js").Ledger>}
 */
export async function newLedger(id = newId()) {
  const pair = await crypto.subtle.generateKey(KEY, false, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return {
    device: id,
    name: phoneName(),
    public_key: { kty, crv, x, y },
    private_key: pair.privateKey,
    seq: 0,
    hash: NO_LINE_BEFORE,
    acknowledged: 0,
    anchor: null,
  };
}

/**
 * The device as the protocol announces it.
 * @param {import("../types.js").Ledger} ledger
 */
export function announcement(ledger) {
  return { id: ledger.device, name: ledger.name, public_key: ledger.public_key };
}

/**
 * base64url ES256 signature (raw r||s) over the bytes of a line.
 * @param {import("../types.js").Ledger} ledger
 * @param {string} text the line
 */
export async function sign(ledger, text) {
  const bytes = new TextEncoder().encode(text);
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, ledger.private_key, bytes);
  const letters = String.fromCharCode(...new Uint8Array(signature));
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A name as it can stand in one line; empty where nothing of it can. @param {string} typed */
export function plainName(typed) {
  return typed.replace(UNSEEN, "").trim();
}

/** How this phone is called from now on, by each new ledger on it. @param {string} name */
export function callPhone(name) {
  remember(NAME, name);
}

/**
 * By which name its people and the office tell this phone from others: what somebody called it, or what it says of
 * itself.
 */
export function phoneName() {
  return recall(NAME) || deviceName();
}

/** The kind of phone and the browser. */
function deviceName() {
  const agent = navigator.userAgent;
  const model = /Android [\d.]+; ([^;)]+)/.exec(agent)?.[1];
  const system = model && model !== NO_MODEL ? model : /Android|iPhone|iPad|Windows|Mac OS X|Linux/.exec(agent)?.[0];
  const browser = /(Edg|Firefox|Chrome|Safari)\/(\d+)/.exec(agent);
  return [system, browser && `${browser[1]} ${browser[2]}`].filter(Boolean).join(", ") || "Web";
}
