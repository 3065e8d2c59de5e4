"""Every reason that the rules give can be read, in every language, with its figures."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from server.evidence import arrival, clocks, photo_hints, place, report, signing, time_bounds
from server.language import languages, text
from server.rules.charges import ChargeWhy, charge
from server.rules.defaults import default_rule_set
from server.rules.warranty import WarrantyWhy, warranty

# Codes that are made from an answer or handed on in a variable.
MADE = {"inside", "outside", "unclear", "on_time", "late", "clock_moved", "clock_moved_elsewhere",
        "claim_before_anchor", "claim_after_receipt", "gps_older", "gps_later", "gps_by_phone_clock",
        "phone_clock_off"}  # fmt: skip


def literal_codes() -> set[str]:
    """The first argument of every `Reason("…")` in the evidence."""
    found = set(MADE)
    for module in (arrival, clocks, photo_hints, place, signing, time_bounds):
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason":
                match node.args[0]:
                    case ast.Constant(value=str(code)):
                        found.add(code)
    return found


def typed_codes() -> set[str]:
    """The codes that the types of warranty, charge and signature allow."""
    whys = [get_type_hints(each)["code"] for each in (ChargeWhy, WarrantyWhy)]
    return {code for each in (*whys, report.SignatureProblem) for code in get_args(each)}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("code", sorted(literal_codes() | typed_codes()))
def test_every_code_has_a_sentence(code: str, language: str) -> None:
    assert language in languages()
    from server.language import has_text

    assert has_text(f"reason-{code.replace('_', '-')}", language)


def say(language: str, reason: dict[str, Any]) -> str:
    figures = {name: value for name, value in reason.items() if name != "code"}
    return text(language, f"reason-{reason['code'].replace('_', '-')}", **figures)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_reasons_of_whole_cases_are_complete_sentences(language: str) -> None:
    nine = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    moved = time_bounds.time_bounds(
        time_bounds.Reading(nine - timedelta(hours=2), 3_600_000, "a"),
        time_bounds.Anchor(nine, time_bounds.Reading(nine, 0, "a")),
        None,
        nine + timedelta(hours=2),
        fix_at=nine + timedelta(hours=1),
    )
    position = {"latitude": 25.28, "longitude": 110.3, "accuracy_m": 10, "age_s": 900}
    where = place.judge_place(position, {"latitude": 25.27, "longitude": 110.29, "datum": None}, 100)
    judged = arrival.judge_arrival(moved, where, None, nine + timedelta(minutes=30))
    rules = default_rule_set()
    covered = warranty({"category": "墙面", "accepted_on": "2020-01-01"}, "家装", rules, date(2026, 11, 24))
    cost = charge([], [], None, "wear", rules["price_rules"]["full"], "CNY")
    sentences = [say(language, reason) for reason in judged.as_json()["reasons"]]  # type: ignore[attr-defined]  # a list
    sentences += [say(language, dict(covered["why"])), say(language, dict(cost["why"]))]
    assert len(sentences) >= 6
    assert all(sentence.endswith(("。", ".")) and "{" not in sentence for sentence in sentences), sentences
