"""Figures as people type them; the phone reads the same cases."""

from __future__ import annotations

from typing import Any

import pytest

from server.rules import figures
from server.rules.figures import MEASURE, QUANTITY, NotTaken, figure_of
from tests.vector_cases import cases


def read(given: dict[str, Any]) -> dict[str, Any]:  # Any: JSON of a case
    try:
        return {"value": figure_of(given["typed"], getattr(figures, given["kind"]), given["units"])}
    except NotTaken as problem:
        return {"problem": problem.code}


@pytest.mark.parametrize(("given_", "expected"), cases("figures"))
def test_what_is_meant_by_a_figure(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    assert read(given_) == expected


@pytest.mark.parametrize(
    ("typed", "kind", "units", "figures_"),
    [
        ("2 m", QUANTITY, ["", "米", "个"], {"unit": "米"}),
        ("0.4 bar", MEASURE, [" MPa "], {"unit": " MPa "}),
        ("2 m", QUANTITY, [], {"unit": ""}),
        ("1.23456789", QUANTITY, [], {"places": 6}),
        ("999999999999", QUANTITY, [], {"most": "99999.99"}),
        ("-1e", MEASURE, [], {"unit": ""}),
        ("-9999999999", MEASURE, [], {"least": "-999999999"}),
    ],
)
def test_a_figure_that_is_not_taken_says_what_would_be(
    typed: str, kind: figures.Kind, units: list[str], figures_: dict[str, str | int]
) -> None:
    with pytest.raises(NotTaken) as raised:
        figure_of(typed, kind, units)
    assert raised.value.figures == figures_
