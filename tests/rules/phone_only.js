/**
 * Cases of what only a phone decides, and no server beside it: in the form of tests/vectors, with how each is called.
 */

/** @typedef {import("./calls.js").Call} Call */
/** @typedef {import("./calls.js").Case} Case */

/** @type {Record<string, {call: Call, cases: Case[]}>} */
export const PHONE_ONLY = {};
