"""The time stamp of a fix beside two clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.evidence.stamps import age_by_stamp, counted_on, fix_age_s, not_negative, said_age_s, stamp_of
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


@pytest.mark.parametrize(
    ("off", "rollovers", "counted"),
    [(0, 1, 1), (86400, 1, 1), (-86400, 1, 1), (86401, 1, 0), (-86401, 1, 0), (0, 2, 2), (0, 0, 0), (0, -1, 0)],
)
def test_a_stamp_near_a_whole_number_of_rollovers_is_counted_on(off: float, rollovers: int, counted: int) -> None:
    stamp = NINE - timedelta(weeks=1024) * rollovers + timedelta(seconds=off)
    assert counted_on(stamp, NINE) == (stamp + timedelta(weeks=1024) * counted, 1024 * counted)


@pytest.mark.parametrize(("ahead_s", "age"), [(30, 0.0), (31, None), (-5, 5.0)])
def test_a_stamp_may_lie_half_a_minute_ahead_of_the_clock_that_made_it(ahead_s: float, age: float | None) -> None:
    assert age_by_stamp(NINE + timedelta(seconds=ahead_s), NINE, NINE) == age


@pytest.mark.parametrize(
    ("value", "figure"),
    [(0, 0.0), (5, 5.0), (2.5, 2.5), (-0.1, None), (1e9, None), (999_999_999, 999_999_999.0), (True, None), ("5", None),
     (None, None), (float("nan"), None)],
)  # fmt: skip
def test_a_figure_of_a_position_is_a_number_and_not_negative(value: object, figure: float | None) -> None:
    assert not_negative(value) == figure
    assert said_age_s({"age_s": value}) == (figure or 0.0)


@pytest.mark.parametrize("text", [None, 7, "yesterday", "2026-11-24T09:00:00"])
def test_what_is_no_moment_is_no_stamp_and_ages_nothing(text: object) -> None:
    position = {"fixed_at": text, "age_s": 4}
    assert stamp_of(position) is None
    assert fix_age_s(position, NINE, NINE) == fix_age_s({"age_s": 4}, NINE) == 4.0
    known = {"fixed_at": "2026-11-24T08:59:00Z", "age_s": 4}
    assert (fix_age_s(known, None, NINE), fix_age_s(known, NINE), fix_age_s(known, NINE, NINE)) == (4.0, 60.0, 60.0)
