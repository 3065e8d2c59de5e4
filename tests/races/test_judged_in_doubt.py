"""What comes in while the server doubts its own clock: a doubt is said as one, and is no proof against anybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from server.services import utc_now
from tests.races.clock import Clock
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id


def arrives(phone: Phone, order: str) -> dict[str, Any]:
    """The phone arrives and delivers it: the time that the arrival is judged by."""
    phone.write("arrival.record", order, {"arrival": new_id(), "position": None, "why_none": "unavailable"})
    phone.sync()
    return dict(phone.order(order)["arrivals"][-1]["time"])


def reasons(time: dict[str, Any]) -> list[str]:
    return [each["code"] for each in time["reasons"]]


@pytest.mark.parametrize("by", [timedelta(days=365), timedelta(days=-2)], ids=["ahead", "behind"])
def test_what_comes_in_while_the_clock_is_in_doubt_is_not_judged_by_it(
    zhang: Phone, office: Office, clock: Clock, by: timedelta
) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    before = utc_now()
    clock.set_ahead(by)
    assert clock.is_in_doubt()
    time = arrives(zhang, order)
    assert time["grade"] != "contradicted" and "server_clock_in_doubt" in reasons(time)
    assert datetime.fromisoformat(time["not_before"]) <= before
    assert datetime.fromisoformat(time["not_after"]) >= before
    assert abs(datetime.fromisoformat(time["best"]) - zhang.now) < timedelta(minutes=1)


@pytest.mark.parametrize("by", [timedelta(days=365), timedelta(days=-2)], ids=["ahead", "behind"])
def test_a_time_mark_of_a_clock_in_doubt_proves_nothing_and_contradicts_nobody(
    zhang: Phone, office: Office, clock: Clock, by: timedelta
) -> None:
    order = office.open(zhang.person_id)
    clock.set_ahead(by)
    assert clock.is_in_doubt()
    zhang.sync()
    clock.set_ahead(timedelta(0))
    assert not clock.is_in_doubt()
    first, second = arrives(zhang, order), arrives(zhang, order)
    assert first["grade"] != "contradicted" != second["grade"]
    assert first["not_before"] is None and second["not_before"] is not None
    assert "server_clock_in_doubt" not in reasons(first) + reasons(second)


def test_what_was_held_while_the_clock_was_in_doubt_is_judged_as_it_came_in(
    zhang: Phone, office: Office, clock: Clock
) -> None:
    order = new_id()
    clock.set_ahead(timedelta(days=365))
    assert clock.is_in_doubt()
    zhang.write("arrival.record", order, {"arrival": new_id(), "position": None, "why_none": "unavailable"})
    zhang.sync()
    clock.set_ahead(timedelta(0))
    assert not clock.is_in_doubt()
    data = {"kind": "repair", "fault": "水泵漏水", "assignees": [zhang.person_id]}
    assert office.write("order.open", order, data).status == "applied"
    zhang.sync()
    time = zhang.order(order)["arrivals"][0]["time"]
    assert time["grade"] != "contradicted" and "server_clock_in_doubt" in reasons(time)
