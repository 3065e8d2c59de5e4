"""By what devices of one name are told apart."""

from __future__ import annotations

from typing import Any

import pytest

from server.rules.marks import mark_of
from tests.vector_cases import cases


@pytest.mark.parametrize(("given_", "expected"), cases("marks"))
def test_a_mark_is_short_and_easily_read_out(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    assert mark_of(given_["id"]) == expected["mark"]
