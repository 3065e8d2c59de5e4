"""A time that was taken in can be shown to anybody, wherever they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from server.rules.instants import instant_of, shifted


@pytest.mark.parametrize("text", ["2026-11-24T09:14:03.120+08:00", "2026-11-24T09:14:03Z", "0002-01-01T14:00:00+14:00"])
def test_a_time_is_read_in_every_zone(text: str) -> None:
    for hours in (-23, 0, 23):
        assert instant_of(text).astimezone(timezone(timedelta(hours=hours))) == instant_of(text)


@pytest.mark.parametrize(
    "text",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59Z", "2026-11-24T09:14", "soon"],
)
def test_what_some_zone_does_not_have_is_no_time(text: str) -> None:
    with pytest.raises(ValueError):
        instant_of(text)


def test_a_time_without_an_offset_is_refused_for_that() -> None:
    with pytest.raises(ValueError, match="^a time needs an offset$"):
        instant_of("2026-11-24T09:14")
    with pytest.raises(ValueError, match="^no calendar has that time in every zone$"):
        instant_of("9999-12-31T23:59:59Z")


def test_the_first_and_the_last_time_are_times() -> None:
    first, last = datetime(2, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
    assert instant_of(first.isoformat()) == first
    assert instant_of((last - timedelta(microseconds=1)).isoformat()) == last - timedelta(microseconds=1)
    for beyond in (first - timedelta(microseconds=1), last):
        with pytest.raises(ValueError):
            instant_of(beyond.isoformat())


@pytest.mark.parametrize(
    ("by", "there"),
    [
        (timedelta(days=1), datetime(2026, 11, 25, tzinfo=UTC)),
        (timedelta(days=2_912_000), datetime(9999, 1, 1, tzinfo=UTC)),
        (timedelta(days=365 * 9000), datetime(9999, 1, 1, tzinfo=UTC)),
        (timedelta(days=-739_778), datetime(2, 1, 1, tzinfo=UTC)),
        (timedelta(days=-365 * 9000), datetime(2, 1, 1, tzinfo=UTC)),
    ],
)
def test_what_lies_beyond_every_calendar_is_its_end_on_that_side(by: timedelta, there: datetime) -> None:
    assert shifted(datetime(2026, 11, 24, tzinfo=UTC), by) == there
