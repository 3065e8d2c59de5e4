"""By when a customer must be contacted, visited and helped (work-orders.md, S04 S07 S11 S13 S14 S19 S20)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final, Literal, TypedDict
from zoneinfo import ZoneInfo

import holidays

from server.rules.rule_set import Clock, Limit, RuleSet, contract_of

# A clock that opens on no day at all must not be searched for ever.
_LONGEST_SEARCH: Final = timedelta(days=3 * 366)


Level = Literal["none", "calm", "half", "nine_tenths", "past"]


class Remaining(TypedDict):
    """How much of a deadline is left: `seconds` (negative when past, None without a deadline), and at
    what `level` the order is: it rises at half, at nine tenths and past the deadline."""

    seconds: int | None
    level: Level


class Deadlines(TypedDict):
    """RFC 3339 times with the offset of the company's time zone; None where the contract sets none."""

    contact_by: str | None
    arrive_by: str | None
    repair_by: str | None


def deadlines(
    reported_at: datetime, contract: str | None, priority: str | None, rule_set: RuleSet, timezone: str
) -> Deadlines:
    """The deadlines of a fault that was reported at `reported_at` (aware), on the contract's clock.

    Hours in which the clock is closed are skipped. Working days are those of the rule set's calendar:
    for mainland China the public holidays with their exchanged and make-up working days, as far as the
    State Council has announced them (each November for the next year); before that only the statutory
    holidays are known. Who arrives has been in contact: `contact_by` is never after `arrive_by`.
    """
    agreed = contract_of(rule_set, contract)
    limits, zone = agreed["limits"], ZoneInfo(timezone)

    def due(limit: Limit | None) -> datetime | None:
        if limit is None:
            return None
        minutes = limit.get("by_priority", {}).get(priority or "normal", limit["minutes"])
        clock = rule_set["clocks"][limit.get("clock", agreed["clock"])]
        return after_working_time(reported_at, timedelta(minutes=minutes), clock, rule_set["calendar"], zone)

    contact, arrive, repair = due(limits.get("contact")), due(limits.get("arrive")), due(limits.get("repair"))
    if contact is not None and arrive is not None:
        contact = min(contact, arrive)
    return {"contact_by": _text(contact), "arrive_by": _text(arrive), "repair_by": _text(repair)}


def remaining(due_by: datetime | None, begun_at: datetime | None, now: datetime) -> Remaining:
    """What is left of a deadline that began to run at `begun_at` (all aware); without a beginning it is
    calm until it is past."""
    if due_by is None:
        return {"seconds": None, "level": "none"}
    seconds = math.floor((due_by - now).total_seconds())
    if seconds < 0:
        return {"seconds": seconds, "level": "past"}
    if begun_at is None or begun_at >= due_by:
        return {"seconds": seconds, "level": "calm"}
    used = (now - begun_at) / (due_by - begun_at)
    level: Level = "nine_tenths" if used >= 0.9 else "half" if used >= 0.5 else "calm"
    return {"seconds": seconds, "level": level}


def after_working_time(begin: datetime, duration: timedelta, clock: Clock, calendar: str, zone: ZoneInfo) -> datetime:
    """The moment, in `zone`, when `duration` of the clock's open time has passed since `begin` (aware).

    Open hours are local times of `zone`; their length is real time, also across a change to summer
    time. Raises ValueError for a clock that does not open for that long within three years.
    """
    left = duration
    for opens, closes in _openings(begin.astimezone(zone).date(), clock, calendar, zone):
        starts = max(opens, begin.astimezone(UTC))
        if starts >= closes:
            continue
        length = closes - starts
        if left <= length:
            return (starts + left).astimezone(zone)
        left -= length
    raise ValueError(f"the clock {clock['name']} does not open for {duration} within three years")


def is_working_day(day: date, calendar: str) -> bool:
    """Whether people work on this day in the country `calendar` (ISO 3166), make-up days included."""
    return bool(_calendar(calendar, day.year).is_working_day(day))


def _openings(day: date, clock: Clock, calendar: str, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The clock's open hours from `day` on, in UTC so that their lengths are real time."""
    last = day + _LONGEST_SEARCH
    while day <= last:
        if clock["days"] == "every" or is_working_day(day, calendar):
            for opens, closes in clock["open"]:
                yield _moment(day, opens, zone), _moment(day, closes, zone)
        day += timedelta(days=1)


def _moment(day: date, text: str, zone: ZoneInfo) -> datetime:
    """The UTC time of "HH:MM" on a day of `zone`; "24:00" is the midnight that ends it."""
    if text == "24:00":
        day, text = day + timedelta(days=1), "00:00"
    return datetime.combine(day, time.fromisoformat(text), zone).astimezone(UTC)


@cache
def _calendar(country: str, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays(country, years=year)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
