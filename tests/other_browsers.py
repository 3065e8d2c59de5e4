"""Beside Chromium: WebKit, in memory (as a private window) and on the disk, and Firefox, each by its own driver.

They run where Debian's packages webkit2gtk-driver, gir1.2-webkit2-4.1, python3-gi, xvfb and firefox-esr are;
`tests/browser/install.py` says how they come there. All of them find things by XPath and press them for real.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from selenium import webdriver
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

VIEW = Path(__file__).with_name("webkit_view.py")
PATIENCE_S = 40
ANSWER_IN_S = 30
DRIVER = "WebKitWebDriver"
FIREFOX = "firefox-esr"


class Driver(Protocol):
    """What both drivers can do."""

    def find_element(self, by: str, value: str) -> Any: ...  # Any: an element of either driver

    def execute_async_script(self, script: str) -> Any: ...  # Any: JSON


class Tab:
    """A window of one browser."""

    def __init__(self, driver: Driver, go: Callable[[str], Any]) -> None:
        self._driver = driver
        self.go = go

    def evaluate(self, expression: str) -> Any:  # Any: JSON
        """What an expression, or the promise that it is, comes to; in Firefox it can import no module of the page's."""
        script = f"""const done = arguments[arguments.length - 1];
          (async () => ({expression}))()
            .then((value) => done([value, null]), (problem) => done([null, String(problem)]));"""
        value, problem = self._driver.execute_async_script(script)
        assert problem is None, problem
        return value

    def press(self, name: str) -> None:
        """The button or link with this name, once it can be pressed."""
        path = f"//*[self::button or self::a][normalize-space()='{name}' or @aria-label='{name}']"
        # A button that has just changed rests for a moment.
        path += "[not(@aria-disabled='true')]"
        self._until(f"no {name} can be pressed", lambda: self._driver.find_element("xpath", path).click())

    def enter(self, label: str, typed: str) -> None:
        """Type into the field with this label, and leave it."""
        path = f"//*[@id=//label[normalize-space()='{label}']/@for] | //label[contains(., '{label}')]//input"
        path += f" | //label[contains(., '{label}')]//textarea"
        self._until(f"no field {label}", lambda: self._driver.find_element("xpath", path).send_keys(typed))
        self.evaluate("document.activeElement.blur()")

    def sees(self, said: str) -> None:
        """Wait until the page says so."""

        def look() -> None:
            text = self.evaluate("document.body.innerText")
            assert said in text, text

        self._until(f"never said: {said}", look)

    def until(self, expression: str) -> None:
        """Wait until an expression holds."""

        def look() -> None:
            assert self.evaluate(expression)

        self._until(f"never came true: {expression}", look)

    def _until(self, what: str, work: Callable[[], None]) -> None:
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                return work()
            except Exception as problem:  # Each driver has errors of its own; the last one is told.
                if time.monotonic() > end:
                    raise AssertionError(f"{what}: {problem}") from problem
                time.sleep(0.2)


@contextmanager
def webkit(data: Path | None = None) -> Iterator[Tab]:
    """A window of WebKit, its data in this folder, or in memory; skipped where there is none on this machine."""
    _needs(DRIVER, "Xvfb")
    options = Options()
    if data is not None:
        data.mkdir(exist_ok=True)
        options.binary_location = str(VIEW)
        options.add_argument("--automation")
        options.set_capability("browserName", "View")
    with _display() as display:
        surroundings = os.environ | {
            "DISPLAY": display,
            "VIEW_DATA": str(data),
            "LANGUAGE": "zh_CN",
            # Its sandbox wants more than a container gives; only this machine's own server is opened in it.
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
        }
        driver = webdriver.WebKitGTK(options=options, service=Service(shutil.which(DRIVER), env=surroundings))
        try:
            driver.set_script_timeout(ANSWER_IN_S)
            yield Tab(driver, driver.get)
        finally:
            driver.quit()


@contextmanager
def firefox(profile: Path) -> Iterator[Tab]:
    """A window of Firefox on a profile of this disk; skipped where there is none on this machine."""
    _needs(FIREFOX)
    names = ("marionette_driver.marionette", "marionette_driver.geckoinstance", "mozprofile")
    marionette, instances, mozprofile = map(pytest.importorskip, names)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own = {"marionette.port": port, "intl.accept_languages": "zh-CN", "geo.enabled": False}
    usual = instances.GeckoInstance.required_prefs | instances.DesktopInstance.desktop_prefs
    # The driver would start a copy of a folder that it is given, and leave nothing in it.
    kept = mozprofile.Profile(profile=str(profile), restore=False, preferences=usual | own)
    log = str(profile.with_suffix(".log"))
    program = shutil.which(FIREFOX)
    browser = marionette.Marionette(bin=program, headless=True, profile=kept, port=port, gecko_log=log)
    browser.start_session()
    try:
        browser.timeout.script = ANSWER_IN_S
        yield Tab(browser, browser.navigate)
    finally:
        browser.quit()
        browser.cleanup()


@contextmanager
def _display() -> Iterator[str]:
    """A screen that nobody sees."""
    reading, writing = os.pipe()
    numbers = ("-displayfd", str(writing), "-screen", "0", "800x1000x24", "-nolisten", "tcp")
    screen = subprocess.Popen(["Xvfb", *numbers], pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            yield f":{said.readline().strip()}"
    finally:
        screen.terminate()
        screen.wait()


def _needs(*programs: str) -> None:
    lacking = [program for program in programs if shutil.which(program) is None]
    if lacking:
        pytest.skip(f"not on this machine: {', '.join(lacking)}")
