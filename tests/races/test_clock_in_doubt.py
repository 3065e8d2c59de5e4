"""While the server's clock is in doubt that is told; when it is believed again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from server.clock_witness import WITNESS, keep
from server.database import write, writing
from server.housekeeping import look
from server.models import ServerFact, SessionToken
from server.services import services, utc_now
from tests.conftest import People
from tests.races.clock import Clock
from tests.races.visitors import Desk, begin_upload, lives, offset, signed_in
from tests.reference_client import uuid7
from tests.server.sync.phone import Phone

YEAR, DAY, HOUR = timedelta(days=365), timedelta(days=1), timedelta(hours=1)
TO_1970: Final = -56 * YEAR
RIGHT: Final = timedelta(0)


def apart_s(client: FlaskClient) -> float:
    """What the figures say of the clock."""
    lines = client.get("/metrics").text.splitlines()
    return float(next(line for line in lines if line.startswith("undercroft_clock_apart_seconds ")).split()[1])


def test_the_jump_is_told_and_so_is_its_end(
    app: APIFlask, clock: Clock, client: FlaskClient, people: People, caplog: pytest.LogCaptureFixture
) -> None:
    admin, other = Desk(app, people.admin), Desk(app, people.wang)
    assert apart_s(client) == 0
    clock.set_ahead(YEAR)
    pages = [admin.page(), other.page()]
    assert ["By all that the server knows" in page for page in pages] == [True, False]
    assert abs(apart_s(client) - YEAR.total_seconds()) < 5
    clock.set_ahead(RIGHT)
    assert "By all that the server knows" not in admin.page()
    assert apart_s(client) == 0
    told = [record.getMessage() for record in caplog.records if record.name == "server.steady_clock"]
    assert ["nothing is ended" in each for each in told] == [True, False]
    assert "believed again" in told[1]


def test_a_clock_that_is_ahead_is_believed_after_a_day(clock: Clock) -> None:
    clock.set_ahead(YEAR)
    found = [clock.is_in_doubt()]
    for _ in range(13):
        clock.run(2 * HOUR)
        found.append(clock.is_in_doubt())
    assert found == [True] * 13 + [False]


def test_a_restart_in_between_begins_the_day_not_anew(clock: Clock) -> None:
    clock.set_ahead(YEAR)
    clock.run(HOUR)
    for _ in range(4):
        clock.run(6 * HOUR)
        clock.start()
    assert not clock.is_in_doubt()


def test_a_clock_that_is_behind_is_not_believed_by_itself(clock: Clock) -> None:
    clock.set_ahead(TO_1970)
    for _ in range(5):
        clock.run(DAY)
    assert clock.is_in_doubt()


@pytest.mark.parametrize("jump", [YEAR, TO_1970], ids=["year", "1970"])
def test_an_administrator_says_that_it_is_right(app: APIFlask, clock: Clock, people: People, jump: timedelta) -> None:
    admin, other = Desk(app, people.admin), Desk(app, people.wang)
    clock.set_ahead(jump)
    assert (other.believe(), clock.is_in_doubt()) == (403, True)
    assert (admin.browser.post("/office/clock").status_code, clock.is_in_doubt()) == (303, True)
    assert (admin.believe(), clock.is_in_doubt()) == (303, False)
    clock.start()
    assert not clock.is_in_doubt()


def test_what_an_administrator_has_said_other_processes_learn(
    app: APIFlask, clock: Clock, client: FlaskClient, people: People
) -> None:
    admin = Desk(app, people.admin)
    one = services()
    clock.start()
    clock.set_ahead(YEAR)
    assert one.clock.times(services().now()).in_doubt
    admin.believe()
    clock.passed += timedelta(seconds=11)
    app.extensions["undercroft"] = one
    assert apart_s(client) == 0
    assert not one.times().in_doubt


def test_a_process_that_does_not_know_yet_takes_nothing_back(app: APIFlask, clock: Clock, people: People) -> None:
    admin = Desk(app, people.admin)
    one = services()
    clock.start()
    clock.set_ahead(YEAR)
    of_one = one.clock.advance(services().now())
    admin.believe()
    write(lambda connection: keep(connection, of_one))
    clock.start()
    assert not clock.is_in_doubt()


def test_a_server_that_was_off_for_three_weeks_shuts_nobody_out(
    app: APIFlask, clock: Clock, client: FlaskClient, people: People
) -> None:
    token = signed_in(client, people.zhang)
    place = begin_upload(client, token)
    clock.set_ahead(21 * DAY)
    clock.start("second")
    assert (lives(client, token), offset(client, token, place)[0], clock.is_in_doubt()) == (True, 200, True)
    clock.run(12 * HOUR)
    clock.run(12 * HOUR)
    assert (lives(client, token), offset(client, token, place)[0], clock.is_in_doubt()) == (True, 410, False)


def test_a_server_that_was_off_over_the_weekend_is_not_in_doubt(clock: Clock) -> None:
    clock.set_ahead(2 * DAY)
    clock.start("second")
    assert not clock.is_in_doubt()


def test_a_restart_tells_a_jump_from_being_off(clock: Clock) -> None:
    clock.set_ahead(2 * DAY)
    clock.start()
    assert clock.is_in_doubt()


def test_what_has_expired_comes_back_with_a_clock_that_is_put_right(
    clock: Clock, client: FlaskClient, people: People
) -> None:
    """A machine that was off is believed for three days more: what ended by that is there again when it was wrong."""
    token = signed_in(client, people.zhang)
    with writing() as connection:
        connection.execute(update(SessionToken).values(expires_at=utc_now() + DAY))
    clock.set_ahead(2 * DAY)
    clock.start("second")
    assert not lives(client, token)
    signed_in(client, people.li)
    look()
    clock.set_ahead(RIGHT)
    assert lives(client, token)


def test_a_database_that_has_seen_later_times_and_no_witness_doubts_the_clock(clock: Clock, zhang: Phone) -> None:
    zhang.write("note.add", uuid7(), {"note": uuid7(), "text": "x"})
    zhang.sync()
    with writing() as connection:
        connection.execute(delete(ServerFact).where(ServerFact.name == WITNESS))
    clock.set_ahead(TO_1970)
    clock.start()
    assert clock.is_in_doubt()
