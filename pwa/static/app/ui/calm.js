/** What appears by itself waits until the finger has been still: nothing moves under it. */
import { useEffect, useRef, useState } from "preact/hooks";

/** So long after a touch nothing is put above what is touched. */
const STILL_MS = 800;

let lastTouch = -Infinity;
const note = () => {
  lastTouch = performance.now();
};
for (const name of ["pointerdown", "pointerup", "pointermove"])
  addEventListener(name, note, { capture: true, passive: true });

/**
 * A value as it was, while a finger is at work.
 * @template Value
 * @param {Value} value
 * @param {unknown} [key] what is compared: as long as it is the same, the newest value is shown
 * @returns {Value}
 */
export function useCalm(value, key = value) {
  const shown = useRef({ key, value });
  const [, look] = useState(0);
  const left = STILL_MS - (performance.now() - lastTouch);
  // What belongs to the screen that a touch has just opened is there with it.
  const waits = shown.current.key !== key && left > 0;
  if (!waits) shown.current = { key, value };
  useEffect(() => {
    if (!waits) return undefined;
    const waiting = setTimeout(() => look((count) => count + 1), left);
    return () => clearTimeout(waiting);
  });
  return shown.current.value;
}
