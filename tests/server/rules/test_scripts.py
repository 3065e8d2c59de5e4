"""In which language a text is written, and what of a list cannot be read in the reader's."""

from __future__ import annotations

from typing import Any

import pytest

from server.rules.scripts import only_in, read_in
from tests.vector_cases import cases


@pytest.mark.parametrize(("given_", "expected"), cases("languages"))
def test_a_text_is_read_in_the_readers_language_where_it_is_known(
    given_: dict[str, Any], expected: dict[str, Any]
) -> None:
    all_, language = given_["all"], given_["language"]
    read = [read_in(said, language) for said in all_]
    assert {"read": read, "only": only_in(all_, language)} == expected
