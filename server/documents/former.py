"""People who are known by another id now: what names the former one means them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def as_now(value: Any, people: Mapping[str, str]) -> Any:  # Any: JSON
    """A copy of `value` in which every text that is a former id is the present one; `people` gives it by the former."""
    if isinstance(value, str):
        return people.get(value, value)
    if isinstance(value, list):
        return [as_now(each, people) for each in value]
    if isinstance(value, dict):
        return {name: as_now(each, people) for name, each in value.items()}
    return value
