"""Dates, ranges, reasons and answers as somebody of the office reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from server.office.shell.answers import answers_of
from server.office.shell.reader import Reader
from server.office.shell.reasons import sentence


@pytest.fixture
def reader() -> Reader:
    """Somebody who reads Chinese on 24 November 2026."""
    zone = ZoneInfo("Asia/Shanghai")
    return Reader("zh-CN", "system", zone, "CNY", datetime(2026, 11, 24, 10, 52, tzinfo=zone))


def test_a_reading_outside_what_is_allowed_is_a_failure(reader: Reader) -> None:
    items = {"pressure": {"type": "number", "text": "压力", "low": "2", "high": "6.5"}}

    def failed(value: object) -> bool:
        body = {"checklist": {"answers": {"pressure": {"value": value}}}}
        return answers_of(body, items, reader)[0].failed

    assert [failed(value) for value in ("1.9", "2", "6.5", "6.51", "?")] == [True, False, False, True, False]


@pytest.mark.parametrize(
    ("begins", "english", "chinese"),
    [
        (
            "card_lost",
            "completion on Jan 3, 2022, because the warranty card is lost.",
            "自 2022年1月3日竣工（保修卡遗失）起",
        ),
        (
            "completion",
            "completion on Jan 3, 2022, because there is no date of acceptance.",
            "自 2022年1月3日竣工（无验收日期）起",
        ),
        ("day_after_acceptance", "from Jan 3, 2022, the day after acceptance.", "自 2022年1月3日验收次日起"),
        ("acceptance", "from acceptance on Jan 3, 2022.", "自 2022年1月3日验收起"),
    ],
)
@pytest.mark.parametrize("code", ["within_term", "term_over"])
def test_a_warranty_says_from_which_day_it_counts_in_the_readers_dates(
    reader: Reader, code: str, begins: str, english: str, chinese: str
) -> None:
    reason = {
        "code": code,
        "until": "2025-01-02",
        "months": 36,
        "norm": "S14",
        "begins": begins,
        "start": "2022-01-03",
    }
    assert english in sentence(reason, replace(reader, language="en"))
    assert "2025年1月2日" in sentence(reason, reader) and chinese in sentence(reason, reader)


def test_a_range_over_midnight_breaks_only_after_its_dash(reader: Reader) -> None:
    late, early = "2026-11-23T23:30:00+08:00", "2026-11-24T01:30:00+08:00"
    assert reader.span(late, early).split(" ") == ["11月23日\N{NO-BREAK SPACE}23:30–11月24日\N{NO-BREAK SPACE}01:30"]
    assert reader.span(late, late.replace("23:30", "23:50")) == "11月23日\N{NO-BREAK SPACE}23:30–23:50"
    assert replace(reader, language="en").clock("2025-01-03T09:14:00+08:00") == "Jan 3, 2025, 09:14".replace(
        " ", "\N{NO-BREAK SPACE}"
    )


@pytest.mark.parametrize(("seconds", "said"), [(-0.0, "相差 0 秒"), (-0.3, "相差 0.3 秒"), (1.9, "相差 1.9 秒")])
def test_a_difference_has_no_sign(reader: Reader, seconds: float, said: str) -> None:
    assert said in sentence({"code": "elapsed_agrees", "seconds": seconds}, reader)


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [(119, "119 minutes before", "早到 119 分钟"), (2091, "34 h 51 min before", "早到 34 小时 51 分钟")],
)
def test_many_minutes_are_said_in_hours(reader: Reader, minutes: int, english: str, chinese: str) -> None:
    reason = {"code": "on_time", "minutes": minutes}
    assert english in sentence(reason, replace(reader, language="en")) and chinese in sentence(reason, reader)
