"""How many phones one person may have: enough for any ordinary life, and said with figures where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import Connection, func, insert, select, update
from werkzeug.test import TestResponse

from server.database import reading, write, writing
from server.models import Device
from server.problems import Problem
from server.services import utc_now
from server.sync.store.device_bounds import LIVES, LIVING_AT_MOST, NEW_AT_MOST, NEW_WITHIN, make_room
from tests.conftest import PASSWORD, People
from tests.databases import PATIENCE_S, wait_until_somebody_waits
from tests.reference_client import Ledger
from tests.server.conftest import Beside
from tests.server.sync.phone import Phone

WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def in_app(app: APIFlask, people: People) -> Iterator[None]:
    """Every test runs inside the app's context."""
    with app.app_context():
        yield


def device(ledger: Ledger) -> dict[str, Any]:  # Any: JSON
    return {"device": {"id": ledger.device, "name": "a phone", "public_key": ledger.public_key}}


def sign_in(client: FlaskClient, username: str, ledger: Ledger | None = None) -> TestResponse:
    sent = {"username": username, "password": PASSWORD} | device(ledger or Ledger())
    return client.post("/api/v1/session", json=sent)


def had(person_id: str, count: int, since: timedelta) -> list[str]:
    """So many phones that were registered and last heard of so long ago; their ids."""
    at = utc_now() - since
    phones = [Phone(person_id, now=at).register() for _ in range(count)]
    with writing() as connection:
        connection.execute(update(Device).where(Device.created_at == at).values(last_seen_at=at))
    return [phone.id for phone in phones]


def registered(person_id: str) -> int:
    with reading() as connection:
        return connection.execute(select(func.count()).where(Device.person_id == person_id)).scalar_one()


def refused_as(answer: TestResponse, code: str, status: int) -> dict[str, Any]:  # Any: JSON
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    return dict(answer.get_json())


def test_one_phone_more_than_anybody_needs_in_a_day_has_to_wait(client: FlaskClient, people: People) -> None:
    had(people.zhang.id, NEW_AT_MOST, NEW_WITHIN / 2)
    answer = sign_in(client, "zhang")
    told = refused_as(answer, "too_many_new_devices", 429)
    assert (told["most"], told["hours"]) == (20, 24)
    assert 0 < int(answer.headers["Retry-After"]) == told["retry_after_s"] <= NEW_WITHIN.total_seconds() / 2 + 1
    assert registered(people.zhang.id) == NEW_AT_MOST
    assert sign_in(client, "li").status_code == 200


def test_on_the_next_day_there_is_room_again(client: FlaskClient, people: People) -> None:
    had(people.zhang.id, NEW_AT_MOST, NEW_WITHIN + timedelta(seconds=1))
    assert sign_in(client, "zhang").status_code == 200


def test_who_has_too_many_phones_gets_in_when_the_office_has_revoked_one(client: FlaskClient, people: People) -> None:
    old, *_ = had(people.zhang.id, LIVING_AT_MOST, WEEK)
    told = refused_as(sign_in(client, "zhang"), "too_many_devices", 409)
    assert told["most"] == 50 and "50" in told["detail"]
    assert client.post("/office/sign-in", data={"username": "wang", "password": PASSWORD}).status_code == 303
    revoked = {"reason": "不再使用", "confirmed": "yes"}
    assert client.post(f"/office/devices/{old}/revocation", data=revoked).status_code == 303
    assert sign_in(client, "zhang").status_code == 200


def test_a_phone_that_is_known_comes_in_however_many_there_are(client: FlaskClient, people: People) -> None:
    ledger = Ledger()
    assert sign_in(client, "zhang", ledger).status_code == 200
    had(people.zhang.id, LIVING_AT_MOST, timedelta(hours=1))
    assert sign_in(client, "zhang", ledger).status_code == 200


def test_a_browser_that_clears_what_it_keeps_every_week_never_fills_the_room(
    client: FlaskClient, people: People
) -> None:
    for week in range(1, 60):
        had(people.zhang.id, 1, week * WEEK)
    assert registered(people.zhang.id) > LIVING_AT_MOST
    assert sign_in(client, "zhang").status_code == 200


def test_phones_that_were_not_heard_of_for_as_long_as_a_session_lasts_take_no_room(
    client: FlaskClient, people: People
) -> None:
    had(people.zhang.id, LIVING_AT_MOST, LIVES + timedelta(seconds=1))
    assert sign_in(client, "zhang").status_code == 200


@pytest.mark.parametrize("how", ["after a fork", "after it was shut out"])
def test_an_honest_phone_goes_on_as_a_new_device(client: FlaskClient, people: People, how: str) -> None:
    ledger = Ledger()
    assert sign_in(client, "zhang", ledger).status_code == 200
    if how == "after a fork":
        answer = client.post("/api/v1/session/device", json=device(Ledger()))
    else:
        with writing() as connection:
            connection.execute(update(Device).where(Device.id == ledger.device).values(revoked_at=utc_now()))
        assert sign_in(client, "zhang", ledger).get_json()["code"] == "device_revoked"
        answer = sign_in(client, "zhang")
    assert answer.status_code == 200


def test_a_session_that_moves_from_phone_to_phone_is_counted_too(client: FlaskClient, people: People) -> None:
    sign_in(client, "zhang")
    moves = [client.post("/api/v1/session/device", json=device(Ledger())) for _ in range(NEW_AT_MOST)]
    assert [move.status_code for move in moves] == [200] * (NEW_AT_MOST - 1) + [429]


def test_revoking_and_coming_back_within_a_day_is_counted(client: FlaskClient, people: People) -> None:
    had(people.zhang.id, NEW_AT_MOST, timedelta(hours=1))
    with writing() as connection:
        connection.execute(update(Device).where(Device.person_id == people.zhang.id).values(revoked_at=utc_now()))
    refused_as(sign_in(client, "zhang"), "too_many_new_devices", 429)


def test_of_several_who_come_at_once_only_as_many_get_in_as_there_is_room_for(app: APIFlask, people: People) -> None:
    had(people.zhang.id, NEW_AT_MOST - 2, timedelta(hours=1))
    told = sign_in(app.test_client(), "zhang").get_json()

    def move(_: int) -> int:
        token = {"Authorization": f"Bearer {told['token']}"}
        return app.test_client().post("/api/v1/session/device", json=device(Ledger()), headers=token).status_code

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(move, range(4))) == [200, 429, 429, 429]
    assert registered(people.zhang.id) == NEW_AT_MOST


@pytest.mark.usefixtures("on_postgresql")
def test_who_asks_for_the_last_room_waits_for_who_is_taking_it(people: People, beside: Beside) -> None:
    had(people.zhang.id, LIVING_AT_MOST - 1, WEEK)

    def one_more(connection: Connection) -> datetime:
        now, phone = utc_now(), Phone(people.zhang.id)
        make_room(connection, people.zhang.id, now)
        row = {"id": phone.id, "person_id": phone.person_id, "kind": "phone", "name": "phone", "public_key": "{}"}
        connection.execute(insert(Device).values(**row, created_at=now, last_seen_at=now))
        return now

    with writing() as connection:
        one_more(connection)
        later = beside(lambda: write(one_more))
        wait_until_somebody_waits()
    with pytest.raises(Problem, match="too_many_devices"):
        later.result(PATIENCE_S)
