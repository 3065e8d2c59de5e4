"""When a line was written: what is proven, what is corroborated, what is only claimed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.evidence.clocks import Tolerances, signs_of_a_moved_clock
from server.evidence.time_bounds import (
    Anchor,
    Reading,
    Receipt,
    TimeBounds,
    on_time,
    proven,
    received_in_doubt,
    time_bounds,
)
from tests.vector_cases import cases

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def later(seconds: float) -> datetime:
    """Seconds after nine by the true clock."""
    return NINE + timedelta(seconds=seconds)


def reading(seconds: float, wrong_s: float = 0.0, run: str = "a", slept_s: float = 0.0) -> Reading:
    """An honest device's clocks: its wall clock is wrong by `wrong_s`, its run began at nine."""
    return Reading(later(seconds + wrong_s), (seconds - slept_s) * 1000, run)


def anchor(seconds: float = 0.0, wrong_s: float = 0.0, run: str = "a") -> Anchor:
    return Anchor(later(seconds), reading(seconds, wrong_s, run))


def receipt(seconds: float, wrong_s: float = 0.0, run: str = "a", slept_s: float = 0.0) -> Receipt:
    return Receipt(later(seconds), reading(seconds, wrong_s, run, slept_s))


def codes(bounds: TimeBounds) -> list[str]:
    return [reason.code for reason in bounds.reasons]


def test_a_line_lies_between_its_anchor_and_its_receipt() -> None:
    bounds = time_bounds(reading(3600), anchor(), None, later(7200))
    assert (bounds.not_before, bounds.not_after, bounds.claimed) == (NINE, later(7200), later(3600))


def test_elapsed_time_in_the_same_run_corroborates_and_narrows() -> None:
    bounds = time_bounds(reading(3600), anchor(), [receipt(7200)], later(7200))
    assert (bounds.grade, bounds.best) == ("corroborated", later(3600))
    # Two seconds and 200 ppm of an hour; the anchor may have travelled up to ten seconds.
    assert (bounds.earliest, bounds.latest) == (later(3600 - 2.72), later(3600 + 2.72 + 10))
    assert codes(bounds) == ["elapsed_agrees"]


def test_a_wall_clock_that_is_hours_wrong_but_steady_is_believed() -> None:
    bounds = time_bounds(reading(3600, wrong_s=-7200), anchor(0, -7200), [receipt(7200, -7200)], later(7200))
    assert (bounds.grade, bounds.best) == ("corroborated", later(3600))


def test_another_run_leaves_only_the_claim_and_the_proven_bounds() -> None:
    bounds = time_bounds(reading(3600, run="b"), anchor(), None, later(7200))
    assert (bounds.grade, bounds.elapsed) == ("claimed", None)
    assert (bounds.earliest, bounds.best, bounds.latest) == (NINE, later(3600), later(7200))


def test_another_run_is_corroborated_by_the_receipt_of_the_same_run() -> None:
    bounds = time_bounds(reading(3600, run="b"), anchor(), [receipt(7200, run="b")], later(7200))
    assert (bounds.grade, bounds.best) == ("corroborated", later(3600))


def test_a_position_fix_of_that_time_corroborates() -> None:
    bounds = time_bounds(reading(3600, run="b"), anchor(), None, later(7200), fix_at=later(3590))
    assert (bounds.grade, bounds.earliest, bounds.latest) == ("corroborated", later(3570), later(3630))
    assert codes(bounds) == ["gps_agrees"]


@pytest.mark.parametrize(("fixed_s", "code"), [(3000, "gps_older"), (4000, "gps_later")])
def test_a_position_fix_of_another_time_does_not(fixed_s: float, code: str) -> None:
    bounds = time_bounds(reading(3600, run="b"), anchor(), None, later(7200), fix_at=later(fixed_s))
    assert (bounds.grade, codes(bounds)) == ("claimed", [code])


def test_a_phone_that_slept_is_weaker_evidence_and_no_lie() -> None:
    bounds = time_bounds(reading(3600, slept_s=1800), anchor(), [receipt(7200, slept_s=1800)], later(7200))
    assert bounds.grade == "corroborated", "from the receipt back, the elapsed time agrees"
    alone = time_bounds(reading(3600, slept_s=1800), anchor(), None, later(7200))
    assert (alone.grade, codes(alone)) == ("claimed", ["elapsed_shorter"])
    assert alone.reasons[0].figures == {"seconds": 1800.0}


def test_more_elapsed_than_the_wall_clock_shows_means_that_it_was_put_back() -> None:
    bounds = time_bounds(reading(3600, wrong_s=-1800), anchor(), None, later(7200))
    assert (bounds.grade, bounds.moved_s, bounds.clock_moved) == ("contradicted", 1800, True)
    assert bounds.reasons[0].as_json() == {
        "code": "clock_moved", "how": "elapsed", "direction": "back", "seconds": 1800.0,
    }  # fmt: skip
    assert (bounds.earliest, bounds.latest) == (NINE, later(7200)), "only what is proven is left"
    assert bounds.best == later(3600), "the monotonic clock knows better"


def test_an_offset_that_changed_between_two_contacts_means_that_the_clock_was_moved() -> None:
    bounds = time_bounds(reading(3600, -1800, "b"), anchor(), [receipt(7200, -1800, "c")], later(7200))
    assert (bounds.grade, bounds.moved_s) == ("contradicted", 1800 - 120 - 10), "less what travel explains"
    assert bounds.reasons[0].figures["how"] == "offset"


def test_a_clock_moved_back_and_forth_again_is_caught_by_the_line_before() -> None:
    bounds = time_bounds(reading(3600, -3000, "b"), anchor(), [receipt(7200, 0, "c")], later(7200), None, reading(3000))
    assert (bounds.grade, bounds.moved_s) == ("contradicted", 2400)
    assert bounds.reasons[0].figures["how"] == "backwards"


def test_running_time_never_goes_back_within_a_run() -> None:
    previous = Reading(later(3000), 9_000_000, "a")
    bounds = time_bounds(reading(3600), anchor(), None, later(7200), None, previous)
    assert bounds.grade == "contradicted"
    assert "monotonic" in [reason.figures.get("how") for reason in bounds.reasons]


def test_a_clock_set_right_after_the_line_does_not_touch_it() -> None:
    bounds = time_bounds(reading(3600, 300), anchor(0, 300), [receipt(7200, 0)], later(7200))
    assert (bounds.grade, bounds.best, bounds.moved_s) == ("corroborated", later(3600), 0)
    assert "clock_moved_elsewhere" in codes(bounds)


def test_a_clock_moved_between_two_later_contacts_is_told_and_does_not_touch_the_line() -> None:
    after = [receipt(7200, run="c"), receipt(9000, 900, run="d")]
    bounds = time_bounds(reading(3600, run="b"), anchor(), after, later(7200))
    assert (bounds.grade, bounds.moved_s) == ("claimed", 0)
    (moved,) = [reason for reason in bounds.reasons if reason.code == "clock_moved_elsewhere"]
    # Less the two minutes that the second message may have been under way.
    assert moved.figures == {"how": "offset", "direction": "forward", "seconds": 780.0}


@pytest.mark.parametrize(
    ("claims", "code"),
    [(-3.44, None), (-3.5, "claim_before_anchor"), (7203.44, None), (7203.5, "claim_after_receipt")],
)
def test_a_claim_may_lie_outside_by_what_drift_explains_and_no_more(claims: float, code: str | None) -> None:
    """Two seconds and 200 ppm of the two hours between the anchor and the receipt."""
    bounds = time_bounds(reading(claims, run="b"), anchor(), None, later(7200))
    assert codes(bounds) == ([code] if code else [])
    assert bounds.grade == ("contradicted" if code else "claimed")


def test_figures_are_told_to_a_tenth_of_a_second_with_the_bound_that_they_are_counted_from() -> None:
    early, late = (time_bounds(reading(at, run="b"), anchor(), None, later(7200)) for at in (-600.06, 9000.04))
    assert early.reasons[0].figures == {"seconds": 600.1, "bound": "2026-11-24T09:00:00.000Z"}
    assert late.reasons[0].figures == {"seconds": 1800.0, "bound": "2026-11-24T11:00:00.000Z"}
    agrees = time_bounds(reading(3600, wrong_s=0.06), anchor(), None, later(7200))
    assert agrees.reasons[0].figures == {"seconds": 0.1}


@pytest.mark.parametrize(
    ("fixed_s", "code"), [(3570, "gps_agrees"), (3630, "gps_agrees"), (3569, "gps_older"), (3631, "gps_later")]
)
def test_a_fix_agrees_within_half_a_minute(fixed_s: float, code: str) -> None:
    for age_s in (0.0, None):
        bounds = time_bounds(reading(3600, run="b"), anchor(), None, later(7200), later(fixed_s), fix_age_s=age_s)
        assert codes(bounds) == [code]
        assert bounds.reasons[0].figures["seconds"] == abs(3600 - fixed_s)
        assert bounds.corrected == (bounds.best if age_s is not None else None)


@pytest.mark.parametrize(("wrong_s", "direction"), [(3600, "ahead"), (-3600, "behind")])
def test_a_fix_says_how_far_the_phones_clock_is_from_satellite_time(wrong_s: float, direction: str) -> None:
    at, before = reading(3600, wrong_s, run="b"), anchor(0, wrong_s)
    figures = {"direction": direction, "seconds": 3600.0}
    by_satellite = time_bounds(at, before, None, later(7200), fix_at=later(3600))
    assert (by_satellite.grade, codes(by_satellite)) == ("corroborated", ["gps_agrees", "phone_clock_off"])
    assert by_satellite.reasons[1].figures == figures
    by_clock = time_bounds(at, before, None, later(7200), fix_at=later(3600 + wrong_s))
    assert (by_clock.grade, codes(by_clock)) == ("claimed", ["gps_by_phone_clock"])
    assert by_clock.reasons[0].figures == figures


def test_a_stamp_whose_receiver_has_lost_count_of_weeks_agrees_and_says_so() -> None:
    lost = later(3600) - timedelta(weeks=1024)
    bounds = time_bounds(reading(3600, run="b"), anchor(), None, later(7200), fix_at=lost)
    assert (bounds.grade, codes(bounds)) == ("corroborated", ["gps_rolled_over", "gps_agrees"])
    assert bounds.reasons[0].figures == {"weeks": 1024}


def test_a_phone_that_slept_before_and_after_is_said_to_have_once() -> None:
    bounds = time_bounds(reading(3600, slept_s=1800), anchor(), [receipt(7200, slept_s=2400)], later(7200))
    assert (bounds.grade, codes(bounds)) == ("claimed", ["elapsed_shorter"])
    assert bounds.reasons[0].figures == {"seconds": 1800.0}


def test_a_fix_that_agrees_narrows_nothing_where_the_clock_was_moved() -> None:
    bounds = time_bounds(reading(3600, wrong_s=-1800), anchor(), None, later(7200), fix_at=later(1800))
    assert (bounds.grade, bounds.earliest, bounds.latest) == ("contradicted", NINE, later(7200))


def test_what_came_in_while_the_servers_clock_was_in_doubt_says_so_last() -> None:
    bounds = time_bounds(reading(3600), anchor(), None, later(7200))
    doubted = received_in_doubt(bounds)
    assert codes(doubted) == [*codes(bounds), "server_clock_in_doubt"]
    assert doubted.best == bounds.best


def test_a_slow_upload_on_a_thin_link_is_no_moved_clock() -> None:
    slow = Receipt(later(7290), reading(7200))
    bounds = time_bounds(reading(3600), anchor(), [slow], later(7290))
    assert (bounds.grade, codes(bounds)) == ("corroborated", ["elapsed_agrees"])


def test_a_claim_before_the_anchor_is_contradicted() -> None:
    bounds = time_bounds(reading(-600, run="b"), anchor(), None, later(7200))
    assert (bounds.grade, codes(bounds)) == ("contradicted", ["claim_before_anchor"])
    assert bounds.reasons[0].figures["seconds"] == 600.0
    assert bounds.best == NINE, "never shown outside what is proven"


def test_a_claim_after_the_receipt_is_contradicted() -> None:
    bounds = time_bounds(reading(9000, run="b"), anchor(), None, later(7200))
    assert (bounds.grade, codes(bounds)) == ("contradicted", ["claim_after_receipt"])
    assert bounds.best == later(7200)


def test_without_an_anchor_nothing_proves_the_beginning() -> None:
    bounds = time_bounds(reading(3600), None, None, later(7200))
    assert (bounds.earliest, bounds.grade, codes(bounds)) == (None, "claimed", ["no_anchor"])
    assert bounds.as_json()["not_before"] is None


def test_without_an_anchor_the_receipt_still_gives_the_offset() -> None:
    bounds = time_bounds(reading(3600, 500), None, [receipt(7200, 500)], later(7200))
    assert (bounds.grade, bounds.claimed) == ("corroborated", later(3600))


def test_drift_over_a_week_without_signal_is_no_lie() -> None:
    week = 7 * 86400
    fast = 1.00015
    at = Reading(later(week * fast), week * fast * 1000, "a")
    sent = Receipt(later(week + 60), Reading(later((week + 60) * fast), (week + 60) * fast * 1000, "a"))
    assert time_bounds(at, anchor(), [sent], later(week + 60)).grade == "corroborated"
    restarted = Reading(later(week * fast), 5.0, "b")
    sent = Receipt(later(week + 1), Reading(later((week + 1) * fast), 1005.0, "b"))
    assert time_bounds(restarted, anchor(), [sent], later(week + 1)).grade == "corroborated"


def test_the_json_holds_the_bounds_in_utc() -> None:
    bounds = time_bounds(reading(3600), anchor(), None, later(7200))
    assert bounds.as_json() == {
        "best": "2026-11-24T10:00:00.000Z",
        "earliest": "2026-11-24T09:59:57.280Z",
        "latest": "2026-11-24T10:00:12.720Z",
        "grade": "corroborated",
        "not_before": "2026-11-24T09:00:00.000Z",
        "not_after": "2026-11-24T11:00:00.000Z",
        "claimed": "2026-11-24T10:00:00.000Z",
        "reasons": [{"code": "elapsed_agrees", "seconds": 0.0}],
    }


def test_proven_is_what_the_server_knows_and_not_what_agrees_with_the_phone() -> None:
    time = time_bounds(reading(3600), anchor(), None, later(7200)).as_json()
    assert time["grade"] == "corroborated" and time["earliest"] != time["not_before"]
    assert proven(time) == (time["not_before"], time["not_after"])
    unanchored = time_bounds(reading(3600), None, [receipt(7200)], later(7200)).as_json()
    assert unanchored["earliest"] is not None and proven(unanchored) == (None, unanchored["not_after"])
    assert proven({}) == (None, None)


@pytest.mark.parametrize(
    ("arrive_by", "answer"),
    [
        (None, "no_deadline"),
        (3700, "on_time"),
        (3612.72, "on_time"),
        (3605, "unproven"),
        (3597.28, "unproven"),
        (3597.2, "late"),
        (3500, "late"),
    ],
)
def test_on_time_is_only_what_the_bounds_decide(arrive_by: float | None, answer: str) -> None:
    bounds = time_bounds(reading(3600), anchor(), None, later(7200))
    assert on_time(bounds, None if arrive_by is None else later(arrive_by)) == answer


def test_late_is_never_said_without_a_proven_beginning() -> None:
    assert on_time(time_bounds(reading(3600), None, None, later(7200)), NINE) == "unproven"


moments = st.floats(0, 1e6)


@given(moments, moments, moments, st.booleans(), st.booleans(), st.floats(-1e5, 1e5), st.floats(0, 1e4))
def test_an_honest_phone_is_never_contradicted_and_the_truth_is_within_its_bounds(
    first: float, second: float, third: float, restarted: bool, receives: bool, wrong_s: float, slept_s: float
) -> None:
    begins, written, arrived = sorted((first, second, third))
    run, slept = ("b", 0.0) if restarted else ("a", min(slept_s, written - begins))
    after = [receipt(arrived, wrong_s, run, slept)] if receives else None
    at = reading(written, wrong_s, run, slept)
    bounds = time_bounds(at, anchor(begins, wrong_s), after, later(arrived))
    assert bounds.grade != "contradicted"
    assert bounds.earliest is not None
    assert bounds.earliest <= later(written) + timedelta(milliseconds=1)
    assert later(written) <= bounds.latest + timedelta(milliseconds=1)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(-1e6, 1e6), st.sampled_from("ab"))
def test_nothing_that_a_phone_says_widens_what_is_proven(
    claims: float, arrived: float, mono_s: float, run: str
) -> None:
    at = Reading(later(claims), mono_s * 1000, run)
    bounds = time_bounds(at, anchor(), [receipt(arrived)], later(arrived), fix_at=later(claims))
    assert bounds.earliest is not None
    assert NINE <= bounds.earliest <= bounds.best <= bounds.latest <= later(arrived)


@pytest.mark.parametrize(("given_", "expected"), cases("clock_signs"))
def test_two_readings_show_whether_the_clock_was_moved_in_between(given_: dict[str, Any], expected: list[Any]) -> None:
    at, previous = (
        each and Reading(datetime.fromisoformat(each["wall"]), each["mono"], each["run"])
        for each in (given_["at"], given_["previous"])
    )
    signs = signs_of_a_moved_clock(at, None, [], previous, Tolerances())
    assert [sign.as_json() for sign in signs] == expected
