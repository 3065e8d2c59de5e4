"""The phone's rules say the same in a real browser as in Node.js, where tests/rules runs them."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from pwa.assets import STATIC, STATIC_URL, import_map
from server.rules.search import folded
from tests.vector_cases import FOLDER

RULES: Final = Path(__file__).resolve().parents[1] / "rules"
RUN: Final = """async (folder) => {
    const { CALLS, rulesIn, wrongOf } = await import("/tests/rules/calls.js");
    const { PHONE_ONLY } = await import("/tests/rules/phone_only.js");
    const json = async (address) => (await fetch(address)).json();
    const rules = await rulesIn(folder, await json(`${folder}rules/signs.json`));
    const shared = Object.entries(CALLS).map(async ([name, call]) =>
        [name, wrongOf(rules, call, await json(`/tests/vectors/${name}.json`))]);
    const only = await json("/tests/rules/phone_only.json");
    const own = Object.entries(PHONE_ONLY).map(([name, call]) => [name, wrongOf(rules, call, only[name])]);
    return [...(await Promise.all(shared)), ...own];
}"""
FOLD: Final = """async ([folder, letters]) => {
    const {folded, useSigns} = await import(`${folder}rules/search.js`);
    useSigns(await (await fetch(`${folder}rules/signs.json`)).json());
    return [...letters].map(folded);
}"""
APP: Final = f"{STATIC_URL}app/"
PAGE: Final = "/page.html"
SERVED: Final = {STATIC_URL: STATIC, "/tests/rules/": RULES, "/tests/vectors/": FOLDER}


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves the app's files and the cases, without a log."""

    def translate_path(self, path: str) -> str:
        """Of SERVED alone."""
        found = [folder / path.removeprefix(url) for url, folder in SERVED.items() if path.startswith(url)]
        return str(found[0] if found else STATIC / "nothing")

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page that has the app's import map, and none of its scripts, in Chromium."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(STATIC)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    opened = browser.new_page()
    html = f'<!doctype html><meta charset="utf-8"><script type="importmap">{import_map()}</script>'
    opened.route(f"**{PAGE}", lambda route: route.fulfill(body=html, content_type="text/html"))
    opened.goto(f"http://127.0.0.1:{server.server_port}{PAGE}")
    yield opened
    opened.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_browser_answers_every_case_as_expected(page: Page) -> None:
    found = dict(page.evaluate(RUN, APP))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert len(found) > 15


def test_the_phone_folds_every_letter_as_the_server_does(page: Page) -> None:
    every = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) not in ("Cn", "Cs")]
    here = {letter: folded(letter) for letter in every}
    there = dict(zip(every, page.evaluate(FOLD, [APP, "".join(every)]), strict=True))
    assert {letter: there[letter] for letter in every if there[letter] != here[letter]} == {}
