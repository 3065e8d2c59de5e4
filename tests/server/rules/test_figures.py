"""Figures as people type them; the phone reads the same cases."""

from __future__ import annotations

from typing import Any

import pytest

from server.rules import figures
from server.rules.figures import NotTaken, figure_of
from tests.vector_cases import cases


def read(given: dict[str, Any]) -> dict[str, Any]:  # Any: JSON of a case
    try:
        return {"value": figure_of(given["typed"], getattr(figures, given["kind"]), given["units"])}
    except NotTaken as problem:
        assert str(problem) == problem.code
        return {"problem": problem.code, "figures": problem.figures}


@pytest.mark.parametrize(("given_", "expected"), cases("figures"))
def test_what_is_meant_by_a_figure(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    assert read(given_) == expected
