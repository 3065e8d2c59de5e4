"""Who comes in, and what other sites cannot do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from server.database import writing
from server.sync.operations import accounts
from server.web import known_browser
from server.web.own_account import hash_new
from tests.conftest import PASSWORD
from tests.server.office.scene import Scene

Browser = Callable[..., FlaskClient]


def test_somebody_of_the_office_comes_in_and_goes_where_they_wanted(scene: Scene, client: FlaskClient) -> None:
    asked = client.get("/office/people")
    assert asked.status_code == 303 and "/office/sign-in?back=/office/people" in asked.location
    answer = client.post(
        "/office/sign-in", data={"username": "zhangmin", "password": PASSWORD, "back": "/office/people"}
    )
    assert answer.status_code == 303 and answer.location == "/office/people"
    cookie = answer.headers["Set-Cookie"]
    assert "undercroft_office=" in cookie and "HttpOnly" in cookie and "Path=/office" in cookie
    assert client.get("/office/people").status_code == 200
    client.post("/office/sign-out")
    assert client.get("/office/people").status_code == 303


def test_a_wrong_password_is_told_in_words_and_keeps_the_name(scene: Scene, client: FlaskClient) -> None:
    answer = client.post("/office/sign-in", data={"username": "zhangmin", "password": "wrong"})
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text and 'value="zhangmin"' in answer.text and "wrong" not in answer.text


def test_a_technician_is_told_where_their_work_is(scene: Scene, client: FlaskClient) -> None:
    answer = client.post("/office/sign-in", data={"username": "liwei", "password": PASSWORD})
    assert answer.status_code == 403 and "李伟" in answer.text and 'href="/app/"' in answer.text
    assert "Set-Cookie" not in answer.headers
    assert client.get("/office/").status_code == 303


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]
)
def test_a_change_that_another_site_sends_is_refused(scene: Scene, browser: Browser, headers: dict[str, str]) -> None:
    order = scene.open("zhangmin", "门禁故障", None, None, None)
    answer = browser("chenhong").post(f"/office/orders/{order}/notes", data={"text": "forged"}, headers=headers)
    assert answer.status_code == 403, answer.location
    assert scene.body(order)["notes"] == []


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/office//evil.example", "/app/", "/office/\\evil.example", ""]
)
def test_nobody_is_sent_elsewhere_after_signing_in(scene: Scene, client: FlaskClient, back: str) -> None:
    answer = client.post("/office/sign-in", data={"username": "zhangmin", "password": PASSWORD, "back": back})
    assert answer.location == "/office/"


def test_pages_run_nothing_but_our_own_files_and_are_not_kept(scene: Scene, browser: Browser) -> None:
    answer = browser("chenhong").get("/office/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_message_is_said_once(scene: Scene, browser: Browser) -> None:
    order = scene.open("zhangmin", "门禁故障", None, None, None)
    desk = browser("zhangmin")
    desk.post(f"/office/orders/{order}/notes", data={"text": "一"})
    assert "已保存。" in desk.get(f"/office/orders/{order}").text
    assert "已保存。" not in desk.get(f"/office/orders/{order}").text


NEW = "another horse, another battery"


def tries(client: FlaskClient, password: str, count: int) -> list[int]:
    """What so many sign-ins from one more address are answered with."""
    form, where = {"username": "chenhong", "password": password}, {"REMOTE_ADDR": "198.51.100.7"}
    return [client.post("/office/sign-in", data=form, environ_overrides=where).status_code for _ in range(count)]


def test_a_browser_is_known_until_the_password_changes(scene: Scene, browser: Browser, app: APIFlask) -> None:
    known = browser("chenhong")
    tries(app.test_client(), "guess", 10)
    assert tries(known, PASSWORD, 1) == [303], "strangers use up their own tries"
    with writing() as connection:
        accounts.put_password(connection, scene.ids["chenhong"], hash_new("chenhong", NEW))
    assert tries(known, NEW, 1) == [429], "whoever has the old cookie is a stranger"
    assert tries(known, PASSWORD, 1) == [429]


def test_a_cookie_of_a_known_browser_that_is_none_of_ours_is_nothing(
    scene: Scene, browser: Browser, app: APIFlask
) -> None:
    known = browser("chenhong")
    cookie = known.get_cookie(known_browser.COOKIE, path=known_browser.PATH)
    assert cookie is not None
    with app.test_request_context(headers={"Cookie": f"{known_browser.COOKIE}={cookie.value}"}) as here:
        read = known_browser.read(here.request)
    assert read is not None and read.person_id == scene.ids["chenhong"]
    for made in (["a"], ["a", "b"], ["a", "b", "c"], "text", {"a": 1}, 3):
        value = known_browser._serializer().dumps(made)
        with app.test_request_context(headers={"Cookie": f"{known_browser.COOKIE}={value}"}) as here:
            assert known_browser.read(here.request) is None
