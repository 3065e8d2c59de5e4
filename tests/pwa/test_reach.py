"""What the phone says of the way to the server: what the last contact said, and not what the browser believes."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.conftest import People
from tests.pwa.conftest import Film, Job, Server
from tests.pwa.test_conditions import SEND, show
from tests.pwa.test_screens import start, step

APP = Path(__file__).resolve().parents[2] / "pwa" / "static" / "app"
EVERYTHING = re.compile(r"/(api/v1|healthz)")
PORTAL = "<!doctype html><title>Wi-Fi</title><form>请输入手机号登录</form>"

GOOD = "有信号"
NO_ANSWER = "有信号，服务器没应答"
WANTS_SIGN_IN = "网络要求先登录"
FAULTY = "服务器出错"


def html(route: Route) -> None:
    """A portal's page in place of every answer."""
    route.fulfill(status=200, content_type="text/html", body=PORTAL)


def elsewhere(route: Route) -> None:
    """A portal that leads everything to its own address, where the app may not read."""
    route.fulfill(status=302, headers={"Location": "http://portal.invalid/login"})


def own_page(route: Route) -> None:
    """The word of a network that knows the standard."""
    route.fulfill(status=511, content_type="text/html", body=PORTAL)


def broken(route: Route) -> None:
    """A fault of our server."""
    route.fulfill(status=500, content_type="application/problem+json", body=json.dumps({"code": "internal_error"}))


def gateway(route: Route) -> None:
    """A proxy that finds no server behind it."""
    route.fulfill(status=502, content_type="text/html", body="<h1>502 Bad Gateway</h1>")


def says(page: Page) -> str:
    """What the header says of the signal."""
    return page.locator(".state [data-reach]").inner_text().strip()


def send_by_hand(page: Page) -> None:
    page.get_by_role("button", name="立即发送").click()


def outbox(context: BrowserContext, server: Server, people: People, job: Job) -> Page:
    """Zhang's phone with one line that waits, at the outbox."""
    page = start(context, server, people.zhang, job)
    page.evaluate(SEND)
    show(page, "today")
    expect(page.locator(".state [data-reach]")).to_have_text(GOOD)
    context.set_offline(True)
    show(page, f"orders/{job.id}")
    step(page, "接单")
    expect(page.locator(".foot .main")).to_have_text("出发")
    show(page, "outbox")
    return page


CASES: dict[str, tuple[Callable[[Route], None], str, str]] = {
    "portal": (html, WANTS_SIGN_IN, "应答的不是服务器，而是网络自己的网页"),
    "portal that leads away": (elsewhere, WANTS_SIGN_IN, "应答的不是服务器，而是网络自己的网页"),
    "portal by the standard": (own_page, WANTS_SIGN_IN, "应答的不是服务器，而是网络自己的网页"),
    "fault": (broken, FAULTY, "能连到服务器，但它现在出错"),
    "gateway": (gateway, FAULTY, "能连到服务器，但它现在出错"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_answers_in_place_of_the_server_is_told_in_the_header_and_to_who_sends(
    name: str, context: BrowserContext, server: Server, people: People, job: Job, film: Film
) -> None:
    how, header, why = CASES[name]
    page = outbox(context, server, people, job)
    page.route(EVERYTHING, how)
    context.set_offline(False)
    expect(page.locator(".state [data-reach]")).to_have_text(header)
    send_by_hand(page)
    came = page.locator("main [role=status] .notice")
    expect(came).to_contain_text("没有发出")
    expect(came).to_contain_text(why)
    film(page)
    page.unroute(EVERYTHING)
    send_by_hand(page)
    expect(came).to_contain_text(re.compile("已发送 [12] 项|没有要发送的内容"))
    expect(page.locator(".state [data-reach]")).to_have_text(GOOD)
    expect(page.get_by_text(why)).to_have_count(0)


def test_a_dead_server_is_no_signal_that_is_good_and_no_signal_is_said_as_such(
    context: BrowserContext, server: Server, people: People, job: Job, film: Film
) -> None:
    page = outbox(context, server, people, job)
    expect(page.locator(".state [data-reach]")).to_have_text("无信号")
    send_by_hand(page)
    expect(page.locator("main [role=status] .notice")).to_contain_text("没有发出。现在没有信号")
    server.stop()
    context.set_offline(False)
    expect(page.locator(".state [data-reach]")).to_have_text(NO_ANSWER)
    send_by_hand(page)
    expect(page.locator("main [role=status] .notice")).to_contain_text("没有发出。有信号，但服务器没有应答")
    film(page)
    server.start()
    send_by_hand(page)
    expect(page.locator("main [role=status] .notice")).to_contain_text("已发送 1 项。")
    expect(page.locator(".state [data-reach]")).to_have_text(GOOD)
    film(page)
    send_by_hand(page)
    expect(page.locator("main [role=status] .notice")).to_contain_text("没有要发送的内容")


def test_a_server_that_keeps_silent_is_told_before_the_request_is_given_up(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    page.evaluate(SEND)
    show(page, "outbox")
    expect(page.locator(".state [data-reach]")).to_have_text(GOOD)
    page.clock.install()
    waiting: list[Route] = []
    page.route("**/api/v1/sync", lambda route: waiting.append(route))
    send_by_hand(page)
    expect(page.get_by_text("正在联系服务器")).to_be_visible()
    asked = time.monotonic() + 30
    while not waiting and time.monotonic() < asked:
        page.wait_for_timeout(50)  # A request is told while the test waits.
    assert len(waiting) == 1 and says(page) == GOOD
    page.clock.fast_forward(11_000)
    expect(page.locator(".state [data-reach]")).to_have_text(NO_ANSWER)
    expect(page.get_by_text("正在联系服务器")).to_be_visible()
    page.clock.fast_forward(60_000)
    expect(page.locator("main [role=status] .notice")).to_contain_text("没有成功。有信号，但服务器没有应答")
    page.unroute("**/api/v1/sync")
    send_by_hand(page)
    expect(page.locator("main [role=status] .notice")).to_contain_text("没有要发送的内容")
    expect(page.locator(".state [data-reach]")).to_have_text(GOOD)


def test_who_signs_in_behind_a_portal_is_told_that_the_network_wants_a_sign_in(
    context: BrowserContext, server: Server, people: People
) -> None:
    page = context.new_page()
    page.goto(f"{server.url}/app/")
    page.get_by_label("用户名").fill(people.zhang.username)
    page.get_by_label("密码").fill(people.zhang.password)
    page.route(EVERYTHING, html)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("这个网络要求先登录")


def test_only_one_place_asks_the_browser_whether_there_is_signal() -> None:
    readers = [path.name for path in APP.rglob("*.js") if "onLine" in path.read_text("utf-8")]
    assert readers == ["reach.js"]
