"""What the clocks say, and what is believed of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.steady_clock import ALLOWED, Known, Reading, SteadyClock, Times, later

START = datetime(2026, 11, 29, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YEAR = 365 * DAY
KNOWN = Known(START, Reading(START, 1000.0, "a"))


def reading(passed: timedelta, off: timedelta = timedelta(0), boot: str = "a") -> Reading:
    """After so much time the wall clock is so far off."""
    ran = 1000.0 if boot == "a" else 0.0
    return Reading(START + passed + off, ran + passed.total_seconds(), boot)


@pytest.mark.parametrize(
    ("now", "steady"),
    [
        (reading(HOUR), START + HOUR),
        (reading(40 * DAY), START + 40 * DAY),
        (reading(HOUR, timedelta(minutes=9)), START + HOUR + timedelta(minutes=9)),
        (reading(HOUR, -timedelta(minutes=9)), START + HOUR - timedelta(minutes=9)),
        (reading(HOUR, timedelta(minutes=11)), START + HOUR),
        (reading(HOUR, -timedelta(minutes=11)), START + HOUR),
        (reading(HOUR, YEAR), START + HOUR),
        (reading(HOUR, -56 * YEAR), START + HOUR),
        (reading(2 * DAY, boot="b"), START + 2 * DAY),
        (reading(4 * DAY, boot="b"), START),
        (reading(-HOUR, boot="b"), START),
        (Reading(START + HOUR, 900.0, "a"), START + HOUR),
    ],
    ids=(
        "an hour", "40 days", "9 minutes ahead", "9 minutes behind", "11 minutes ahead", "11 minutes behind", "a year",
        "1970", "off for two days", "off for four", "behind after a start", "ran less than before: another run",
    ),
)  # fmt: skip
def test_the_wall_clock_is_believed_as_far_as_the_machine_ran(now: Reading, steady: datetime) -> None:
    found = later(KNOWN, now)
    assert (found.steady, found.in_doubt) == (steady, steady != now.wall)


def test_a_doubt_ends_after_a_day_in_which_the_clock_only_ran() -> None:
    looks = [(1, YEAR), (13, YEAR), (24, YEAR), (25, YEAR)]
    known, found = KNOWN, []
    for hours, off in looks:
        known = later(known, reading(hours * HOUR, off))
        found.append(known.in_doubt)
    assert found == [True, True, True, False]


def test_a_clock_that_jumps_again_begins_the_day_anew() -> None:
    known = KNOWN
    for hours, off in ((1, YEAR), (20, YEAR), (21, 2 * YEAR), (44, 2 * YEAR)):
        known = later(known, reading(hours * HOUR, off))
        assert known.in_doubt
    assert not later(known, reading(45 * HOUR, 2 * YEAR)).in_doubt


def test_a_machine_that_is_switched_off_at_night_believes_its_clock_in_the_end() -> None:
    known = later(KNOWN, reading(21 * DAY, boot="b"))
    days = 0
    while known.in_doubt:
        days += 1
        assert days < 5
        boot = str(days)
        known = later(known, Reading(START + (21 + days) * DAY, 0.0, boot))
        known = later(known, Reading(START + (21 + days) * DAY + 10 * HOUR, 36_000.0, boot))
    assert days == 3


@given(st.lists(st.tuples(st.integers(1, 7200), st.integers(-(10**9), 10**9)), max_size=30))
def test_the_steady_time_never_runs_more_than_the_machine_within_a_day(
    looks: list[tuple[int, int]],
) -> None:
    """Whatever the wall clock says in between, from look to look, for as long as no jump has held for a day."""
    known, ran, off = KNOWN, 0, 0
    for seconds, jump in looks:
        ran += seconds
        off += jump
        if ran >= 24 * 3600:
            return
        known = later(known, reading(timedelta(seconds=ran), timedelta(seconds=off)))
        allowed = ALLOWED * len(looks)
        assert abs(known.steady - START - timedelta(seconds=ran)) <= allowed


def test_what_ends_has_ended_by_both() -> None:
    ahead, behind = Times(START + YEAR, START), Times(START - YEAR, START)
    assert (ahead.ended_by, behind.ended_by) == (START, START - YEAR)
    assert (ahead.apart_s, behind.apart_s) == (YEAR.total_seconds(), -YEAR.total_seconds())


def test_the_database_is_asked_at_the_start_and_in_doubt_every_ten_seconds() -> None:
    asked, ran = [], [0.0]

    def load(wall: datetime) -> None:
        asked.append(wall)

    clock = SteadyClock(load, lambda: ran[0], "a")
    for second in range(20):
        ran[0] = float(second)
        clock.times(START + timedelta(seconds=second))
    assert len(asked) == 1
    for second in range(20, 50):
        ran[0] = float(second)
        clock.times(START + YEAR)
    assert len(asked) == 4
