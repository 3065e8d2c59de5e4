"""The verdict on an arrival, and hints."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.evidence.arrival import Sighting, fix_instant, hints, judge_arrival
from server.evidence.place import Place, judge_place
from server.evidence.reasons import Reason
from server.evidence.time_bounds import Anchor, Reading, TimeBounds, time_bounds

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
SITE = {"latitude": 25.2736, "longitude": 110.29, "datum": "WGS-84"}


def bounds(run: str = "a", wrong_s: float = 0.0) -> TimeBounds:
    """Of a line written at ten, its anchor at nine, received at eleven."""
    at = Reading(TEN + timedelta(seconds=wrong_s), 3_600_000, run)
    return time_bounds(at, Anchor(NINE, Reading(NINE, 0, "a")), None, NINE + timedelta(hours=2))


def place(metres_north: float = 0.0) -> Place:
    position = {"latitude": 25.2736 + metres_north / 110_770, "longitude": 110.29, "accuracy_m": 10}
    judged = judge_place(position, SITE, 100)
    assert judged is not None
    return judged


def at(hour: int, minute: int = 0) -> datetime:
    return NINE.replace(hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("time", "where", "arrive_by", "punctual", "verdict"),
    [
        (bounds(), place(), at(10, 30), "on_time", "verified"),
        (bounds(), place(), at(9, 30), "late", "verified"),
        (bounds(), place(), None, "no_deadline", "verified"),
        (bounds(), place(), TEN + timedelta(seconds=5), "unproven", "unproven"),
        (bounds(), place(300), at(10, 30), "on_time", "contradicted"),
        (bounds(), place(95), at(10, 30), "on_time", "unproven"),
        (bounds("b"), place(), at(10, 30), "unproven", "unproven"),
        (bounds("b"), place(), at(11, 30), "on_time", "unproven"),
        (bounds("b"), place(300), at(11, 30), "on_time", "contradicted"),
        (bounds("b", -7200), place(), at(11, 30), "on_time", "contradicted"),
        (bounds("b", 7200), place(), at(10, 30), "unproven", "contradicted"),
        (bounds("a", -1800), place(), at(11, 30), "on_time", "contradicted"),
        (bounds("a", -30), place(), at(11, 30), "on_time", "unproven"),
        (bounds("a", -30), place(), at(10), "unproven", "contradicted"),
    ],
    ids=[
        "inside and on time", "inside and late", "inside without a deadline", "too close to the deadline",
        "outside", "at the edge", "time only claimed", "time only claimed though in time by the receipt",
        "outside though the time is weak", "claimed before the anchor", "claimed after the receipt",
        "clock put back half an hour", "clock put back a little, which decides nothing",
        "clock put back a little, which decides",
    ],
)  # fmt: skip
def test_the_verdict(time: TimeBounds, where: Place, arrive_by: datetime | None, punctual: str, verdict: str) -> None:
    judged = judge_arrival(time, where, None, arrive_by)
    assert (judged.punctual, judged.verdict) == (punctual, verdict)


@pytest.mark.parametrize(
    ("why_none", "reason"),
    [
        ("denied", {"code": "no_position", "why": "denied"}),
        ("timeout", {"code": "no_position", "why": "timeout"}),
        ("battery", {"code": "no_position", "why": "other"}),
        (None, {"code": "no_site_position"}),
    ],
)
def test_without_a_place_it_is_unproven_and_says_why(why_none: str | None, reason: dict[str, str]) -> None:
    judged = judge_arrival(bounds(), None, why_none, at(10, 30))
    assert judged.verdict == "unproven"
    assert reason in [each.as_json() for each in judged.reasons]


def test_every_reason_is_there_with_its_figures() -> None:
    reasons = judge_arrival(bounds(), place(), None, at(10, 30)).as_json()["reasons"]
    assert reasons == [
        {"code": "on_time", "minutes": 30},
        {"code": "inside", "distance_m": 0.0, "accuracy_m": 10.0, "radius_m": 100.0},
        {"code": "elapsed_agrees", "seconds": 0.0},
    ]


def fix(minutes: float = 0.0, **changes: object) -> Sighting:
    moment = NINE + timedelta(minutes=minutes)
    position: dict[str, object] = {
        "latitude": 25.2736, "longitude": 110.29 + minutes / 1e4, "accuracy_m": 8.0 + minutes, "altitude_m": 150.0,
        "fixed_at": moment.isoformat(), "age_s": 0,
    }  # fmt: skip
    return Sighting({**position, **changes}, moment)


def found(sightings: list[Sighting]) -> list[Reason]:
    *earlier, last = sightings
    return hints(last.position, last.fixed_at, earlier)


def test_an_ordinary_day_gives_no_hints() -> None:
    assert found([fix(minutes) for minutes in (0, 60, 125, 180, 250)]) == []


def test_no_position_gives_no_hints() -> None:
    assert hints(None, NINE, [fix()]) == []


def test_an_accuracy_that_never_varies_is_told() -> None:
    assert found([fix(minutes, accuracy_m=10.0) for minutes in range(5)]) == [
        Reason("constant_accuracy", {"accuracy_m": 10.0, "positions": 5})
    ]
    assert found([fix(minutes, accuracy_m=10.0) for minutes in range(4)]) == []


def test_altitude_and_speed_that_are_always_empty_are_told() -> None:
    assert [each.code for each in found([fix(minutes, altitude_m=None) for minutes in range(5)])] == ["never_altitude"]


def test_a_fix_that_is_offered_again_counts_once() -> None:
    again = [fix(0, accuracy_m=10.0, fixed_at=NINE.isoformat(), altitude_m=None) for _ in range(6)]
    assert found(again) == []


def test_what_another_device_told_is_no_pattern_of_this_one() -> None:
    *earlier, last = [fix(minutes, accuracy_m=10.0) for minutes in range(5)]
    assert hints(last.position, last.fixed_at, [replace(each, same_device=False) for each in earlier]) == []


def test_the_same_digits_twice_are_told_but_not_the_same_fix_offered_again() -> None:
    again = fix(30, longitude=110.29)
    assert found([fix(), again]) == [Reason("same_digits", {"fixed_at": "2026-11-24T09:00:00.000Z"})]
    same_fix = replace(again, position={**again.position, "fixed_at": fix().position["fixed_at"]})
    assert found([fix(), same_fix]) == []


def test_a_fix_counts_for_its_own_instant_and_a_contradicted_time_for_none() -> None:
    twenty = TEN - timedelta(minutes=20)
    assert fix_instant({"age_s": 1200.0}, bounds(), TEN) == twenty
    assert fix_instant({"age_s": 0.0, "fixed_at": twenty.isoformat()}, bounds(), TEN) == twenty
    assert fix_instant({"age_s": 0.0}, bounds("a", -1800), TEN - timedelta(minutes=30)) is None
    far = fix(5, latitude=25.5736)
    (hint,) = hints(far.position, far.fixed_at, [fix()])
    assert (hint.code, hint.figures) == ("too_fast", {"kmh": 399, "km": 33.2, "minutes": 5})
    assert hints(far.position, None, [fix()]) == []
    assert hints(far.position, far.fixed_at, [replace(fix(), fixed_at=None)]) == []


@pytest.mark.parametrize(("minutes", "told"), [(5, True), (30, False)])
def test_a_speed_that_no_vehicle_reaches_is_told(minutes: float, told: bool) -> None:
    far: dict[str, Any] = {"latitude": 25.5736}
    codes = [each.code for each in found([fix(), fix(minutes, **far)])]
    assert codes == (["too_fast"] if told else [])


def test_two_circles_that_touch_are_no_speed() -> None:
    near = fix(0.001, latitude=25.2756, accuracy_m=150.0)
    assert found([fix(accuracy_m=100.0), near]) == []


def test_an_earlier_place_is_looked_for_past_the_same_fix_offered_again() -> None:
    again = fix(30, longitude=110.29)
    offered_again = replace(fix(45), position={**again.position})
    assert found([fix(), offered_again, again]) == [Reason("same_digits", {"fixed_at": "2026-11-24T09:00:00.000Z"})]


def test_a_sighting_is_what_it_was_once_it_was_kept_beside_a_line() -> None:
    for sighting in (fix(), replace(fix(30), fixed_at=None, same_device=False)):
        assert Sighting.from_json(json.loads(json.dumps(sighting.as_json()))) == sighting
