"""Accounts: what ends sessions ends them for good, whoever is signing in at that moment."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from server.database import reading, write, writing
from server.models import JournalLine, Person, SessionToken
from server.problems import Problem
from server.services import services, utc_now
from server.sync.exchange import office_ledger
from server.sync.exchange.office_ledger import NewOperation
from server.web.own_account import hash_new, set_password
from server.web.security import begin_session
from server.web.sign_in import Asking, check_password
from tests.conftest import PASSWORD, People, TestPerson
from tests.databases import PATIENCE_S, wait_until_somebody_waits
from tests.server.conftest import Beside
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone

NEW = "another horse, another battery"
KINDS = ("person.close", "person.open", "person.end_sessions", "person.password")
WHY = {"person.close": "account_closed", "person.end_sessions": "ended", "person.password": "password_changed"}


@pytest.fixture
def admin(people: People) -> Office:
    return Office(people.admin.id)


def asked(client: FlaskClient, token: str) -> Any:
    """What a client with this token hears."""
    return client.get("/api/v1/session", headers={"Authorization": f"Bearer {token}"})


def signed_in(person: TestPerson, device: str, password: str = PASSWORD) -> str:
    """A token of a session that begins now."""
    known = check_password(person.username, password, Asking("127.0.0.1"), utc_now())
    return write(lambda connection: begin_session(connection, known, device, "app", utc_now())).token


@pytest.mark.parametrize("kind", sorted(WHY))
def test_a_session_that_was_ended_stays_ended_and_says_why(
    client: FlaskClient, people: People, zhang: Phone, admin: Office, kind: str
) -> None:
    token = signed_in(people.zhang, zhang.id)
    assert asked(client, token).status_code == 200
    assert admin.write(kind, people.zhang.id, {"reason": "离职"}).status == "applied"
    for _ in range(2):
        answer = asked(client, token)
        assert (answer.status_code, answer.get_json()["code"], answer.get_json()["reason"]) == (
            401,
            "session_ended",
            WHY[kind],
        )
        admin.write("person.open", people.zhang.id, {})
    assert asked(client, signed_in(people.zhang, zhang.id)).status_code == 200


def test_a_closed_account_is_like_a_wrong_password(people: People, zhang: Phone, admin: Office) -> None:
    admin.write("person.close", people.zhang.id, {})
    with pytest.raises(Problem, match="bad_credentials"):
        signed_in(people.zhang, zhang.id)


@pytest.mark.parametrize("kind", KINDS)
def test_only_an_administrators_office_ledger_changes_accounts(
    people: People, zhang: Phone, office: Office, kind: str
) -> None:
    assert office.write(kind, people.li.id, {}).reason == "not_permitted"
    zhang.write(kind, people.li.id, {})
    assert [outcome["reason"] for outcome in zhang.sync()] == ["not_permitted"]
    with writing() as connection:
        connection.execute(update(Person).where(Person.id == people.zhang.id).values(role="admin"))
    zhang.role = "admin"
    zhang.write(kind, people.li.id, {})
    assert [outcome["reason"] for outcome in zhang.sync()] == ["not_permitted"], "a phone is no office"


def test_nobody_closes_their_own_account(people: People, admin: Office) -> None:
    assert admin.write("person.close", people.admin.id, {}).reason == "not_permitted"


def test_no_line_carries_the_password_that_was_set(people: People, zhang: Phone) -> None:
    outcome = write(
        lambda connection: set_password(connection, people.admin.id, people.zhang.id, hash_new("zhang", NEW))
    )
    assert outcome.status == "applied"
    assert signed_in(people.zhang, zhang.id, NEW)
    with reading() as connection:
        lines = connection.execute(select(JournalLine.bytes).where(JournalLine.kind == "person.password")).scalars()
        assert [b'"data":{}' in line and b"argon2" not in line for line in lines] == [True]


def test_ones_own_password_needs_the_old_one_and_ends_every_other_session(
    client: FlaskClient, people: People, zhang: Phone
) -> None:
    mine, other = signed_in(people.zhang, zhang.id), signed_in(people.zhang, Phone(people.zhang.id).register().id)
    headers = {"Authorization": f"Bearer {mine}"}
    wrong = client.post("/api/v1/session/password", json={"old": "?", "new": NEW}, headers=headers)
    assert (wrong.status_code, wrong.get_json()["code"]) == (401, "bad_credentials")
    short = client.post("/api/v1/session/password", json={"old": PASSWORD, "new": "1"}, headers=headers)
    assert (short.status_code, short.get_json()["code"]) == (422, "weak_password")
    changed = client.post("/api/v1/session/password", json={"old": PASSWORD, "new": NEW}, headers=headers)
    assert changed.status_code == 200
    assert [asked(client, token).get_json().get("reason") for token in (mine, other)] == ["password_changed"] * 2
    client.delete_cookie("undercroft_app", path="/api")
    assert asked(client, changed.get_json()["token"]).status_code == 200


@pytest.mark.parametrize("kind", sorted(WHY))
def test_a_sign_in_that_was_under_way_begins_no_session(people: People, zhang: Phone, admin: Office, kind: str) -> None:
    known = check_password("zhang", PASSWORD, Asking("127.0.0.1"), utc_now())
    admin.write(kind, people.zhang.id, {})
    admin.write("person.open", people.zhang.id, {})
    with pytest.raises(Problem, match="bad_credentials"):
        write(lambda connection: begin_session(connection, known, zhang.id, "app", utc_now()))


@pytest.mark.usefixtures("on_postgresql")
def test_a_closing_waits_for_a_sign_in_and_ends_its_session(
    people: People, zhang: Phone, admin: Office, beside: Beside
) -> None:
    known = check_password("zhang", PASSWORD, Asking("127.0.0.1"), utc_now())
    with writing() as connection:
        begin_session(connection, known, zhang.id, "app", utc_now())
        closing = beside(lambda: admin.write("person.close", people.zhang.id, {}))
        wait_until_somebody_waits()
    assert closing.result(PATIENCE_S).status == "applied"
    with reading() as connection:
        ended = connection.execute(select(SessionToken.ended).where(SessionToken.person_id == people.zhang.id))
        assert set(ended.scalars()) == {"account_closed"}


@pytest.mark.usefixtures("on_postgresql")
def test_of_two_administrators_who_close_each_other_one_stays(people: People, admin: Office, beside: Beside) -> None:
    with writing() as connection:
        connection.execute(update(Person).where(Person.id == people.wang.id).values(role="admin"))
    Office(people.wang.id).open()  # They have written before: whoever begins an office ledger waits for their row.
    with writing() as connection:
        closes = [NewOperation("person.close", people.wang.id, {})]
        first = office_ledger.write(connection, services().pen, people.admin.id, closes, utc_now())
        second = beside(lambda: Office(people.wang.id).write("person.close", people.admin.id, {}))
        wait_until_somebody_waits()
    assert (first[0].status, second.result(PATIENCE_S).reason) == ("applied", "not_permitted")
