/** Asks for the whole screen on its side, which a browser grants to a touch alone; one that cannot simply does not. */
export async function turnScreen() {
  try {
    await document.documentElement.requestFullscreen({ navigationUI: "hide" });
    const orientation = /** @type {ScreenOrientation & {lock?: (to: string) => Promise<void>}} */ (screen.orientation);
    await orientation.lock?.("landscape");
  } catch (problem) {
    if (!(problem instanceof DOMException) && !(problem instanceof TypeError)) throw problem;
  }
}
