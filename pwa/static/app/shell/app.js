/** Which screen is shown for an address. */
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { AskLeaving } from "../ui/ask_leaving.js";
import { MainButton } from "../ui/buttons.js";
import { codeOf } from "../core/failure.js";
import { isForbidden } from "../store/keeping.js";
import { t } from "../ui/language.js";
import { NewVersion } from "./new_version.js";
import { Vault } from "./page.js";
import { go, leaving, route } from "../ui/router.js";
import { problemText } from "../ui/save.js";
import { Toasts } from "../ui/toast.js";
import { session } from "../store/session.js";
import { Arrive } from "../documents/work_order/screens/arrive.js";
import { Checklist } from "../documents/work_order/screens/checklist.js";
import { Conflicts } from "../documents/work_order/screens/conflicts.js";
import { Materials } from "../documents/work_order/screens/materials.js";
import { Me } from "./me.js";
import { NewOrder } from "../documents/work_order/screens/new_order.js";
import { OrderScreen } from "../documents/work_order/screens/order.js";
import { Outbox } from "./outbox.js";
import { Photos } from "../documents/work_order/screens/photos.js";
import { Sign } from "../documents/work_order/screens/sign.js";
import { SignIn } from "./sign_in.js";
import { Today } from "./today.js";

/** @type {Record<string, (properties: {id: string}) => import("preact").VNode>} */
const OF_AN_ORDER = { arrive: Arrive, photos: Photos, materials: Materials, checklist: Checklist, sign: Sign };

export function App() {
  const [name, id, part] = route.value;
  useEffect(() => {
    for (const scrolled of document.querySelectorAll(".phone, .body")) scrolled.scrollTo(0, 0);
  }, [name, id, part]);
  return html`<${NewVersion} /><${Screen} name=${name} id=${id} part=${part} /><${AskLeaving} />
    ${leaving.value === null && html`<${Toasts} />`}`;
}

/** @param {{name?: string, id?: string, part?: string}} properties */
function Screen({ name, id, part }) {
  if (session.value === null)
    return html`<${SignIn} onDone=${() => name === "sign-in" && go("today", { replace: true })} />`;
  switch (name) {
    case "sign-in":
      return html`<${SignIn} onDone=${() => go("today", { replace: true })} />`;
    case "orders":
      return html`<${OF_AN_ORDER[part ?? ""] ?? OrderScreen} key=${`${id}/${part}`} id=${id ?? ""} />`;
    case "conflicts":
      return html`<${Conflicts} key=${id} id=${id} />`;
    case "new":
      return html`<${NewOrder} />`;
    case "outbox":
      return html`<${Outbox} />`;
    case "me":
      return html`<${Me} />`;
    default:
      return html`<${Today} />`;
  }
}

/** What may pass by itself, or with a person's help. @type {Record<string, {title: string, about: string}>} */
const HELP = {
  database_slow: { title: "phone-trouble-slow", about: "phone-trouble-slow-about" },
  database_gone: { title: "phone-trouble", about: "phone-trouble-gone-about" },
};

/**
 * The app could not open what is on the phone: it says so, and touches nothing.
 * @param {{problem: unknown}} properties
 */
export function Trouble({ problem }) {
  const help = HELP[codeOf(problem)];
  return html`<div class="phone">
    <main class="body"><div class="empty"><${Vault} /><h1>${t(help?.title ?? "phone-trouble")}</h1>
      <p>${isForbidden(problem) ? t("phone-trouble-forbidden") : help ? t(help.about) : problemText(problem)}</p>
      ${
        help &&
        html`<ul class="helps">
          ${["phone-trouble-tabs", "phone-trouble-restart", "phone-trouble-keep"].map(
            (one) => html`<li key=${one}>${t(one)}</li>`,
          )}</ul>`
      }</div></main>
    <footer class="foot">
      <${MainButton} icon="refresh-cw" onPress=${() => location.reload()}>${t("phone-trouble-again")}<//></footer>
      </div>`;
}
