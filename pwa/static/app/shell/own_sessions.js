import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { session } from "../store/session.js";
import { endOne, endOthers, ownSessions } from "../sync/account.js";
import { online } from "../sync/status.js";
import { SideButton } from "../ui/buttons.js";
import { Chip, Notice } from "../ui/chip.js";
import { Ask } from "../ui/dialog.js";
import { codeOf, figuresOf } from "../core/failure.js";
import { Field } from "../ui/field.js";
import { Icon } from "../ui/icon.js";
import { t } from "../ui/language.js";
import { clockOrDay } from "../ui/moments.js";
import { canAsk, NeedsSignal } from "./own_password.js";
import { problemText } from "../ui/save.js";
import { toast } from "../ui/toast.js";

/** @typedef {import("../types.js").Known} Known */

/** Where this person is signed in, and ending that from here; needs a signal. */
export function OwnSessions() {
  const [known, setKnown] = useState(/** @type {import("../types.js").OwnSessions | null} */ (null));
  const [wrong, setWrong] = useState(/** @type {string | null} */ (null));
  const [asked, setAsked] = useState(/** @type {Known | "others" | null} */ (null));
  const isPossible = canAsk();
  const look = () =>
    ownSessions().then(
      (found) => {
        setKnown(found);
        setWrong(null);
      },
      (problem) => setWrong(problemText(problem)),
    );
  useEffect(() => {
    if (isPossible) void look();
  }, [isPossible, session.value?.person.id, session.value?.device.name]);
  const close = () => {
    setAsked(null);
    void look();
  };
  const items = isPossible ? (known?.items ?? []) : [];
  const signedIn = items.filter((one) => one.is_signed_in);
  return html`<section class="sheet stack wide" aria-label=${t("phone-sessions-title")}>
    <b>${t("phone-sessions-title")}</b>
    <p class="soft">${t("phone-sessions-about")}</p>
    <${NeedsSignal} />
    ${
      isPossible &&
      wrong &&
      html`<${Notice} tone="contradicted" icon="circle-alert">${wrong}<//>
        <${SideButton} icon="refresh-cw" tone="wide" onPress=${look}>${t("phone-sessions-again")}<//>`
    }
    ${isPossible && !wrong && known === null && html`<p class="soft" role="status">${t("phone-sessions-looking")}</p>`}
    ${signedIn.map((one) => html`<${Row} key=${one.id} known=${one} onEnd=${() => setAsked(one)} />`)}
    ${
      signedIn.some((one) => !one.is_present) &&
      html`<${SideButton} icon="log-out" tone="wide" onPress=${() => setAsked("others")}>
        ${t("phone-sessions-end-others")}<//>`
    }
    <${Others} items=${items.filter((one) => !one.is_signed_in)} leftOff=${known?.left_off ?? 0} />
    ${asked !== null && html`<${Confirm} asked=${asked} onClose=${close} />`}</section>`;
}

/** @param {{known: Known, onEnd?: () => void}} properties */
function Row({ known, onEnd }) {
  return html`<div class="row top"><${Icon} name=${known.kind === "phone" ? "smartphone" : "building"} />
    <div class="grow"><b>${nameOf(known)}</b>
      <div class="soft">${t(`phone-sessions-kind-${known.kind}`)} · ${t("phone-sessions-mark", { mark: known.mark })}
      </div>
      ${
        known.last_seen_at !== null &&
        html`<div class="soft">${t("phone-sessions-seen", { at: clockOrDay(known.last_seen_at) })}</div>`
      }
      ${
        known.last_order !== null &&
        html`<div class="soft">${t("phone-sessions-last-order", { number: known.last_order })}</div>`
      }
      <div class="soft">${t("phone-sessions-since", { at: clockOrDay(known.known_since) })}</div></div>
    ${
      known.is_present
        ? html`<${Chip} tone="accent" icon="check">${t("phone-sessions-present")}<//>`
        : known.is_revoked
          ? html`<${Chip} tone="contradicted" icon="ban">${t("phone-sessions-revoked")}<//>`
          : known.is_signed_in
            ? html`<${SideButton} icon="log-out" name=${t("phone-sessions-end-name", { name: markedName(known) })}
              onPress=${onEnd ?? (() => {})}>${t("phone-sessions-end")}<//>`
            : html`<${Chip} tone="quiet" icon="log-out">${t("phone-sessions-out")}<//>`
    }</div>`;
}

/**
 * Phones that are known and not signed in: nothing can be ended there.
 * @param {{items: Known[], leftOff: number}} properties
 */
function Others({ items, leftOff }) {
  const [open, setOpen] = useState(false);
  if (items.length + leftOff === 0) return null;
  return html`<${SideButton} tone="wide" icon=${open ? "chevron-up" : "chevron-down"} onPress=${() => setOpen(!open)}>
    ${t("phone-sessions-not-signed-in", { count: items.length + leftOff })}<//>
    ${open && items.map((one) => html`<${Row} key=${one.id} known=${one} />`)}
    ${open && leftOff > 0 && html`<p class="soft">${t("phone-sessions-left-off", { count: leftOff })}</p>`}`;
}

/**
 * Asks for the password and ends what was asked for. `onClose` also when that is done.
 * @param {{asked: Known | "others", onClose: () => void}} properties
 */
function Confirm({ asked, onClose }) {
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState(/** @type {string | null} */ (null));
  const all = asked === "others";
  async function end() {
    if (busy) return;
    setBusy(true);
    setWrong(null);
    try {
      await (all ? endOthers(password) : endOne(asked.id, password));
      toast(t(all ? "phone-sessions-others-done" : "phone-sessions-done"));
      onClose();
    } catch (problem) {
      setWrong(refusal(problem));
      setBusy(false);
    }
  }
  return html`<${Ask}
    title=${all ? t("phone-sessions-end-others") : t("phone-sessions-end-name", { name: markedName(asked) })}
    onClose=${onClose}>
    <p>${t(all ? "phone-sessions-means-others" : `phone-sessions-means-${asked.kind}`)}</p>
    <form class="stack wide" onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      void end();
    }}>
      <input value=${session.value?.person.username} autocomplete="username" hidden />
      <${Field} label=${t("phone-sessions-password")} value=${password} type="password" autocomplete="current-password"
        onInput=${setPassword} />
      <div role="alert">${wrong && html`<${Notice} tone="contradicted" icon="circle-alert">${wrong}<//>`}</div>
      <button class="main" disabled=${password === ""} aria-busy=${busy}><${Icon} name="log-out" />
        <span>${t(busy ? "phone-sessions-ending" : all ? "phone-sessions-end-all-now" : "phone-sessions-end-now")}
        </span></button>
    </form>
    <${SideButton} tone="wide" onPress=${onClose}>${t("phone-sessions-keep")}<//><//>`;
}

/** @param {unknown} problem @returns {string} */
function refusal(problem) {
  switch (codeOf(problem)) {
    case "bad_credentials":
      return t("phone-sessions-password-wrong");
    case "no_contact":
      return t(online.value ? "phone-sessions-unclear" : "phone-account-offline");
    case "too_many_tries":
      return t("problem-too-many-tries-detail", /** @type {{retry_after_s: number}} */ (figuresOf(problem)));
    default:
      return problemText(problem);
  }
}

/** The name with the mark, where a name alone could be another's. @param {Known} known @returns {string} */
function markedName(known) {
  return `${nameOf(known)} · ${known.mark}`;
}

/** @param {Known} known @returns {string} */
function nameOf(known) {
  return known.name ?? t("phone-sessions-unknown");
}
