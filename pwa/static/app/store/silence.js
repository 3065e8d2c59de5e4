// When to give a request up: not when it takes long, but when nothing moves any more.

const PATIENCE_MS = 60_000;

/**
 * Call `giveUp` once nothing of the request has moved for a minute, before it has ended.
 * @param {XMLHttpRequest} request
 * @param {() => void} giveUp
 */
export function onSilence(request, giveUp) {
  let waiting = setTimeout(giveUp, PATIENCE_MS);
  const goOn = () => {
    clearTimeout(waiting);
    waiting = setTimeout(giveUp, PATIENCE_MS);
  };
  request.upload.addEventListener("progress", goOn);
  request.addEventListener("progress", goOn);
  request.addEventListener("loadend", () => clearTimeout(waiting));
}
