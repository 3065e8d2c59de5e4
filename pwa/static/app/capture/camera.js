// The camera in a video element. A phone takes it away without asking, for a call, for another app, with its screen
// locked: the element then keeps the last picture, which is no photo of now. So a photo is only taken of a camera that
// runs, from a picture that came after the press, and a camera that was taken away is opened again by itself.

import { codeOf, failure } from "../core/failure.js";

/** @typedef {import("../core/failure.js").Failure} Failure */
/** @typedef {{take: () => Promise<Blob>, stop: () => void}} Camera */

/** So long a picture may take to come; a browser that is slower than that has none. */
const PATIENCE_MS = 4000;
/** A camera that somebody else has is asked for again after so long, as long as the app is shown. */
const ASK_AGAIN_MS = 2000;
/** Not every phone says each of these when somebody comes back to the app. */
const COMING_BACK = ["visibilitychange", "focus", "pageshow", "resume"];

/**
 * Show the camera at the back in `video` until stopped, and open it again whenever the phone has taken it away.
 * @param {HTMLVideoElement} video
 * @param {(trouble: Failure | null) => void} tell called whenever it changes: null while there is a picture, otherwise
 *   camera_away (the phone has taken it, it comes back by itself), camera_denied or camera_unavailable
 * @returns {Camera} `take` gives the camera's own bytes where the browser can, otherwise the picture on the screen as
 *   JPEG; it may be called again before it has answered, and gives one picture a call; it throws camera_away where none
 *   came that is newer than the call
 */
export function runCamera(video, tell) {
  /** @type {MediaStream | null} */
  let stream = null;
  let isStopped = false;
  let isOpening = false;
  let mayAsk = true;
  let underWay = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let again;

  const look = async () => {
    clearTimeout(again);
    if (isStopped || isOpening || document.visibilityState === "hidden" || runs(stream)) return;
    isOpening = true;
    mayAsk = true;
    end(stream);
    try {
      stream = await cameraStream();
      if (isStopped) return end(stream);
      follow(stream.getVideoTracks()[0]);
      const isShown = await show(video, stream);
      if (isStopped) return;
      if (!isShown) end(stream);
      tell(runs(stream) ? null : away());
    } catch (problem) {
      if (isStopped) return;
      mayAsk = codeOf(problem) !== "camera_denied"; // Asked again when they come back, and not before.
      tell(/** @type {Failure} */ (problem));
    } finally {
      isOpening = false;
    }
    if (mayAsk && !runs(stream)) again = setTimeout(() => void look(), ASK_AGAIN_MS);
  };
  const follow = (/** @type {MediaStreamTrack} */ track) => {
    for (const what of ["ended", "mute"]) track.addEventListener(what, () => taken(track));
    track.addEventListener("unmute", () => runs(stream) && tell(null));
  };
  const taken = (/** @type {MediaStreamTrack} */ track) => {
    if (isStopped || stream?.getVideoTracks()[0] !== track) return;
    tell(away());
    again = setTimeout(() => void look(), ASK_AGAIN_MS);
  };
  const letGo = () => {
    end(stream);
    video.srcObject = null;
  };
  const cameBack = () => void look();
  for (const what of COMING_BACK) for (const where of [document, window]) where.addEventListener(what, cameBack);
  void look();

  return {
    take: async () => {
      const from = stream;
      underWay += 1;
      try {
        return await takenFrom(from, video, underWay === 1);
      } catch (problem) {
        // Whatever the browser says of it: a camera that gives no picture is opened anew, and only once.
        if (stream === from && !isStopped) {
          end(stream);
          tell(/** @type {Failure} */ (problem));
          void look();
        }
        throw problem;
      } finally {
        underWay -= 1;
        if (isStopped && underWay === 0) letGo();
      }
    },
    stop: () => {
      isStopped = true;
      clearTimeout(again);
      for (const what of COMING_BACK) for (const where of [document, window]) where.removeEventListener(what, cameBack);
      if (underWay === 0) letGo(); // What was pressed is still taken.
    },
  };
}

/** @returns {Failure} */
function away() {
  return failure("camera_away");
}

/** @param {MediaStream | null} stream @returns {boolean} whether pictures come */
function runs(stream) {
  const track = stream?.getVideoTracks()[0];
  return track !== undefined && track.readyState === "live" && !track.muted;
}

/** @param {MediaStream | null} stream */
function end(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/**
 * @returns {Promise<MediaStream>}
 * @throws camera_denied, camera_unavailable
 */
async function cameraStream() {
  const size = { width: { ideal: 4096 }, height: { ideal: 3072 } };
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: { facingMode: { ideal: "environment" }, ...size },
      audio: false,
    });
  } catch (problem) {
    const denied = problem instanceof DOMException && problem.name === "NotAllowedError";
    throw failure(denied ? "camera_denied" : "camera_unavailable", { problem: String(problem) });
  }
}

/**
 * @param {HTMLVideoElement} video
 * @param {MediaStream} stream
 * @returns {Promise<boolean>} whether pictures come
 */
async function show(video, stream) {
  video.srcObject = stream;
  video.muted = true;
  video.playsInline = true;
  return (
    (await withPatience(
      video.play().then(
        () => true,
        () => false,
      ),
    )) ?? false
  );
}

/**
 * A photo of now.
 * @param {MediaStream | null} stream
 * @param {HTMLVideoElement} video
 * @param {boolean} isAlone the camera makes one picture of its own at a time; pressed again meanwhile, what it shows
 *   counts
 * @returns {Promise<Blob>}
 * @throws camera_away where the camera does not run, stops meanwhile, or gives no new picture
 */
async function takenFrom(stream, video, isAlone) {
  if (!stream || !runs(stream)) throw away();
  const photo = (isAlone ? await takeOriginal(stream.getVideoTracks()[0]) : null) ?? (await takeFrame(video));
  if (!runs(stream)) throw away();
  return photo;
}

/**
 * The camera's own picture; null where the browser has no ImageCapture or the camera does not answer.
 * @param {MediaStreamTrack} track
 * @returns {Promise<Blob | null>}
 */
async function takeOriginal(track) {
  if (typeof ImageCapture === "undefined") return null;
  return withPatience(new ImageCapture(track).takePhoto().catch(() => null));
}

/**
 * The next picture that the video shows.
 * @param {HTMLVideoElement} video
 * @returns {Promise<Blob>}
 * @throws camera_away where none comes
 */
async function takeFrame(video) {
  const frame = await withPatience(nextFrame(video));
  if (!frame) throw away();
  return new Promise((resolve, reject) => {
    frame.toBlob((blob) => (blob ? resolve(blob) : reject(failure("camera_unavailable"))), "image/jpeg", 0.92);
  });
}

/**
 * A picture that came after this was asked for, drawn while it is the one shown.
 * @param {HTMLVideoElement} video
 * @returns {Promise<HTMLCanvasElement>} never settled where none comes
 */
function nextFrame(video) {
  const asked = performance.now();
  const shown = framesOf(video);
  return new Promise((resolve) => {
    const tells = typeof video.requestVideoFrameCallback === "function";
    const wait = () => (tells ? video.requestVideoFrameCallback(look) : requestAnimationFrame(() => look()));
    const look = (/** @type {number} */ _now = 0, /** @type {VideoFrameCallbackMetadata | null} */ frame = null) => {
      // The one under way when it was asked for may be older: without its time, the one after it counts.
      const isNew = frame?.captureTime === undefined ? framesOf(video) > shown + 1 : frame.captureTime > asked;
      if (isNew) resolve(drawn(video));
      else if (performance.now() - asked < PATIENCE_MS) wait();
    };
    wait();
  });
}

/** @param {HTMLVideoElement} video how many pictures it has shown */
function framesOf(video) {
  return video.getVideoPlaybackQuality().totalVideoFrames;
}

/** @param {HTMLVideoElement} video @returns {HTMLCanvasElement} */
function drawn(video) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return canvas;
}

/**
 * @template Result
 * @param {Promise<Result>} work
 * @returns {Promise<Result | null>} null where it takes too long
 */
function withPatience(work) {
  /** @type {Promise<null>} */
  const patience = new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  return Promise.race([work, patience]);
}
