"""The cases that Python and JavaScript both run, from tests/vectors/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).with_name("vectors")


def cases(name: str) -> list[Any]:  # Any: the cases are JSON
    """The cases of a file as pytest parameters (input, expected), each with its name."""
    file = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(case["input"], case["expected"], id=case["name"]) for case in file["cases"]]
