"""By when a customer must be contacted, visited and helped."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rules.deadlines import after_working_time, deadlines, is_working_day, remaining
from server.rules.defaults import default_rule_set
from tests.vector_cases import cases

RULES = default_rule_set()
CHINA = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+08:00")


def due(reported: str, contract: str | None, priority: str = "normal") -> tuple[str | None, ...]:
    """Contact, arrival and repair as local "2026-11-24T09:00"."""
    made = deadlines(at(reported), contract, priority, RULES, "Asia/Shanghai")
    texts = (made["contact_by"], made["arrive_by"], made["repair_by"])
    return tuple(text and text.removesuffix(":00+08:00") for text in texts)


# 2026-11-24 is a Tuesday without holidays around it.
@pytest.mark.parametrize(
    ("contract", "contact", "arrive", "repair"),
    [
        ("标准工程", "2026-11-25T10:00", "2026-11-26T10:00", None),
        ("网络与系统7×24", "2026-11-24T12:00", "2026-11-24T22:00", "2026-11-26T10:00"),
        ("设备紧急", "2026-11-24T12:00", "2026-11-24T13:00", "2026-11-24T14:00"),
        ("驻场合同", "2026-11-24T10:15", "2026-11-24T12:00", "2026-11-24T18:00"),
        ("家装", None, "2026-11-24T16:00", None),
        ("供应设备", "2026-11-25T10:00", "2026-11-27T10:00", None),
        ("standard", "2026-11-25T10:00", "2026-11-26T10:00", None),
        (None, "2026-11-25T10:00", "2026-11-26T10:00", None),
    ],
)
def test_each_contract_has_the_limits_of_its_norm(
    contract: str | None, contact: str | None, arrive: str, repair: str | None
) -> None:
    assert due("2026-11-24T10:00", contract) == (contact, arrive, repair)


@pytest.mark.parametrize(
    ("priority", "arrive"),
    [
        ("urgent", "2026-11-24T14:00"),
        ("high", "2026-11-24T14:00"),
        ("normal", "2026-11-24T16:00"),
        # 24 h of a clock that is open 12 h a day.
        ("low", "2026-11-26T10:00"),
    ],
)
def test_home_decoration_chooses_by_priority(priority: str, arrive: str) -> None:
    assert due("2026-11-24T10:00", "家装", priority)[1] == arrive


def test_a_weekend_does_not_count() -> None:
    assert due("2026-11-27T16:00", "标准工程")[:2] == ("2026-11-30T16:00", "2026-12-01T16:00")


def test_public_holidays_do_not_count() -> None:
    # 1 to 7 October 2026 are free: 16:30 on the eve and 24 h of working days end on the 8th.
    assert due("2026-09-30T16:30", "标准工程")[0] == "2026-10-08T16:30"


def test_a_make_up_working_day_counts() -> None:
    # Saturday 10 October 2026 is worked for the holiday.
    assert due("2026-10-09T16:30", "标准工程")[0] == "2026-10-10T16:30"


def test_reported_on_a_free_day_it_begins_with_the_next_working_day() -> None:
    assert due("2026-11-28T16:00", "标准工程")[0] == "2026-12-01T00:00"


def test_around_the_clock_knows_no_holidays() -> None:
    assert due("2026-10-01T23:00", "设备紧急")[1] == "2026-10-02T02:00"


def test_closed_hours_of_the_night_are_skipped() -> None:
    assert due("2026-11-24T20:00", "家装")[1] == "2026-11-25T14:00"
    assert due("2026-11-24T23:30", "家装")[1] == "2026-11-25T15:00"


@pytest.mark.parametrize(
    ("begin", "hours", "end"),
    [
        ("2026-11-24T10:00", 8, "2026-11-25T10:00"),
        ("2026-11-24T12:30", 1, "2026-11-24T14:00"),
        ("2026-11-24T08:00", 3, "2026-11-24T12:00"),
        ("2026-11-27T17:00", 2, "2026-11-30T10:00"),
    ],
)
def test_five_days_of_eight_hours_skip_lunch_night_and_weekend(begin: str, hours: int, end: str) -> None:
    clock = RULES["clocks"]["5x8"]
    assert after_working_time(at(begin), timedelta(hours=hours), clock, "CN", CHINA) == at(end)


def test_who_arrives_has_been_in_contact() -> None:
    rules = default_rule_set()
    rules["contracts"][0]["limits"]["contact"] = {"minutes": 9999}
    made = deadlines(at("2026-11-24T10:00"), "标准工程", None, rules, "Asia/Shanghai")
    assert made["contact_by"] == made["arrive_by"] == "2026-11-26T10:00:00+08:00"


def test_a_change_to_summer_time_does_not_shorten_a_promise() -> None:
    # Berlin, 29 March 2026: the night has an hour less.
    reported = datetime.fromisoformat("2026-03-28T22:00:00+01:00")
    made = deadlines(reported, "网络与系统7×24", None, RULES, "Europe/Berlin")
    assert made["arrive_by"] == "2026-03-29T11:00:00+02:00"


@pytest.mark.parametrize(
    ("zone", "begin", "end"),
    [
        # There it is still the evening before, or already the next morning.
        ("America/New_York", "2026-11-24T02:00:00+00:00", "2026-11-23T22:00:00-05:00"),
        ("Asia/Shanghai", "2026-11-24T22:00:00+00:00", "2026-11-25T07:00:00+08:00"),
    ],
)
def test_hours_are_counted_from_the_day_that_it_is_in_the_zone(zone: str, begin: str, end: str) -> None:
    clock: Any = {"name": {}, "days": "every", "open": [["00:00", "24:00"]]}
    found = after_working_time(datetime.fromisoformat(begin), timedelta(hours=1), clock, "US", ZoneInfo(zone))
    assert found.isoformat() == end


@pytest.mark.parametrize(
    ("minutes", "level"),
    [(0, "calm"), (49, "calm"), (50, "half"), (89, "half"), (90, "nine_tenths"), (100, "nine_tenths")],
)
def test_a_deadline_rises_at_half_and_at_nine_tenths(minutes: int, level: str) -> None:
    begun = at("2026-11-24T10:00")
    left = remaining(begun + timedelta(minutes=100), begun, begun + timedelta(minutes=minutes))
    assert left == {"seconds": (100 - minutes) * 60, "level": level}
    over = remaining(begun, begun, begun)
    assert over == {"seconds": 0, "level": "calm"}, "it never began to run"
    assert remaining(begun, begun, begun + timedelta(seconds=1)) == {"seconds": -1, "level": "past"}


def test_a_clock_that_never_opens_is_refused_instead_of_searched_for_ever() -> None:
    clock = {**RULES["clocks"]["5x8"], "open": []}
    with pytest.raises(ValueError, match="does not open"):
        after_working_time(at("2026-11-24T10:00"), timedelta(hours=1), clock, "CN", CHINA)  # type: ignore[arg-type]  # a copy


@pytest.mark.parametrize(
    ("day", "working"),
    [("2026-02-17", False), ("2026-02-14", True), ("2026-02-15", False), ("2026-11-24", True)],
)
def test_the_calendar_knows_spring_festival_and_its_make_up_days(day: str, working: bool) -> None:
    assert is_working_day(date.fromisoformat(day), "CN") is working


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)).map(lambda value: value.replace(tzinfo=CHINA)),
    st.sampled_from(sorted(RULES["clocks"])),
    st.integers(1, 6000),
    st.integers(0, 3000),
)
def test_more_time_is_never_earlier_and_never_less_than_it_says(
    begin: datetime, name: str, minutes: int, more: int
) -> None:
    clock = RULES["clocks"][name]
    first, second = (
        after_working_time(begin, timedelta(minutes=each), clock, "CN", CHINA) for each in (minutes, minutes + more)
    )
    assert begin + timedelta(minutes=minutes) <= first <= second


@pytest.mark.parametrize(("given_", "expected"), cases("remaining"))
def test_what_is_left_of_a_deadline(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    moments = {name: text and datetime.fromisoformat(text) for name, text in given_.items()}
    assert remaining(**moments) == expected
