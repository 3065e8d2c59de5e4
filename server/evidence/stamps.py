"""The time stamp of a position fix beside two clocks: satellite time, or the phone's own (evidence.md, "When").

Nobody but the phone knows which of them its stamps show, so both are asked. Receivers whose count of weeks has begun
anew stamp their fixes 1,024 weeks too early.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from server.rules.instants import shifted

ROLLOVER_WEEKS: Final = 1024
# So near to a whole number of rollovers a stamp lies, or it is simply wrong.
NEAR: Final = timedelta(days=1)
# A stamp may lie so far ahead of a clock that it was made by.
AHEAD_S: Final = 30.0


def stamp_of(position: Mapping[str, object]) -> datetime | None:
    """When the fix was made by its own time stamp; None for what is no moment."""
    text = position.get("fixed_at")
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def said_age_s(position: Mapping[str, object]) -> float:
    """How old the phone says that the fix was, in seconds; 0 where it does not say."""
    return not_negative(position.get("age_s")) or 0.0


def not_negative(value: object) -> float | None:
    """A figure of a position; None for what is none, or beyond all measure."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e9:
        return None
    return float(value)


def counted_on(stamp: datetime, near: datetime) -> tuple[datetime, int]:
    """The stamp with the weeks added that its receiver has lost, and how many: 0 where it has lost none."""
    span = timedelta(weeks=ROLLOVER_WEEKS)
    times = round((near - stamp) / span)
    if times < 1 or abs(near - stamp - times * span) > NEAR:
        return stamp, 0
    return shifted(stamp, times * span), times * ROLLOVER_WEEKS


def fix_age_s(position: Mapping[str, object], wall: datetime | None, corrected: datetime | None = None) -> float:
    """How old a fix was when the line was written, in seconds: what the phone says, or more by the fix's own stamp.

    `wall` is what the phone's clock showed, `corrected` what the server makes of that. A stamp may be of either: the
    one that makes the fix younger counts, unless that makes it one of the future. Without `corrected` the phone's clock
    alone is asked, as lines were judged before.
    """
    said, stamp = said_age_s(position), stamp_of(position)
    if wall is None or stamp is None:
        return said
    if corrected is None:
        return max(said, (wall - stamp).total_seconds())
    return max(said, age_by_stamp(stamp, wall, corrected) or 0.0)


def age_by_stamp(stamp: datetime, wall: datetime, corrected: datetime) -> float | None:
    """How old a fix is by its stamp alone, in seconds; None where neither clock explains it."""
    counted, _ = counted_on(stamp, corrected)
    ages = [(clock - counted).total_seconds() for clock in (wall, corrected)]
    explained = [age for age in ages if age >= -AHEAD_S]
    return max(0.0, min(explained)) if explained else None
