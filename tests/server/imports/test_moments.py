from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from server.imports.moments import NotAMoment, read_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (datetime(2026, 11, 22, 16, 54), "2026-11-22T16:54"),
        (date(2026, 11, 22), "2026-11-22T00:00"),
        ("2026-11-22 16:54", "2026-11-22T16:54"),
        ("2026-11-22T16:54:30", "2026-11-22T16:54:30"),
        (" 2026/11/22 9:05 ", "2026-11-22T09:05"),
        ("2026.11.22", "2026-11-22T00:00"),
        ("20261122", "2026-11-22T00:00"),
        ("2026年11月22日 上午9点", "2026-11-22T09:00"),
        ("2026年11月22日下午3点半", "2026-11-22T15:30"),
        ("2026年11月22日 晚上8时05分", "2026-11-22T20:05"),
        ("2026年11月22日 凌晨12点", "2026-11-22T00:00"),
        ("2026年11月22日 中午12点", "2026-11-22T12:00"),
        ("2026年11月22日 中午1点", "2026-11-22T13:00"),
        ("２０２６－１１－２２　９：０５", "2026-11-22T09:05"),
        ("2026-11-22 9:05 PM", "2026-11-22T21:05"),
        ("2026-11-22T01:05:00Z", "2026-11-22T09:05"),
        (46348.704166666666, "2026-11-22T16:54"),
        ("46348.704166666666", "2026-11-22T16:54"),
        (46348, "2026-11-22T00:00"),
        (46354.4583, "2026-11-28T11:00"),
        ("46354.4583", "2026-11-28T11:00"),
        (46354.45833, "2026-11-28T11:00"),
        (46354.5, "2026-11-28T12:00"),
    ],
)
def test_a_date_is_understood_in_the_forms_people_write(written: object, meant: str) -> None:
    moment = read_moment(written)
    assert moment.at(SHANGHAI) == datetime.fromisoformat(meant).replace(tzinfo=SHANGHAI)


def test_a_moment_without_a_year_is_read_in_the_year_it_is_given() -> None:
    moment = read_moment("11月22日 上午9点")
    assert moment.year is None
    assert moment.at(SHANGHAI, 2026) == datetime(2026, 11, 22, 1, tzinfo=UTC)


def test_a_workbook_that_counts_from_1904_has_other_serial_numbers() -> None:
    assert read_moment(46348 - 1462, counts_from_1904=True).on() == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026-02-30", "date_impossible"),
        ("2026-11-22 25:00", "date_impossible"),
        ("2月30日", "date_impossible"),
        ("20261322", "date_impossible"),
        ("03/04/2026", "date_not_understood"),
        ("11-22", "date_not_understood"),
        ("2026年11月22日 晚上12点", "date_not_understood"),
        ("明天", "date_not_understood"),
        ("12", "date_not_understood"),
        (7, "date_not_understood"),
        (True, "date_not_understood"),
        (float("nan"), "date_not_understood"),
    ],
)
def test_what_could_be_two_dates_or_none_is_not_guessed(written: object, code: str) -> None:
    with pytest.raises(NotAMoment) as refusal:
        read_moment(written)
    assert refusal.value.code == code
