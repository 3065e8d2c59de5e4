"""How two changes of one field meet: scalars by their base, texts line by line (work-orders.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from server.rules.values import Json, same
from server.sync.operations.lines import differing_ranges

__all__ = ["Json", "Merged", "merge_field", "merge_text", "same"]

# Longer texts become a conflict for a person, and so do texts that differ in too many lines (lines.py).
MOST_LINES: Final = 500


@dataclass(frozen=True)
class Merged:
    """What came of a change: `value` is the field's value from now on (on `conflict` the one it had)."""

    result: Literal["applied", "merged", "conflict"]
    value: Json


@dataclass(frozen=True)
class _Hunk:
    """Lines `start`..`end` of the base became `lines`."""

    start: int
    end: int
    lines: tuple[str, ...]


def merge_field(was: Json, now: Json, current: Json) -> Merged:
    """Take the change `was` → `now` into a field that holds `current`.

    None, an absent field and an empty text are the same, and so are the line ends of different systems.
    Texts changed in different lines are merged; what cannot be merged is a conflict and `current` stays.
    """
    was, now, current = _plain(was), _plain(now), _plain(current)
    if same(current, was):
        return Merged("applied", now)
    if same(current, now) or same(now, was):
        return Merged("applied", current)
    if isinstance(was, str) and isinstance(now, str) and isinstance(current, str):
        text = merge_text(was, now, current)
        if text is not None:
            return Merged("merged", text)
    return Merged("conflict", current)


def merge_text(base: str, one: str, other: str) -> str | None:
    """Both changes of `base` in one text, or None where they touch the same lines in different ways or too many."""
    lines = base.split("\n"), one.split("\n"), other.split("\n")
    if max(len(part) for part in lines) > MOST_LINES:
        return None
    mine, theirs = _hunks(lines[0], lines[1]), _hunks(lines[0], lines[2])
    together = None if mine is None or theirs is None else _together(mine, theirs)
    if together is None:
        return None
    merged: list[str] = []
    position = 0
    for hunk in together:
        merged += lines[0][position : hunk.start]
        merged += hunk.lines
        position = hunk.end
    merged += lines[0][position:]
    return "\n".join(merged)


def _plain(value: Json) -> Json:
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def _hunks(base: list[str], changed: list[str]) -> list[_Hunk] | None:
    ranges = differing_ranges(base, changed)
    if ranges is None:
        return None
    return [_Hunk(start, end, tuple(changed[first:last])) for start, end, first, last in ranges]


def _together(mine: list[_Hunk], theirs: list[_Hunk]) -> list[_Hunk] | None:
    """Both lists in the order of the base; an equal hunk counts once; None where two of them collide."""
    together: list[_Hunk] = []
    for hunk in sorted({*mine, *theirs}, key=lambda each: (each.start, each.end)):
        if together and _collide(together[-1], hunk):
            return None
        together.append(hunk)
    return together


def _collide(before: _Hunk, after: _Hunk) -> bool:
    """Overlapping lines collide, and so do two different insertions at one place: which comes first?"""
    return after.start < before.end or (before.start == before.end == after.start == after.end)
