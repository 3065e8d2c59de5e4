"""Geometry: nothing is drawn nearer, farther or longer than it was."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.office.shell.drawing import TimeAxis, band, bearing_deg, ink, site_drawing, time_axis

START = datetime(2026, 11, 24, tzinfo=UTC)
lengths = st.floats(1, 20_000)


@given(radius=lengths, distance=st.floats(0, 20_000), accuracy=lengths, bearing=st.floats(0, 360))
def test_site_and_fix_are_in_the_picture_and_to_one_scale(
    radius: float, distance: float, accuracy: float, bearing: float
) -> None:
    drawn = site_drawing(radius, distance, accuracy, bearing)
    scale = drawn.bar / drawn.bar_m
    for circle in (drawn.site, drawn.fix):
        assert circle.x - circle.r >= -1 and circle.x + circle.r <= drawn.width + 1
        assert circle.y - circle.r >= -1 and circle.y + circle.r <= drawn.height + 1
    apart = math.hypot(drawn.fix.x - drawn.site.x, drawn.fix.y - drawn.site.y)
    largest = max(radius, distance, accuracy)
    assert apart == pytest.approx(distance * scale, abs=0.03 + 0.01 * largest / drawn.bar_m)
    assert drawn.site.r == pytest.approx(radius * scale, abs=0.03 + 0.01 * largest / drawn.bar_m)


def test_north_is_up_and_east_is_right() -> None:
    drawn = site_drawing(80, 100, 10, 90)
    assert drawn.fix.x > drawn.site.x and drawn.fix.y == drawn.site.y
    drawn = site_drawing(80, 100, 10, 0)
    assert drawn.fix.y < drawn.site.y and drawn.fix.x == drawn.site.x
    assert bearing_deg(25.0, 110.0, 25.001, 110.0) == pytest.approx(0, abs=0.01)
    assert bearing_deg(25.0, 110.0, 25.0, 110.001) == pytest.approx(90, abs=0.01)


def test_an_axis_holds_what_happened_in_the_day() -> None:
    moments = [
        START + timedelta(hours=9, minutes=5),
        START + timedelta(hours=16, minutes=10),
        START + timedelta(days=3),
    ]
    axis = time_axis(moments, START, START + timedelta(days=1))
    assert (axis.start, axis.end) == (START + timedelta(hours=9), START + timedelta(hours=17))
    late = time_axis([START + timedelta(hours=23, minutes=30)], START, START + timedelta(days=1))
    assert (late.start, late.end) == (START + timedelta(hours=20), START + timedelta(days=1))


def test_a_band_is_as_long_as_the_time_and_says_where_it_goes_on() -> None:
    axis = TimeAxis(START, START + timedelta(hours=10), 100)
    drawn = band(axis, START + timedelta(hours=2), START + timedelta(hours=5))
    assert drawn is not None and (drawn.x, drawn.width, drawn.cut_start, drawn.cut_end) == (20, 30, False, False)
    cut = band(axis, START - timedelta(hours=2), START + timedelta(hours=1))
    assert cut is not None and (cut.x, cut.width, cut.cut_start) == (0, 10, True)
    short = band(axis, START, START + timedelta(seconds=20), 9)
    assert short is not None and (short.x, short.width) == (0, 9)
    assert band(axis, START + timedelta(hours=11), START + timedelta(hours=12)) is None


def test_strokes_become_curves_and_points_dots() -> None:
    drawn = ink([[[0, 0, 0, 1], [10, 10, 5, 1], [20, 0, 9, 1]], [[5, 5, 20, 1]]], 100, 40)
    assert drawn.view == "0 0 100 40"
    assert drawn.paths == ["M0 0Q10 10 15 5L20 0"] and len(drawn.dots) == 1
