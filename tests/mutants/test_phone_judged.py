"""Of the phone's mutants none survives unsaid, and no reason outlives its mutant."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.mutants.phone import REASONS, ROOT, Survivor, reasons_of, wrong_with

SOURCE = "const a = 1;\n  if (a > 1) return { a };\n"


def report(status: str) -> dict[str, Any]:
    """One file with one mutant, of `a > 1`."""
    location = {"start": {"line": 2, "column": 7}, "end": {"line": 2, "column": 12}}
    mutant = {"status": status, "replacement": "a >= 1", "location": location}
    return {"pwa/static/app/rules/some.js": {"source": SOURCE, "mutants": [mutant]}}


REASON = Survivor("some.js", "if (a > 1) return { a };", "a > 1 → a >= 1")


@pytest.mark.parametrize(
    ("status", "reasons", "wrong"),
    [
        ("Killed", [], 0),
        ("Timeout", [], 0),
        ("Survived", [REASON], 0),
        ("Survived", [], 1),
        ("NoCoverage", [], 1),
        ("Killed", [REASON], 1),
        ("Survived", [Survivor("some.js", "if (a > 1) return { a };", "a > 1 → true")], 2),
    ],
)
def test_a_survivor_needs_a_reason_and_a_reason_a_survivor(status: str, reasons: list[Survivor], wrong: int) -> None:
    assert len(wrong_with(report(status), reasons)) == wrong


def test_every_reason_is_of_a_line_that_there_is() -> None:
    app = ROOT / "pwa" / "static" / "app"
    for reason in reasons_of(json.loads(REASONS.read_text("utf-8"))):
        [file] = [*app.glob(f"rules/{reason.file}"), *app.glob(f"documents/work_order/{reason.file}")]
        assert reason.line in [line.strip() for line in file.read_text("utf-8").splitlines()], reason
