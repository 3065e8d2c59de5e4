// One upload by tus, which goes on where it broke off.

import { Upload } from "tus-js-client";
import { failure } from "../core/failure.js";
import { askedToWait } from "../store/http.js";
import { noteReach, online, reachOf } from "../store/reach.js";
import { onSilence } from "../store/silence.js";

const ENDPOINT = "/api/v1/uploads";
/** What is lost at most when the signal goes in the middle, and the steps in which progress is kept. */
const CHUNK_BYTES = 256 * 1024;
const RETRY_AFTER_MS = [0, 1000, 3000];

/**
 * Send all bytes of `blob`.
 * @param {Blob} blob
 * @param {{metadata: Record<string, string>, url?: string | null, onUrl?: (url: string) => void,
 *   onKept?: (bytes: number) => void, onProgress?: (bytes: number) => void}} options `url` is where an earlier try
 *   broke off, `onUrl` hears where a new one began, `onKept` how much the server has, `onProgress` how much has left
 * @returns {Promise<void>} once the server has said that it has them
 * @throws the server's code with its status, or no_contact
 */
export function upload(blob, { metadata, url, onUrl, onKept, onProgress }) {
  return new Promise((resolve, reject) => {
    const sending = new Upload(blob, {
      endpoint: ENDPOINT,
      uploadUrl: url ?? null,
      uploadSize: blob.size,
      metadata,
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRY_AFTER_MS,
      storeFingerprintForResuming: false,
      onShouldRetry: (problem) => mayHelpSoon(problem),
      onBeforeRequest: (request) => giveUpWhenStill(request.getUnderlyingObject()),
      onUploadUrlAvailable: () => sending.url && onUrl?.(sending.url),
      onChunkComplete: (_chunk, kept) => onKept?.(kept),
      onProgress: (sent) => onProgress?.(sent),
      onSuccess: () => {
        noteReach("reached");
        resolve();
      },
      onError: (problem) => reject(asFailure(problem)),
    });
    sending.start();
  });
}

/**
 * End a request in which nothing moves, as a lost connection would.
 * @param {XMLHttpRequest} request
 */
function giveUpWhenStill(request) {
  onSilence(request, () => {
    request.abort();
    request.onerror?.(new ProgressEvent("error"));
  });
}

/**
 * Whether trying again within seconds may help: not where the server has refused, or has said to come back later.
 * @param {Error | import("tus-js-client").DetailedError} problem
 */
function mayHelpSoon(problem) {
  const answer = "originalResponse" in problem ? problem.originalResponse : null;
  if (!answer) return online.peek();
  const status = answer.getStatus();
  const isRefusal = status >= 400 && status < 500 && status !== 409 && status !== 423;
  return !isRefusal && !answer.getHeader("Retry-After") && online.peek();
}

/**
 * Only what our server says is a refusal; the page of a network's portal or of a proxy in between says nothing.
 * @param {Error | import("tus-js-client").DetailedError} problem
 */
function asFailure(problem) {
  const answer = "originalResponse" in problem ? problem.originalResponse : null;
  if (!answer) return failure("no_contact", { problem: problem.message, reach: noteReach("silent") });
  const status = answer.getStatus();
  const code = codeIn(answer);
  const retry_after_s = askedToWait(answer.getHeader("Retry-After"), code !== null);
  noteReach(reachOf(status, Boolean(answer.getHeader("Tus-Resumable"))));
  return code && status < 500
    ? failure(code, { status, retry_after_s })
    : failure(code ?? "no_contact", { http: status, retry_after_s });
}

/**
 * The code in our server's answer; null in anybody else's.
 * @param {import("tus-js-client").HttpResponse} answer
 * @returns {string | null}
 */
function codeIn(answer) {
  if (!answer.getHeader("Tus-Resumable")) return null;
  try {
    const { code } = JSON.parse(answer.getBody());
    return typeof code === "string" ? code : null;
  } catch {
    // The answer to a HEAD has no body.
    return answer.getStatus() >= 400 ? "upload_refused" : null;
  }
}
