"""My own account on the phone: the password, where I am signed in, and why a session has ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from apiflask import APIFlask
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select

from server.database import reading, writing
from server.models import Device
from server.sync.operations.accounts import Ended, end_sessions
from tests.conftest import PASSWORD, People, TestPerson
from tests.pwa.conftest import Job, Phone, Server
from tests.pwa.conftest import sign_in as sign_in_bench
from tests.pwa.test_conditions import SEND, UNSENT, show, sign_in
from tests.pwa.test_screens import start, step
from tests.pwa.test_typed_text import DRAFTS, FULL
from tests.pwa.waiting import until

NEW = "lake cane fuss over"
WHY = "import('/app/static/app/store/session.js').then(({session}) => session.value.why)"
SENTENCES = {
    "password_changed": "密码已更改。请用新密码登录；已记录的都还在手机里",
    "account_closed": "账号已停用。请联系管理员；已记录的都还在手机里",
    "ended": "管理员结束了您的全部登录。请重新登录；已记录的都还在手机里",
    "ended_by_self": "您自己在另一台手机或浏览器上结束了这台手机的登录。请重新登录；已记录的都还在手机里",
}


@pytest.fixture
def other(browser: Browser) -> Iterator[BrowserContext]:
    """Another phone of the same person."""
    made = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True)
    made.set_default_timeout(15_000)
    yield made
    made.close()


def on_me(context: BrowserContext, server: Server, person: TestPerson) -> Page:
    """The screen Me of somebody who has just signed in."""
    page = context.new_page()
    page.goto(f"{server.url}/app/")
    sign_in(page, person)
    expect(page.locator(".tabs")).to_be_visible()
    show(page, "me")
    return page


def sessions(page: Page) -> str:
    """The selector of the list of sessions."""
    return 'section[aria-label="登录位置"]'


def change_password(page: Page, old: str, new: str) -> None:
    page.get_by_role("button", name="更改密码").click()
    page.get_by_label("当前密码").fill(old)
    page.get_by_label("新密码").fill(new)
    page.get_by_role("dialog").get_by_role("button", name="更改密码").click()


def confirm(page: Page, password: str, name: str) -> None:
    """Give the password in the dialog that asks for it, and press the button of this name."""
    page.get_by_role("dialog").get_by_label("请输入您的密码").fill(password)
    page.get_by_role("dialog").get_by_role("button", name=name).click()


def test_wrong_passwords_are_told_after_the_sign_in(
    context: BrowserContext, server: Server, people: People, app: APIFlask
) -> None:
    for _ in range(3):
        app.test_client().post("/office/sign-in", data={"username": "zhang", "password": "guess"})
    page = context.new_page()
    page.goto(f"{server.url}/app/")
    sign_in(page, people.zhang)
    said = page.locator(".toast.wrong")
    expect(said).to_contain_text("3")
    expect(said).to_contain_text("密码")
    said.get_by_role("button").click()
    expect(said).to_have_count(0)


def test_the_password_is_changed_and_the_other_phone_keeps_what_it_has_until_the_new_one(
    context: BrowserContext, other: BrowserContext, server: Server, people: People, job: Job
) -> None:
    there = start(other, server, people.zhang, job)
    page = on_me(context, server, people.zhang)
    other.set_offline(True)
    step(there, "接单")
    change_password(page, PASSWORD, NEW)
    expect(page.get_by_text("密码已更改", exact=True)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.evaluate(SEND)
    assert page.evaluate(WHY) is None
    other.set_offline(False)
    asks = there.locator("a.door", has_text=SENTENCES["password_changed"])
    expect(asks).to_be_visible()
    assert there.evaluate(UNSENT) == 1
    asks.click()
    there.get_by_label("密码").fill(NEW)
    there.get_by_role("button", name="登录").click()
    until(there, f"({UNSENT})().then((count) => count === 0)")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("guess", NEW, "当前密码不对，没有更改"),
        (PASSWORD, "short", "密码至少需要 12 个字符"),
        (PASSWORD, "undercroft-2026", "密码里有本程序的名称"),
    ],
)
def test_a_password_that_cannot_be_is_refused_with_its_reason_and_stays_in_the_field(
    context: BrowserContext, server: Server, people: People, old: str, new: str, said: str
) -> None:
    page = on_me(context, server, people.zhang)
    change_password(page, old, new)
    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.get_by_label("新密码")).to_have_value(new)
    expect(page.get_by_label("新密码")).to_have_attribute("type", "password")
    page.get_by_role("button", name="显示输入的内容").click()
    expect(page.get_by_label("新密码")).to_have_attribute("type", "text")
    assert page.evaluate(WHY) is None


def test_without_a_signal_the_account_says_that_it_needs_one(
    context: BrowserContext, server: Server, people: People
) -> None:
    page = on_me(context, server, people.zhang)
    expect(page.locator(sessions(page))).to_contain_text("这台手机")
    context.set_offline(True)
    expect(page.get_by_text("现在没有信号。请到有信号的地方再操作。")).to_have_count(2)
    expect(page.get_by_role("button", name="更改密码")).to_be_disabled()
    expect(page.locator(sessions(page)).get_by_text("这台手机")).to_have_count(0)
    context.set_offline(False)
    expect(page.locator(sessions(page))).to_contain_text("这台手机")
    expect(page.get_by_role("button", name="更改密码")).to_be_enabled()


def test_an_answer_that_is_lost_is_said_to_be_unknown(context: BrowserContext, server: Server, people: People) -> None:
    page = on_me(context, server, people.zhang)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/v1/session/password", lose, times=1)
    change_password(page, PASSWORD, NEW)
    expect(page.get_by_role("alert")).to_contain_text("没有收到回复，密码可能已更改，也可能没有")


def test_own_sessions_are_ended_one_and_all_and_the_other_phone_says_so(
    context: BrowserContext, other: BrowserContext, server: Server, people: People, app: APIFlask
) -> None:
    there = on_me(other, server, people.wang)
    office = app.test_client()
    office.post("/office/sign-in", data={"username": "wang", "password": PASSWORD})
    page = on_me(context, server, people.wang)
    own = page.locator(sessions(page))
    ends = own.get_by_role("button", name=re.compile("结束“"))
    expect(ends).to_have_count(2)
    expect(own.get_by_text("这台手机", exact=True)).to_have_count(1)
    assert all((button.bounding_box() or {"height": 0})["height"] >= 44 for button in ends.all())
    own.locator(".row", has_text="手机应用").get_by_role("button").click()
    page.get_by_role("dialog").get_by_role("button", name="保持不变").click()
    expect(ends).to_have_count(2)
    own.locator(".row", has_text="手机应用").get_by_role("button").click()
    confirm(page, "guess", "结束这个登录")
    expect(page.get_by_role("alert")).to_contain_text("未结束：密码不对")
    expect(ends).to_have_count(2)
    confirm(page, PASSWORD, "结束这个登录")
    expect(page.get_by_text("登录已结束", exact=True)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(ends).to_have_count(1)
    assert office.get("/office/people").status_code == 200
    there.evaluate(SEND)
    expect(there.locator("a.door", has_text=SENTENCES["ended_by_self"])).to_be_visible()
    own.get_by_role("button", name="未登录的手机 1 台").click()
    expect(own.get_by_text("未登录", exact=True)).to_be_visible()
    own.get_by_role("button", name="结束其他全部登录").click()
    confirm(page, PASSWORD, "结束其他全部")
    expect(ends).to_have_count(0)
    assert office.get("/office/people").status_code == 303


def test_two_phones_of_one_name_are_told_apart_by_what_each_says_of_itself(
    context: BrowserContext, other: BrowserContext, server: Server, people: People, job: Job
) -> None:
    there = start(other, server, people.zhang, job)
    step(there, "接单")
    there.evaluate(SEND)
    show(there, "me")
    page = on_me(context, server, people.zhang)
    marks = [each.get_by_text(re.compile("这台手机：")).inner_text().split()[-1] for each in (page, there)]
    assert len(set(marks)) == 2 and all(re.fullmatch("[0-9A-F]{4}", mark) for mark in marks)
    rows = page.locator(sessions(page)).locator(".row")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="这台手机")).to_contain_text(marks[0])
    expect(rows.filter(has_text=marks[1])).to_contain_text(job.number)
    expect(rows.filter(has_text=marks[0])).not_to_contain_text(job.number)


def called(app: APIFlask) -> list[str]:
    """The names of the phones at the server."""
    with app.app_context(), reading() as connection:
        return list(connection.execute(select(Device.name).where(Device.kind == "phone")).scalars())


def test_a_phone_is_named_at_the_sign_in_and_renamed_on_me(
    context: BrowserContext, server: Server, people: People, app: APIFlask
) -> None:
    page = context.new_page()
    page.goto(f"{server.url}/app/")
    page.get_by_role("button", name="给这台手机起个名字").click()
    page.get_by_label("这台手机的名字").fill("  红色那台\u202e\u200e\u200f\u061c ")
    # A stranger's guess names nothing.
    sign_in(page, replace(people.zhang, password="guess"))
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码")
    assert page.evaluate("localStorage.getItem('undercroft.phone-name')") is None
    sign_in(page, people.zhang)
    expect(page.locator(".tabs")).to_be_visible()
    show(page, "me")
    expect(page.get_by_text("这台手机：红色那台 · 标识")).to_be_visible()
    row = page.locator(sessions(page)).locator(".row")
    expect(row).to_contain_text("红色那台")

    # What is half typed is there again.
    page.get_by_role("button", name="改名").click()
    field = page.get_by_role("dialog").get_by_label("这台手机的名字")
    expect(field).to_have_value("红色那台")
    field.fill("车上的备")
    until(page, DRAFTS, "车上的备")
    page.reload()
    page.get_by_role("button", name="改名").click()
    expect(field).to_have_value("车上的备")
    field.fill("车上的备用机")
    # The server has no name that the phone could not keep.
    page.evaluate(FULL)
    page.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("手机空间已满")
    assert called(app) == ["红色那台"]
    page.evaluate("() => { globalThis.isFull = false; }")
    page.route("**/sessions/present/name", lambda route: route.abort(), times=1)
    page.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("没有收到回复")
    page.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("这台手机：车上的备用机 · 标识")).to_be_visible()
    expect(row).to_contain_text("车上的备用机")

    # The office has it, and it stays: through a restart, the next sign-in, and for whoever else signs in here.
    assert called(app) == ["车上的备用机"]
    for person in (people.zhang, people.li):
        page.evaluate("import('/app/static/app/store/session.js').then(({signOut}) => signOut())")
        page.reload()
        sign_in(page, person)
        show(page, "me")
        expect(page.get_by_text("这台手机：车上的备用机 · 标识")).to_be_visible()


def test_the_sizes_of_text_stand_two_by_two(context: BrowserContext, server: Server, people: People) -> None:
    page = on_me(context, server, people.zhang)
    places = [
        size.bounding_box() for size in page.get_by_role("radiogroup", name="文字大小").get_by_role("radio").all()
    ]
    rows = sorted(place["y"] for place in places if place is not None)
    assert len(rows) == 4 and rows[0] == rows[1] < rows[2] == rows[3]


@pytest.mark.parametrize("why", list(SENTENCES))
def test_why_a_session_ended_is_said_and_still_known_after_a_restart(
    context: BrowserContext, server: Server, people: People, job: Job, app: APIFlask, why: Ended
) -> None:
    page = start(context, server, people.zhang, job)
    with app.app_context(), writing() as connection:
        end_sessions(connection, people.zhang.id, why)
    step(page, "接单")
    expect(page.locator("a.door", has_text=SENTENCES[why])).to_be_visible()
    page.goto("about:blank")
    page.goto(f"{server.url}/app/#/me")
    asks = page.locator("a.door", has_text=SENTENCES[why])
    expect(asks).to_be_visible()
    # Where no password helps, none is asked for.
    is_closed = why == "account_closed"
    expect(page.get_by_text("登录已失效，请先重新登录。")).to_have_count(0 if is_closed else 2)
    asks.click()
    if is_closed:
        expect(page.get_by_role("button", name="导出")).to_be_enabled()
        page.evaluate("() => { location.hash = '#/sign-in'; }")
    expect(page.locator(".sign-in").get_by_text(SENTENCES[why])).to_be_visible()
    assert page.evaluate(UNSENT) == 1


def test_a_reason_that_this_version_does_not_know_is_said_in_general(
    context: BrowserContext, server: Server, people: People, job: Job, app: APIFlask
) -> None:
    page = start(context, server, people.zhang, job)
    with app.app_context(), writing() as connection:
        end_sessions(connection, people.zhang.id, "of_another_day")  # type: ignore[arg-type]  # unknown
    page.evaluate(SEND)
    expect(page.locator("a.door")).to_contain_text("登录已被结束")


def test_an_exchange_that_was_under_way_when_the_password_changed_ends_nothing(phone: Phone, people: People) -> None:
    page = phone.tab()
    sign_in_bench(page, people.zhang)
    under_way: list[Route] = []
    page.route("**/api/v1/sync", lambda route: under_way.append(route), times=1)
    with page.expect_request("**/api/v1/sync"):
        page.evaluate("void (window.sending = core.sendNow())")
    page.evaluate("([old, wanted]) => core.changePassword(old, wanted)", [PASSWORD, NEW])
    told = '{"code": "session_ended", "reason": "password_changed"}'
    under_way[0].fulfill(status=401, content_type="application/problem+json", body=told)
    page.evaluate("window.sending")
    assert page.evaluate("[core.session.value.ended, core.contact.value.state]") == [False, "idle"]
