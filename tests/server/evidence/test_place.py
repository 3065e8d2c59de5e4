"""Whether a position lies at its site."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.evidence.datum import interpretations
from server.evidence.place import judge_place
from tests.vector_cases import cases

SITE = {"latitude": 25.2736, "longitude": 110.29, "datum": "WGS-84"}


@pytest.mark.parametrize(("given_", "expected"), cases("place"))
def test_a_position_against_a_site(given_: dict[str, Any], expected: dict[str, Any] | None) -> None:
    place = judge_place(given_["position"], given_["site_position"], given_["radius_m"])
    if expected is None:
        assert place is None
        return
    assert place is not None
    assert place.distance_m == pytest.approx(expected["distance_m"], rel=0.005, abs=0.11)
    assert (place.answer, place.accuracy_m) == (expected["answer"], expected["accuracy_m"])
    assert [reason.code for reason in place.reasons] == expected["codes"]


@pytest.mark.parametrize(("given_", "expected"), cases("place"))
def test_the_cases_carry_what_the_document_carries(given_: dict[str, Any], expected: object) -> None:
    if "wgs84" in (given_["site_position"] or {}):
        assert given_["site_position"]["wgs84"] == interpretations(given_["site_position"])


def test_a_fix_is_as_old_as_its_own_time_says() -> None:
    position = {"latitude": 25.2736, "longitude": 110.29, "accuracy_m": 8, "age_s": 0,
                "fixed_at": "2026-11-24T08:00:00+08:00"}  # fmt: skip
    place = judge_place(position, SITE, 100, datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
    assert place is not None
    assert (place.answer, place.accuracy_m) == ("unclear", 8 + 1.5 * 3600)


@pytest.mark.parametrize("fixed_at", ["yesterday", "2026-11-24T08:00:00", 17, None])
def test_a_time_that_cannot_be_read_makes_no_fix_older(fixed_at: object) -> None:
    position = {"latitude": 25.2736, "longitude": 110.29, "accuracy_m": 8, "fixed_at": fixed_at}
    place = judge_place(position, SITE, 100, datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
    assert place is not None
    assert place.accuracy_m == 8


@given(st.floats(-0.01, 0.01), st.floats(-0.01, 0.01), st.floats(0, 2000), st.floats(0, 1000), st.floats(1, 2000))
def test_less_accuracy_never_turns_an_unclear_place_into_a_clear_one(
    north: float, east: float, accuracy: float, worse: float, radius: float
) -> None:
    position = {"latitude": 25.2736 + north, "longitude": 110.29 + east, "accuracy_m": accuracy}
    precise = judge_place(position, SITE, radius)
    vague = judge_place({**position, "accuracy_m": accuracy + worse}, SITE, radius)
    assert precise is not None
    assert vague is not None
    assert vague.answer in (precise.answer, "unclear")


@given(st.floats(-0.02, 0.02), st.floats(-0.02, 0.02), st.floats(1, 500), st.floats(10, 2000))
def test_an_unknown_datum_never_contradicts_what_a_known_one_says(
    north: float, east: float, accuracy: float, radius: float
) -> None:
    position = {"latitude": 25.2736 + north, "longitude": 110.29 + east, "accuracy_m": accuracy}
    unknown = judge_place(position, {**SITE, "datum": None}, radius)
    assert unknown is not None
    for datum in ("WGS-84", "GCJ-02", "BD-09"):
        known = judge_place(position, {**SITE, "datum": datum}, radius)
        assert known is not None
        assert unknown.answer in (known.answer, "unclear")
