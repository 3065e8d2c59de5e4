"""How the stage of a work order moves."""

from __future__ import annotations

from typing import Any

import pytest

from server.rules.stages import advance
from tests.vector_cases import cases


@pytest.mark.parametrize(("given_", "expected"), cases("stages"))
def test_a_stage_moves_forward_only(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    assert advance(**given_) == expected["stage"]


def test_a_word_that_is_no_stage_is_refused() -> None:
    with pytest.raises(KeyError):
        advance("working", "flying", False)  # type: ignore[arg-type]  # the point of the test


def test_nobody_takes_back_an_end_who_is_not_said_to_have_said_it() -> None:
    assert advance("unable", "working", False) == "not_forward"
    assert advance("unable", "working", False, True) == "working"
