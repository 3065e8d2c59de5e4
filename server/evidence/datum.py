"""Coordinates of Chinese maps as WGS-84: once, at the edge; the datum that was entered is kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, Literal, TypedDict, TypeGuard

import coordTransform  # type: ignore[import-untyped]  # the library has no types

Datum = Literal["WGS-84", "GCJ-02", "BD-09"]
DATUMS: Final[tuple[Datum, ...]] = ("WGS-84", "GCJ-02", "BD-09")


class Point(TypedDict):
    """Degrees, WGS-84."""

    latitude: float
    longitude: float


# South, north, west, east in degrees. Mainland China by the rectangles that map applications use: in
# some of `_MAINLAND` and in none of `_NEIGHBOURS` (Taiwan, Vietnam, Laos, Mongolia, Russia). The
# library's own test is one rectangle that would move points in Korea and Japan.
_MAINLAND: Final = (
    (42.8899, 49.2204, 79.4462, 96.3300),
    (39.3742, 54.1415, 109.6872, 135.0002),
    (29.5297, 42.8899, 73.1246, 124.143255),
    (26.7186, 29.5297, 82.9684, 97.0352),
    (20.414096, 29.5297, 97.0253, 124.367395),
    (17.871542, 20.414096, 107.975793, 111.744104),
)
_NEIGHBOURS: Final = (
    (21.785006, 25.398623, 119.921265, 122.497559),
    (20.0988, 22.2840, 101.8652, 106.6650),
    (20.4878, 21.5422, 106.4525, 108.0510),
    (50.3257, 55.8175, 109.0323, 119.1270),
    (49.5574, 55.8175, 127.4568, 137.0227),
    (42.5692, 44.8922, 131.2662, 137.0227),
)


def to_wgs84(latitude: float, longitude: float, datum: Datum) -> tuple[float, float]:
    """(latitude, longitude) in WGS-84, in degrees, of a point in `datum`; identity outside mainland China.

    The library's inverse of GCJ-02 is off by up to 2 m; three rounds with its exact forward function
    bring that under a centimetre.
    """
    if datum == "WGS-84" or not in_mainland_china(latitude, longitude):
        return latitude, longitude
    if datum == "BD-09":
        longitude, latitude = coordTransform.bd09_to_gcj02(longitude, latitude)
    east, north = coordTransform.gcj02_to_wgs84(longitude, latitude)
    for _ in range(3):
        there_east, there_north = coordTransform.wgs84_to_gcj02(east, north)
        east, north = east + longitude - there_east, north + latitude - there_north
    return north, east


def in_mainland_china(latitude: float, longitude: float) -> bool:
    """Whether maps of this place are in a Chinese datum, to within some kilometres of a border."""
    return any(_within(box, latitude, longitude) for box in _MAINLAND) and not any(
        _within(box, latitude, longitude) for box in _NEIGHBOURS
    )


def datum_of(text: str | None) -> Datum | None:
    """The datum that a spreadsheet or form names ("gcj02", "GCJ-02", "BD09", "WGS84"), or None."""
    plain = (text or "").upper().replace("-", "").replace("_", "").replace(" ", "")
    return next((datum for datum in DATUMS if datum.replace("-", "") == plain), None)


def interpretations(position: Mapping[str, object] | None) -> list[Point]:
    """Where a site may be, in WGS-84: one point for a known datum, three for an unknown one, none for no
    position or one that is not on earth.

    `position` is a site's `{"latitude", "longitude", "datum"}`. A document carries the answer beside it
    as `wgs84`, so that a phone can judge a place without converting.
    """
    if position is None:
        return []
    latitude, longitude = position.get("latitude"), position.get("longitude")
    if not (_is_degrees(latitude, 90) and _is_degrees(longitude, 180)):
        return []
    named = position.get("datum")
    datum = datum_of(named if isinstance(named, str) else None)
    points = (to_wgs84(latitude, longitude, each) for each in ([datum] if datum else DATUMS))
    return [{"latitude": round(north, 7), "longitude": round(east, 7)} for north, east in points]


def _within(box: tuple[float, float, float, float], latitude: float, longitude: float) -> bool:
    south, north, west, east = box
    return south <= latitude <= north and west <= longitude <= east


def _is_degrees(value: object, limit: float) -> TypeGuard[int | float]:
    return (
        isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and abs(value) <= limit
    )
