"""Whether a job is under warranty, until when, and why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rules.defaults import default_rule_set
from server.rules.warranty import AssetFacts, add_months, covered_on, warranty
from tests.vector_cases import cases

RULES = default_rule_set()


def asset(category: str, accepted: str | None, completed: str | None = None, card: str | None = "have") -> AssetFacts:
    return {"category": category, "accepted_on": accepted, "completed_on": completed, "card": card}  # type: ignore[typeddict-item]  # the test's words


@pytest.mark.parametrize(
    ("category", "contract", "until", "norm"),
    [
        ("水电隐蔽", "家装", "2034-05-10", "S19"),
        ("泥水", "家装", "2027-05-10", "S19"),
        ("木制作", "标准工程", "2026-05-10", "S19"),
        ("墙面", "驻场合同", "2026-05-10", "S19"),
        ("供水", "标准工程", "2025-05-10", "S04"),
        ("电梯", "设备紧急", "2029-05-10", "S13"),
        ("弱电", "网络与系统7×24", "2027-05-10", "S11"),
        ("暖通", "驻场合同", "2027-05-11", "S14"),
        ("绿化", "家装", "2025-05-10", "S20"),
        ("消防", None, "2025-05-10", "S04"),
    ],
)
def test_the_term_of_the_category_counts_else_the_contracts(
    category: str, contract: str | None, until: str, norm: str
) -> None:
    found = warranty(asset(category, "2024-05-10"), contract, RULES, date(2024, 6, 1))
    assert (found["covered"], found["until"], found["why"]["norm"]) == (True, until, norm)


@pytest.mark.parametrize(
    ("facts", "begins", "start"),
    [
        (asset("供水", "2024-05-10", "2024-05-01"), "acceptance", "2024-05-10"),
        (asset("供水", "2024-05-10T09:14:00+08:00"), "acceptance", "2024-05-10"),
        (asset("暖通", "2024-05-10", "2024-05-01"), "day_after_acceptance", "2024-05-11"),
        (asset("暖通", None, "2024-05-01"), "completion", "2024-05-01"),
        (asset("暖通", "2024-05-10", "2024-05-01", "lost"), "card_lost", "2024-05-01"),
    ],
)
def test_a_term_says_from_what_and_when_it_begins(facts: AssetFacts, begins: str, start: str) -> None:
    contract = "标准工程" if begins == "acceptance" else "驻场合同"
    why = warranty(facts, contract, RULES, date(2024, 6, 1))["why"]
    assert (why["begins"], why["start"]) == (begins, start)


def test_a_warranty_says_by_which_term_from_when_until_when() -> None:
    found = warranty(asset("木制作", "2024-05-10"), "标准工程", RULES, date(2024, 6, 1))
    term = next(each for each in RULES["warranty_terms"] if "木制作" in each["categories"])
    assert found["why"] == {
        "code": "within_term", "norm": "S19", "term": term["id"], "months": 24, "begins": "acceptance",
        "start": "2024-05-10", "until": "2026-05-10",
    }  # fmt: skip


def test_the_last_day_is_covered_and_the_next_is_not() -> None:
    facts = asset("木制作", "2024-11-24")
    on_the_last, after = (warranty(facts, "家装", RULES, date(2026, 11, day)) for day in (24, 25))
    assert (on_the_last["covered"], on_the_last["why"]["code"]) == (True, "within_term")
    assert (after["covered"], after["why"]["code"]) == (False, "term_over")


@pytest.mark.parametrize(
    ("accepted", "completed", "card", "begins", "until"),
    [
        ("2024-05-10", "2024-03-01", "have", "acceptance", "2026-05-10"),
        ("2024-05-10", "2024-03-01", None, "acceptance", "2026-05-10"),
        (None, "2024-03-01", "have", "completion", "2026-03-01"),
        ("2024-05-10", "2024-03-01", "lost", "card_lost", "2026-03-01"),
        (None, "2024-03-01", "lost", "card_lost", "2026-03-01"),
        ("2024-05-10", None, "lost", "acceptance", "2026-05-10"),
    ],
)
def test_without_acceptance_or_card_it_runs_from_completion(
    accepted: str | None, completed: str | None, card: str | None, begins: str, until: str
) -> None:
    found = warranty(asset("墙面", accepted, completed, card), "家装", RULES, date(2024, 6, 1))
    assert (found["why"]["begins"], found["until"]) == (begins, until)


@pytest.mark.parametrize(
    ("facts", "code"),
    [(None, "no_asset"), (asset("墙面", None, None), "no_dates")],
)
def test_what_cannot_be_known_is_said_to_be_unknown(facts: AssetFacts | None, code: str) -> None:
    found = warranty(facts, "家装", RULES, date(2024, 6, 1))
    assert (found["covered"], found["until"], found["why"]["code"]) == (None, None, code)


def test_a_contract_whose_term_is_not_there_leaves_it_unknown() -> None:
    rules = default_rule_set()
    rules["warranty_terms"] = []
    found = warranty(asset("供水", "2024-05-10"), "标准工程", rules, date(2024, 6, 1))
    assert found["why"] == {"code": "no_term", "category": "供水"}


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 12, 1), 1, date(2026, 1, 1)),
        (date(2025, 11, 30), 1, date(2025, 12, 30)),
    ],
)
def test_a_month_without_that_day_ends_with_its_last(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(-400, 5000))
def test_covered_is_every_day_up_to_until_and_no_other(accepted: date, days: int) -> None:
    on = accepted + timedelta(days=days)
    found = warranty(asset("墙面", accepted.isoformat()), "家装", RULES, on)
    assert found["until"] is not None
    assert found["covered"] == (on <= date.fromisoformat(found["until"]))
    assert covered_on(found, accepted)["covered"] is True


@pytest.mark.parametrize(("given_", "expected"), cases("warranty_on"))
def test_a_warranty_on_another_day(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    assert covered_on(given_["warranty"], date.fromisoformat(given_["on"])) == expected
