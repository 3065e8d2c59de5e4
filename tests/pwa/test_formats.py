"""Money, quantities, shares and times of day read alike on the phone, in the office and on paper."""

from __future__ import annotations

import pytest

from server.language import CATALOGUES, format_clock, format_money, format_quantity, format_time
from server.paper.report_sheet import Reader
from tests.pwa.conftest import Phone

ZONE = "Asia/Shanghai"
MOMENT = "2026-11-24T20:30:00Z"
FORMATS = """([language, moment]) => ({
  money: [40125, -5, 7205759403792794].map((minor) => core.formatMoney(minor, "CNY", language)),
  other: core.formatMoney(40125, "HKD", language),
  quantities: ["2.50", "1", "1250.5"].map((quantity) => core.formatQuantity(quantity, language)),
  clock: core.formatTime(moment, {hour: "2-digit", minute: "2-digit"}, language),
  moment: core.formatTime(moment, {dateStyle: "medium", timeStyle: "medium"}, language),
})"""


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_phone_office_and_paper_write_the_same_figures(phone: Phone, language: str) -> None:
    page = phone.tab()
    assert page.evaluate(FORMATS, [language, MOMENT]) == {
        "money": [format_money(minor, "CNY", language) for minor in (40125, -5, 7205759403792794)],
        "other": format_money(40125, "HKD", language, mixed=True),
        "quantities": [format_quantity(quantity, language) for quantity in ("2.50", "1", "1250.5")],
        "clock": format_clock(MOMENT, language, ZONE),
        "moment": format_time(MOMENT, language, ZONE),
    }
    assert format_money(40125, "CNY", language) == "¥401.25"
    assert format_money(40125, "CNY", "en", mixed=True) == "CN¥401.25"
    assert format_clock(MOMENT, language, ZONE) == "04:30"
    assert "04:30" in Reader(language, ZONE).time(MOMENT)


def test_a_share_is_written_in_one_form() -> None:
    spaced = [
        f"{file.parent.name}/{file.name}: {line}"
        for file in CATALOGUES.glob("*/*.ftl")
        for line in file.read_text("utf-8").splitlines()
        if "} %" in line
    ]
    assert spaced == []
