"""One's own account: somebody else's session, one's own that is over, and a stolen one without the password."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask
from flask.testing import FlaskClient

from tests.adversary.day import Technician
from tests.adversary.results import result
from tests.conftest import PASSWORD, People
from tests.reference_client import Ledger, uuid7

HERE, ELSEWHERE = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "198.51.100.2"}
NEW = "another horse, another battery"
CONFIRMED = {"password": PASSWORD}
ENGLISH = {"Accept-Language": "en"}


def ask(app: APIFlask, token: str, method: str, path: str, **sent: Any) -> tuple[int, Any]:
    """Status and JSON of what a program with this token gets."""
    headers = {"Authorization": f"Bearer {token}", **ENGLISH}
    answer = app.test_client().open(f"/api/v1{path}", method=method, headers=headers, environ_overrides=HERE, **sent)
    return answer.status_code, answer.get_json(silent=True)


def end(app: APIFlask, token: str, known: str, password: str = PASSWORD) -> tuple[int, Any]:
    """What whoever holds this token gets for ending a session, or `others`."""
    return ask(app, token, "POST", f"/sessions/{known}/ending", json={"password": password})


def sign_in(app: APIFlask, username: str, password: str = PASSWORD) -> tuple[int, Any]:
    """A sign-in on a phone that nobody knows yet."""
    ledger = Ledger(uuid7())
    device = {"id": ledger.device, "name": "phone", "public_key": ledger.public_key}
    sent = {"username": username, "password": password, "device": device}
    answer = app.test_client().post("/api/v1/session", json=sent, environ_overrides=ELSEWHERE)
    return answer.status_code, answer.get_json()


def in_office(app: APIFlask, username: str) -> FlaskClient:
    """A browser that is signed in to the office."""
    browser = app.test_client()
    form = {"username": username, "password": PASSWORD}
    assert browser.post("/office/sign-in", data=form, environ_overrides=ELSEWHERE).status_code == 303
    return browser


@result("proven false")
def test_somebody_elses_session_is_ended_by_its_id(app: APIFlask, li: Technician, people: People) -> None:
    _, wang = sign_in(app, "wang")
    office = in_office(app, "wang")
    theirs = ask(app, wang["token"], "GET", "/sessions")[1]["items"]
    assert {each["kind"] for each in theirs} == {"phone", "office"}
    for known in theirs:
        assert end(app, li.token, known["id"])[0] == 404
    chen = in_office(app, "chen")
    assert {
        chen.post(f"/office/account/sessions/{known['id']}/ending", data=CONFIRMED).status_code for known in theirs
    } == {404}
    assert ask(app, wang["token"], "GET", "/session")[0] == office.get("/office/people").status_code == 200


@result("proven false")
def test_a_token_is_used_after_its_person_ended_it_from_elsewhere(app: APIFlask, li: Technician) -> None:
    _, elsewhere = sign_in(app, "li")
    assert end(app, elsewhere["token"], li.ledger.device)[0] == 204
    asked = (("GET", "/session"), ("POST", "/sync"), ("POST", "/sessions/others/ending"), ("GET", "/people"))
    for method, path in asked:
        status, told = ask(app, li.token, method, path, json={} if method == "POST" else None)
        assert (status, told["code"], told["reason"]) == (401, "session_ended", "ended_by_self")
    assert ask(app, elsewhere["token"], "GET", "/session")[0] == 200


@result("proven false")
def test_a_stolen_session_changes_the_password_without_the_old_one(app: APIFlask, li: Technician) -> None:
    guesses = ["", *(f"guess {n}" for n in range(12))]
    statuses = [ask(app, li.token, "POST", "/session/password", json={"old": old, "new": NEW})[0] for old in guesses]
    assert statuses == [422, *[401] * 10, 429, 429]
    status, told = sign_in(app, "li")
    assert (status, told["wrong_passwords"]) == (200, 10)


@result("proven false")
def test_a_stolen_cookie_of_the_office_changes_the_password_without_the_old_one(app: APIFlask, people: People) -> None:
    wang = in_office(app, "wang")
    form = {"new": NEW, "again": NEW}
    statuses = [wang.post("/office/account/password", data=form | {"old": f"guess {n}"}).status_code for n in range(11)]
    assert statuses == [*[401] * 10, 429]
    assert wang.post("/office/account/password", data=form).status_code == 422
    assert sign_in(app, "wang", NEW)[0] == 401
    assert sign_in(app, "wang")[1]["wrong_passwords"] == 11


@result("proven false")
def test_a_stolen_session_ends_all_others(app: APIFlask, li: Technician) -> None:
    _, owner = sign_in(app, "li")
    statuses = [end(app, li.token, "others", f"guess {n}")[0] for n in range(12)]
    assert statuses == [*[401] * 10, 429, 429]
    assert ask(app, owner["token"], "GET", "/session")[0] == 200
    status, again = sign_in(app, "li")
    assert (status, again["wrong_passwords"]) == (200, 10)
    signed_in = [each for each in ask(app, again["token"], "GET", "/sessions")[1]["items"] if each["is_signed_in"]]
    assert li.ledger.device in [each["id"] for each in signed_in if not each["is_present"]]
    assert end(app, again["token"], li.ledger.device)[0] == 204
    assert ask(app, li.token, "GET", "/session")[0] == 401


@result("proven false")
def test_the_cookie_of_a_known_browser_gives_tries_after_the_password_changed(app: APIFlask, people: People) -> None:
    stolen, owner = in_office(app, "wang"), in_office(app, "wang")
    form = {"old": PASSWORD, "new": NEW, "again": NEW}
    assert owner.post("/office/account/password", data=form).status_code == 303
    tried = {"username": "wang", "password": "guess"}
    stranger = app.test_client()
    for _ in range(10):
        stranger.post("/office/sign-in", data=tried, environ_overrides=HERE)
    assert stolen.post("/office/sign-in", data=tried, environ_overrides=HERE).status_code == 429
    right = {"username": "wang", "password": NEW}
    assert owner.post("/office/sign-in", data=right, environ_overrides=ELSEWHERE).status_code == 303
