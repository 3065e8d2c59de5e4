/* What the office's pages can do beyond HTML. Each page works without any of it. */
import { copyLinks } from "./copy.js";
import { keepOnce } from "./once.js";
import { refreshLive } from "./refresh.js";
import { searchAsTyped } from "./search.js";
import { carryTyped, fillTyped, nameWriter } from "./typed.js";
import { tellWindows } from "./window.js";

/** A form whose field is marked `data-submit` is sent as soon as the field has a new value. */
function submitOnChange() {
  for (const field of document.querySelectorAll("[data-submit]")) {
    field.addEventListener("change", () => field.closest("form")?.requestSubmit());
  }
}

/** What was folded away to be filled in has the keyboard once it is opened. */
function focusOnOpen() {
  for (const folded of document.querySelectorAll("details:has(form)")) {
    folded.addEventListener("toggle", () => {
      const first = folded.querySelector("textarea, input:not([type=hidden]), select");
      if (folded instanceof HTMLDetailsElement && folded.open && first instanceof HTMLElement) first.focus();
    });
  }
}

/** On a narrow screen the rooms are a row that scrolls: the one where somebody is stands in sight. */
function showRoom() {
  document.querySelector(".rooms li [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
}

showRoom();
submitOnChange();
focusOnOpen();
copyLinks();
searchAsTyped();
refreshLive();
keepOnce();
nameWriter();
tellWindows();
carryTyped();
fillTyped();
