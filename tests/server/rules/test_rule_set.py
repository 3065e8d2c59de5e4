"""Names in the reader's language."""

from __future__ import annotations

import pytest

from server.rules.rule_set import name_in


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({"zh-CN": "全包", "en": "Full service"}, "Full service"),
        ({"zh-CN": "全包", "fr": "Tout compris"}, "全包"),
        ({"zh-CN": "全包", "en": ""}, "全包"),
        ({}, ""),
    ],
)
def test_a_name_is_in_the_readers_language_or_in_the_first_that_there_is(names: dict[str, str], shown: str) -> None:
    assert name_in(names, "en") == shown
