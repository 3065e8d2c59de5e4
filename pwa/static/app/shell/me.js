/** Me: who I am, how I like to read, my password and where I am signed in, and the way out. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { MainButton, SideButton } from "../ui/buttons.js";
import { Choices } from "../ui/choices.js";
import { Ask } from "../ui/dialog.js";
import { saveExport } from "../documents/parts/export_button.js";
import { codeOf, figuresOf } from "../core/failure.js";
import { formatNumber, language, languages, setLanguage, t } from "../ui/language.js";
import { OwnPassword } from "./own_password.js";
import { OwnSessions } from "./own_sessions.js";
import { Page } from "./page.js";
import { PhoneName } from "./phone_name.js";
import { PinSetting } from "./pin_setting.js";
import { TEXT_SCALES, textScale, theme } from "./preferences.js";
import { Room } from "./room.js";
import { go } from "../ui/router.js";
import { problemText } from "../ui/save.js";
import { toast } from "../ui/toast.js";
import { version } from "./new_version.js";
import { giveUpTexts, keepTexts } from "../ui/unkept_texts.js";
import { word } from "../ui/words.js";
import { session, signOut } from "../store/session.js";
import { unsent } from "../sync/status.js";

/** @type {import("./preferences.js").Theme[]} */
const THEMES = ["auto", "light", "dark"];

/**
 * Of which orders pictures are in memory alone, and how many typed texts are.
 * @typedef {{held: string[], typed: number}} InMemory
 */

export function Me() {
  const { person } = session.value ?? {};
  const [refused, setRefused] = useState(/** @type {InMemory | null} */ (null));
  const leave = async () => {
    try {
      await signOut();
      go("today", { replace: true });
    } catch (problem) {
      if (codeOf(problem) === "unsent") setRefused(/** @type {InMemory} */ (figuresOf(problem)));
      else toast(problemText(problem), { wrong: true });
    }
  };
  return html`<${Page} title=${t("phone-me-title")} tab="me">
    <section class="sheet"><h2>${person?.name}</h2>
      <div class="soft">${person?.username} · ${person && word("role", person.role)}</div>
      <${PhoneName} /></section>
    <section class="sheet stack wide">
      <${Setting} label=${t("phone-me-language")} value=${language.value} onChoose=${setLanguage}
        options=${languages.map((one) => ({ value: one, label: t("phone-language-name", {}, one) }))} />
      <${Setting} label=${t("phone-me-text-size")} look="pairs" value=${String(textScale.value)} onChoose=${(
        /** @type {string} */ scale,
      ) => {
        textScale.value = Number(scale);
      }}
        options=${TEXT_SCALES.map((scale) => ({
          value: String(scale),
          label: formatNumber(scale, { style: "percent" }),
        }))} />
      <${Setting} label=${t("phone-me-theme")} value=${theme.value} onChoose=${(
        /** @type {import("./preferences.js").Theme} */ chosen,
      ) => {
        theme.value = chosen;
      }}
        options=${THEMES.map((one) => ({
          value: one,
          label: t(`phone-theme-${one}`),
          icon: { auto: "sun-moon", light: "sun", dark: "moon" }[one],
        }))} /></section>
    <${PinSetting} />
    <${OwnPassword} />
    <${OwnSessions} />
    <${Room} />
    <${SideButton} icon="log-out" tone="wide" onPress=${leave}>${t("phone-sign-out")}<//>
    ${version.value && html`<p class="soft centre">${t("phone-me-version", { version: version.value })}</p>`}
    ${refused && html`<${Refused} ...${refused} onClose=${() => setRefused(null)} />`}
  <//>`;
}

/**
 * @param {{label: string, value: string, options: {value: string, label: string, icon?: string}[], onChoose: (value:
 *   any) => void, look?: "even" | "pairs"}} properties  any: one of the options' values
 */
function Setting({ label, value, options, onChoose, look = "even" }) {
  return html`<div class="field"><span class="label">${label}</span>
    <${Choices} look=${look} name=${label} value=${value} options=${options} onChoose=${onChoose} /></div>`;
}

/**
 * Why nobody can sign out while something is only on this phone, or in its memory alone, and the way out.
 * @param {InMemory & {onClose: () => void}} properties
 */
function Refused({ held, typed, onClose }) {
  const { lines, photos } = unsent.value;
  const isHeld = held.length + typed > 0;
  const waits = lines + photos > 0 || !isHeld;
  const keep = async () => {
    await keepTexts();
    onClose();
  };
  const giveUp = () => {
    giveUpTexts();
    onClose();
  };
  return html`<${Ask} title=${t("phone-sign-out-refused-title")} onClose=${onClose}>
    ${
      held.length > 0 &&
      html`<p>${t("phone-sign-out-held", { count: held.length })}</p>
      <${MainButton} icon="images" onPress=${() => go(`orders/${held[0]}/photos`)}>${t("phone-sign-out-photos")}<//>`
    }
    ${
      typed > 0 &&
      html`<p>${t("phone-sign-out-typed", { count: typed })}</p>
      <${held.length > 0 ? SideButton : MainButton} icon="refresh-cw" onPress=${keep}>${t("phone-unkept-again")}<//>
      <${SideButton} icon="trash-2" onPress=${giveUp}>${t("phone-sign-out-typed-drop")}<//>`
    }
    ${
      waits &&
      html`<p>${t("phone-sign-out-refused", { count: lines + photos })}</p>
      <${isHeld ? SideButton : MainButton} icon="arrow-up-down" onPress=${() => go("outbox")}>${t("phone-sign-out-see")}
      <//>
      <${SideButton} icon="file-down" onPress=${() => saveExport()}>${t("phone-sign-out-export")}<//>`
    }<//>`;
}
