"""A signature drawn again from its strokes, at any size."""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = tuple[float, float]

# The pen's width against the drawing's size, as if it were shown 78 mm wide or 26 mm high.
PEN_MM, WIDE_MM, HIGH_MM = 0.6, 78, 26


def strokes_svg(strokes: object) -> str | None:
    """The strokes of a `signature.record`, `[[[x, y, t_ms, pressure], …], …]`, as an SVG just around them.

    Drawn in the colour of the text around it. None where there is nothing to draw; what is no point in the
    plane is passed over.
    """
    lines = [line for line in map(_points, _sequence(strokes)) if line]
    if not lines:
        return None
    across, down = [x for line in lines for x, _ in line], [y for line in lines for _, y in line]
    width, height = max(across) - min(across), max(down) - min(down)
    pen = max(width / WIDE_MM, height / HIGH_MM, 0.05) * PEN_MM
    left, top = min(across) - pen, min(down) - pen
    paths = "".join(f'<path d="{_path(line, left, top)}"/>' for line in lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + 2 * pen:.2f} {height + 2 * pen:.2f}" '
        f'fill="none" stroke="currentColor" stroke-width="{pen:.3f}" stroke-linecap="round" '
        f'stroke-linejoin="round">{paths}</svg>'
    )


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _points(stroke: object) -> list[Point]:
    points: list[Point] = []
    for entry in _sequence(stroke):
        x, y = (*_sequence(entry), None, None)[:2]
        if isinstance(x, int | float) and isinstance(y, int | float) and max(abs(x), abs(y)) < 1e5:
            point = (float(x), float(y))
            if all(map(math.isfinite, point)) and (not points or points[-1] != point):
                points.append(point)
    return points


def _path(line: list[Point], left: float, top: float) -> str:
    """A curve through the middles between the points, as a pen would run; a dot for a single point."""
    at = [(x - left, y - top) for x, y in line]
    start = f"M{at[0][0]:.2f} {at[0][1]:.2f}"
    if len(at) == 1:
        return f"{start}h0.01"
    curves = [
        f"Q{here[0]:.2f} {here[1]:.2f} {(here[0] + after[0]) / 2:.2f} {(here[1] + after[1]) / 2:.2f}"
        for here, after in zip(at[1:-1], at[2:], strict=True)
    ]
    return f"{start}{''.join(curves)}L{at[-1][0]:.2f} {at[-1][1]:.2f}"
