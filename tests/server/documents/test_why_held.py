"""What cannot be applied says why, with the figures that a person needs."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from server.documents.operation import Body, Held
from tests.server.documents.one_order import FIELD, LINE, OFFICE, OTHER, PART, UNKNOWN, WORK, A, B, edit, write
from tests.server.documents.test_apply_vectors import opened


@pytest.fixture
def body() -> Body:
    """An order for two, with a material, labour, a note and a conflict of the office's plans."""
    made = opened({"input": {"open": {"kind": "repair", "fault": "It leaks.", "assignees": [A, B]}}})
    write(made, 2, "material.add", PART)
    write(made, 3, "labour.add", WORK)
    write(made, 4, "note.add", {"note": LINE, "text": "The key is with the neighbour."})
    for version, now in ((5, "low"), (6, "high")):
        write(made, version, "order.plan", {"changes": {"priority": {"was": "normal", "now": now}}}, OFFICE)
    return made


@pytest.mark.parametrize(
    ("kind", "data", "actor", "detail"),
    [
        ("order.edit", edit(number="WX1"), FIELD, {"field": "number", "problem": "unknown_field"}),
        ("order.edit", edit(fault=7), FIELD, {"field": "fault", "problem": ["not_a_text"]}),
        ("order.edit", edit(site__position=None), FIELD, {"field": "site.position", "problem": "no_site"}),
        ("order.plan", edit(lead="nobody"), OFFICE, {"field": "lead", "problem": ["not_a_uuid"]}),
        ("order.plan", edit(lead=7), OFFICE, {"field": "lead", "problem": ["not_a_uuid"]}),
        ("order.review", {"verdict": "approved"}, OFFICE, {"field": "verdict", "problem": "not_finished"}),
        ("checklist.answer", {"item": "badge", "now": [1]}, FIELD, {"field": "badge", "problem": ["not_an_answer"]}),
        ("material.add", PART | {"name": "hose"}, FIELD, {"field": "line", "problem": "line_taken"}),
        ("labour.add", WORK | {"quantity": "3"}, FIELD, {"field": "line", "problem": "line_taken"}),
        ("material.change", {"line": UNKNOWN, **edit(name="hose")}, FIELD,
         {"field": "line", "problem": "unknown_line"}),
        ("labour.remove", {"line": UNKNOWN}, FIELD, {"field": "line", "problem": "unknown_line"}),
        ("material.change", {"line": LINE, **edit(quantity=2)}, FIELD,
         {"field": "quantity", "problem": ["not_a_quantity"]}),
        ("note.add", {"note": LINE, "text": "It is not."}, FIELD, {"field": "note", "problem": "note_taken"}),
        ("photo.edit", {"photo": UNKNOWN, **edit(caption="A leak")}, FIELD,
         {"field": "photo", "problem": "unknown_photo"}),
        ("conflict.settle", {"conflict": UNKNOWN, "value": "high"}, OFFICE,
         {"field": "conflict", "problem": "unknown_conflict"}),
        ("flag.settle", {"code": "opened_in_field", "by": A, "line": None, "decision": "confirmed"}, OFFICE,
         {"field": "code", "problem": "unknown_flag"}),
        ("arrival.rule", {"arrival": UNKNOWN, "decision": "accepted"}, OFFICE,
         {"field": "arrival", "problem": "unknown_arrival"}),
        ("photo.settle", {"photo": UNKNOWN, "decision": "lost"}, OFFICE,
         {"field": "photo", "problem": "unknown_photo"}),
    ],
)  # fmt: skip
def test_what_cannot_be_applied_says_why_and_changes_nothing(
    body: Body, kind: str, data: dict[str, Any], actor: dict[str, Any], detail: dict[str, Any]
) -> None:
    before = deepcopy(body)
    with pytest.raises(Held) as refused:
        write(body, 9, kind, data, actor)
    assert (refused.value.reason, refused.value.detail) == ("invalid_data", detail)
    assert body == before


def test_a_conflict_about_what_the_order_has_no_more_is_not_settled(body: Body) -> None:
    conflict = body["conflicts"][0]
    conflict["field"] = f"materials.{UNKNOWN}.quantity"
    with pytest.raises(Held) as refused:
        write(body, 9, "conflict.settle", {"conflict": conflict["id"], "value": "2"}, OFFICE)
    detail = {"field": conflict["field"], "problem": "unknown_field"}
    assert (refused.value.reason, refused.value.detail) == ("invalid_data", detail)


def test_the_field_may_not_settle_a_plan_and_hears_which_field(body: Body) -> None:
    with pytest.raises(Held) as refused:
        write(body, 9, "conflict.settle", {"conflict": body["conflicts"][0]["id"], "value": "high"})
    assert (refused.value.reason, refused.value.detail) == ("not_permitted", {"field": "priority"})
    assert str(refused.value) == "not_permitted"


def test_what_came_of_an_operation_names_what_it_touched(body: Body) -> None:
    conflict = body["conflicts"][0]["id"]
    settle = {"conflict": conflict, "value": "high"}
    merged = write(body, 8, "order.edit", {"changes": {"fault": {"was": "It leaks.", "now": "It leaks.\nBadly."}}})
    assert (merged.status, merged.detail, merged.changed) == ("applied", {}, True)
    both = {"changes": {"fault": {"was": "It leaks.", "now": "Seen from below:\nIt leaks."},
                        "diagnosis": {"was": None, "now": "seal"}}}  # fmt: skip
    merged = write(body, 9, "order.edit", both, OTHER)
    assert (merged.status, merged.detail, merged.changed) == ("merged", {"merged": ["fault"]}, True)
    nothing = write(body, 10, "order.edit", {"changes": {"diagnosis": {"was": None, "now": "seal"}}})
    assert (nothing.status, nothing.detail, nothing.changed) == ("applied", {}, False)
    against = write(body, 10, "order.edit", {"changes": {"diagnosis": {"was": None, "now": "hose"}}})
    made = body["conflicts"][1]["id"]
    assert (against.status, against.detail, against.changed) == ("conflict", {"conflicts": [made]}, True)
    again = write(body, 11, "order.edit", {"changes": {"diagnosis": {"was": "hose", "now": "pipe"}}})
    assert (again.status, again.detail, again.changed) == ("conflict", {"conflicts": [made]}, True)
    agreed = write(body, 12, "order.edit", {"changes": {"diagnosis": {"was": "pipe", "now": "seal"}}})
    assert (agreed.status, agreed.detail, agreed.changed) == ("applied", {"settled": [made]}, True)
    settled = write(body, 13, "conflict.settle", settle, OFFICE)
    assert (settled.status, settled.detail, settled.changed) == ("applied", {"settled": [conflict]}, True)
    settled = write(body, 14, "conflict.settle", settle, OFFICE)
    assert (settled.status, settled.detail, settled.changed) == ("applied", {}, False)
    asked = write(body, 14, "conflict.settle", settle | {"value": "urgent"}, OFFICE)
    assert (asked.status, asked.detail) == ("conflict", {"conflicts": [body["conflicts"][2]["id"]]})


def test_a_field_says_who_wrote_it_where_and_with_what(body: Body) -> None:
    """`operation` is what a recalled copy is compared by, `device` what a phone's own words are known by."""
    write(body, 8, "order.edit", edit(diagnosis="seal"))
    assert body["edits"]["diagnosis"] == {
        "by": A,
        "at": "2026-11-24T01:08:00.000Z",
        "version": 8,
        "device": FIELD["device"],
        "operation": "0190b000-0000-7000-8000-000000000008",
    }
