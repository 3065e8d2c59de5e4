"""Every row of evidence.md as a case: what was recorded, what the server says of it, and why that is honest.

The cases stand in vectors/evidence.json, beside those that the phone runs too: programs of others can be tested with
them. A `reading` is a device's clocks as lines have them.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from server.evidence.arrival import Sighting, fix_instant, hints, judge_arrival, site_corrected
from server.evidence.place import judge_place
from server.evidence.signing import signature_hints, strokes_digest
from server.evidence.stamps import said_age_s
from server.evidence.time_bounds import Anchor, Reading, Receipt, time_bounds
from server.language import text

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "evidence.json").read_text(encoding="utf-8"))
Json = dict[str, Any]


def each(part: str) -> pytest.MarkDecorator:
    """The cases of a part of the file, each with its name."""
    return pytest.mark.parametrize("case", VECTORS[part], ids=lambda case: case["name"])


def moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def reading(value: Json) -> Reading:
    return Reading(datetime.fromisoformat(value["wall"]), value["mono"], value["run"])


def judged(case: Json) -> Json:
    """What the server says of an arrival."""
    before, receipt, previous = case.get("anchor"), case.get("receipt"), case.get("previous")
    position, site = case.get("position"), case.get("site")
    at = reading(case["at"])
    bounds = time_bounds(
        at,
        before and Anchor(datetime.fromisoformat(before["server_time"]), reading(before["received"])),
        [Receipt(datetime.fromisoformat(case["received_at"]), reading(receipt))] if receipt else [],
        datetime.fromisoformat(case["received_at"]),
        fix_at=moment(position and position["fixed_at"]),
        fix_age_s=said_age_s(position or {}),
        chain_previous=previous and reading(previous),
    )
    place = judge_place(position, site and site["position"], site and site["radius_m"], at.wall, bounds.corrected)
    verdict = judge_arrival(bounds, place, case.get("why_none"), moment(case.get("arrive_by")))
    shown = bounds.as_json()
    return {
        **verdict.as_json(),
        "place": place and place.answer,
        "time": {name: shown[name] for name in ("best", "earliest", "latest", "grade", "not_before", "not_after")},
    }


@each("arrivals")
def test_what_is_said_of_an_arrival(case: Json) -> None:
    assert judged(case["input"]) == case["expected"]
    assert len(case["why"]) > 40


@each("hints_of_arrivals")
def test_what_is_odd_about_an_arrival(case: Json) -> None:
    given = case["input"]
    at = datetime.fromisoformat(given["at"])
    earlier = [Sighting.from_json(each) for each in given["earlier"]]
    reading_at = Reading(at, 0.0, "a")
    bounds = time_bounds(reading_at, Anchor(at, reading_at), [], at)
    fixed_at = fix_instant(given["position"], bounds, at)
    assert [hint.as_json() for hint in hints(given["position"], fixed_at, earlier)] == case["expected"]
    assert len(case["why"]) > 40


@each("hints_of_corrected_sites")
def test_what_is_told_of_a_site_that_was_corrected(case: Json) -> None:
    given = case["input"]
    told = site_corrected(given["was"], given["now"], datetime.fromisoformat(given["at"]))
    assert [hint.as_json() for hint in told] == case["expected"]
    assert len(case["why"]) > 40
    said = {language: text(language, "reason-site-corrected", **told[0].figures) for language in ("en", "zh-CN")}
    assert (("was moved by" in said["en"]), ("移动了" in said["zh-CN"])) == ((case["input"]["was"] is not None),) * 2
    assert not any("NUMBER" in each for each in said.values())


@each("hints_of_signatures")
def test_what_is_odd_about_a_signature(case: Json) -> None:
    given = case["input"]
    site, earlier = given.get("site"), given.get("earlier")
    place = judge_place(given.get("position"), site and site["position"], site and site["radius_m"])
    same = earlier is not None and strokes_digest(earlier["strokes"]) == strokes_digest(given["strokes"]) is not None
    drawn_before = earlier["signed_at"] if same else None
    box = given["box"]["width"], given["box"]["height"]
    assert [hint.as_json() for hint in signature_hints(given["strokes"], box, place, drawn_before)] == case["expected"]
    assert len(case["why"]) > 40


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case["name"] for part in VECTORS.values() if isinstance(part, list) for case in part]
    assert len(names) == len(set(names)) >= 50
