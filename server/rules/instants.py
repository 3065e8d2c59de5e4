"""Moments in time as JSON holds them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

# A zone's offset is less than a day: what lies a year within the calendar's ends can be read in every zone.
_EARLIEST: Final = datetime(2, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC)


def instant_of(text: str) -> datetime:
    """The moment that RFC 3339 text names, readable in every zone; raises ValueError and TypeError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time needs an offset")
    if not _EARLIEST <= moment < _LATEST:
        raise ValueError("no calendar has that time in every zone")
    return moment


def shifted(moment: datetime, by: timedelta) -> datetime:
    """`moment` later, or earlier, by that much; where no calendar goes so far, the nearest that every zone has."""
    try:
        there = moment + by
        return min(max(there, _EARLIEST), _LATEST)
    except OverflowError:
        return _LATEST if by > timedelta() else _EARLIEST
