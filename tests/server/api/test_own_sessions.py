"""A person's own phones and browsers: seen as they are, ended for good, and nobody else's."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, get_args

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from flask_migrate import downgrade
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from server.database import migrate_to_newest, reading, write, writing
from server.models import Device, Person, SessionToken
from server.problems import Problem
from server.services import utc_now
from server.sync.operations import own_sessions
from server.sync.operations.accounts import Ended, end_sessions
from server.web import own_account
from server.web.browsers import LONGEST, browser_name
from server.web.security import caller_for_token, start_session
from tests.conftest import PASSWORD, People
from tests.databases import PATIENCE_S, wait_until_somebody_waits
from tests.reference_client import Client, Ledger, uuid7
from tests.server.conftest import Beside

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"
NEW = "another horse, another battery"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def on_phone(app: APIFlask, username: str = "zhang", ledger: Ledger | None = None) -> str:
    """The token of a phone that signs in."""
    ledger = ledger or Ledger()
    device = {"id": ledger.device, "name": f"{username}'s phone", "public_key": ledger.public_key}
    sent = {"username": username, "password": PASSWORD, "device": device}
    token: str = app.test_client().post("/api/v1/session", json=sent).get_json()["token"]
    return token


def in_office(app: APIFlask, username: str = "wang") -> FlaskClient:
    """A browser that is signed in to the office."""
    browser = app.test_client()
    form = {"username": username, "password": PASSWORD}
    assert browser.post("/office/sign-in", data=form, headers={"User-Agent": FIREFOX}).status_code == 303
    return browser


def listed(client: FlaskClient, token: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/api/v1/sessions", headers=bearer(token)).get_json()["items"]
    return items


def end(client: FlaskClient, token: str, known: str, password: str = PASSWORD) -> TestResponse:
    """What whoever holds this token is answered to ending a session, or `others`."""
    sent = {"password": password}
    return client.post(f"/api/v1/sessions/{known}/ending", json=sent, headers=bearer(token))


def heard(client: FlaskClient, token: str) -> tuple[int, str | None, str | None]:
    """Status, code and reason of what a session with this token hears."""
    answer = client.get("/api/v1/session", headers=bearer(token))
    told = answer.get_json()
    return answer.status_code, told.get("code"), told.get("reason")


ENDED = (401, "session_ended", "ended_by_self")
REPLACED = (401, "not_signed_in", None)


def test_a_person_sees_their_phones_and_browsers_as_they_are(
    app: APIFlask, client: FlaskClient, people: People
) -> None:
    here, lost, out = Ledger(), Ledger(), Ledger()
    present = on_phone(app, "wang", here)
    on_phone(app, "wang", lost)
    client.delete("/api/v1/session", headers=bearer(on_phone(app, "wang", out)))
    in_office(app)
    on_phone(app, "zhang")
    with app.app_context(), writing() as connection:
        connection.execute(update(Device).where(Device.id == lost.device).values(revoked_at=utc_now()))
    items = listed(client, present)
    assert [(each["kind"], each["is_present"], each["is_signed_in"], each["is_revoked"]) for each in items] == [
        ("phone", True, True, False), ("office", False, True, False), ("phone", False, False, False),
        ("phone", False, False, True),
    ]  # fmt: skip
    assert [items[place]["id"] for place in (0, 2, 3)] == [here.device, out.device, lost.device]
    assert items[0]["name"] == "wang's phone" and items[1]["name"] == "Windows, Firefox 133"
    assert all(each["known_since"] <= each["last_seen_at"] for each in items)


def test_what_only_a_file_says_to_be_theirs_is_not_shown_and_not_ended(
    app: APIFlask, client: FlaskClient, people: People
) -> None:
    present, claimed = on_phone(app), Ledger()
    on_phone(app, "zhang", claimed)
    with app.app_context(), writing() as connection:
        connection.execute(update(Device).where(Device.id == claimed.device).values(known_by="file"))
    assert claimed.device not in [each["id"] for each in listed(client, present)]
    assert end(client, present, claimed.device).status_code == 404


def test_a_phone_that_was_ended_is_out_for_good_and_signs_in_again_as_the_same(
    app: APIFlask, client: FlaskClient, people: People
) -> None:
    present, ledger = on_phone(app), Ledger()
    other, twice = on_phone(app, "zhang", ledger), on_phone(app, "zhang", ledger)
    for _ in range(2):
        answer = end(client, present, ledger.device)
        assert (answer.status_code, answer.data) == (204, b"")
        assert [heard(client, token) for token in (other, twice)] == [REPLACED, ENDED]
    assert heard(client, present)[0] == 200
    [known] = [each for each in listed(client, present) if each["id"] == ledger.device]
    assert (known["is_signed_in"], known["is_revoked"]) == (False, False)
    assert heard(client, on_phone(app, "zhang", ledger))[0] == 200
    assert [heard(client, token) for token in (other, twice)] == [REPLACED, ENDED]


@pytest.mark.parametrize("why", get_args(Ended))
def test_why_a_session_was_ended_is_told_after_the_next_sign_in_too(
    app: APIFlask, client: FlaskClient, people: People, why: Ended
) -> None:
    ledger = Ledger()
    token, browser = on_phone(app, "wang", ledger), in_office(app)
    cookie = browser.get_cookie("undercroft_office", path="/office")
    assert cookie is not None
    with app.app_context(), writing() as connection:
        end_sessions(connection, people.wang.id, why)
    again = on_phone(app, "wang", ledger)
    assert browser.post("/office/sign-in", data={"username": "wang", "password": PASSWORD}).status_code == 303
    assert heard(client, again)[0] == 200
    assert heard(client, token) == (401, "session_ended", why)
    with app.app_context(), reading() as connection, pytest.raises(Problem) as ended:
        caller_for_token(connection, cookie.value, "office", utc_now())
    assert (ended.value.code, ended.value.figures) == ("session_ended", {"reason": why})


@pytest.mark.parametrize("which", ["one", "others"])
def test_whoever_only_holds_a_session_ends_none(app: APIFlask, client: FlaskClient, people: People, which: str) -> None:
    ledger = Ledger()
    present, other = on_phone(app), on_phone(app, "zhang", ledger)
    known = ledger.device if which == "one" else "others"
    path = f"/api/v1/sessions/{known}"
    for sent in ({}, {"password": ""}, {"password": None}, {"password": 1}):
        assert client.post(f"{path}/ending", json=sent, headers=bearer(present)).status_code == 422
    assert client.delete(path, headers=bearer(present)).status_code in (404, 405)
    for _ in range(10):
        answer = end(client, present, known, "guess")
        assert (answer.status_code, answer.get_json()["code"]) == (401, "bad_credentials")
    answer = end(client, present, known)
    assert (answer.status_code, answer.get_json()["code"]) == (429, "too_many_tries")
    assert heard(client, other)[0] == heard(client, present)[0] == 200
    assert heard(client, on_phone(app))[0] == 200, "its owner has tries of their own"


def test_phones_of_one_name_are_told_apart_by_their_mark_and_the_order_they_last_wrote_on(
    app: APIFlask, live_server: str, client: FlaskClient, people: People
) -> None:
    used, idle = Client(live_server), Ledger()
    used.sign_in("zhang", PASSWORD)
    first, last = uuid7(), uuid7()
    for target in (first, last):
        used.write("order.open", target, {"kind": "repair", "fault": "水泵漏水"})
    used.write("note.add", uuid7(), {"note": uuid7(), "text": "on an order that nobody knows"})
    used.sync()
    present = on_phone(app, "zhang", idle)
    items = {each["id"]: each for each in listed(client, present)}
    number = client.get(f"/api/v1/work-orders/{last}", headers=bearer(present)).get_json()["body"]["number"]
    assert items[used.ledger.device]["last_order"] == number and items[idle.device]["last_order"] is None
    marks = {device: each["mark"] for device, each in items.items()}
    assert marks == {device: device[-4:].upper() for device in (used.ledger.device, idle.device)}


def test_a_browser_of_the_office_is_ended_alone_and_says_why(
    app: APIFlask, client: FlaskClient, people: People
) -> None:
    present, one, two = on_phone(app, "wang"), in_office(app), in_office(app)
    newest, oldest = (each["id"] for each in listed(client, present) if each["kind"] == "office")
    assert newest != oldest
    assert end(client, present, oldest).status_code == 204
    assert end(client, present, oldest).status_code == 204
    answer = one.get("/office/people", headers={"Accept-Language": "en"}, follow_redirects=True)
    assert answer.request.path == "/office/sign-in" and "You ended this session yourself" in answer.text
    assert two.get("/office/people").status_code == 200


def test_all_others_are_ended_and_this_one_goes_on(app: APIFlask, client: FlaskClient, people: People) -> None:
    present, other, office, li = on_phone(app, "wang"), on_phone(app, "wang"), in_office(app), on_phone(app, "li")
    assert end(client, present, "others").status_code == 204
    assert heard(client, other) == ENDED and office.get("/office/people").status_code == 303
    assert heard(client, present)[0] == heard(client, li)[0] == 200
    assert [each["is_signed_in"] for each in listed(client, present)] == [True, False]


def test_what_is_not_theirs_is_not_found(app: APIFlask, client: FlaskClient, people: People) -> None:
    theirs = Ledger()
    wang, zhang, office = on_phone(app, "wang"), on_phone(app, "zhang", theirs), in_office(app)
    [session] = [each["id"] for each in listed(client, wang) if each["kind"] == "office"]
    li = on_phone(app, "li")
    for known in (theirs.device, session, uuid7(), "x", "others2", theirs.device.upper(), "\0"):
        answer = end(client, li, known)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found"), known
    assert heard(client, zhang)[0] == 200 and office.get("/office/people").status_code == 200


def test_nobody_ends_anything_with_a_session_that_was_ended(app: APIFlask, client: FlaskClient, people: People) -> None:
    present, other = on_phone(app), on_phone(app)
    end(client, present, "others")
    for answer in (client.get("/api/v1/sessions", headers=bearer(other)), end(client, other, "others")):
        assert (answer.status_code, answer.get_json()["code"]) == (401, "session_ended")
    assert heard(client, present)[0] == 200


def test_more_than_can_be_shown_is_counted_and_what_is_signed_in_comes_first(
    app: APIFlask, client: FlaskClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_sessions, "SHOWN_AT_MOST", 2)
    out = [Ledger() for _ in range(3)]
    for ledger in out:
        client.delete("/api/v1/session", headers=bearer(on_phone(app, "zhang", ledger)))
    present = on_phone(app)
    answer = client.get("/api/v1/sessions", headers=bearer(present)).get_json()
    assert [each["is_present"] for each in answer["items"]] == [True, False] and answer["left_off"] == 2


def test_a_session_that_ran_out_is_not_shown(app: APIFlask, client: FlaskClient, people: People) -> None:
    present = on_phone(app, "wang")
    in_office(app)
    with app.app_context(), writing() as connection:
        over = update(SessionToken).where(SessionToken.kind == "office")
        connection.execute(over.values(expires_at=utc_now() - timedelta(seconds=1)))
    assert [each["kind"] for each in listed(client, present)] == ["phone"]


def asking(token: str, app: APIFlask) -> own_sessions.Asking:
    """As the API asks for the holder of this token."""
    with app.app_context(), reading() as connection:
        row = connection.execute(select(SessionToken).order_by(SessionToken.created_at.desc())).first()
        assert row is not None
        return own_sessions.Asking(row.person_id, row.device_id, row.token_hash)


def test_of_two_that_end_each_other_at_once_one_stays(app: APIFlask, people: People) -> None:
    tokens = [on_phone(app), on_phone(app)]
    for _ in range(4):
        start = threading.Barrier(2)

        def end_others(token: str, start: threading.Barrier = start) -> int:
            start.wait(PATIENCE_S)
            return end(app.test_client(), token, "others").status_code

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(end_others, tokens)) == [204, 401]
        left = [token for token in tokens if heard(app.test_client(), token)[0] == 200]
        assert len(left) == 1
        tokens = [*left, on_phone(app)]


@pytest.mark.usefixtures("on_postgresql")
def test_a_sign_in_that_is_under_way_is_ended_or_comes_after(app: APIFlask, people: People, beside: Beside) -> None:
    on_phone(app)
    present = asking("", app)
    with app.app_context():
        with writing() as connection:
            connection.execute(select(Person.id).where(Person.id == people.zhang.id).with_for_update(read=True))
            start_session(connection, people.zhang.id, present.device_id, "app", utc_now())
            ending = beside(lambda: write(lambda other: own_sessions.end_others(other, present, utc_now())))
            wait_until_somebody_waits()
        ending.result(PATIENCE_S)
        with reading() as connection:
            ended = connection.execute(select(SessionToken.token_hash, SessionToken.ended)).all()
    assert {row.ended for row in ended if row.token_hash != present.token_id} == {"ended_by_self"}


def test_a_session_that_ended_itself_meanwhile_ends_nothing(app: APIFlask, people: People) -> None:
    other = on_phone(app)
    present = on_phone(app)
    asks = asking(present, app)
    app.test_client().delete("/api/v1/session", headers=bearer(present))
    with app.app_context(), pytest.raises(Problem, match="not_signed_in"):
        write(lambda connection: own_sessions.end_others(connection, asks, utc_now()))
    assert heard(app.test_client(), other)[0] == 200


def test_a_session_is_ended_while_it_exchanges_and_nothing_is_lost(
    app: APIFlask, live_server: str, people: People
) -> None:
    present, phone = on_phone(app), Client(live_server)
    phone.sign_in("zhang", PASSWORD)
    target, written = uuid7(), 0
    phone.write("order.open", target, {"kind": "repair", "fault": "水泵漏水"})
    phone.sync()
    ended = threading.Event()

    def end_phone() -> int:
        ended.wait(PATIENCE_S)
        return end(app.test_client(), present, phone.ledger.device).status_code

    with ThreadPoolExecutor(1) as threads:
        ending = threads.submit(end_phone)
        with pytest.raises(Exception, match="session_ended"):
            for written in range(1, 500):
                phone.write("note.add", target, {"note": uuid7(), "text": str(written)})
                if written == 3:
                    ended.set()
                phone.sync()
        assert ending.result(PATIENCE_S) == 204
    phone.sign_in("zhang", PASSWORD)
    phone.sync()
    history = app.test_client().get(f"/api/v1/work-orders/{target}/history", headers=bearer(present)).get_json()
    notes = [each for each in history["items"] if each["kind"] == "note.add"]
    assert len(notes) == written and not any(each["status"] == "held" for each in notes)


def test_of_two_changes_of_the_password_at_once_one_is_right(app: APIFlask, people: People) -> None:
    tokens = [on_phone(app), on_phone(app)]
    start = threading.Barrier(2)

    def change(place: int) -> tuple[int, str, str]:
        new = f"{NEW} {place}"
        start.wait(PATIENCE_S)
        sent = {"old": PASSWORD, "new": new}
        client = app.test_client()
        answer = client.post("/api/v1/session/password", json=sent, headers=bearer(tokens[place]))
        client.delete_cookie("undercroft_app", path="/api")
        return answer.status_code, answer.get_json().get("token", ""), new

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(change, range(2)))
    assert [status for status, _, _ in answers] == [200, 401]
    (_, token, right), (_, _, wrong) = answers
    client = app.test_client()
    assert heard(client, token)[0] == 200
    assert {heard(client, each)[1:] for each in tokens} == {("session_ended", "password_changed")}
    for password, status in ((right, 303), (wrong, 401), (PASSWORD, 401)):
        # A technician with the right password is told that their work is elsewhere.
        answer = client.post("/office/sign-in", data={"username": "zhang", "password": password})
        assert answer.status_code == (403 if status == 303 else status)


def test_a_session_that_was_ended_while_the_new_password_was_hashed_changes_nothing(
    app: APIFlask, client: FlaskClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    present, ledger = on_phone(app), Ledger()
    token, hash_new = on_phone(app, "zhang", ledger), own_account.hash_new

    def meanwhile(username: str, password: str) -> str:
        hashed = hash_new(username, password)
        assert end(app.test_client(), present, ledger.device).status_code == 204
        return hashed

    monkeypatch.setattr(own_account, "hash_new", meanwhile)
    sent = {"old": PASSWORD, "new": NEW}
    answer = client.post("/api/v1/session/password", json=sent, headers=bearer(token))
    told = answer.get_json()
    assert (answer.status_code, told["code"], told.get("reason")) == ENDED
    assert heard(client, token) == ENDED and heard(client, present)[0] == 200
    assert heard(client, on_phone(app))[0] == 200, "with the old password"


def test_strangers_who_hammer_an_account_do_not_keep_its_owner_from_changing_the_password(
    app: APIFlask, client: FlaskClient, people: People
) -> None:
    token = on_phone(app)
    for _ in range(10):
        client.post("/office/sign-in", data={"username": "zhang", "password": "guess"})
    assert client.post("/office/sign-in", data={"username": "zhang", "password": PASSWORD}).status_code == 429
    sent = {"old": PASSWORD, "new": NEW}
    assert client.post("/api/v1/session/password", json=sent, headers=bearer(token)).status_code == 200


def test_a_session_from_before_there_were_names_gets_one_and_goes_on(
    app: APIFlask, client: FlaskClient, people: People
) -> None:
    present, other = on_phone(app, "wang"), in_office(app)
    with app.app_context():
        downgrade(revision="0009")
        migrate_to_newest()
    known = listed(client, present)
    assert [(each["kind"], each["name"]) for each in known] == [("phone", "wang's phone"), ("office", None)]
    assert end(client, present, known[1]["id"]).status_code == 204
    assert other.get("/office/people").status_code == 303


WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Windows, Firefox 133"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/131.0 Safari/537.36 Edg/131.0", "Windows, Edge 131"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) {WEBKIT} Version/17.4 Safari/605", "Mac OS X, Safari 17"),
        (f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {WEBKIT} Chrome/131.0 Safari/537.36", "Pixel 8, Chrome 131"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/131.0 Safari/537.36", "Android, Chrome 131"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4) {WEBKIT} Version/17.4 Safari/604.1", "iPhone, Safari 17"),
        ("curl/8.5", None),
        ("", None),
        (f"Android 1; {'x' * 500}) Chrome/1", "x" * LONGEST),
        ("Android 1; a\nb\0c\u202e) ", "abc"),
    ],
)
def test_a_browser_is_known_by_a_few_words(user_agent: str, name: str | None) -> None:
    assert browser_name(user_agent) == name


def name_it(client: FlaskClient, token: str, name: object) -> TestResponse:
    """What whoever holds this token is answered to a name for their phone."""
    return client.post("/api/v1/sessions/present/name", json={"name": name}, headers=bearer(token))


def test_a_phone_is_named_by_whoever_holds_it_and_seen_so_by_them_and_the_office(
    app: APIFlask, client: FlaskClient, people: People
) -> None:
    here, there = on_phone(app, "zhang"), on_phone(app, "zhang")
    assert name_it(client, here, "  红色那台  ").status_code == 204
    assert {each["is_present"]: each["name"] for each in listed(client, here)} == {
        True: "红色那台",
        False: "zhang's phone",
    }
    assert {each["is_present"]: each["name"] for each in listed(client, there)} == {
        True: "zhang's phone",
        False: "红色那台",
    }
    assert client.get("/api/v1/session", headers=bearer(here)).get_json()["device"]["name"] == "红色那台"
    page = in_office(app).get("/office/people").get_data(as_text=True)
    assert "红色那台" in page and "zhang&#39;s phone" in page


@pytest.mark.parametrize("name", ["", "   ", "x" * 65, "a\0b", "a\nb", "\ud800", "a\u202eb", 7, None])
def test_a_name_that_is_none_is_refused_and_the_one_before_stays(
    app: APIFlask, client: FlaskClient, people: People, name: object
) -> None:
    token = on_phone(app)
    answer = name_it(client, token, name)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_request")
    assert [each["name"] for each in listed(client, token)] == ["zhang's phone"]


def test_a_revoked_phone_and_a_stranger_name_nothing(app: APIFlask, client: FlaskClient, people: People) -> None:
    ledger = Ledger()
    token = on_phone(app, "zhang", ledger)
    with app.app_context(), writing() as connection:
        connection.execute(update(Device).where(Device.id == ledger.device).values(revoked_at=utc_now()))
    assert name_it(client, token, "mine").status_code in (401, 403)
    assert client.post("/api/v1/sessions/present/name", json={"name": "mine"}).status_code == 401
    with app.app_context(), reading() as connection:
        assert connection.execute(select(Device.name).where(Device.id == ledger.device)).scalar_one() == "zhang's phone"
