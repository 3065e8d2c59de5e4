// The service worker: serves the app with no network at all. It stores files of one version and never opens
// IndexedDB: what a person has recorded is out of its reach, whatever version comes.
//
// The server puts one line in front of this file: self.UNDERCROFT = {version, files: {url: sha256}}.

/** @typedef {ServiceWorkerGlobalScope & {UNDERCROFT: {version: string, files: Record<string, string>}}} Scope */

const worker = /** @type {Scope} */ (/** @type {unknown} */ (self));
const { version, files } = worker.UNDERCROFT;
const CACHES = "undercroft-shell-";
const cacheName = CACHES + version;
const SHELL = "/app/";
/** In the language of the phone, so of no hash that the server could list. */
const MANIFEST = "/app/manifest.webmanifest";
const AT_ONCE = 8;

worker.addEventListener("install", (event) => {
  event.waitUntil(precache());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

worker.addEventListener("message", (event) => {
  if (event.data === "take-over") event.waitUntil(worker.skipWaiting());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && (url.pathname === "/app" || url.pathname.startsWith(SHELL))) {
    event.respondWith(stored(SHELL, request));
  } else if (url.pathname in files) {
    event.respondWith(stored(url.pathname, request));
  } else if (url.pathname === MANIFEST) {
    event.respondWith(newest(request));
  }
});

/** Store every file of this version, or none: a file that is missing or of another version refuses the whole. */
async function precache() {
  const waiting = Object.entries(files);
  const cache = await caches.open(cacheName);
  try {
    const takeFromList = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await cache.put(next[0], await fetched(next[0], next[1]));
    };
    await Promise.all([cache.add(MANIFEST), ...Array.from({ length: AT_ONCE }, takeFromList)]);
  } catch (problem) {
    waiting.length = 0;
    await caches.delete(cacheName);
    throw problem;
  }
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
 * The stored file; from the network only where the browser has thrown the cache away.
 * @param {string} url
 * @param {Request} request
 */
async function stored(url, request) {
  const cache = await caches.open(cacheName);
  return (await cache.match(url)) ?? fetch(request);
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
  await Promise.all(names.filter((name) => name.startsWith(CACHES) && name !== cacheName).map((name) => caches.delete(name)));
  await worker.clients.claim();
}
