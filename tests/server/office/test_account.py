"""My account, the office's page: one's own password and sessions, for every role that signs in there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import update

from server.database import writing
from server.models import OFFICE_ROLES, Person, SessionToken
from server.services import utc_now
from server.web import known_browser
from tests.conftest import PASSWORD, People
from tests.reference_client import Client, uuid7

Browser = Callable[..., FlaskClient]
NEW = "another horse, another battery"
CONFIRMED = {"password": PASSWORD}
FORM = {"old": PASSWORD, "new": NEW, "again": NEW}
ENDING = re.compile(r'action="(/office/account/sessions/[0-9a-f-]{36}/ending)"')


@pytest.mark.parametrize("role", sorted(OFFICE_ROLES))
def test_everybody_in_the_office_finds_their_account_in_the_head(
    people: People, browser: Browser, app: APIFlask, role: str
) -> None:
    with app.app_context(), writing() as connection:
        connection.execute(update(Person).where(Person.id == people.chen.id).values(role=role))
    chen = browser("chen")
    assert 'href="/office/account"' in chen.get("/office/").text
    page = chen.get("/office/account")
    assert page.status_code == 200 and "本浏览器" in page.text and "登录位置" in page.text


def test_the_own_password_is_changed_and_only_this_browser_goes_on(
    people: People, browser: Browser, live_server: str
) -> None:
    here, elsewhere, phone = browser("wang"), browser("wang"), Client(live_server)
    phone.sign_in("wang", PASSWORD)
    answer = here.post("/office/account/password", data=FORM)
    assert (answer.status_code, answer.location) == (303, "/office/account")
    assert "密码已更改" in here.get("/office/account").text
    shut_out = elsewhere.get("/office/people", follow_redirects=True)
    assert shut_out.request.path == "/office/sign-in" and "密码已更改。请用新密码登录" in shut_out.text
    with pytest.raises(Exception, match="session_ended"):
        phone.sync()
    form = {"username": "wang", "password": NEW}
    assert elsewhere.post("/office/sign-in", data=form).status_code == 303


def test_the_browser_in_which_the_password_changed_is_known_under_the_new_one(
    people: People, browser: Browser, app: APIFlask
) -> None:
    here = browser("wang")
    here.post("/office/account/password", data=FORM)
    for _ in range(10):
        app.test_client().post("/office/sign-in", data={"username": "wang", "password": "guess"})
    form = {"username": "wang", "password": NEW}
    assert app.test_client().post("/office/sign-in", data=form).status_code == 429
    assert here.get_cookie(known_browser.COOKIE, path=known_browser.PATH) is not None
    assert here.post("/office/sign-in", data=form).status_code == 303


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({}, 422, "请填写当前密码和新密码"),
        (FORM | {"old": ""}, 422, "请填写当前密码和新密码"),
        (FORM | {"again": "another"}, 422, "两次输入的新密码不一样"),
        (FORM | {"old": "guess"}, 401, "当前密码不对"),
        (FORM | {"new": "short", "again": "short"}, 422, "密码至少需要 12 个字符"),
        (FORM | {"new": "wangwangwang", "again": "wangwangwang"}, 422, "密码里有本"),
        (FORM | {"new": "undercroft-2026", "again": "undercroft-2026"}, 422, "密码里有本"),
    ],
)
def test_what_cannot_be_is_said_with_its_reason_and_no_password_stands_on_the_page(
    people: People, browser: Browser, form: dict[str, str], status: int, said: str
) -> None:
    here = browser("wang")
    answer = here.post("/office/account/password", data=form)
    assert answer.status_code == status
    alert = answer.text.partition('role="alert"')[2].partition("</p>")[0]
    assert said in alert, alert
    assert not any(each in answer.text for each in form.values() if each)
    assert here.get("/office/people").status_code == 200
    assert browser("wang").get("/office/people").status_code == 200, "the password is as it was"


def test_one_session_is_ended_and_the_others_go_on(people: People, browser: Browser) -> None:
    one, two, here = browser("wang"), browser("wang"), browser("wang")
    [newer, older] = ENDING.findall(here.get("/office/account").text)
    assert here.post(older, data=CONFIRMED).location == "/office/account"
    assert "登录已结束" in here.get("/office/account").text
    assert "您自己在另一台手机或浏览器上结束了这次登录" in one.get("/office/people", follow_redirects=True).text
    assert two.get("/office/people").status_code == here.get("/office/people").status_code == 200
    assert ENDING.findall(here.get("/office/account").text) == [newer]


@pytest.mark.parametrize(
    ("form", "status", "said"), [({}, 422, "请同时输入您的密码"), ({"password": "guess"}, 401, "密码不对")]
)
@pytest.mark.parametrize("which", ["one", "others"])
def test_without_the_password_nothing_is_ended_and_the_page_says_so(
    people: People, browser: Browser, form: dict[str, str], status: int, said: str, which: str
) -> None:
    other, here = browser("wang"), browser("wang")
    [one] = ENDING.findall(here.get("/office/account").text)
    answer = here.post(one if which == "one" else "/office/account/sessions/others/ending", data=form)
    alert = answer.text.partition('role="alert"')[2].partition("</p>")[0]
    assert answer.status_code == status and "未结束" in alert and said in alert
    assert other.get("/office/people").status_code == 200


def test_what_is_of_one_name_has_marks_and_the_order_that_it_last_wrote_on(
    people: People, browser: Browser, live_server: str
) -> None:
    phone, target = Client(live_server), uuid7()
    phone.sign_in("wang", PASSWORD)
    phone.write("order.open", target, {"kind": "repair", "fault": "水泵漏水"})
    phone.sync()
    browser("wang")
    here = browser("wang", "en")
    page = here.get("/office/account").text
    others = {path.split("/")[-2] for path in ENDING.findall(page)}
    assert len(others) == 2 and phone.ledger.device in others
    assert all(f"mark {other[-4:].upper()} " in page for other in others)
    number = phone.call("GET", f"/api/v1/work-orders/{target}").json()["body"]["number"]
    assert page.count(f"last on {number}") == 1
    assert f"mark {phone.ledger.device[-4:].upper()} " in here.get("/office/people").text


def test_all_others_are_ended_with_the_password(people: People, browser: Browser) -> None:
    other, here = browser("wang"), browser("wang")
    here.post("/office/account/sessions/others/ending", data=CONFIRMED)
    assert "其他登录已全部结束" in here.get("/office/account").text
    assert other.get("/office/people").status_code == 303
    assert "/others/ending" not in here.get("/office/account").text


def test_somebody_elses_session_is_not_found(people: People, browser: Browser) -> None:
    browser("wang")
    here, chen = browser("wang"), browser("chen")
    [path] = ENDING.findall(here.get("/office/account").text)
    assert chen.post(path, data=CONFIRMED).status_code == 404
    assert ENDING.findall(here.get("/office/account").text) == [path]


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}], ids=str)
@pytest.mark.parametrize("path", ["password", "sessions/others/ending", "session"])
def test_another_site_changes_nothing(people: People, browser: Browser, headers: dict[str, str], path: str) -> None:
    other, here = browser("wang"), browser("wang")
    [ending] = ENDING.findall(here.get("/office/account").text)
    address = ending if path == "session" else f"/office/account/{path}"
    assert here.post(address, data=FORM | CONFIRMED, headers=headers).status_code == 403
    assert other.get("/office/people").status_code == 200


def test_a_session_of_before_this_version_is_one_of_an_unknown_browser(
    people: People, browser: Browser, app: APIFlask
) -> None:
    browser("wang")
    here = browser("wang")
    with app.app_context(), writing() as connection:
        connection.execute(update(SessionToken).values(browser=None, created_at=utc_now() - timedelta(days=1)))
    assert here.get("/office/account").text.count("未知浏览器") >= 2
