"""Arrivals, departures and signatures: where they were, by the site's own circle and by whose clock, and whose they
are when their id comes again."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest

from server.documents.operation import Actor, Body, Held, Operation, Result
from server.documents.work_order.registry import REGISTRY
from server.documents.work_order.type import WORK_ORDER
from server.evidence.report import REQUIRED
from server.evidence.time_bounds import Anchor, Reading, time_bounds
from server.sync.operations.merge import merge_field
from tests.server.documents.one_order import FIELD, LINE, OFFICE, A, B
from tests.server.documents.test_apply_vectors import TARGET, opened

TEN = datetime.fromisoformat("2026-11-24T10:00:00+00:00")
HERE = {"latitude": 30.0, "longitude": 120.0, "datum": "WGS-84"}
# A hundred metres north of it.
BESIDE = {"latitude": 30.000902, "longitude": 120.0, "accuracy_m": 5.0, "fixed_at": "2026-11-24T10:00:00Z",
          "age_s": 0.0}  # fmt: skip
REPORT = json.dumps(dict.fromkeys(REQUIRED))
SIGNED: dict[str, Any] = {
    "signature": LINE,
    "report": REPORT,
    "sha256": hashlib.sha256(REPORT.encode()).hexdigest(),
    "signer": {"name": "Wang", "role": "owner"},
    "box": {"width": 600, "height": 270},
    "strokes": [[[10, 10, 0, 0.5], [300, 200, 2000, 0.5]]],
    "consent": "I have read it.",
}
KINDS = {
    "arrival.record": ("arrivals", {"arrival": LINE}),
    "departure.record": ("departures", {"departure": LINE}),
    "signature.record": ("signatures", SIGNED),
}


@pytest.fixture
def body() -> Body:
    """An order whose site is a circle of fifty metres."""
    made = opened({"input": {"open": {"kind": "repair", "fault": "It leaks.", "assignees": [A, B]}}})
    made["site"] = {"position": HERE, "radius_m": 50}
    return made


def record(body: Body, kind: str, data: dict[str, Any], ahead_s: float = 0.0, **inputs: Any) -> Result:
    """Write it at ten by a phone whose clock was `ahead_s` ahead, an hour after its anchor."""
    ahead, hour = timedelta(seconds=ahead_s), timedelta(hours=1)
    wall = TEN + ahead
    bounds = time_bounds(
        Reading(wall, 3_600_000, "a"), Anchor(TEN - hour, Reading(wall - hour, 0, "a")), None, TEN + hour
    )
    operation = Operation(
        "0190b000-0000-7000-8000-000000000007", kind, TARGET, REGISTRY[kind].shape.load(data), Actor(**FIELD), None,
        "2026-11-24T10:00:00.000Z", wall, bounds, 7, merge_field, inputs,
    )  # fmt: skip
    return WORK_ORDER.apply(REGISTRY[kind], body, operation)


def place_of(body: Body, kind: str, position: dict[str, Any] | None, ahead_s: float = 0.0) -> Any:
    """Where it was, as the document says."""
    room, data = KINDS[kind]
    told = {"position": position} | ({"why_none": "denied"} if position is None and kind != "signature.record" else {})
    record(body, kind, data | told, ahead_s)
    return body[room][-1]["place"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("radius", "answer"), [(50, "outside"), (120, "inside"), (None, "inside")])
def test_a_place_is_judged_by_the_circle_of_its_site(body: Body, kind: str, radius: int | None, answer: str) -> None:
    body["site"]["radius_m"] = radius
    place = place_of(body, kind, BESIDE)
    assert (place["answer"], round(place["distance_m"]), place["accuracy_m"]) == (answer, 100, 5.0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_place_is_not_known_without_a_site_its_position_or_a_position(body: Body, kind: str) -> None:
    for site, position in ((None, BESIDE), ({"position": None}, BESIDE), ({"position": HERE}, None)):
        other = deepcopy(body) | {"site": site}
        assert place_of(other, kind, position) is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("fixed_at", "ahead_s", "accuracy_m"),
    [
        ("2026-11-24T09:58:00Z", 0, 185),
        # The phone's clock is an hour ahead: a stamp of satellite time, and one of that clock.
        ("2026-11-24T09:58:00Z", 3600, 185),
        ("2026-11-24T10:58:00Z", 3600, 185),
    ],
)
def test_a_fix_is_as_old_as_its_stamp_by_the_phones_clock_or_by_the_servers(
    body: Body, kind: str, fixed_at: str, ahead_s: float, accuracy_m: float
) -> None:
    """Two minutes' walk make five metres 185."""
    place = place_of(body, kind, BESIDE | {"fixed_at": fixed_at}, ahead_s)
    assert (place["answer"], place["accuracy_m"]) == ("unclear", accuracy_m)


def test_what_is_odd_about_an_arrival_is_said_as_far_as_it_was_looked_up(body: Body) -> None:
    corrected = {"was": HERE, "now": HERE | {"latitude": 30.001}, "at": "2026-11-24T08:00:00+00:00"}
    far = {"position": BESIDE | {"latitude": 31.0}, "fixed_at": "2026-11-24T09:59:00+00:00", "same_device": True}
    arrival = {"position": BESIDE}
    for version, inputs in enumerate([{}, {"sightings": []}, {"corrected": corrected}, {"sightings": [far]}]):
        record(body, "arrival.record", arrival | {"arrival": f"0190d000-0000-7000-8000-0000000000c{version}"}, **inputs)
    nothing, none_odd, moved, travelled = (each["hints"] for each in body["arrivals"])
    assert (nothing, none_odd) == ([], [])
    assert moved == [{"code": "site_corrected", "how": "moved", "at": "2026-11-24T08:00:00.000Z", "distance_m": 110.9}]
    assert [hint["code"] for hint in travelled] == ["too_fast"]
    record(body, "arrival.record", {"arrival": LINE, "why_none": "denied"}, corrected=corrected)
    assert body["arrivals"][-1]["hints"] == []


def test_a_signature_is_kept_as_it_was_given_and_its_rating_is_the_orders(body: Body) -> None:
    rated = SIGNED | {"rating": {"score": 4}, "position": BESIDE}
    made = record(body, "signature.record", rated)
    assert (made.status, made.detail, made.changed) == ("applied", {}, True)
    (signature,) = body["signatures"]
    bounds = signature.pop("time")
    assert (bounds["claimed"], bounds["grade"]) == ("2026-11-24T10:00:00.000Z", "corroborated")
    assert signature.pop("place")["answer"] == "outside"
    assert signature.pop("differs"), "of an empty report"
    assert signature == {
        "id": LINE,
        "by": A,
        "operation": "0190b000-0000-7000-8000-000000000007",
        "signer": SIGNED["signer"],
        "sha256": SIGNED["sha256"],
        "report": dict.fromkeys(REQUIRED),
        "state": "superseded",
        "hints": [],
    }
    assert body["rating"] == {"score": 4, "comment": None}
    record(body, "signature.record", SIGNED | {"signature": A})
    assert body["rating"]["score"] == 4, "who says nothing of it takes nothing back"


def test_what_is_odd_about_a_signature_is_said_where_earlier_ones_were_looked_up(body: Body) -> None:
    before = "2026-11-23T10:00:00.000Z"
    record(body, "signature.record", SIGNED | {"position": BESIDE}, signature={"drawn_before": before})
    hints = body["signatures"][0]["hints"]
    assert [hint["code"] for hint in hints] == ["same_strokes", "signed_outside"]
    assert hints[0]["signed_at"] == before
    small = SIGNED | {"signature": A, "strokes": [[[10, 10, 0, 0.5], [12, 11, 100, 0.5]]]}
    record(body, "signature.record", small, signature={"drawn_before": None})
    assert [hint["code"] for hint in body["signatures"][1]["hints"]] == ["signed_quickly", "short_strokes"]
    record(body, "signature.record", small | {"signature": B, "box": {"width": 100, "height": 90}},
           signature={"drawn_before": None})  # fmt: skip
    codes = [hint["code"] for hint in body["signatures"][2]["hints"]]
    assert codes == ["signed_quickly", "stroke_length_unknown"]
    for box in ({"width": 300, "height": 1}, {"width": 1, "height": 300}):
        other = deepcopy(body)
        record(other, "signature.record", small | {"signature": OFFICE["id"], "box": box},
               signature={"drawn_before": None})  # fmt: skip
        assert [hint["code"] for hint in other["signatures"][3]["hints"]] == ["signed_quickly", "short_strokes"]


OTHER_REPORT = REPORT + " "


@pytest.mark.parametrize(
    "other",
    [
        {"signer": {"name": "Li", "role": "owner"}},
        {"signer": {"name": "Wang", "role": "tenant"}},
        {"report": OTHER_REPORT, "sha256": hashlib.sha256(OTHER_REPORT.encode()).hexdigest()},
    ],
)
def test_a_signature_that_comes_twice_is_there_once_and_no_other_takes_its_id(
    body: Body, other: dict[str, Any]
) -> None:
    record(body, "signature.record", SIGNED)
    before = deepcopy(body)
    again = record(body, "signature.record", SIGNED | {"strokes": [[[0, 0, 0, 0.5]]]})
    assert (again.status, again.detail, again.changed) == ("applied", {}, False)
    with pytest.raises(Held) as refused:
        record(body, "signature.record", SIGNED | other)
    detail = {"field": "signature", "problem": "signature_taken"}
    assert (refused.value.reason, refused.value.detail) == ("invalid_data", detail)
    assert body == before


def test_a_signature_under_a_text_that_is_no_report_says_what_is_wrong(body: Body) -> None:
    before = deepcopy(body)
    with pytest.raises(Held) as refused:
        record(body, "signature.record", SIGNED | {"report": "{}"})
    detail = {"field": "report", "problem": ["digest_differs", "missing_keys"]}
    assert (refused.value.reason, refused.value.detail) == ("invalid_data", detail)
    assert body == before


def test_who_did_not_sign_is_told_with_the_reason_once(body: Body) -> None:
    for reason in ("refused", "absent"):
        record(body, "signature.refuse", {"reason": reason, "comment": "Nobody opens."})
    (refusal,) = body["refusals"]
    assert refusal.pop("time")["claimed"] == "2026-11-24T10:00:00.000Z"
    assert refusal == {
        "id": "0190b000-0000-7000-8000-000000000007",
        "reason": "refused",
        "comment": "Nobody opens.",
        "by": A,
        "at": "2026-11-24T10:00:00.000Z",
    }


@pytest.mark.parametrize("kind", ["arrival.record", "departure.record"])
def test_a_presence_that_comes_twice_is_there_once_and_no_other_takes_its_id(body: Body, kind: str) -> None:
    room, data = KINDS[kind]
    assert record(body, kind, data | {"position": BESIDE}).changed
    before = deepcopy(body)
    again = record(body, kind, data | {"position": BESIDE})
    assert (again.status, again.detail, again.changed) == ("applied", {}, False)
    others = ({"position": BESIDE | {"latitude": 31.0}}, {"why_none": "denied"},
              {"position": BESIDE, "why_none": "unusable"})  # fmt: skip
    for other in others:
        with pytest.raises(Held) as refused:
            record(body, kind, data | other)
        detail = {"field": room.removesuffix("s"), "problem": "presence_taken"}
        assert (refused.value.reason, refused.value.detail) == ("invalid_data", detail)
    assert body == before


@pytest.mark.parametrize("kind", ["arrival.record", "departure.record"])
def test_a_presence_says_whose_it_is_with_which_line_where_and_when(body: Body, kind: str) -> None:
    room, data = KINDS[kind]
    record(body, kind, data | {"position": BESIDE})
    presence = body[room][0]
    assert (presence["id"], presence["by"]) == (LINE, A)
    assert presence["operation"] == "0190b000-0000-7000-8000-000000000007"
    assert presence["position"]["latitude"] == BESIDE["latitude"]
    assert (presence["why_none"], presence["time"]["claimed"]) == (None, "2026-11-24T10:00:00.000Z")


@pytest.mark.parametrize(("seen", "arrive_by"), [(None, "08"), (0, "08"), (1, "08"), (2, "08"), (3, "12"), (9, "12")])
def test_an_arrival_is_judged_by_the_newest_plan_that_its_author_had_seen(
    body: Body, seen: int | None, arrive_by: str
) -> None:
    (first,) = body["plans"]
    body["plans"] = [first | {"version": version, "arrive_by": f"2026-11-24T{hour}:00:00+00:00"}
                     for version, hour in ((1, "08"), (3, "12"))]  # fmt: skip
    operation = Operation(
        "0190b000-0000-7000-8000-000000000007", "arrival.record", TARGET,
        REGISTRY["arrival.record"].shape.load({"arrival": LINE, "position": BESIDE | {"latitude": 30.0}}),
        Actor(**FIELD), seen, "2026-11-24T10:00:00.000Z", TEN,
        time_bounds(Reading(TEN, 0, "a"), Anchor(TEN, Reading(TEN, 0, "a")), None, TEN + timedelta(hours=1)), 7,
        merge_field,
    )  # fmt: skip
    made = WORK_ORDER.apply(REGISTRY["arrival.record"], body, operation)
    arrival = body["arrivals"][0]
    assert arrival["arrive_by"] == f"2026-11-24T{arrive_by}:00:00+00:00"
    assert arrival["punctual"] == {"08": "late", "12": "on_time"}[arrive_by]
    assert arrival["ruling"] is None and arrival["hints"] == []
    assert made.detail == {"verdict": arrival["verdict"]}
