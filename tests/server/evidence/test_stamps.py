"""The time stamp of a fix beside two clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.evidence.stamps import age_by_stamp, counted_on, fix_age_s
from tests.vector_cases import cases

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("given_", "expected"), cases("fix_age"))
def test_how_old_a_fix_is_by_its_stamp(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    stamp, wall, corrected = (datetime.fromisoformat(given_[name]) for name in ("stamp", "wall", "corrected"))
    assert age_by_stamp(stamp, wall, corrected) == expected["age_s"]


@given(st.floats(-5e5, 5e5), st.floats(0, 1e5), st.floats(0, 1e5))
def test_a_wrong_clock_hides_no_more_of_a_fixs_age_than_it_is_wrong_by(off: float, age: float, said: float) -> None:
    wall = NINE + timedelta(seconds=off)
    for clock in (wall, NINE):
        position = {"fixed_at": (clock - timedelta(seconds=age)).isoformat(), "age_s": said}
        found = fix_age_s(position, wall, NINE)
        hidden = age - found
        assert found >= said
        assert hidden < 1e-3 or (hidden <= abs(off) + 1e-3 and abs(off) <= age + 31)


@pytest.mark.parametrize(
    "stamp", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", "1980-01-06T00:00:00+14:00"]
)
def test_no_calendar_ends_too_early(stamp: str) -> None:
    moment = datetime.fromisoformat(stamp)
    for near in (NINE, datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)):
        assert counted_on(moment, near)[0].year >= 1
