"""What people type finds the same on the phone as in the office."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from apiflask import APIFlask
from playwright.sync_api import BrowserContext, Locator

from server.database import writing
from tests.conftest import People
from tests.pwa.conftest import Job, Server
from tests.pwa.test_screens import start
from tests.searches import PARTS, PARTS_FOUND, PLACES, SEARCHES, make

SHOWN = """([links, names]) => links.filter((link) => document.querySelector(`a[href="#/orders/${link}"]`) !== null)
  .map((link) => names[link]).join(" ")"""


def wrong(box: Locator, searches: Iterable[tuple[str, str]], found: Callable[[], str]) -> list[tuple[str, str]]:
    """What is typed and does not come to find what it should, and what it found."""
    differ = []
    for typed, wanted in searches:
        box.fill(typed)
        end = time.monotonic() + 3
        while found() != wanted and time.monotonic() < end:
            time.sleep(0.02)
        if found() != wanted:
            differ.append((typed, found()))
    return differ


def test_what_people_type_finds_orders_parts_and_places(
    app: APIFlask, context: BrowserContext, server: Server, people: People
) -> None:
    with app.app_context(), writing() as connection:
        orders = make(connection, people.wang.id, people.zhang.id)
    page = start(context, server, people.zhang, Job(orders["river"], ""))
    page.evaluate("navigator.serviceWorker.ready")
    context.set_offline(True)

    page.evaluate("location.hash = '#/today'")
    page.get_by_role("button", name="搜索").click()
    box = page.get_by_role("searchbox")
    names = {identity: name for name, identity in orders.items()}

    def orders_found() -> str:
        found: str = page.evaluate(SHOWN, [list(names), names])
        return found

    searches = [(typed, wanted) for typed, wanted, _ in SEARCHES]
    assert wrong(box, searches, orders_found) == []

    page.evaluate(f"location.hash = '#/orders/{orders['river']}/materials'")
    box = page.get_by_role("searchbox")

    def parts_found() -> str:
        listed = " ".join(page.locator("button.part").all_inner_texts())
        return " ".join(number for number in PARTS if number in listed)

    assert wrong(box, PARTS_FOUND, parts_found) == []
    page.evaluate("location.hash = '#/new'")
    box = page.get_by_role("searchbox")
    places = page.get_by_role("radiogroup", name="地点")

    def places_found() -> str:
        listed = places.inner_text()
        return " ".join(name for name, place in PLACES.items() if place.site in listed)

    assert wrong(box, searches, places_found) == []
