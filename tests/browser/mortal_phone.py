"""A technician's phone that can die at any moment, with a witness of what its screen said and its database did."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page, TimeoutError

from tests.browser.company import PASSWORD
from tests.browser.phone import Phone, browser_process
from tests.reference_client import Json

# Runs before the app. `said` holds every word of saving, `wrong` every other; `weak` every transaction on what was
# captured that did not ask for the disk to be written before it counts as done: SIGKILL cannot show that, an empty
# battery could.
# The disk is slow: a transaction takes up to `slowness` milliseconds longer to commit, as those of cheap phones do.
WITNESS = """
((slowness) => {
  window.slowness = slowness;
  const said = (window.said = []);
  const wrong = (window.wrong = []);
  const waiting = [];
  const SIGNED = ".customer .chip.proven";
  const say = (text) => {
    said.push(text);
    for (const tell of waiting.splice(0)) tell();
    window.undercroftWord?.(text);
  };
  const look = (element) => {
    for (const toast of element.matches(".toast") ? [element] : element.querySelectorAll(".toast")) {
      const text = toast.querySelector("span").textContent;
      if (toast.classList.contains("wrong")) wrong.push(text);
      else say(text);
    }
    const signed = element.matches(SIGNED) ? element : element.querySelector(SIGNED);
    if (signed) say(signed.textContent);
  };
  new MutationObserver((records) => {
    for (const { addedNodes } of records) for (const node of addedNodes) if (node.nodeType === 1) look(node);
  }).observe(document, { childList: true, subtree: true });
  window.heard = (known, patience) => new Promise((resolve) => {
    const look = () => (said.length > known ? resolve(said[known]) : waiting.push(look));
    setTimeout(resolve, patience, null);
    look();
  });

  const CAPTURED = ["lines", "photos", "feeds"];
  const weak = (window.weak = []);
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (names, mode, options) {
    const transaction = begin.call(this, names, mode, options);
    const captures = [names].flat().some((name) => CAPTURED.includes(name));
    if (mode !== "readwrite" || !captures) return transaction;
    if (transaction.durability !== "strict") weak.push([names].flat().join());
    const until = performance.now() + window.slowness * Math.random();
    const hold = () => {
      if (performance.now() >= until) return;
      transaction.objectStore([names].flat()[0]).count().onsuccess = hold;
    };
    hold();
    if ([names].flat().includes("lines")) window.undercroftWrites?.();
    return transaction;
  };
})"""
ACCOUNT = """async () => {
  const { store } = await import("/app/static/app/store/database.js");
  const { orders } = await import("/app/static/app/store/documents.js");
  const { session } = await import("/app/static/app/store/session.js");
  const { contact, unsent, held } = await import("/app/static/app/sync/status.js");
  const { handedOver } = await import("/app/static/app/ui/router.js");
  const database = await store();
  const names = ["meta", "lines", "receipts", "deliveries", "photos", "drafts"];
  const transaction = database.transaction(names);
  const all = Object.fromEntries(await Promise.all(
    names.slice(1).map(async (name) => [name, await transaction.objectStore(name).getAll()])));
  const { device, seq, acknowledged } = await transaction.objectStore("meta").get("ledger");
  for (const photo of all.photos) {
    const digest = await crypto.subtle.digest("SHA-256", await photo.blob.arrayBuffer());
    photo.holds = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    delete photo.blob;
  }
  return { ...all, ledger: { device, seq, acknowledged }, orders: orders.value, ended: session.value.ended,
    contact: contact.value, unsent: unsent.value, held: held.value, handedOver: handedOver.value, weak: window.weak,
    wrong: window.wrong };
}"""
# The only thing that may go wrong here: the office takes an order away while the customer reads it.
LEFT = "phone-sign-left"
SEND = """async (waits) => {
  const { sendNow } = await import("/app/static/app/sync/exchange.js");
  const sent = sendNow();
  const patience = new Promise((_resolve, reject) => {
    setTimeout(reject, 90_000, new Error("an exchange that was asked for has not ended"));
  });
  if (waits) await Promise.race([sent, patience]);
}"""
SIGN_IN = """async ([username, password]) => {
  const { signIn } = await import("/app/static/app/store/session.js");
  try {
    await signIn(username, password);
    return true;
  } catch (problem) {
    if (problem.code === "bad_credentials") throw problem;
    return false;
  }
}"""


class MortalPhone(Phone):
    """One phone; `die` may be called from any thread, and whatever it was doing then ends with playwright's Error."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # Any: those of Phone
        super().__init__(*arguments, **named)
        self.words: list[str] = []
        self.slowness_ms = 0
        self.dies_at_the_word = False
        self.dies_writing_s: float | None = None
        self.deaths = 0
        self._dead = threading.Event()
        self._closed = False
        self._group = 0

    # Its life

    def start(self, *, offline: bool = False, dies_after_s: float | None = None) -> None:
        """Open the browser on this profile and the app in it, cold."""
        context = self._playwright.chromium.launch_persistent_context(**self._start)
        self._running, self._closed = context, False
        self._group = _process_group(self.profile)
        self._dead.clear()
        context.on("close", lambda _: setattr(self, "_closed", True))
        context.expose_binding("undercroftWord", lambda _source, word: self._hear(word))
        context.expose_binding("undercroftWrites", lambda _source: self._write())
        context.add_init_script(f"{WITNESS}({self.slowness_ms});")
        context.set_offline(offline)
        if dies_after_s is not None:  # Not before: Playwright waits for ever for a dead browser to take a script.
            threading.Timer(dies_after_s, self.killer()).start()
        self.page.goto(f"{self.address}/app/")
        self.page.locator("#app > *").first.wait_for(state="attached")

    def killer(self) -> Callable[[], None]:
        """SIGKILL for all processes of this life's browser, as an empty battery would; not for those of a later one."""
        group = self._group

        def kill() -> None:
            if group == self._group and not self._dead.is_set():
                self._dead.set()
                with suppress(ProcessLookupError):
                    os.killpg(group, signal.SIGKILL)

        return kill

    @property
    def is_dead(self) -> bool:
        """Whether it was killed and has not been started again."""
        return self._dead.is_set()

    @property
    def page(self) -> Page:
        """The app's window; raises Error where the phone has just died."""
        windows = self.context.pages
        if not windows:
            raise Error("this phone is dead")
        return windows[0]

    def bury(self) -> None:
        """Kill it, where it still lives, and wait until it is gone."""
        self.killer()()
        self.deaths += 1
        with suppress(Error):
            if not self._closed:
                self.context.wait_for_event("close")
        self._running = None

    def _hear(self, word: str) -> None:
        self.words.append(word)
        if self.dies_at_the_word:
            self.killer()()

    def _write(self) -> None:
        if self.dies_writing_s is not None:
            threading.Timer(self.dies_writing_s, self.killer()).start()
            self.dies_writing_s = None

    # What its screen says and its database holds

    def next_word(self, known: int, patience_ms: int) -> str:
        """What the screen says after the first `known` words since it was opened; TimeoutError where it is silent."""
        said: str | None = self.page.evaluate("([known, patience]) => heard(known, patience)", [known, patience_ms])
        if said is None:
            raise TimeoutError(f"the screen said nothing within {patience_ms} ms")
        return said

    def words_on_page(self) -> int:
        """How many words the open page has said so far."""
        count: int = self.page.evaluate("said.length")
        return count

    def screen(self) -> str:
        """What is on the screen, in words; empty where the phone is off or dead."""
        try:
            return f"{self.page.url}\n{self.page.inner_text('body')}"
        except (AssertionError, Error):
            return ""

    def account(self) -> Json:
        """Everything in its database, and what its screens show."""
        found: Json = self.page.evaluate(ACCOUNT)
        wrong = [text for text in found["wrong"] if text != self.say(LEFT)]
        assert wrong == [], f"the screen says that something went wrong: {wrong}"
        assert found["weak"] == [], f"what was captured would not survive an empty battery: {found['weak']}"
        return found

    def slow_down(self, slowness_ms: int) -> None:
        """Let its disk take so long from now on."""
        self.page.evaluate("(slowness) => { window.slowness = slowness; }", slowness_ms)

    def send(self, *, waits: bool = True) -> None:
        """As the button on Outbox: exchange now, lines and photos, however it ends; or go on meanwhile."""
        self.page.evaluate(SEND, waits)

    # What the technician does about it

    def sign_in_again(self, username: str) -> bool:
        """Try once; whether the server let them in. A cookie that had not come to the disk dies with the phone."""
        let_in: bool = self.page.evaluate(SIGN_IN, [username, PASSWORD])
        return let_in

    def go(self, screen: str) -> None:
        """To a screen, by its address."""
        self.page.evaluate("(to) => { location.hash = to; }", f"#/{screen}")


def _process_group(profile: Path) -> int:
    """The process group of the browser that has this profile open: a session of its own, with all its processes."""
    while True:
        with suppress(ProcessLookupError):  # A short-lived child of the start, found for the browser.
            group = os.getpgid(browser_process(profile))
            assert group != os.getpgid(0), "the browser would take the tests with it"
            return group
