"""Coordinates of Chinese maps as WGS-84."""

from __future__ import annotations

import coordTransform
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.evidence.datum import Datum, datum_of, in_mainland_china, interpretations, to_wgs84
from server.evidence.place import distance_m


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    first, second = ({"latitude": each[0], "longitude": each[1]} for each in (one, other))
    return distance_m(first, second)  # type: ignore[arg-type]  # made one line above


# Published pairs: wandergis/coordtransform, test/app.js (Beijing), and EvilTransform's documentation
# (Suzhou, Shenzhen, Dalian), whose inverses are true to a few metres.
@pytest.mark.parametrize(
    ("datum", "point", "wgs84", "within_m"),
    [
        ("GCJ-02", (39.91640428150164, 116.41024449916938), (39.915, 116.404), 0.1),
        ("BD-09", (39.922699552216216, 116.41662724378733), (39.915, 116.404), 1.0),
        ("GCJ-02", (39.915, 116.404), (39.91359571849836, 116.39775550083061), 2.0),
        ("BD-09", (39.915, 116.404), (39.907253214522164, 116.3913836995125), 2.0),
        ("GCJ-02", (31.278648624428175, 120.60109998322247), (31.280844, 120.596931), 3.0),
        ("GCJ-02", (22.59414209, 114.1251447), (22.59682824722656, 114.12004399199218), 3.0),
        ("GCJ-02", (39.061111, 121.787113), (39.06008011621094, 121.78199886425783), 3.0),
    ],
)
def test_published_pairs_are_met(
    datum: Datum, point: tuple[float, float], wgs84: tuple[float, float], within_m: float
) -> None:
    assert metres(to_wgs84(*point, datum), wgs84) <= within_m


def test_unconverted_it_would_be_hundreds_of_metres() -> None:
    assert 400 < metres((25.254955, 110.282591), to_wgs84(25.254955, 110.282591, "GCJ-02")) < 700


@given(st.floats(22.5, 42), st.floats(98, 119), st.sampled_from(["GCJ-02", "BD-09"]))
def test_there_and_back_is_within_half_a_metre(latitude: float, longitude: float, datum: Datum) -> None:
    there = coordTransform.wgs84_to_gcj02(longitude, latitude)
    if datum == "BD-09":
        there = coordTransform.gcj02_to_bd09(*there)
    limit = 0.1 if datum == "GCJ-02" else 1.0
    assert metres(to_wgs84(there[1], there[0], datum), (latitude, longitude)) <= limit


@pytest.mark.parametrize(
    "place",
    [(37.5665, 126.978), (35.68, 139.77), (25.033, 121.565), (21.0285, 105.8542), (51.5, -0.12), (47.92, 106.9)],
    ids=["Seoul", "Tokyo", "Taipei", "Hanoi", "London", "Ulan Bator"],
)
def test_outside_mainland_china_nothing_is_moved(place: tuple[float, float]) -> None:
    assert to_wgs84(*place, "GCJ-02") == to_wgs84(*place, "BD-09") == place


@pytest.mark.parametrize(
    "place",
    [(25.27, 110.29), (39.9, 116.4), (31.23, 121.47), (45.75, 126.65), (43.8, 87.6), (29.65, 91.1), (18.25, 109.5)],
    ids=["Guilin", "Beijing", "Shanghai", "Harbin", "Urumqi", "Lhasa", "Sanya"],
)
def test_mainland_china_is_known(place: tuple[float, float]) -> None:
    assert in_mainland_china(*place)


@pytest.mark.parametrize(
    ("text", "datum"),
    [("gcj02", "GCJ-02"), ("GCJ-02", "GCJ-02"), ("bd_09", "BD-09"), ("WGS 84", "WGS-84"), ("mars", None), (None, None)],
)
def test_a_datum_is_known_by_its_spellings(text: str | None, datum: str | None) -> None:
    assert datum_of(text) == datum


def test_an_unknown_datum_has_three_interpretations_and_a_known_one_has_one() -> None:
    position: dict[str, object] = {"latitude": 25.27, "longitude": 110.29}
    assert len(interpretations({**position, "datum": None})) == 3
    assert len(interpretations({**position, "datum": "BD-09"})) == 1
    assert interpretations({**position, "datum": "WGS-84"}) == [{"latitude": 25.27, "longitude": 110.29}]


@pytest.mark.parametrize(
    "position",
    [
        None, {}, {"latitude": 110.29, "longitude": 25.27}, {"latitude": "25", "longitude": 110},
        {"latitude": True, "longitude": 1}, {"latitude": float("nan"), "longitude": 1},
        {"latitude": 1, "longitude": 181},
    ],
)  # fmt: skip
def test_what_is_nowhere_on_earth_has_none(position: dict[str, object] | None) -> None:
    assert interpretations(position) == []
