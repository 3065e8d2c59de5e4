// The service worker: serves the app with no network at all. It stores files of one version and never opens
// IndexedDB: what a person has recorded is out of its reach, whatever version comes.
//
// What the browser has thrown away of them is fetched again as soon as there is signal. Where there is none, a page of
// this worker's own says so and lets out what is unsent.
//
// The server puts one line in front of this file: self.UNDERCROFT = {version, files: {url: sha256}, rescue: {page,
// policy, files: {url: text}}}.

/** @typedef {{page: string, policy: string, files: Record<string, string>}} Rescue */
/**
 * @typedef {ServiceWorkerGlobalScope & {UNDERCROFT: {version: string, files: Record<string, string>, rescue: Rescue}}}
 *   Scope
 */

const worker = /** @type {Scope} */ (/** @type {unknown} */ (self));
const { version, files, rescue } = worker.UNDERCROFT;
const CACHES = "undercroft-shell-";
const cacheName = CACHES + version;
const SHELL = "/app/";
/** In the language of the phone, so of no hash that the server could list. */
const MANIFEST = "/app/manifest.webmanifest";
const AT_ONCE = 8;
/** So long nobody waits for a network, or for a storage, that does not answer. */
const PATIENCE_MS = 4000;

/** This version is not whole, and the server has another one: all of the app comes from there. */
let isPassing = false;

worker.addEventListener("install", (event) => {
  event.waitUntil(precache());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

worker.addEventListener("message", (event) => {
  if (event.data === "take-over") event.waitUntil(worker.skipWaiting());
  if (event.data === "make-whole") event.waitUntil(makeWhole());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && (url.pathname === "/app" || url.pathname.startsWith(SHELL))) {
    event.respondWith(shell(event));
  } else if (url.pathname in files) {
    event.respondWith(stored(url.pathname));
  } else if (url.pathname === MANIFEST) {
    event.respondWith(newest(request));
  }
});

/** Store every file of this version, or none: a file that is missing or of another version refuses the whole. */
async function precache() {
  const isNew = !(await caches.has(cacheName));
  try {
    await Promise.all([(await caches.open(cacheName)).add(MANIFEST), take(Object.keys(files))]);
  } catch (problem) {
    if (isNew) await caches.delete(cacheName);
    throw problem;
  }
}

/**
 * Store these files, as this version lists them.
 * @param {string[]} urls
 * @throws where one of them cannot be had; others may be there then
 */
async function take(urls) {
  const waiting = [...urls];
  const cache = await caches.open(cacheName);
  const takeFromList = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await cache.put(next, await fetched(next, files[next]));
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, takeFromList));
  } catch (problem) {
    waiting.length = 0;
    throw problem;
  }
}

/** @returns {Promise<boolean>} whether every file of this version is stored, by now */
async function makeWhole() {
  try {
    const cache = await caches.open(cacheName);
    const kept = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
    await take(Object.keys(files).filter((url) => !kept.has(url)));
    if (!kept.has(MANIFEST)) await cache.add(MANIFEST).catch(() => {});
    return true;
  } catch {
    return false;
  }
}

/**
 * The app's page: of this version where that is whole, otherwise the server's, and where there is none the worker's
 * own.
 * @param {FetchEvent} event
 */
async function shell(event) {
  const whole = makeWhole();
  event.waitUntil(whole);
  isPassing = !(await Promise.race([whole, late(false)]));
  if (!isPassing) return stored(SHELL);
  const there = { credentials: /** @type {const} */ ("same-origin"), signal: AbortSignal.timeout(PATIENCE_MS) };
  const newest = await fetch(SHELL, there).catch(() => null);
  if (newest?.ok) return newest;
  isPassing = false;
  return rescuePage();
}

function rescuePage() {
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": rescue.policy,
    "Cache-Control": "no-store",
  };
  return new Response(rescue.page, { headers });
}

/**
 * The answer to `url`, past the browser's own cache, with exactly the bytes that this version lists.
 * @param {string} url
 * @param {string} sha256 lower-case hex
 */
async function fetched(url, sha256) {
  const answer = await fetch(url, { cache: "no-cache", credentials: "same-origin", redirect: "error" });
  const bytes = await answer.clone().arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!answer.ok || hex !== sha256) throw new Error(`${url} is not of version ${version}`);
  return answer;
}

/**
 * The stored file; from the network only where the browser has thrown it away, and from this script where it is one
 * that the worker's own page needs.
 * @param {string} url
 */
async function stored(url) {
  const kept = isPassing ? undefined : await match(url);
  if (kept) return kept;
  try {
    return await fetch(url, { credentials: "same-origin" });
  } catch (problem) {
    const last = (await match(url)) ?? ownFile(url);
    if (!last) throw problem;
    return last;
  }
}

/** @param {string} url */
async function match(url) {
  const kept = caches
    .open(cacheName)
    .then((cache) => cache.match(url))
    .catch(() => undefined);
  return Promise.race([kept, late(undefined)]);
}

/**
 * @template Value
 * @param {Value} value
 * @returns {Promise<Value>}
 */
function late(value) {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, value));
}

/** @param {string} url */
function ownFile(url) {
  if (!(url in rescue.files)) return undefined;
  const type = url.endsWith(".css") ? "text/css" : "text/javascript";
  return new Response(rescue.files[url], { headers: { "Content-Type": `${type}; charset=utf-8` } });
}

/**
 * The manifest from the network, otherwise as it was when this version was stored.
 * @param {Request} request
 */
async function newest(request) {
  try {
    return await fetch(request);
  } catch (problem) {
    const kept = await (await caches.open(cacheName)).match(MANIFEST);
    if (!kept) throw problem;
    return kept;
  }
}

/** The caches of earlier versions go when no page uses them any more. */
async function takeOver() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(CACHES) && name !== cacheName).map((name) => caches.delete(name)),
  );
  await worker.clients.claim();
}
