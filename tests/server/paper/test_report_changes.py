"""What differs from a signed report is shown line by line: what was signed, what is now, and nothing else."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from server.evidence.report import differences, report_of
from server.paper.report_changes import MOST, changes
from server.paper.report_sheet import Reader
from tests.vector_cases import FOLDER

FIRST = json.loads((FOLDER / "report.json").read_text(encoding="utf-8"))["cases"][0]["input"]


@pytest.fixture
def body() -> dict[str, Any]:
    return copy.deepcopy(FIRST["body"])


def signed(body: dict[str, Any]) -> dict[str, Any]:
    """The report as it comes back from the signed text."""
    return json.loads(json.dumps(report_of(body, FIRST["language"], FIRST["names"], FIRST["currency"])))


def shown(report: dict[str, Any], body: dict[str, Any], language: str = "zh-CN") -> dict[str, list[tuple[str, str]]]:
    """By part, the lines with their side."""
    found = changes(report, body, differences(report, body), Reader(language, "Asia/Shanghai"), "CNY")
    return {change.part: [(line.side, line.text) for line in change.lines] for change in found}


def test_a_line_dearer_by_one_fen_is_shown_as_signed_and_as_now(body: dict[str, Any]) -> None:
    report = signed(body)
    body["labour"][0]["unit_price"] += 1
    before, after = shown(report, body)["labour"]
    assert (before[0], after[0]) == ("signed", "now")
    price = report["labour"][0]["unit_price"]
    assert f"¥{price / 100:.2f}" in before[1] and f"¥{(price + 1) / 100:.2f}" in after[1]
    assert shown(report, body, "en")["labour"] != shown(report, body)["labour"]


def test_of_a_long_text_only_what_differs_is_shown_with_a_line_around_it(body: dict[str, Any]) -> None:
    body["diagnosis"] = "一\n二\n三\n四\n五"
    report = signed(body)
    body["diagnosis"] = "一\n二\n三三\n四\n五"
    assert shown(report, body) == {
        "diagnosis": [("both", "二"), ("signed", "三"), ("now", "三三"), ("both", "四")]
    }  # fmt: skip


def test_what_was_added_or_taken_away_stands_on_one_side_only(body: dict[str, Any]) -> None:
    report = signed(body)
    body["labour"].append(body["labour"][0] | {"line": "another", "name": "清洗"})
    assert [side for side, text in shown(report, body)["labour"] if "清洗" in text] == ["now"]
    body["labour"].clear()
    assert {side for side, _ in shown(report, body)["labour"]} == {"signed"}


def test_the_sums_show_what_is_to_pay_now(body: dict[str, Any]) -> None:
    report = signed(body)
    body["charge"] |= {"total": body["charge"]["total"] + 1}
    lines = shown(report, body)["charge"]
    total = report["charge"]["total"]
    assert any(side == "signed" and f"{total / 100:,.2f}" in text for side, text in lines)
    assert any(side == "now" and f"{(total + 1) / 100:,.2f}" in text for side, text in lines)


def test_another_order_of_lines_and_members_that_were_not_signed_are_no_difference(body: dict[str, Any]) -> None:
    body["labour"].append(body["labour"][0] | {"line": "another", "name": "清洗"})
    report = signed(body)
    for line in report["labour"]:
        del line["method"]
    body["labour"].reverse()
    body["labour"][0]["quantity"] = "7"
    lines = shown(report, body)["labour"]
    assert [side for side, _ in lines if side != "both"] == ["signed", "now"]
    assert all("清洗" in text for side, text in lines if side != "both")


@pytest.mark.parametrize("odd", [
    {"labour": "none"}, {"labour": [1, None, "x"]}, {"labour": [{"name": 5}]}, {"charge": 12},
    {"charge": {"total": []}},
    {"customer": {"name": {}}}, {"site": ["x"]}, {"fault": 7}, {"number": {"a": 1}}, {"arrived_at": "yesterday"},
])  # fmt: skip
def test_reports_of_other_programs_are_compared_too(body: dict[str, Any], odd: dict[str, Any]) -> None:
    report = signed(body) | odd
    body["arrivals"] = []
    found = changes(report, body, list(odd), Reader("en", "Asia/Shanghai"), "CNY")
    assert [change.part for change in found] == list(odd)


def test_more_lines_than_anybody_reads_are_not_compared(body: dict[str, Any]) -> None:
    report = signed(body) | {"fault": "a\n" * (MOST + 1)}
    assert shown(report, body) == {"fault": []}
    as_many_as_are = signed(body) | {"fault": "\n".join(["a"] * MOST)}
    assert len(shown(as_many_as_are, body)["fault"]) > MOST
