"""What comes of an attack, as docs/adversary.md has it. A test says which; test_page.py compares both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, TypeVar

Result = Literal["proven false", "hinted", "not detectable", "stopped"]
RESULTS: Final = ("proven false", "hinted", "not detectable", "stopped")
T = TypeVar("T", bound=Callable[..., None])


def result(said: Result) -> Callable[[T], T]:
    """Marks a test as an attack with this result."""
    assert said in RESULTS

    def mark(test: T) -> T:
        return test

    return mark
