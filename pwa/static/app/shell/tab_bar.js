import { html } from "htm/preact";
import { onlyHere } from "../sync/status.js";
import { Icon } from "../ui/icon.js";
import { t } from "../ui/language.js";
import { news } from "./looked_at.js";

/** @param {{tab: "today" | "outbox" | "me"}} properties */
export function TabBar({ tab }) {
  const waiting = onlyHere.value;
  const fresh = news.value.length;
  const tabs = [
    {
      id: "today",
      icon: "clipboard-list",
      label: fresh === 0 ? t("phone-tab-today") : t("phone-tab-today-new", { count: fresh }),
    },
    {
      id: "outbox",
      icon: "arrow-up-down",
      label: waiting === 0 ? t("phone-tab-outbox") : t("phone-tab-outbox-waiting", { count: waiting }),
    },
    { id: "me", icon: "user", label: t("phone-tab-me") },
  ];
  return html`<nav class="tabs" aria-label=${t("phone-tabs")}>${tabs.map(
    (one) => html`
    <a key=${one.id} href=${`#/${one.id}`} aria-current=${one.id === tab ? "page" : undefined}>
      <${Icon} name=${one.icon} /><span>${one.label}</span></a>`,
  )}</nav>`;
}
