"""Which lines of two texts differ: a longest common subsequence of lines, as diff finds it, within a bound.

The phone does the same (pwa/static/app/rules/lines.js), so that it merges as the server does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

# What is compared costs the product of the lines between the first difference and the last.
MOST_PAIRS: Final = 64 * 64


class Range(NamedTuple):
    """Lines `start`..`end` of the base are lines `first`..`last` of the other text, and differ."""

    start: int
    end: int
    first: int
    last: int


def differing_ranges(base: Sequence[str], other: Sequence[str]) -> list[Range] | None:
    """In order, with equal lines between them; None where more than MOST_PAIRS pairs had to be compared."""
    head = _equal_at_start(base, other)
    tail = _equal_at_start(base[head:][::-1], other[head:][::-1])
    numbers: dict[str, int] = {}
    one, two = (
        [numbers.setdefault(line, len(numbers)) for line in lines[head : len(lines) - tail]] for lines in (base, other)
    )
    if len(one) * len(two) > MOST_PAIRS:
        return None
    ranges = []
    start = first = 0
    for here, there in [*_matches(one, two), (len(one), len(two))]:
        if (start, first) != (here, there):
            ranges.append(Range(head + start, head + here, head + first, head + there))
        start, first = here + 1, there + 1
    return ranges


def _equal_at_start(one: Sequence[str], other: Sequence[str]) -> int:
    return next(
        (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _matches(one: list[int], two: list[int]) -> list[tuple[int, int]]:
    """Places of equal lines, in order in both, as many as there can be; of equals those that come first in `two`."""
    longest = _longest(one, two)
    matches = []
    here = there = 0
    while here < len(one) and there < len(two):
        if one[here] == two[there]:
            matches.append((here, there))
            here, there = here + 1, there + 1
        elif longest[here + 1][there] >= longest[here][there + 1]:
            here += 1
        else:
            there += 1
    return matches


def _longest(one: list[int], two: list[int]) -> list[list[int]]:
    """At [i][j]: how many lines `one` from i on and `two` from j on have in common, in order."""
    rows = [[0] * (len(two) + 1)]
    backwards = range(len(two) - 1, -1, -1)
    for line in reversed(one):
        below, row = rows[-1], [0] * (len(two) + 1)
        found = 0
        for place in backwards:
            if line == two[place]:
                found = below[place + 1] + 1
            elif below[place] > found:
                found = below[place]
            row[place] = found
        rows.append(row)
    return rows[::-1]
