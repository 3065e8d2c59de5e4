"""What lies over a page: back closes it and nothing else, and the history is what it was."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import People, TestPerson
from tests.pwa.conftest import Job, Server
from tests.pwa.keeping import noisy_jpeg
from tests.pwa.test_screens import hand_to_customer, start, step, work
from tests.pwa.waiting import until
from tests.reference_client import Ledger

APP = Path(__file__).parents[2] / "pwa" / "static" / "app"
# A part that opens one of them itself: a sheet, or something that says so.
OPENS = re.compile(r"<\$\{Ask(?:Choice)?\}|useOverlay\(")
PART = re.compile(r"^(?:export )?function (\w+)\(", re.MULTILINE)
# A layer of its own making, without the one part that knows the history.
BY_HAND = re.compile(r"showModal\(|aria-modal|role=\"dialog\"")
MADE_OF_OTHERS = {"Ask", "AskChoice", "useOverlay"}

FULL = """() => {
  for (const name of ["put", "add"]) IDBObjectStore.prototype[name] = function () {
    throw new DOMException("no room", "QuotaExceededError"); };
}"""
PLACE = "[location.hash, history.state?.depth ?? 0, history.state?.over ?? 0]"


def parts_of(text: str) -> dict[str, str]:
    """The functions at the top level of a module, each with its text."""
    begins = [*PART.finditer(text)]
    ends = [*(one.start() for one in begins), len(text)][1:]
    return {one[1]: text[one.start() : end] for one, end in zip(begins, ends, strict=True)}


def overlays_in_code() -> set[str]:
    """The name of every part that opens one."""
    texts = [path.read_text("utf-8") for path in sorted(APP.rglob("*.js"))]
    found = {name for text in texts for name, body in parts_of(text).items() if OPENS.search(body)}
    return found - MADE_OF_OTHERS


def to_part(part: str) -> Callable[[Page, Job], None]:
    """The order's screen of that name, while the job is under way."""

    def go(page: Page, _: Job) -> None:
        work(page)
        page.locator(f'a[href$="/{part}"]').first.click()

    return go


def to_sign(page: Page, _: Job) -> None:
    work(page)
    answer(page)
    step(page, "完工，请客户签字")


def answer(page: Page) -> None:
    """The required item of the checklist, and back."""
    page.locator('.doors a[href$="/checklist"]').click()
    page.get_by_role("radio", name="合格", exact=True).click()
    step(page, "好")


def to_customer(page: Page, job: Job) -> None:
    to_sign(page, job)
    hand_to_customer(page)


def to_hand_back(page: Page, job: Job) -> None:
    to_sign(page, job)
    hand_to_customer(page, "2580")
    page.get_by_role("button", name="先不签").click()


def to_me(page: Page, _: Job) -> None:
    page.locator(".bar .round").click()
    page.locator('.tabs a[href="#/me"]').click()


def to_me_unsent(page: Page, job: Job) -> None:
    work(page)
    page.context.set_offline(True)
    page.get_by_label("诊断").fill("轴封磨损")
    page.get_by_label("诊断").blur()
    page.get_by_text("已存到手机", exact=True).wait_for()
    to_me(page, job)


def to_today(page: Page, _: Job) -> None:
    page.locator(".bar .round").click()
    page.locator('.tabs a[href="#/outbox"]').click()
    page.locator('.tabs a[href="#/today"]').click()


def to_photo(page: Page, job: Job) -> None:
    to_part("photos")(page, job)
    page.locator("input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": noisy_jpeg(64)}
    )
    page.locator(".photo").wait_for()


def to_viewer(page: Page, job: Job) -> None:
    to_photo(page, job)
    page.locator(".photo").click()
    page.locator(".viewer").wait_for()


def to_full_camera(page: Page, job: Job) -> None:
    to_part("photos")(page, job)
    page.locator(".foot .main").click()
    until(page, "() => document.querySelector('video')?.videoWidth > 0")
    page.evaluate(FULL)


def to_unkept(page: Page, job: Job) -> None:
    work(page)
    page.evaluate(FULL)
    page.get_by_label("诊断").fill("轴封磨损")
    page.locator(".notice", has_text="再存一次").wait_for()


def press(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name, exact=True).first.click()


def main(page: Page) -> None:
    page.locator(".foot .main").click()


SHEET = "dialog.ask[open]"
# Of each part that opens one: the way to where it is, what opens it, and how it is known.
OVERLAYS: dict[str, tuple[Callable[[Page, Job], None], Callable[[Page], None], str]] = {
    "AddOther": (to_part("materials"), press("目录外"), SHEET),
    "AddLabour": (to_part("materials"), press("添加"), SHEET),
    "RefuseDialog": (to_sign, press("客户不在 / 拒签"), SHEET),
    "ChoosePin": (to_sign, main, SHEET),
    "AskPin": (to_hand_back, main, SHEET),
    "ChangePassword": (to_me, press("更改密码"), SHEET),
    "NamePhone": (to_me, press("改名"), SHEET),
    "Confirm": (to_me, press("结束其他全部登录"), SHEET),
    "AskPause": (lambda page, _: work(page), press("暂停（待件…）"), SHEET),
    "AskUnable": (lambda page, _: work(page), press("未能完成"), SHEET),
    "PhotoWords": (to_viewer, press("改说明"), SHEET),
    "Blocked": (lambda page, _: work(page), main, SHEET),
    "Objection": (to_customer, press("有不对的地方"), SHEET),
    "CameraView": (to_part("photos"), main, ".camera"),
    "Viewer": (to_photo, lambda page: page.locator(".photo").click(), ".viewer"),
    "SearchField": (to_today, press("搜索"), ".searching"),
    "AskLeaving": (to_unkept, lambda page: page.locator(".bar .round").click(), SHEET),
    "CameraView, on a full phone": (to_full_camera, press("拍照"), SHEET),
    "Refused": (to_me_unsent, press("退出登录"), SHEET),
}


def sign_in_elsewhere(server: Server, person: TestPerson) -> None:
    """Another phone of theirs."""
    who = {"username": person.username, "password": person.password}
    ledger = Ledger()
    device = {"id": ledger.device, "name": "旧手机", "public_key": ledger.public_key}
    body = json.dumps(who | {"device": device}).encode()
    request = Request(f"{server.url}/api/v1/session", body, {"Content-Type": "application/json"})
    with urlopen(request) as answer:
        assert answer.status == 200


def is_open(page: Page, name: str) -> None:
    expect(page.locator(OVERLAYS[name][2])).to_be_visible()


def is_closed(page: Page, name: str) -> None:
    expect(page.locator(OVERLAYS[name][2])).to_have_count(0)


def test_every_overlay_of_the_code_is_tried_here() -> None:
    assert overlays_in_code() == {name.split(",")[0] for name in OVERLAYS}


def test_no_layer_is_made_without_the_history_knowing() -> None:
    for path in APP.rglob("*.js"):
        for name, body in parts_of(path.read_text("utf-8")).items():
            assert "useOverlay(" in body or not BY_HAND.search(body), f"{path.name}: {name}"


@pytest.mark.parametrize("name", OVERLAYS)
def test_back_closes_what_lies_on_top_and_leaves_the_page(
    context: BrowserContext, server: Server, people: People, checklist: str, job: Job, name: str
) -> None:
    sign_in_elsewhere(server, people.zhang)
    page = start(context, server, people.zhang, job)
    way, opens, _ = OVERLAYS[name]
    way(page, job)
    page.wait_for_timeout(300)
    under = page.evaluate(PLACE)
    opens(page)
    is_open(page, name)
    until(page, f"() => (history.state?.over ?? 0) === {under[2] + 1}")
    length = page.evaluate("history.length")
    page.go_back()
    is_closed(page, name)
    assert page.evaluate(PLACE) == under
    # What is opened and closed again and again leaves nothing behind.
    for closes in (lambda: page.go_back(), lambda: page.keyboard.press("Escape")):
        if name.startswith("CameraView, on"):
            break  # Its photo is gone with its sheet.
        opens(page)
        is_open(page, name)
        page.wait_for_timeout(300)
        closes()
        is_closed(page, name)
        page.wait_for_timeout(300)
        assert page.evaluate(PLACE) == under
    assert page.evaluate("history.length") == length


def test_closed_by_its_button_the_history_is_as_it_was(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    for _ in range(3):
        press("未能完成")(page)
        expect(page.locator(SHEET)).to_be_visible()
        page.get_by_role("button", name="关闭").click()
        expect(page.locator(SHEET)).to_have_count(0)
    until(page, "() => (history.state?.over ?? 0) === 0")
    # Nothing comes again by going forward, and one step back leads on.
    page.evaluate("history.forward()")
    page.wait_for_timeout(500)
    expect(page.locator(SHEET)).to_have_count(0)
    assert page.evaluate(PLACE) == [f"#/orders/{job.id}", 1, 0]
    page.go_back()
    expect(page.locator("h1")).to_have_text("今天")
    page.go_forward()
    expect(page.locator("h1")).to_have_text("水泵漏水")


def test_a_restart_within_an_overlay_shows_the_page_and_one_step_back_leads_on(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    press("未能完成")(page)
    page.get_by_label("其他原因").fill("电梯停了")
    until(
        page,
        """async () => (await (await (await import("/app/static/app/store/database.js")).store())
             .getAll("drafts")).some((draft) => draft.value === "电梯停了")""",
    )
    page.reload()
    expect(page.locator("h1")).to_have_text("水泵漏水")
    until(page, "() => (history.state?.over ?? 0) === 0")
    # What was typed on the sheet is on it again.
    press("未能完成")(page)
    expect(page.get_by_label("其他原因")).to_have_value("电梯停了")
    until(page, "() => history.state?.over === 1")
    page.go_back()
    expect(page.locator(SHEET)).to_have_count(0)
    press("未能完成")(page)
    expect(page.get_by_label("其他原因")).to_have_value("电梯停了")
    until(page, "() => history.state?.over === 1")
    page.go_back()
    page.go_back()
    expect(page.locator("h1")).to_have_text("今天")


def test_a_screen_that_a_sheet_leads_to_takes_its_place(
    context: BrowserContext, server: Server, people: People, checklist: str, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    step(page, "完工，请客户签字")
    page.locator(f"{SHEET} .main").click()
    expect(page.locator("h1")).to_have_text("检查表")
    page.go_back()
    expect(page.locator("h1")).to_have_text("水泵漏水")
    expect(page.locator(SHEET)).to_have_count(0)
    page.go_back()
    expect(page.locator("h1")).to_have_text("今天")


def test_the_search_has_the_focus_and_is_there_again_behind_what_it_found(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    page.go_back()
    press("搜索")(page)
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("水泵")
    page.locator(f'a[href="#/orders/{job.id}"]').click()
    expect(page.locator("h1")).to_have_text("水泵漏水")
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("水泵")
    page.go_forward()
    expect(page.locator("h1")).to_have_text("水泵漏水")
    page.locator(".bar .round").click()
    expect(page.get_by_role("searchbox")).to_have_value("水泵")
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_count(0)
    expect(page.locator("h1")).to_have_text("今天")
