"""The server's clock was wrong for a moment: what it said then proves nothing once it is right again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from apiflask import APIFlask

from server.services import utc_now
from tests.conftest import PASSWORD, People
from tests.races.clock import Clock
from tests.reference_client import Client
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id

AHEAD = timedelta(days=365)
SetClock = Callable[[timedelta], None]


@pytest.fixture
def set_clock(app: APIFlask) -> SetClock:
    """Sets the server's clock ahead by so much."""
    right = app.extensions["undercroft"]

    def set_ahead(by: timedelta) -> None:
        app.extensions["undercroft"] = replace(right, now=lambda: utc_now() + by)

    return set_ahead


def arrives(phone: Phone, order: str) -> dict[str, object]:
    """The phone arrives and delivers it: the time that the arrival is judged by."""
    phone.write("arrival.record", order, {"arrival": new_id(), "position": None, "why_none": "unavailable"})
    phone.sync()
    return dict(phone.order(order)["arrivals"][-1]["time"])


def is_of_today(time: dict[str, object]) -> bool:
    """Whether nothing contradicts it and no bound lies in the future."""
    soon = (utc_now() + timedelta(hours=1)).isoformat()
    bounds = [time["best"], time["not_before"] or "", time["not_after"]]
    return time["grade"] != "contradicted" and all(str(each) < soon for each in bounds)


def test_an_anchor_of_a_clock_that_was_ahead_proves_nothing(zhang: Phone, office: Office, set_clock: SetClock) -> None:
    order = office.open(zhang.person_id)
    set_clock(AHEAD)
    zhang.sync()
    set_clock(timedelta(0))
    first = arrives(zhang, order)
    second = arrives(zhang, order)
    assert (is_of_today(first), is_of_today(second)) == (True, True)
    assert first["not_before"] is None and second["not_before"] is not None


def test_an_anchor_that_was_believed_then_is_replaced_by_the_next(
    zhang: Phone, office: Office, set_clock: SetClock
) -> None:
    order = office.open(zhang.person_id)
    set_clock(AHEAD)
    zhang.sync()
    zhang.write("note.add", order, {"note": new_id(), "text": "written while the clock is ahead"})
    zhang.sync()
    set_clock(timedelta(0))
    assert [is_of_today(arrives(zhang, order)) for _ in range(3)] == [True] * 3


@pytest.mark.parametrize("wrong", [timedelta(hours=-5), AHEAD], ids=["behind", "ahead"])
def test_an_anchor_of_a_clock_that_was_in_doubt_neither_proves_nor_accuses(
    live_server: str, people: People, office: Office, clock: Clock, wrong: timedelta
) -> None:
    order, phone = office.open(people.zhang.id), Client(live_server)
    phone.sign_in("zhang", PASSWORD)
    phone.sync()
    clock.set_ahead(wrong)
    phone.sync()
    clock.set_ahead(timedelta(0))
    begun = utc_now()
    phone.write("arrival.record", order, {"arrival": new_id(), "position": None, "why_none": "unavailable"})
    phone.sync()
    arrival = phone.held_documents("work_order")[order]["body"]["arrivals"][0]
    assert datetime.fromisoformat(arrival["time"]["best"]) >= begun - timedelta(seconds=1)
    assert [each["code"] for each in arrival["reasons"] if each["code"].startswith("clock_moved")] == []
