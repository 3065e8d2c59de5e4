// Talking to the server: JSON in and out, problems as errors with a code.

import { failure } from "../core/failure.js";
import { isJson, noteReach, reachOf, whoAnswers } from "./reach.js";
import { onSilence } from "./silence.js";

const API = "/api/v1";
const NO_CONTENT = 204;
const GZIP_FROM_BYTES = 4096;
/** So long without a sign of the server, and it is said that it does not answer; the request goes on. */
const LONG_MS = 10_000;
/** Our server asks nobody to wait for longer: so long it keeps out who tries passwords. */
const LONGEST_ASKED_S = 15 * 60;
/** What stands in between, a proxy or a portal, knows nothing of what waits here. */
const LONGEST_ASKED_BY_OTHERS_S = 5 * 60;

/**
 * @param {"GET" | "POST" | "DELETE"} method
 * @param {string} path under /api/v1
 * @param {import("../types.js").Json} [body]
 * @returns {Promise<any>} any: the answer's JSON; null where it has none
 * @throws the problem's code with its `status` and figures; no_contact where no server answered, `silent` where the
 *   connection stood but nothing moved on it any more
 */
export async function call(method, path, body) {
  const answer = await ask(method, path, body === undefined ? {} : await packed(JSON.stringify(body)));
  const { status } = answer;
  const content = isJson(answer.getResponseHeader("Content-Type")) ? read(answer) : null;
  const reach = noteReach(reachOf(status, content !== null || status === NO_CONTENT));
  if (status >= 200 && status < 300 && reach === "reached") return content;
  const retry_after_s = askedToWait(answer.getResponseHeader("Retry-After"), content?.code !== undefined);
  // A gateway's own page in place of an answer is no word from our server.
  throw failure(content?.code ?? "no_contact", { ...content, status, retry_after_s, reach });
}

/**
 * How long to wait before the next try, as an answer asks for it: never so long that what waits here is forgotten.
 * @param {string | null | undefined} header `Retry-After`
 * @param {boolean} isOurs whether our own server said it
 * @returns {number | undefined} seconds
 */
export function askedToWait(header, isOurs) {
  const asked_s = Number(header);
  return asked_s > 0 ? Math.min(asked_s, isOurs ? LONGEST_ASKED_S : LONGEST_ASKED_BY_OTHERS_S) : undefined;
}

/**
 * Not by fetch(), which does not say whether its request still moves.
 * @param {string} method
 * @param {string} path
 * @param {{headers?: Record<string, string>, body?: Blob | string}} content
 * @returns {Promise<XMLHttpRequest>} when the whole answer is there
 */
function ask(method, path, content) {
  const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang, ...content.headers };
  const request = new XMLHttpRequest();
  request.open(method, API + path);
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  return new Promise((resolve, reject) => {
    request.addEventListener("load", () => resolve(request));
    request.addEventListener(
      "error",
      () => void whoAnswers().then((reach) => reject(failure("no_contact", { reach: noteReach(reach) }))),
    );
    onSilence(request, () => noteReach("silent"), LONG_MS);
    onSilence(request, () => {
      reject(failure("no_contact", { silent: true, reach: noteReach("silent") }));
      request.abort();
    });
    request.send(content.body);
  });
}

/**
 * @param {XMLHttpRequest} answer
 * @returns {any} any: the answer's JSON
 */
function read(answer) {
  try {
    return JSON.parse(answer.responseText);
  } catch (problem) {
    throw failure("no_contact", { problem: String(problem), reach: noteReach("portal") });
  }
}

/**
 * The body, compressed where that saves something.
 * @param {string} json
 * @returns {Promise<{headers: Record<string, string>, body: Blob | string}>}
 */
async function packed(json) {
  const headers = { "Content-Type": "application/json" };
  const plain = new Blob([json]);
  if (plain.size < GZIP_FROM_BYTES || typeof CompressionStream === "undefined") return { headers, body: json };
  const body = await new Response(plain.stream().pipeThrough(new CompressionStream("gzip"))).blob();
  return { headers: { ...headers, "Content-Encoding": "gzip" }, body };
}
