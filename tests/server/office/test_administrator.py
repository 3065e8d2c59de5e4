"""An administrator's page: passwords, closing and opening accounts, ending sessions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.conftest import People

Browser = Callable[..., FlaskClient]
CONFIRMED = {"reason": "离职", "confirmed": "yes"}
NEW = "another horse, another battery"


def test_an_administrator_closes_and_opens_and_the_old_session_says_why(people: People, browser: Browser) -> None:
    admin, wang = browser("admin"), browser("wang")
    page = f"/office/people/{people.wang.id}/account"
    assert page in admin.get("/office/people").text
    admin.post(page, data=CONFIRMED | {"kind": "person.close"})
    assert "已完成。此前的登录已全部结束。" in admin.get("/office/people").text
    asked = wang.get("/office/", follow_redirects=True)
    assert "账号已停用" in asked.text and asked.request.path == "/office/sign-in"
    admin.post(page, data=CONFIRMED | {"kind": "person.open"})
    assert wang.get("/office/people").status_code == 303, "the old session stays ended"
    assert browser("wang").get("/office/people").status_code == 200


def test_an_administrator_gives_a_password_and_a_short_one_is_refused(people: People, browser: Browser) -> None:
    admin = browser("admin")
    page = f"/office/people/{people.wang.id}/password"
    admin.post(page, data={"password": "short", "confirmed": "yes"})
    assert "密码至少需要 12 个字符" in admin.get("/office/people").text
    admin.post(page, data={"password": NEW, "confirmed": "yes"})
    assert "已完成" in admin.get("/office/people").text
    form = {"username": "wang", "password": NEW}
    assert admin.post("/office/sign-in", data=form).status_code == 303


@pytest.mark.parametrize(("form", "said"), [({"confirmed": "yes"}, "请写明"), ({"reason": "离职"}, "请勾选确认")])
def test_an_account_changes_only_with_a_reason_and_a_confirmation(
    people: People, browser: Browser, form: dict[str, str], said: str
) -> None:
    admin, wang = browser("admin"), browser("wang")
    admin.post(f"/office/people/{people.wang.id}/account", data=form | {"kind": "person.close"})
    assert said in admin.get("/office/people").text
    assert wang.get("/office/people").status_code == 200


@pytest.mark.parametrize("page", ["account", "password"])
def test_nobody_but_an_administrator_changes_accounts(people: People, browser: Browser, page: str) -> None:
    form = CONFIRMED | {"kind": "person.close", "password": NEW}
    wang = browser("wang")
    assert wang.post(f"/office/people/{people.chen.id}/{page}", data=form).status_code == 403
    assert f'action="/office/people/{people.chen.id}/{page}"' not in wang.get("/office/people").text
