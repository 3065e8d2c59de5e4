"""A time that was taken in can be shown to anybody, wherever they are."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from server.rules.instants import instant_of


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
