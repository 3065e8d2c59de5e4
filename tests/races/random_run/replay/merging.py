"""How two edits of one value meet ("How changes meet"), written down once more."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

Json = Any  # Any: JSON
Hunk = tuple[int, int, tuple[str, ...]]


def alike(one: Json, other: Json) -> bool:
    """Equal, where nothing, null and an empty text are the same, and true is not 1."""
    return _plain(one) == _plain(other)


def _plain(value: Json) -> Json:
    if isinstance(value, dict):
        members = {name: _plain(each) for name, each in value.items()}
        return {name: each for name, each in members.items() if each is not None}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, bool):
        return ("true", value)
    return None if value == "" else value


def met(was: Json, now: Json, current: Json) -> tuple[str, Json]:
    """What comes of the change `was` → `now` where `current` stands: applied, merged or conflict, and what stands."""
    if alike(current, was):
        return "applied", now
    if alike(current, now) or alike(now, was):
        return "applied", current
    if isinstance(was, str) and isinstance(now, str) and isinstance(current, str):
        text = together(was, now, current)
        if text is not None:
            return "merged", text
    return "conflict", current


def together(base: str, one: str, other: str) -> str | None:
    """Both changes of a text, line by line; None where they touch the same lines."""
    lines = base.split("\n")
    hunks = sorted({*_changed(lines, one.split("\n")), *_changed(lines, other.split("\n"))}, key=lambda each: each[:2])
    for before, after in zip(hunks, hunks[1:], strict=False):
        if after[0] < before[1] or before[:2] == after[:2] == (before[0], before[0]):
            return None
    for start, end, new in reversed(hunks):
        lines[start:end] = new
    return "\n".join(lines)


def _changed(base: list[str], text: list[str]) -> list[Hunk]:
    """Which lines of the base became which; each line is there once, so that there is only one way to say it."""
    steps = SequenceMatcher(None, base, text, autojunk=False).get_opcodes()
    return [(start, end, tuple(text[first:last])) for kind, start, end, first, last in steps if kind != "equal"]
