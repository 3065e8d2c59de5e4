"""Hints that something about a signature is odd: never a verdict (evidence.md, "The customer's signature")."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from typing import Final

from server.evidence.place import Place
from server.evidence.reasons import Reason

QUICK_S: Final = 2.0
SHORT_MM: Final = 10.0
# Two dots, or two straight lines of a cross, look alike without having been copied.
ENOUGH_POINTS: Final = 8
# A browser does not know how large its screen is. What it calls a pixel is 1/96 inch by definition (CSS Values 4,
# 6.2) and smaller where screens are held nearer: down to 1/163 inch on phones (Android's dp is 1/160).
MOST_MM_A_PIXEL: Final = 25.4 / 96
LEAST_MM_A_PIXEL: Final = 25.4 / 163
# No screen that somebody signs on is so small: a box like that is not counted in pixels.
LEAST_BOX: Final = 240.0

Strokes = Sequence[Sequence[Sequence[float]]]


def signature_hints(
    strokes: Strokes, box: tuple[float, float], place: Place | None, drawn_before: str | None
) -> list[Reason]:
    """What is odd about a signature: `strokes` are those of a `signature.record` ([x, y, t_ms, pressure]) in a `box` of
    width and height, `place` is where it was signed (None where that is not known), `drawn_before` when an earlier
    signature with the same `strokes_digest` was made (RFC 3339, UTC). Which one that was stands in no document: its
    order may be nobody's business who sees this one.

    What cannot be known is a hint of its own: times that all are the same, a box that is not counted in pixels.
    """
    found = [*_quick(strokes), *_short(strokes, box)]
    if drawn_before is not None:
        found.append(Reason("same_strokes", {"signed_at": drawn_before}))
    if place is not None and place.answer == "outside":
        figures = next((each.figures for each in place.reasons if each.code == "outside"), {})
        found.append(Reason("signed_outside", figures))
    return found


def strokes_digest(strokes: Strokes) -> str | None:
    """SHA-256 of the lines that were drawn, the same wherever on the pad and whenever that was: points to a hundredth
    of the box's unit from the leftmost and topmost one, without times and pressure. None for fewer points than two
    people draw alike by chance (8)."""
    points = [point for stroke in strokes for point in stroke]
    if len(points) < ENOUGH_POINTS:
        return None
    left, top = min(point[0] for point in points), min(point[1] for point in points)
    drawn = [[[round((x - left) * 100), round((y - top) * 100)] for x, y, *_ in stroke] for stroke in strokes]
    return hashlib.sha256(json.dumps(drawn, separators=(",", ":")).encode()).hexdigest()


def _quick(strokes: Strokes) -> list[Reason]:
    times = [point[2] for stroke in strokes for point in stroke]
    if len(times) > 1 and min(times) == max(times):
        return [Reason("signing_time_unknown")]
    seconds = round((max(times) - min(times)) / 1000, 1)
    return [Reason("signed_quickly", {"seconds": seconds})] if max(times) - min(times) < QUICK_S * 1000 else []


def _short(strokes: Strokes, box: tuple[float, float]) -> list[Reason]:
    """Whether every stroke is shorter than a centimetre, on the largest screen that the pixels may be of."""
    if max(box) < LEAST_BOX:
        return [Reason("stroke_length_unknown")]
    longest = max(map(_length, strokes))
    least, most = longest * LEAST_MM_A_PIXEL, longest * MOST_MM_A_PIXEL
    if least >= SHORT_MM:
        return []
    if most < SHORT_MM:
        return [Reason("short_strokes", {"most_mm": round(most, 1)})]
    return [Reason("stroke_length_unclear", {"least_mm": round(least, 1), "most_mm": round(most, 1)})]


def _length(stroke: Sequence[Sequence[float]]) -> float:
    return sum(math.dist(one[:2], other[:2]) for one, other in zip(stroke, stroke[1:], strict=False))
