"""Which JSON values can be kept and given out again."""

from __future__ import annotations

import pytest

from server.rules.values import Json, numbers_in, storable


def nested(depth: int) -> Json:
    value: Json = 1
    for _ in range(depth):
        value = {"x": value} if depth % 2 else [value]
    return value


@pytest.mark.parametrize("value", [None, True, "水泵\n", 0, -1.5, 10**300, {"a": ["b", {}]}, nested(32), nested(31)])
def test_what_every_reader_understands_is_storable(value: Json) -> None:
    assert storable(value)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), -float("inf"), 10**400, "a\0", "\ud800", "\udfff", nested(33), nested(500)],
    ids=lambda value: repr(value)[:20],
)
def test_what_some_reader_or_database_cannot_take_is_not(value: Json) -> None:
    assert not storable(value)
    assert not storable([{"inside": value}])


def test_names_of_members_count_too() -> None:
    assert not storable({"a\0": 1})
    assert not storable({"\udc00": 1})


def test_numbers_are_found_at_any_depth_and_truth_is_none() -> None:
    assert list(numbers_in({"a": [1, True, {"b": 2.5}], "c": "3"})) == [1, 2.5]
