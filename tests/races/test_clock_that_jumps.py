"""The server's clock jumps, ahead or back: nothing ends, goes or is refused because of it, then or when it is right
again."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Final

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update

from server.database import reading, writing
from server.export_files.parking import park, parked
from server.housekeeping import look
from server.models import Device, PhotoContent, SessionToken, SignInAttempt, WrongPassword
from server.photos import Room
from server.services import services, utc_now
from tests.conftest import People, TestPerson
from tests.races.clock import Clock
from tests.races.visitors import HERE, Desk, bearer, begin_upload, lives, offset, phone_of, signed_in
from tests.reference_client import uuid7
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone

YEAR, DAY, HOUR = timedelta(days=365), timedelta(days=1), timedelta(hours=1)
TO_1970: Final = -56 * YEAR
RIGHT: Final = timedelta(0)
JUMPS: Final = pytest.mark.parametrize("jump", [YEAR, 2 * HOUR, -HOUR, TO_1970], ids=["year", "2h", "back", "1970"])


@JUMPS
def test_sessions_live_through_it(
    app: APIFlask, clock: Clock, client: FlaskClient, people: People, jump: timedelta
) -> None:
    token, desk = signed_in(client, people.zhang), Desk(app, people.wang)
    clock.set_ahead(jump)
    assert (lives(client, token), desk.lives()) == (True, True)
    of_then, desk_of_then = signed_in(client, people.zhang), Desk(app, people.wang)
    assert (lives(client, of_then), desk_of_then.lives()) == (True, True)
    look()
    clock.set_ahead(RIGHT)
    look()
    assert [lives(client, each) for each in (token, of_then)] == [True, True]
    assert (desk.lives(), desk_of_then.lives()) == (True, True)


def test_sessions_end_in_their_time_in_between(
    app: APIFlask, clock: Clock, client: FlaskClient, people: People
) -> None:
    """The steady time runs on, also while the clock is in doubt."""
    desk = Desk(app, people.wang)
    clock.set_ahead(YEAR)
    assert desk.lives()
    clock.run(13 * HOUR)
    assert not desk.lives()


def test_a_session_that_was_ended_stays_so_when_the_clock_is_right_again(
    app: APIFlask, clock: Clock, client: FlaskClient, people: People
) -> None:
    token = signed_in(client, people.zhang)
    with writing() as connection:
        connection.execute(update(SessionToken).values(expires_at=utc_now() - HOUR))
    admin = Desk(app, people.admin)
    form = {"kind": "person.end_sessions", "reason": "phone lost", "confirmed": "yes"}
    admin.browser.post(f"/office/people/{people.zhang.id}/account", data=form)
    clock.set_ahead(-2 * HOUR)
    assert client.get("/api/v1/session", headers=bearer(token)).json["code"] == "session_ended"


def test_a_session_of_a_clock_that_was_wrong_for_days_is_as_of_now_once_it_is_used(
    clock: Clock, client: FlaskClient, people: People
) -> None:
    token = signed_in(client, people.zhang)
    with writing() as connection:
        ahead = {"last_used_at": utc_now() + YEAR, "expires_at": utc_now() + YEAR + 90 * DAY}
        connection.execute(update(SessionToken).values(**ahead))
    assert lives(client, token)
    with reading() as connection:
        assert connection.execute(select(SessionToken.expires_at)).scalar_one() < utc_now() + 91 * DAY


@pytest.mark.parametrize("jump", [YEAR, TO_1970], ids=["year", "1970"])
def test_sixty_typing_errors_in_16_hours_shut_nobody_out(
    clock: Clock, client: FlaskClient, people: People, jump: timedelta
) -> None:
    def mistyped() -> int:
        sent = phone_of(people.li, "not the password")
        return client.post("/api/v1/session", json=sent, environ_overrides=HERE).status_code

    clock.set_ahead(jump)
    assert mistyped() == 401
    clock.set_ahead(RIGHT)
    for _ in range(60):
        assert mistyped() == 401
        clock.passed += timedelta(minutes=16)
    assert mistyped() == 401
    assert lives(client, signed_in(client, people.li))


def test_tries_that_a_wrong_clock_has_counted_count_for_a_quarter_of_an_hour(
    clock: Clock, client: FlaskClient, people: People
) -> None:
    client.post("/api/v1/session", json=phone_of(people.li, "wrong"), environ_overrides=HERE)
    with writing() as connection:
        connection.execute(update(SignInAttempt).values(window_start=utc_now() + YEAR, failures=60))
    refused = client.post("/api/v1/session", json=phone_of(people.li), environ_overrides=HERE)
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_tries")
    assert refused.json["retry_after_s"] <= 15 * 60 + 1
    clock.passed += timedelta(minutes=16)
    assert lives(client, signed_in(client, people.li))


def test_who_guesses_has_no_more_tries_for_it(clock: Clock, client: FlaskClient, people: People) -> None:
    def guess() -> int:
        return client.post("/api/v1/session", json=phone_of(people.li, "guess"), environ_overrides=HERE).status_code

    found = [guess() for _ in range(10)]
    clock.set_ahead(YEAR)
    found += [guess()]
    clock.set_ahead(TO_1970)
    found += [guess()]
    clock.set_ahead(RIGHT)
    assert [*found, guess()] == [401] * 10 + [429] * 3


def test_wrong_passwords_are_told_though_the_clock_was_ahead(clock: Clock, client: FlaskClient, people: People) -> None:
    client.post("/api/v1/session", json=phone_of(people.li, "wrong"), environ_overrides=HERE)
    clock.set_ahead(YEAR)
    signed_in(client, people.zhang)
    clock.set_ahead(RIGHT)
    with reading() as connection:
        assert connection.execute(select(WrongPassword.untold)).scalars().all() == [1]


@JUMPS
def test_what_was_finished_today_stays_on_the_phone(
    clock: Clock, zhang: Phone, office: Office, jump: timedelta
) -> None:
    before, then = office.open(zhang.person_id), office.open(zhang.person_id)
    held = zhang.write("note.add", uuid7(), {"note": uuid7(), "text": "x"})
    zhang.write("order.stage", before, {"to": "finished"})
    zhang.sync()
    office.write("held.decide", uuid7(), {"operation": held, "decision": "dismiss"})
    clock.set_ahead(jump)
    assert look() == 0
    zhang.write("order.stage", then, {"to": "finished"})
    zhang.sync()
    clock.set_ahead(RIGHT)
    clock.run(DAY)
    assert look() == 0
    zhang.sync()
    assert zhang.gone == {}
    clock.run(31 * DAY)
    zhang.sync()
    assert zhang.gone == dict.fromkeys((before, then, held), "archived")


@JUMPS
def test_the_half_of_an_upload_stays(clock: Clock, client: FlaskClient, people: People, jump: timedelta) -> None:
    token = signed_in(client, people.zhang)
    place = begin_upload(client, token)
    clock.set_ahead(jump)
    of_then = begin_upload(client, token)
    clock.set_ahead(RIGHT)
    begin_upload(client, token)
    assert [offset(client, token, each) for each in (place, of_then)] == [(200, "4"), (200, "4")]


@JUMPS
def test_what_was_refused_as_a_photo_stays_for_30_days(clock: Clock, jump: timedelta) -> None:
    before, then = refuse_photo(), "b" * 64
    clock.set_ahead(jump)
    look()
    refuse_photo(then)
    clock.set_ahead(RIGHT)
    clock.run(DAY)
    assert [services().photos.exists(Room.REFUSED, each) for each in (before, then)] == [True, True]
    clock.run(31 * DAY)
    assert [services().photos.exists(Room.REFUSED, each) for each in (before, then)] == [False, False]


def refuse_photo(sha256: str = "a" * 64) -> str:
    """A content that is kept as refused, as of what the clock says."""
    row = {"sha256": sha256, "size": 4, "media_type": "image/jpeg", "state": "rejected", "reason": "unreadable"}
    file = services().settings.data / sha256
    file.write_bytes(b"none")
    services().photos.put(Room.REFUSED, sha256, file)
    with writing() as connection:
        connection.execute(insert(PhotoContent).values(**row, facts="{}", stored_at=services().now()))
    return sha256


@JUMPS
def test_a_file_that_was_brought_and_not_yet_taken_in_stays(clock: Clock, people: People, jump: timedelta) -> None:
    data = services().settings.data

    def bring(person: TestPerson) -> str:
        return park(data, person.id, io.BytesIO(b"file"), services().times().steady, lambda _: 1 << 40)

    before = bring(people.wang)
    clock.set_ahead(jump)
    then = bring(people.chen)
    clock.set_ahead(RIGHT)
    bring(people.admin)
    for person, token in ((people.wang, before), (people.chen, then)):
        assert parked(data, person.id, token, services().times().steady).read_bytes() == b"file"


def test_phones_that_a_wrong_clock_has_dated_are_not_new_for_a_year(
    clock: Clock, client: FlaskClient, people: People
) -> None:
    for _ in range(20):
        signed_in(client, people.zhang)
    refused = client.post("/api/v1/session", json=phone_of(people.zhang), environ_overrides=HERE)
    assert refused.json["code"] == "too_many_new_devices"
    with writing() as connection:
        connection.execute(update(Device).values(created_at=utc_now() + YEAR))
    signed_in(client, people.zhang)
