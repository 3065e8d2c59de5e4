"""JSON values: when two of them are the same, and which of them can be kept and given out again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

MAX_DEPTH: Final = 32
# What is no double any more, even rounded: JavaScript makes one of any number.
_TOO_LARGE: Final = 2**1024 - 2**970


def same(one: Json, other: Json) -> bool:
    """Whether two JSON values are equal: true is not 1, and members that are null count as absent."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(same(one.get(name), other.get(name)) for name in one.keys() | other.keys())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return (_empty(one) and _empty(other)) or one == other


def storable(value: Json, max_depth: int = MAX_DEPTH) -> bool:
    """Whether every database keeps the value and every reader of JSON understands it.

    Numbers are finite, texts (names of members too) have no NUL and no half surrogate pair, and lists and
    objects stand at most `max_depth` deep in each other.
    """
    if isinstance(value, str):
        return _is_storable_text(value)
    if isinstance(value, int | float):
        return -_TOO_LARGE < value < _TOO_LARGE  # false for NaN as well
    if value is None:
        return True
    if max_depth == 0:
        return False
    if isinstance(value, dict):
        return all(map(_is_storable_text, value)) and all(storable(each, max_depth - 1) for each in value.values())
    return all(storable(each, max_depth - 1) for each in value)


def numbers_in(value: Json) -> Iterator[int | float]:
    """Every number in a value, however deep; true and false are none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from numbers_in(each)


def _is_storable_text(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _empty(value: Json) -> bool:
    return value is None or value == ""
