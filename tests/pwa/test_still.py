"""Nothing moves under a finger, and nothing lies over what is pressed next."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from playwright.sync_api import BrowserContext, Page, expect

from server.database import writing
from server.services import services
from server.sync.store.feeds import put_document
from tests.conftest import People
from tests.pwa.conftest import Job, Server
from tests.pwa.test_overlays import OVERLAYS, to_part, to_today
from tests.pwa.test_screens import start, work

PART = "01a22a2d-0000-7000-8000-0000000000a1"
SAY = """async ([text, wrong, undo]) => {
  const {toast} = await import("/app/static/app/ui/toast.js");
  toast(text, {wrong, ...(undo && {undo: () => {}})});
}"""
# What the messages lie over that is pressed next, and what is reached by a touch in the middle of their words.
OVER = """() => {
  const box = (one) => one.getBoundingClientRect();
  const meet = (a, b) => Math.min(a.right, b.right) > Math.max(a.left, b.left)
    && Math.min(a.bottom, b.bottom) > Math.max(a.top, b.top);
  const top = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.querySelector(".camera") ?? document;
  const next = [...top.querySelectorAll(".main, .tabs a, .bar button, .shutter, .heading button, .under button")]
    .filter((one) => !one.closest(".toasts") && box(one).width > 0);
  const said = [...document.querySelectorAll(".toast")];
  const words = said.map((one) => box(one.querySelector("span")));
  return {
    said: said.length, next: next.length,
    covered: next.filter((one) => said.some((toast) => meet(box(one), box(toast)))).map((one) => one.textContent),
    caught: words.filter(({left, right, top, bottom}) =>
      document.elementFromPoint((left + right) / 2, (top + bottom) / 2)?.closest(".toast")).length,
    outside: said.map(box).filter(({top, bottom}) => top < 0 || bottom > innerHeight).length,
  };
}"""
# Wherever the page is scrolled to.
FROM_THE_SEARCH = """() => [...document.querySelectorAll(".part")].map((row) =>
  row.getBoundingClientRect().top - document.querySelector("input[type=search]").getBoundingClientRect().top)"""
SCREENS: dict[str, Callable[[Page, Job], None]] = {
    "order": lambda page, _: work(page),
    "photos": to_part("photos"),
    "materials": to_part("materials"),
    "checklist": to_part("checklist"),
    "today": to_today,
    "new": lambda page, _: page.evaluate("location.hash = '#/new'"),
    "me": lambda page, _: page.evaluate("location.hash = '#/me'"),
    "outbox": lambda page, _: page.evaluate("location.hash = '#/outbox'"),
}


def nothing_is_covered(page: Page) -> None:
    for words, wrong, undo in (("已存到手机", False, False), ("已移除", False, True), ("没有存下，" * 6, True, False)):
        page.evaluate(SAY, [words, wrong, undo])
        expect(page.locator(".toast").last).to_contain_text(words)
        found = page.evaluate(OVER)
        assert found["said"] >= 1 and found["next"] >= 1
        assert (found["covered"], found["caught"], found["outside"]) == ([], 0, 0)


@pytest.mark.parametrize("size", [(390, 844), (320, 568)])
@pytest.mark.parametrize("screen", SCREENS)
def test_no_message_lies_over_what_is_pressed_next(
    context: BrowserContext, server: Server, people: People, job: Job, screen: str, size: tuple[int, int]
) -> None:
    page = start(context, server, people.zhang, job)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    SCREENS[screen](page, job)
    page.locator(".under").wait_for()
    expect(page.locator(".toast")).to_have_count(0)
    nothing_is_covered(page)


@pytest.mark.parametrize("name", ["AddLabour", "AskUnable", "CameraView", "ChangePassword"])
def test_no_message_lies_over_the_buttons_of_what_lies_on_top(
    context: BrowserContext, server: Server, people: People, checklist: str, job: Job, name: str
) -> None:
    page = start(context, server, people.zhang, job)
    way, opens, known = OVERLAYS[name]
    way(page, job)
    opens(page)
    expect(page.locator(known)).to_be_visible()
    expect(page.locator(".toast")).to_have_count(0)
    nothing_is_covered(page)


def test_a_part_that_is_added_moves_no_other(
    context: BrowserContext, server: Server, people: People, job: Job, app: APIFlask
) -> None:
    with app.app_context(), writing() as connection:
        for place, name in enumerate(("机械密封", "机械密封（加长型，带防护罩，用于立式多级泵）")):
            identity = PART[:-1] + str(place)
            body = {"id": identity, "number": f"MS-{place}", "name": name, "unit": "件", "unit_price": 18500}
            put_document(connection, "part", identity, body, services().now())
    page = start(context, server, people.zhang, job)
    page.set_viewport_size({"width": 320, "height": 568})
    to_part("materials")(page, job)
    page.get_by_role("searchbox").fill("机械")
    rows = page.locator(".part")
    expect(rows).to_have_count(2)
    before = page.evaluate(FROM_THE_SEARCH)
    for row in (rows.first, rows.last, rows.first):
        row.click()
        expect(page.locator(".said")).to_contain_text("机械密封")
        assert page.evaluate(FROM_THE_SEARCH) == before


def test_a_notice_waits_until_the_finger_is_still(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    page.locator(".bar .round").click()
    page.locator('.tabs a[href="#/me"]').click()
    sheet = page.locator("main .sheet").first
    expect(sheet).to_be_visible()
    page.wait_for_timeout(1000)
    at = sheet.bounding_box()
    short = """async () => {
      const {forgets} = await import("/app/static/app/store/keeping.js");
      dispatchEvent(new PointerEvent("pointerdown"));
      forgets.value = true;
    }"""
    page.evaluate(short)
    page.wait_for_timeout(300)
    assert sheet.bounding_box() == at
    expect(page.locator("main > .notice").first).to_be_visible()
    assert sheet.bounding_box() != at
