"""A decision that only a copy knows comes back where its question is still open (work_order/decisions.py)."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from server.documents.bodies import mark_of
from server.documents.operation import Body
from server.documents.parts.edits import comparable
from server.documents.work_order.decisions import bring_in
from tests.server.documents.one_order import FIELD, LINE, OFFICE, OTHER, PART, UNKNOWN, A, B, edit, write
from tests.server.documents.test_apply_vectors import opened

ARRIVAL, PHOTO = "0190d000-0000-7000-8000-0000000000a1", "0190d000-0000-7000-8000-0000000000f1"
TAKEN = {"photo": PHOTO, "sha256": "0" * 64, "size": 1, "media_type": "image/jpeg", "purpose": "fault",
         "taken_at": "2026-11-24T01:00:00.000Z"}  # fmt: skip
ONE, TWO = ({"latitude": 30.0 + each, "longitude": 120.0, "datum": "WGS-84"} for each in range(2))


@pytest.fixture
def body() -> Body:
    """An order with something to decide of every kind."""
    made = opened({"input": {"open": {"kind": "repair", "fault": "It leaks.", "assignees": [A, B]}}})
    made["site"] = {"position": None}
    write(made, 2, "material.add", PART)
    write(made, 3, "arrival.record", {"arrival": ARRIVAL, "why_none": "denied"})
    write(made, 4, "photo.add", TAKEN)
    made["flags"] = [{"code": "recorded_after_cancel", "at": f"2026-11-24T01:0{each}:00.000Z", "by": A}
                     for each in range(2)]  # fmt: skip
    for actor, part, field, now in (
        (FIELD, "order.edit", "diagnosis", ("seal", "hose")),
        (FIELD, "order.edit", "site.position", (ONE, TWO)),
        (OFFICE, "order.plan", "instructions", ("Ring.", "Knock.")),
        (FIELD, "material.change", "serial", ("7", "8")),
    ):
        for each in range(2):
            more = {"line": LINE} if part == "material.change" else {}
            by = actor if each == 0 else actor | {"device": OTHER["device"]}
            write(made, len(made["edits"]) * 2 + 5 + each, part, {"changes": {field: {"was": None, "now": now[each]}}}
                  | more, by)  # fmt: skip
    for version, actor, answer in ((30, FIELD, "ok"), (31, OTHER, "leaks")):
        write(made, version, "checklist.answer", {"item": "badge", "now": answer}, actor)
    return made


FIELDS = ["diagnosis", "site.position", "instructions", f"materials.{LINE}.serial", "checklist.badge"]


def conflict_of(body: Body, field: str) -> dict[str, Any]:
    """The first conflict about a field."""
    return next(each for each in body["conflicts"] if each["field"] == field)


def settled_copy(body: Body, field: str) -> Body:
    """A copy in which the other value was chosen."""
    copy = deepcopy(body)
    conflict = conflict_of(copy, field)
    write(copy, 40, "conflict.settle", {"conflict": conflict["id"], "value": conflict["other"]["value"]}, OFFICE)
    copy["contains"] = [mark_of(each["operation"]) for each in body["edits"].values()]
    return copy


def value_of(body: Body, field: str) -> Any:
    """What stands in a field of FIELDS."""
    return {
        "diagnosis": lambda: body["diagnosis"],
        "site.position": lambda: body["site"]["position"],
        "instructions": lambda: body["instructions"],
        f"materials.{LINE}.serial": lambda: body["materials"][0]["serial"],
        "checklist.badge": lambda: body["checklist"]["answers"]["badge"],
    }[field]()


@pytest.mark.parametrize("field", FIELDS)
def test_what_was_chosen_stands_with_who_chose_it_unless_it_is_a_plan(body: Body, field: str) -> None:
    copy = settled_copy(body, field)
    assert [each["settled"] is None for each in body["conflicts"]] == [True] * 5
    before = deepcopy(body)
    bring_in(body, copy)
    if field == "instructions":
        assert body == before
        return
    assert value_of(body, field) == value_of(copy, field) != value_of(before, field)
    assert conflict_of(body, field)["settled"] == conflict_of(copy, field)["settled"]
    kept = dict(conflict_of(copy, field)["kept"])
    assert conflict_of(body, field)["kept"] == kept | {"value": comparable(field, kept["value"])}
    assert body["edits"] == copy["edits"] != before["edits"]
    assert body["materials"] == copy["materials"]
    assert [each["settled"] for each in body["conflicts"]].count(None) == 4


def test_a_recall_of_before_a_chosen_position_was_known_again_means_what_it_meant(body: Body) -> None:
    before = deepcopy(body)
    bring_in(body, settled_copy(body, "site.position"), positions=False)
    assert body == before


@pytest.mark.parametrize("field", FIELDS)
def test_what_stands_already_is_settled_and_nothing_else_changes(body: Body, field: str) -> None:
    copy = deepcopy(body)
    conflict = conflict_of(copy, field)
    write(copy, 40, "conflict.settle", {"conflict": conflict["id"], "value": conflict["kept"]["value"]}, OFFICE)
    expected = deepcopy(body)
    conflict_of(expected, field)["settled"] = conflict["settled"]
    assert conflict["settled"] is not None
    bring_in(body, copy)
    assert body == expected
    bring_in(body, settled_copy(expected, field))
    assert body == expected


@pytest.mark.parametrize("field", FIELDS)
def test_what_somebody_wrote_here_since_is_asked_anew(body: Body, field: str) -> None:
    copy = settled_copy(body, field)
    copy["contains"].remove(mark_of(body["edits"][field]["operation"]))
    before = deepcopy(body)
    bring_in(body, copy)
    assert body == before


def test_of_a_field_whose_writer_is_not_known_it_is_asked_anew(body: Body) -> None:
    copy = settled_copy(body, "diagnosis")
    del body["edits"]["diagnosis"]["operation"]
    before = deepcopy(body)
    bring_in(body, copy)
    assert body == before


def test_what_the_server_works_out_of_a_position_is_not_taken_from_a_copy(body: Body) -> None:
    copy = settled_copy(body, "site.position")
    right = copy["site"]["position"]["wgs84"]
    copy["site"]["position"] |= {"wgs84": [ONE]}
    bring_in(body, copy)
    assert body["site"]["position"]["wgs84"] == right


def test_what_the_copy_has_changed_after_its_choice_is_asked_anew(body: Body) -> None:
    copy = settled_copy(body, "diagnosis")
    write(copy, 41, "order.edit", {"changes": {"diagnosis": {"was": "hose", "now": "pipe"}}})
    before = deepcopy(body)
    bring_in(body, copy)
    assert body == before


def test_what_is_open_about_the_field_faces_what_was_chosen(body: Body) -> None:
    copy = settled_copy(body, "diagnosis")
    write(body, 42, "order.edit", edit(diagnosis="pipe"))
    later = body["conflicts"][-1]
    bring_in(body, copy)
    assert later["settled"] is None
    assert later["kept"] == {"value": "hose", "by": OFFICE["id"], "at": "2026-11-24T01:40:00.000Z"}
    assert conflict_of(body, "site.position")["kept"]["value"] == ONE


def test_a_field_that_nobody_has_written_here_takes_what_was_chosen(body: Body) -> None:
    copy = settled_copy(body, "diagnosis")
    del body["edits"]["diagnosis"]
    copy["contains"] = []
    bring_in(body, copy)
    assert body["diagnosis"] == "hose"


def test_a_conflict_about_what_is_not_here_or_not_there_stays_open(body: Body) -> None:
    field = f"materials.{LINE}.serial"
    copy = settled_copy(body, field)
    for side in (copy, body):
        side["materials"][0]["line"] = UNKNOWN
        before = deepcopy(body)
        bring_in(body, copy)
        assert body == before
        side["materials"][0]["line"] = LINE
    conflict_of(body, field)["id"] = UNKNOWN
    before = deepcopy(body)
    bring_in(body, copy)
    assert body == before


def test_a_ruling_a_loss_and_a_settled_flag_come_back_once(body: Body) -> None:
    copy = deepcopy(body)
    write(copy, 40, "arrival.rule", {"arrival": ARRIVAL, "decision": "accepted"}, OFFICE)
    write(copy, 41, "photo.settle", {"photo": PHOTO, "decision": "lost"}, OFFICE)
    write(copy, 42, "flag.settle", {"code": "recorded_after_cancel", "by": A, "decision": "confirmed"}, OFFICE)
    bring_in(body, copy)
    assert (body["arrivals"], body["photos"], body["flags"]) == (copy["arrivals"], copy["photos"], copy["flags"])
    assert body["arrivals"][0]["ruling"] and body["photos"][0]["lost"] and body["flags"][0]["settled"]
    assert "settled" not in body["flags"][1]
    decided = deepcopy(body)
    later = deepcopy(copy)
    later["arrivals"][0]["ruling"]["comment"] = "Later."
    later["photos"][0]["lost"]["comment"] = "Later."
    later["flags"][0]["settled"]["comment"] = "Later."
    bring_in(body, later)
    assert body == decided


def test_a_copy_that_decided_nothing_and_one_of_other_things_decide_nothing(body: Body) -> None:
    before = deepcopy(body)
    bring_in(body, deepcopy(body))
    assert body == before
    copy = deepcopy(body)
    write(copy, 40, "arrival.rule", {"arrival": ARRIVAL, "decision": "accepted"}, OFFICE)
    write(copy, 41, "photo.settle", {"photo": PHOTO, "decision": "lost"}, OFFICE)
    copy["arrivals"][0]["id"] = copy["photos"][0]["id"] = UNKNOWN
    bring_in(body, copy)
    assert body == before
