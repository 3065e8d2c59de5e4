"""The browser of the tests: one driver and one Chromium for a whole run (two drivers in one process cannot be)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.install import HELP, find

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser."""
    path = find()
    assert path, HELP
    return path


@pytest.fixture(scope="session")
def playwright(chromium: str) -> Iterator[Playwright]:
    """The driver of the browser."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """One Chromium for all tests that do not need its death; each test opens a context of its own."""
    launched = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
    yield launched
    launched.close()
