// When to give a request up: not when it takes long, but when nothing moves any more.

const PATIENCE_MS = 60_000;

/**
 * Call `giveUp` once nothing of the request has moved for a minute, or as long as it is said, before it has ended.
 * @param {XMLHttpRequest} request
 * @param {() => void} giveUp
 * @param {number} [patience_ms]
 */
export function onSilence(request, giveUp, patience_ms = PATIENCE_MS) {
  let waiting = setTimeout(giveUp, patience_ms);
  const goOn = () => {
    clearTimeout(waiting);
    waiting = setTimeout(giveUp, patience_ms);
  };
  request.upload.addEventListener("progress", goOn);
  request.addEventListener("progress", goOn);
  request.addEventListener("loadend", () => clearTimeout(waiting));
}
