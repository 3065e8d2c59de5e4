"""Geometry of the office's drawings, in SVG units: pure figures that the templates put into <svg>.

Nothing here has colours or words; both come from the stylesheet and the catalogue.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True)
class Circle:
    """A circle in SVG units."""

    x: float
    y: float
    r: float


@dataclass(frozen=True)
class SiteDrawing:
    """Site and fix to one scale, north up. `bar` is the scale bar's length in units, `bar_m` what it stands for."""

    width: int
    height: int
    site: Circle
    fix: Circle
    bar: float
    bar_m: int
    apart: bool
    """The fix lies far enough from the site's centre for a line between them to be seen."""


def site_drawing(
    radius_m: float, distance_m: float, accuracy_m: float, bearing_deg: float, width: int = 360, height: int = 200
) -> SiteDrawing:
    """Draw a site of `radius_m` and a fix `distance_m` away in direction `bearing_deg` (0 north, 90 east).

    Both circles lie wholly in the picture, whatever their sizes; nothing is moved or enlarged to look better.
    """
    east = distance_m * math.sin(math.radians(bearing_deg))
    north = distance_m * math.cos(math.radians(bearing_deg))
    left, right = min(-radius_m, east - accuracy_m), max(radius_m, east + accuracy_m)
    bottom, top = min(-radius_m, north - accuracy_m), max(radius_m, north + accuracy_m)
    margin = 14
    scale = min((width - 2 * margin) / max(right - left, 1.0), (height - 2 * margin) / max(top - bottom, 1.0))
    middle_x = width / 2 - (left + right) / 2 * scale
    middle_y = height / 2 + (top + bottom) / 2 * scale
    bar_m = _round_length(width / 5 / scale)
    return SiteDrawing(
        width,
        height,
        Circle(_units(middle_x), _units(middle_y), _units(radius_m * scale)),
        Circle(_units(middle_x + east * scale), _units(middle_y - north * scale), _units(accuracy_m * scale)),
        _units(bar_m * scale),
        bar_m,
        distance_m * scale > 24,
    )


def _round_length(at_most_m: float) -> int:
    """The largest of 1, 2, 5 × 10ⁿ metres that is not longer than `at_most_m`."""
    power = 10 ** math.floor(math.log10(max(at_most_m, 1.0)))
    return int(max(step * power for step in (1, 2, 5) if step * power <= max(at_most_m, 1.0)))


def bearing_deg(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """The direction from one point to another, 0 north, 90 east: the first course of the great circle."""
    start, end = math.radians(latitude), math.radians(to_latitude)
    turn = math.radians(to_longitude - longitude)
    east = math.sin(turn) * math.cos(end)
    north = math.cos(start) * math.sin(end) - math.sin(start) * math.cos(end) * math.cos(turn)
    return math.degrees(math.atan2(east, north)) % 360


@dataclass(frozen=True)
class Tick:
    """A full hour on the axis."""

    x: float
    at: datetime


@dataclass(frozen=True)
class TimeAxis:
    """Hours from `start` to `end` laid over `width` units."""

    start: datetime
    end: datetime
    width: int = 340

    def x(self, at: datetime) -> float:
        """Where `at` stands; what lies outside stands at the edge."""
        share = (at - self.start) / (self.end - self.start)
        return _units(min(1.0, max(0.0, share)) * self.width)

    def holds(self, at: datetime) -> bool:
        """Whether `at` lies on the axis."""
        return self.start <= at <= self.end

    @property
    def ticks(self) -> list[Tick]:
        """At most seven full hours, evenly apart."""
        hours = max(1, round((self.end - self.start) / timedelta(hours=1)))
        step = next(size for size in (1, 2, 3, 4, 6, 12, 24) if hours / size <= 6 or size == 24)
        return [
            Tick(self.x(at), at) for at in (self.start + timedelta(hours=hour) for hour in range(0, hours + 1, step))
        ]


SHORTEST: Final = timedelta(hours=4)


def time_axis(moments: Iterable[datetime], day_start: datetime, day_end: datetime) -> TimeAxis:
    """An axis of full hours that holds every moment of the day among `moments`, and four hours at least.

    A day without any moment is shown from eight to six.
    """
    inside = [at for at in moments if day_start <= at <= day_end] or [
        day_start + timedelta(hours=8),
        day_start + timedelta(hours=18),
    ]
    hour = timedelta(hours=1)
    start = min(day_start + (min(inside) - day_start) // hour * hour, day_end - SHORTEST)
    end = day_start - (day_start - max(inside)) // hour * hour
    return TimeAxis(start, min(max(end, start + SHORTEST), day_end))


@dataclass(frozen=True)
class Band:
    """A stretch of time; `cut_start` and `cut_end` say that it goes on beyond the axis."""

    x: float
    width: float
    cut_start: bool = False
    cut_end: bool = False


def band(axis: TimeAxis, start: datetime, end: datetime, at_least: float = 0.0) -> Band | None:
    """`start` to `end` on the axis; None where all of it lies outside. `at_least` keeps seconds visible."""
    if end < axis.start or start > axis.end:
        return None
    left, right = axis.x(start), axis.x(end)
    missing = max(0.0, at_least - (right - left))
    left = max(0.0, min(left - missing / 2, axis.width - at_least))
    return Band(_units(left), _units(max(right - axis.x(start) + missing, 0.0)), start < axis.start, end > axis.end)


@dataclass(frozen=True)
class Ink:
    """A signature as SVG paths; `view` is the viewBox."""

    view: str
    paths: list[str]
    dots: list[Circle]


def ink(strokes: Sequence[Sequence[Sequence[float]]], width: float, height: float) -> Ink:
    """The strokes of `signature.record` ([x, y, t_ms, pressure] points in a box of `width` × `height`) as curves."""
    paths, dots = [], []
    for stroke in strokes:
        points = [(float(point[0]), float(point[1])) for point in stroke if len(point) >= 2]
        if len(points) == 1:
            dots.append(Circle(_units(points[0][0]), _units(points[0][1]), 1.5))
        elif points:
            paths.append(_curve(points))
    return Ink(f"0 0 {_units(max(width, 1.0))} {_units(max(height, 1.0))}", paths, dots)


def _curve(points: list[tuple[float, float]]) -> str:
    """Quadratic curves through the middles between points: the corner of a fast pen is rounded as the pen did."""
    first = points[0]
    parts = [f"M{_units(first[0])} {_units(first[1])}"]
    for here, following in zip(points[1:], points[2:], strict=False):
        middle = ((here[0] + following[0]) / 2, (here[1] + following[1]) / 2)
        parts.append(f"Q{_units(here[0])} {_units(here[1])} {_units(middle[0])} {_units(middle[1])}")
    last = points[-1]
    parts.append(f"L{_units(last[0])} {_units(last[1])}")
    return "".join(parts)


def _units(value: float) -> float:
    """Hundredths of a unit are finer than any screen."""
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded
