// The phone's rules in Node.js, with the libraries that the phone itself is given.

import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

import { CALLS, rulesIn } from "./calls.js";
import { PHONE_ONLY } from "./phone_only.js";

/** @typedef {import("./calls.js").Rules} Rules */

const json = (/** @type {URL} */ file) => JSON.parse(readFileSync(file, "utf-8"));

/** Where the rules lie, which are loaded anew: the general ones, and what a work order means. */
const PURE = /\/pwa\/static\/app\/(rules|documents\/work_order)\/[^/]+$/;

let generation = 0;

/**
 * The rules of a tree of the project, loaded anew each time.
 * @param {string} root its folder
 * @returns {Promise<Rules>}
 */
export function rulesOf(root) {
  const app = new URL("pwa/static/app/", foldersUrl(root));
  generation += 1;
  return rulesIn(app.href, json(new URL("rules/signs.json", app)));
}

/**
 * Every file of cases for the rules by its name, with how its cases are called: those that the server answers too, and
 * those of what only a phone does.
 * @param {string} root
 */
export function filesOf(root) {
  const shared = Object.entries(CALLS).map(([name, call]) => ({
    name,
    call,
    file: json(new URL(`tests/vectors/${name}.json`, foldersUrl(root))),
  }));
  const only = json(new URL("tests/rules/phone_only.json", foldersUrl(root)));
  return [...shared, ...Object.entries(PHONE_ONLY).map(([name, call]) => ({ name, call, file: only[name] }))];
}

/** @param {string} root */
function foldersUrl(root) {
  return `${pathToFileURL(root).href.replace(/\/$/, "")}/`;
}

registerHooks({
  resolve(specifier, context, next) {
    const file = library(specifier, context.parentURL);
    const found = next(file ?? specifier, context);
    return PURE.test(found.url) ? { ...found, url: `${found.url}?${generation}` } : found;
  },
});

/**
 * Where a library lies that the app imports by its bare name: in pwa/static/vendor, as the page's import map has it.
 * @param {string} specifier
 * @param {string | undefined} from
 */
function library(specifier, from) {
  const [root, own] = from?.split("/pwa/static/app/") ?? [];
  if (own === undefined || /^[./]|^\w+:/.test(specifier)) return null;
  const folder = new URL(`${root}/pwa/static/vendor/`);
  const found = json(new URL("vendor.json", folder)).find(
    (/** @type {any} any: JSON */ one) => one.import === specifier,
  );
  return found ? new URL(found.file, folder).href : null;
}
