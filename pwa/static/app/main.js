/** The start of the app: what is on the phone is shown first, and only then is anything asked of a network. */
import { computed, effect, untracked } from "@preact/signals";
import { html } from "htm/preact";
import { render } from "preact";
import { position, recallPosition, watch } from "./capture/position.js";
import { lookForCleared, noteWork } from "./shell/cleared.js";
import { compareClocks } from "./ui/clock_difference.js";
import { codeOf } from "./core/failure.js";
import { lookWhetherKept } from "./store/keeping.js";
import { loadLanguages } from "./ui/language.js";
import { followNews } from "./shell/looked_at.js";
import { startClock } from "./ui/moments.js";
import { readVersion, version } from "./shell/new_version.js";
import { applyPreferences } from "./shell/preferences.js";
import { recallHandOver, startRouter } from "./ui/router.js";
import { startTaps } from "./ui/taps.js";
import { keepUntranslated } from "./ui/untranslated.js";
import { installApp } from "./shell/version.js";
import { isNear } from "./rules/place.js";
import { App, Trouble } from "./shell/app.js";
import { orders } from "./store/documents.js";
import { openLast, session } from "./store/session.js";
import { askToPersist, measureStorage } from "./store/storage.js";
import { lookOnWaking } from "./store/waking.js";
import { start } from "./sync/exchange.js";

/** A database that hangs, or that the phone does not hand over, may come after all. */
const MAY_PASS = new Set(["database_slow", "database_gone"]);
const AGAIN_MS = 2000;

const root = /** @type {HTMLElement} */ (document.getElementById("app"));

async function begin() {
  applyPreferences();
  keepUntranslated(root);
  startTaps();
  startRouter();
  startClock();
  lookOnWaking();
  await loadLanguages();
  await openWhatIsHere();
  noteWork();
  compareClocks();
  followNews();
  render(html`<${App} />`, root);
  followWhileEnRoute();
  start();
  // An installed app is more likely to be given the promise.
  addEventListener("appinstalled", () => void askToPersist().catch(() => false));
  if (session.value === null) void lookForCleared().catch(() => {});
  await Promise.all([installApp(), measureStorage(), readVersion()]);
  // The first start stores the app only now.
  if (version.peek() === null) void navigator.serviceWorker?.ready.then(readVersion);
}

/**
 * Opens the store of whoever was signed in last. What may pass by itself is tried again until it has; nothing is shown
 * as empty meanwhile.
 */
async function openWhatIsHere() {
  for (;;) {
    try {
      await lookWhetherKept();
      await openLast();
      if (session.value !== null) await Promise.all([recallHandOver(), recallPosition()]);
      return;
    } catch (problem) {
      render(html`<${Trouble} problem=${problem} />`, root);
      if (!MAY_PASS.has(codeOf(problem))) throw problem;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/**
 * The position is watched on the way, so that the last fix before the basement is known when there is none inside:
 * closely near the site, roughly on the long way there.
 */
function followWhileEnRoute() {
  const wanted = computed(() => {
    const onTheWay = orders.value.filter((order) => order.gone === null && order.body.stage === "en_route");
    if (onTheWay.length === 0) return "not";
    return onTheWay.some(({ body }) => isNear(position.value, body.site?.position, body.site?.radius_m))
      ? "closely"
      : "roughly";
  });
  /** @type {(() => void) | null} */
  let stop = null;
  effect(() => {
    const before = stop;
    const how = wanted.value;
    // Beginning to watch reads and moves the position: that is nothing to be followed here.
    untracked(() => {
      stop = how === "not" ? null : watch({ sparing: how === "roughly" });
      before?.();
    });
  });
}

await begin();
