"""A technician's phone: Chromium with a profile on the disk, a fake camera, a mocked position, a network to cut."""

from __future__ import annotations

import base64
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, Playwright, expect

from tests.browser.words import Words
from tests.chromium import ARGUMENTS

SIZE = {"width": 390, "height": 844}
# A signature as strokes of points along and down the line, in shares of the pad.
STROKES = (
    ((0.22, 0.42), (0.34, 0.36), (0.45, 0.33)),
    ((0.33, 0.20), (0.335, 0.45), (0.33, 0.72)),
    ((0.33, 0.40), (0.27, 0.52), (0.20, 0.62)),
    ((0.34, 0.40), (0.40, 0.52), (0.48, 0.58)),
    ((0.55, 0.28), (0.63, 0.25), (0.66, 0.28), (0.60, 0.40), (0.57, 0.46)),
    ((0.52, 0.52), (0.62, 0.48), (0.74, 0.46)),
    ((0.60, 0.42), (0.62, 0.58), (0.60, 0.74), (0.55, 0.68)),
)
STATE = """async () => {
  const { contact, unsent } = await import("/app/static/app/sync/status.js");
  return { ...contact.value, ...unsent.value };
}"""
SAFE = """async () => {
  const { effect } = await import("@preact/signals-core");
  const { contact, unsent } = await import("/app/static/app/sync/status.js");
  await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(JSON.stringify([contact.value, unsent.value]))), 90_000);
    effect(() => {
      const { state, last_all_safe: safe } = contact.value;
      const { lines, photos } = unsent.value;
      if (state === "idle" && safe !== null && lines + photos === 0) resolve();
    });
  });
}"""
READY = """async () => {
  if (navigator.serviceWorker.controller !== null) return;
  await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("no service worker has taken the page over")), 90_000);
    navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
  });
}"""
SEES = """async (video) => {
  if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) return;
  await new Promise((resolve) => video.addEventListener("loadeddata", resolve, { once: true }));
}"""
ORDER = """async (fault) => {
  const { orders } = await import("/app/static/app/store/documents.js");
  return orders.value.find((order) => order.body.fault === fault) ?? null;
}"""
PHOTO = """async (sha256) => {
  const { localPhoto } = await import("/app/static/app/store/photos.js");
  const blob = await localPhoto(sha256);
  if (blob === null) return null;
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1]);
    reader.readAsDataURL(blob);
  });
}"""


@dataclass(frozen=True)
class Place:
    """Where the phone says that it is (WGS-84)."""

    latitude: float
    longitude: float
    accuracy: float = 12.0


class Phone:
    """One phone; it may die and be started again on what its disk holds."""

    def __init__(
        self,
        playwright: Playwright,
        chromium: str,
        profile: Path,
        address: str,
        *,
        language: str = "zh-CN",
        place: Place | None = None,
        dark: bool = False,
    ) -> None:
        self.say = Words(language)
        self.profile = profile
        self.address = address
        self._start: dict[str, Any] = {
            "user_data_dir": str(profile),
            "executable_path": chromium,
            "args": list(ARGUMENTS),
            "viewport": SIZE,
            "has_touch": True,
            "is_mobile": True,
            "device_scale_factor": 2,
            "locale": language,
            "color_scheme": "dark" if dark else "light",
            "permissions": ["geolocation", "camera"],
            "geolocation": None if place is None else vars(place),
        }
        self._playwright = playwright
        self._running: BrowserContext | None = None

    # Its life

    def start(self, *, offline: bool = False) -> None:
        """Open the browser on this profile and the app in it, cold."""
        self._running = self._playwright.chromium.launch_persistent_context(**self._start)
        self._running.set_offline(offline)
        self.page.goto(f"{self.address}/app/")

    def kill(self) -> None:
        """SIGKILL the browser, as a phone does whose battery is pulled out, and wait until it is gone."""
        process = browser_process(self.profile)
        with self.context.expect_event("close"):
            os.kill(process, signal.SIGKILL)
        self._running = None

    def close(self) -> None:
        """Close the browser, where it is open."""
        if self._running is not None:
            self._running.close()
            self._running = None

    @property
    def context(self) -> BrowserContext:
        """The running browser."""
        assert self._running is not None, "this phone is off"
        return self._running

    @property
    def page(self) -> Page:
        """The app's window."""
        return self.context.pages[0]

    def cut_network(self) -> None:
        """No network from now on."""
        self.context.set_offline(True)
        expect(self.page.get_by_text(self.say("phone-reach-offline"))).to_be_visible()

    def bring_network_back(self) -> None:
        """A network again; the app notices by itself."""
        self.context.set_offline(False)

    # What it knows

    def state(self) -> dict[str, Any]:
        """The contact with the server and what is unsent."""
        found: dict[str, Any] = self.page.evaluate(STATE)
        return found

    def order(self, fault: str) -> dict[str, Any]:
        """The document of an order as this phone shows it: {"id", "version", "body", "waiting"}."""
        found: dict[str, Any] = self.page.evaluate(ORDER, fault)
        return found

    def photo(self, sha256: str) -> bytes:
        """The bytes of a photo on this phone's disk."""
        return base64.b64decode(self.page.evaluate(PHOTO, sha256))

    # What a technician does

    def button(self, message_id: str, **figures: object) -> Locator:
        """The button with this text."""
        return self.page.get_by_role("button", name=self.say(message_id, **figures), exact=True)

    def sign_in(self, username: str, password: str) -> None:
        """Sign in, and stay until the app is ready to be without a network."""
        self.page.get_by_label(self.say("phone-username")).fill(username)
        self.page.get_by_label(self.say("phone-password")).fill(password)
        self.button("phone-sign-in").click()
        expect(self.page.get_by_role("heading", name=self.say("phone-today-title"), level=1)).to_be_visible()
        self.page.evaluate(READY)
        self.wait_until_safe()

    def wait_until_safe(self) -> None:
        """Everything that was recorded is on the server, photos too, and what the server had has come."""
        self.page.evaluate(SAFE)

    def open(self, fault: str) -> None:
        """From Today into an order."""
        self.page.get_by_role("link").filter(has_text=fault).click()
        expect(self.page.get_by_role("heading", name=fault, level=1)).to_be_visible()

    def back(self) -> None:
        """One screen up."""
        self.button("phone-back").click()

    def take_next_step(self, step: str) -> None:
        """The one large button: accept, set-off, arrive, start, sign, depart."""
        self.button(f"phone-next-{step}").click()

    def find_place(self) -> None:
        """The phone knows anew that it is inside the circle: a mocked fix is as old as its mocking."""
        self.context.set_geolocation(self._start["geolocation"])
        expect(self.page.get_by_text(self.say("place-inside"), exact=True)).to_be_visible()

    def register_arrival(self) -> None:
        """On the screen Arrive, once the phone knows that it is inside the circle."""
        self.find_place()
        self.button("phone-arrive-register").click()

    def take_photo(self, purpose: str) -> None:
        """With the camera in the app, then back to the order."""
        self.page.get_by_role("link", name=self.say("phone-door-photos", count=0)).click()
        self.page.get_by_role("radio", name=self.say(f"purpose-{purpose}"), exact=True).click()
        self.button("phone-photos-take").click()
        camera = self.page.get_by_role("dialog", name=self.say("phone-camera"))
        camera.locator("video").evaluate(SEES)
        camera.get_by_role("button", name=self.say("phone-camera-take"), exact=True).click()
        expect(camera.get_by_text(self.say("phone-camera-taken", count=1))).to_be_visible()
        camera.get_by_role("button", name=self.say("phone-done"), exact=True).click()
        self.back()

    def answer_checklists(self) -> None:
        """Every check passed, then back to the order."""
        self.page.get_by_role("link", name=self.say.like("phone-door-checklist", "answered", "total")).click()
        passes = self.page.get_by_role("radio", name=self.say("answer-pass"), exact=True)
        expect(passes.first).to_be_visible()
        for place in range(passes.count()):
            answer = passes.nth(place)
            if answer.get_attribute("aria-checked") == "false":
                answer.click()
                expect(answer).to_have_attribute("aria-checked", "true")
        self.button("phone-done").click()

    def use_material(self, initials: str, name: str) -> None:
        """Two of a part, found by its pinyin initials."""
        self.page.get_by_role("link", name=self.say("phone-door-materials", count=0)).click()
        self.page.get_by_role("searchbox", name=self.say("phone-material-search")).fill(initials)
        self.page.get_by_role("listitem").filter(has_text=name).first.click()
        self.button("phone-more", name=name).click()
        quantity = self.page.get_by_role("textbox", name=self.say("phone-quantity", name=name), exact=True)
        expect(quantity).to_have_value("2")

    def add_labour(self, name: str, price: str) -> None:
        """One hour of work, on the screen Materials and labour."""
        self.page.get_by_role("button", name=self.say("phone-add"), exact=True).click()
        form = self.page.get_by_role("dialog", name=self.say("phone-labour-add"))
        form.get_by_label(self.say("phone-labour-name")).fill(name)
        form.get_by_label(self.say("phone-line-price")).fill(price)
        form.get_by_role("button", name=self.say("phone-add"), exact=True).click()
        expect(self.page.get_by_text(name)).to_be_visible()

    def describe(self, cause: str, diagnosis: str, work_done: str) -> None:
        """What was found and done."""
        self.page.get_by_role("radio", name=self.say(f"cause-{cause}"), exact=True).click()
        for label, typed in (("phone-order-diagnosis", diagnosis), ("phone-order-work-done", work_done)):
            field = self.page.get_by_role("textbox", name=self.say(label))
            field.fill(typed)
            field.blur()

    def hand_over(self, pin: str | None = None) -> None:
        """Into the customer's hands; the PIN that is offered the first time is chosen, or not."""
        self.button("phone-sign-hand-over").click()
        declining, held = self.button("phone-pin-not-now"), self.page.locator(".customer")
        declining.or_(held).first.wait_for()
        if not held.is_visible():
            if pin is None:
                declining.click()
            else:
                self.choose_pin(pin)
        held.wait_for()

    def choose_pin(self, pin: str) -> None:
        """A new PIN, entered twice."""
        for done in ("phone-pin-next", "phone-pin-keep"):
            self.press_digits(pin)
            self.button(done).click()

    def press_digits(self, digits: str) -> None:
        """On the large keys."""
        for digit in digits:
            self.page.get_by_role("button", name=digit, exact=True).click()

    def hand_over_and_sign(self, name: str, pin: str | None = None) -> None:
        """The customer reads, rates, signs and gives the phone back."""
        self.hand_over(pin)
        self.read(name)
        self.page.get_by_role("radio", name=self.say("phone-sign-stars", score=5)).click()
        self.button("phone-sign-go").click()
        self.draw_signature()
        self.button("phone-sign-confirm").click()
        expect(self.page.get_by_text(self.say("phone-back-saved"))).to_be_visible()
        self.take_back(pin)

    def read(self, name: str) -> None:
        """The customer has read, and says who they are."""
        self.page.get_by_label(self.say("phone-sign-name"), exact=True).fill(name)
        self.page.get_by_role("radio", name=self.say("signer-owner"), exact=True).click()
        self.button("phone-sign-read").click()

    def take_back(self, pin: str | None = None) -> None:
        """The technician has the phone again, by their PIN where they have one."""
        if pin is None:
            self._taking_back(self.page).click()
        else:
            self.ask_for_pin()
            self.press_digits(pin)
            self.end_pin()
        expect(self.page.locator(".customer")).to_have_count(0)

    def ask_for_pin(self) -> None:
        """The named button, where a PIN is set."""
        self._taking_back(self.page).click()
        expect(self.page.get_by_role("dialog")).to_be_visible()

    def end_pin(self) -> None:
        """The key that takes the phone back."""
        self._taking_back(self.page.get_by_role("dialog")).click()

    def _taking_back(self, within: Page | Locator) -> Locator:
        return within.get_by_role("button", name=self.say.like("phone-back-take", "name"))

    def draw_signature(self) -> None:
        """A few strokes on the pad, which lies on its side on an upright phone."""
        pad = self.page.get_by_label(self.say("phone-sign-here"))
        expect(pad).to_be_visible()
        box = pad.bounding_box()
        assert box is not None
        mouse = self.page.mouse
        for stroke in STROKES:
            points = [(box["x"] + box["width"] * (1 - y), box["y"] + box["height"] * x) for x, y in stroke]
            mouse.move(*points[0])
            mouse.down()
            for point in points[1:]:
                mouse.move(*point, steps=4)
            mouse.up()
        expect(self.button("phone-sign-confirm")).to_be_enabled()


def browser_process(profile: Path) -> int:
    """The process id of the Chromium that has this profile open (its children carry --type)."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                arguments = (entry / "cmdline").read_text().split("\0")
            except OSError:
                continue
            if f"--user-data-dir={profile}" in arguments and not any(a.startswith("--type=") for a in arguments):
                return int(entry.name)
    raise AssertionError(f"no browser has {profile} open")
