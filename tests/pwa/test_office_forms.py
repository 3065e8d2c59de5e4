"""The office's pages in a browser: nothing that was typed is lost, and what a page shows says of what time it is."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from server.database import reading
from server.models import WorkOrder
from tests.conftest import PASSWORD, People, TestPerson
from tests.pwa.conftest import Server
from tests.server.office.scene import Scene

FAULT = "配电房 3 号柜异响"


@pytest.fixture
def page(context: BrowserContext, server: Server, people: People) -> Page:
    made = context.new_page()
    made.goto(f"{server.url}/office/")
    sign_in(made, people.wang)
    return made


def sign_in(page: Page, person: TestPerson) -> None:
    page.get_by_label("用户名").fill(person.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def orders(server: Server) -> list[str]:
    with server.app.app_context(), reading() as connection:
        return list(connection.scalars(select(WorkOrder.id)))


def test_what_was_typed_while_the_session_ended_is_in_its_form_again(
    page: Page, server: Server, people: People
) -> None:
    page.goto(f"{server.url}/office/intake?without=file")
    page.get_by_role("textbox", name="报修内容").fill(FAULT)
    page.get_by_role("radio", name=re.compile("^紧急")).check()
    page.get_by_role("checkbox", name=re.compile(people.zhang.name)).check()
    page.get_by_label("日期").fill("2026-12-01")
    page.context.clear_cookies(name="undercroft_office")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("刚才的内容还没有提交")).to_be_visible()
    sign_in(page, people.wang)
    expect(page.get_by_text("刚才填写的内容已放回表里，还没有提交")).to_be_visible()
    expect(page).to_have_url(f"{server.url}/office/intake?without=file")
    expect(page.get_by_role("textbox", name="报修内容")).to_have_value(FAULT)
    expect(page.get_by_role("radio", name=re.compile("^紧急"))).to_be_checked()
    expect(page.get_by_role("checkbox", name=re.compile(people.zhang.name))).to_be_checked()
    expect(page.get_by_role("checkbox", name=re.compile(people.li.name))).not_to_be_checked()
    assert orders(server) == []

    # A form that cannot be taken in comes back as well, and says why.
    page.get_by_label("从").fill("18:00")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("计划时间要有日期、开始和结束")).to_be_visible()
    expect(page.get_by_role("textbox", name="报修内容")).to_have_value(FAULT)
    page.get_by_label("日期").fill("")
    page.get_by_label("从").fill("")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_role("heading", name=FAULT)).to_be_visible()
    assert len(orders(server)) == 1

    # Once it is sent, nothing is filled in any more.
    page.goto(f"{server.url}/office/intake?without=file")
    expect(page.get_by_role("textbox", name="报修内容")).to_have_value("")

    # On an order's page the form is found again where it is folded away.
    page.goto(f"{server.url}/office/orders/{orders(server)[0]}")
    note = page.get_by_placeholder("写备注，技师也看得到")
    note.fill("钥匙在门卫")
    page.context.clear_cookies(name="undercroft_office")
    note.locator("xpath=ancestor::form").get_by_role("button").click()
    sign_in(page, people.wang)
    expect(note).to_have_value("钥匙在门卫")
    expect(note).to_be_focused()


def test_what_was_typed_is_shown_to_nobody_else(page: Page, server: Server, people: People) -> None:
    page.goto(f"{server.url}/office/intake?without=file")
    fault = page.get_by_role("textbox", name="报修内容")
    fault.fill(FAULT)
    page.context.clear_cookies()
    page.get_by_role("button", name="登记").click()
    sign_in(page, people.chen)
    expect(page.get_by_text("是别人填的")).to_be_visible()
    page.goto(f"{server.url}/office/intake?without=file")
    expect(fault).to_have_value("")

    # Nor is what waits in the tab for the page to come.
    kept = {"action": "/office/intake", "page": "/office/intake?without=file", "fields": [["fault", FAULT]], "said": []}
    for writer, shown in ((people.wang.id, ""), (people.chen.id, FAULT)):
        page.evaluate("kept => sessionStorage.setItem('undercroft-typed', kept)", json.dumps(kept | {"writer": writer}))
        page.goto(f"{server.url}/office/intake?without=file")
        expect(fault).to_have_value(shown)


def test_who_goes_back_and_sends_again_opens_no_second_order(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/office/intake?without=file")
    fault, register = page.get_by_role("textbox", name="报修内容"), page.get_by_role("button", name="登记")
    once = page.locator("form.cols input[name=once]").input_value()
    for _ in range(2):
        expect(page.locator("form.cols input[name=once]")).to_have_value(once)
        fault.fill(FAULT)
        register.click()
        expect(page.get_by_role("heading", name=FAULT)).to_be_visible()
        opened = page.url
        page.go_back()
    expect(page.locator("form.cols input[name=once]")).to_have_value(once)
    assert len(orders(server)) == 1
    fault.fill("对讲机没有声音")
    register.click()
    expect(page.get_by_text(re.compile("这张表已经开了工单"))).to_be_visible()
    expect(page.get_by_role("link", name="查看这张工单")).to_have_attribute(
        "href", re.compile(opened.rpartition("/")[2])
    )
    expect(fault).to_have_value("对讲机没有声音")
    assert len(orders(server)) == 1
    register.click()
    expect(page.get_by_role("heading", name="对讲机没有声音")).to_be_visible()
    assert len(orders(server)) == 2
    note = page.get_by_placeholder("写备注，技师也看得到")
    form = page.locator("form.note input[name=once]")
    once, here = form.input_value(), page.url
    for _ in range(2):
        expect(form).to_have_value(once)
        note.fill("钥匙在门卫")
        note.locator("xpath=ancestor::form").get_by_role("button").click()
        expect(page.get_by_text(re.compile("已保存。|这张表已经提交过"))).to_be_visible()
        page.go_back()
    expect(form).to_have_value(once)
    page.goto(here)
    expect(page.get_by_text("钥匙在门卫", exact=True)).to_have_count(1)


def test_a_window_over_night_or_after_the_deadline_is_said_while_it_is_chosen(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/office/intake?without=file")
    day = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=9)
    page.get_by_label("日期").fill(f"{day:%Y-%m-%d}")
    page.get_by_label("从").fill("14:00")
    page.get_by_label("到", exact=True).fill("16:00")
    overnight, said = page.get_by_label("跨夜，到次日结束"), page.locator("[data-window-said]")
    expect(overnight).to_be_hidden()
    page.get_by_label("从").fill("18:00")
    expect(overnight).to_be_visible()
    after = day + timedelta(days=1)
    expect(said).to_contain_text(f"到次日 {after.month}月{after.day}日")
    expect(said).to_contain_text("16:00 结束，共 22 小时。 开始时间已晚于到场时限")
    page.get_by_role("textbox", name="报修内容").fill(FAULT)
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("没有保存：结束时间早于开始时间")).to_be_visible()
    assert orders(server) == []
    overnight.check()
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_role("heading", name=FAULT)).to_be_visible()
    assert len(orders(server)) == 1


def test_today_says_when_nothing_newer_comes(page: Page, server: Server, people: People) -> None:
    page.clock.install()
    page.goto(f"{server.url}/office/")
    silent, ended = (page.locator(f"[data-stale={why}]") for why in ("silent", "ended"))
    page.clock.run_for(21_000)
    expect(silent).to_be_hidden()
    with page.expect_request("**/office/*part=live*"):
        page.route("**/office/*part=live*", lambda route: route.fulfill(status=200, body="<h1>酒店无线网</h1>"))
        page.clock.run_for(21_000)
    expect(silent).to_contain_text(re.compile(r"截至 \d\d:\d\d:\d\d。之后服务器没有回应"))
    expect(page.get_by_text("酒店无线网")).to_have_count(0)
    page.unroute_all()
    page.clock.run_for(21_000)
    expect(silent).to_be_hidden()
    page.route("**/office/*part=live*", lambda route: route.fulfill(status=500))
    page.clock.run_for(21_000)
    expect(silent).to_be_visible()
    page.unroute_all()
    page.context.clear_cookies(name="undercroft_office")
    page.clock.run_for(21_000)
    expect(ended).to_contain_text("您已退出登录")
    expect(silent).to_be_hidden()
    ended.get_by_role("link").click()
    sign_in(page, people.wang)
    expect(page.get_by_role("heading", name="今天", level=1)).to_be_visible()


def test_no_page_scrolls_sideways_on_the_narrowest_phone(page: Page, server: Server, password_hash: str) -> None:
    with server.app.app_context():
        scene = Scene(server.app, password_hash)
        scene.person("desk", "前台", "service_desk")
        place = scene.site("9", "桂林市叠彩山房地产开发有限公司第二物业服务中心", "漓江花园东区 12 栋地下二层水泵房")
        scene.open("desk", "generator-set-without-any-blank-in-its-name 漏油", place, None, ("14:00", "16:00"))
    page.set_viewport_size({"width": 320, "height": 640})
    wide = []
    addresses = ["", "orders", "inbox", "people", "account", "evidence", "intake", "intake?without=file", "import"]
    for address in [*addresses, *(f"orders/{each}" for each in orders(server)), f"intake?customer={place[0]}"]:
        page.goto(f"{server.url}/office/{address}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(address)
        here = page.locator(".rooms li [aria-current]")
        assert here.count() == 0 or here.evaluate("({ offsetLeft }) => offsetLeft >= 0")
        box = here.bounding_box() if here.count() else None
        assert box is None or (box["x"] >= 0 and box["x"] + box["width"] <= 320), address
    assert wide == []
    assert page.locator(".rooms").bounding_box()["height"] < 640 / 5  # type: ignore[index]
