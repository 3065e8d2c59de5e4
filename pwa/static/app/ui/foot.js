import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";

/**
 * What is under the thumb. Its height is told to the page, so that short messages appear above it and never cover a
 * button.
 * @param {{children?: import("preact").ComponentChildren}} properties
 */
export function Foot({ children }) {
  const foot = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (foot.current === null) return undefined;
    const measuring = new ResizeObserver(([entry]) => {
      document.documentElement.style.setProperty("--foot", `${entry.borderBoxSize[0].blockSize}px`);
    });
    measuring.observe(foot.current, { box: "border-box" });
    return () => measuring.disconnect();
  }, []);
  return html`<div class="under" ref=${foot}>${children}</div>`;
}
