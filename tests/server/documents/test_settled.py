"""What somebody decided stands with who, when and why, and once."""

from __future__ import annotations

from typing import Any

import pytest

from server.documents.operation import Body
from tests.server.documents.one_order import FIELD, LINE, OFFICE, OTHER, PART, A, B, edit, write
from tests.server.documents.test_apply_vectors import opened

ARRIVAL, PHOTO = "0190d000-0000-7000-8000-0000000000a1", "0190d000-0000-7000-8000-0000000000f1"
TAKEN = {"photo": PHOTO, "sha256": "0" * 64, "size": 1, "media_type": "image/jpeg", "purpose": "fault",
         "taken_at": "2026-11-24T01:00:00.000Z"}  # fmt: skip


@pytest.fixture
def body() -> Body:
    """A cancelled order on which two went on: with material, an arrival and a photo."""
    made = opened({"input": {"open": {"kind": "repair", "fault": "It leaks.", "assignees": [A, B]}}})
    write(made, 2, "order.plan", {"changes": {"disposition": {"was": "active", "now": "cancelled"}}}, OFFICE)
    write(made, 3, "material.add", PART)
    write(made, 4, "arrival.record", {"arrival": ARRIVAL, "why_none": "denied"}, OTHER)
    write(made, 5, "photo.add", TAKEN)
    return made


def decided(version: int) -> dict[str, Any]:
    """By whom and when the operation of a version was written."""
    return {"by": OFFICE["id"], "at": f"2026-11-24T01:{version:02}:00.000Z"}


@pytest.mark.parametrize(("decision", "total"), [("confirmed", None), ("waive", 0), ("charge", 3000)])
def test_a_flag_is_settled_once_and_says_what_the_customer_pays(body: Body, decision: str, total: int | None) -> None:
    mine, others = body["flags"]
    assert (mine["by"], others["by"]) == (A, B)
    assert body["charge"]["total"] == 3000
    flag = {"code": "recorded_after_cancel", "by": B, "decision": decision, "comment": "He was there."}
    settled = write(body, 6, "flag.settle", flag, OFFICE)
    assert (settled.status, settled.detail, settled.changed) == ("applied", {}, True)
    assert others["settled"] == {"decision": decision, "comment": "He was there."} | decided(6)
    assert "settled" not in mine
    assert body["settled_charge"] == (None if total is None else {"total": total} | decided(6))
    again = write(body, 7, "flag.settle", flag | {"decision": "waive"}, OFFICE)
    assert (again.changed, others["settled"]["decision"]) == (False, decision)


def test_a_flag_is_known_by_its_line_too(body: Body) -> None:
    write(body, 6, "material.change", {"line": LINE, **edit(serial="7")}, OTHER, seen=5)
    write(body, 7, "material.remove", {"line": LINE}, FIELD, seen=3)
    flag = next(each for each in body["flags"] if each["code"] == "removed_and_changed")
    write(body, 8, "flag.settle", {"code": flag["code"], "by": A, "line": LINE, "decision": "confirmed"}, OFFICE)
    assert flag["settled"]["decision"] == "confirmed"
    assert [each for each in body["flags"] if each.get("settled")] == [flag]


def test_a_flag_that_was_settled_is_raised_again_and_settled_again(body: Body) -> None:
    flag = {"code": "recorded_after_cancel", "by": A, "decision": "confirmed"}
    write(body, 6, "flag.settle", flag, OFFICE)
    write(body, 7, "note.add", {"note": LINE, "text": "It is no fact."})
    write(body, 8, "photo.remove", {"photo": PHOTO})
    write(body, 9, "flag.settle", flag, OFFICE)
    settled = [each["settled"]["at"] for each in body["flags"] if each["by"] == A]
    assert settled == [decided(6)["at"], decided(9)["at"]]


def test_an_arrival_is_ruled_on_and_its_verdict_stays(body: Body) -> None:
    verdict = body["arrivals"][0]["verdict"]
    rule = {"arrival": ARRIVAL, "decision": "accepted", "comment": "The customer says so."}
    ruled = write(body, 6, "arrival.rule", rule, OFFICE)
    assert (ruled.status, ruled.detail, ruled.changed) == ("applied", {}, True)
    assert body["arrivals"][0]["ruling"] == {"decision": "accepted", "comment": rule["comment"]} | decided(6)
    assert write(body, 7, "arrival.rule", rule, OFFICE).changed is False
    assert body["arrivals"][0]["ruling"]["at"] == decided(6)["at"]
    for version, other in ((8, rule | {"decision": "rejected"}), (9, rule | {"comment": "Nobody says so."})):
        assert write(body, version, "arrival.rule", other, OFFICE).changed
        assert body["arrivals"][0]["ruling"] == {name: other[name] for name in ("decision", "comment")} | decided(
            version
        )
    assert body["arrivals"][0]["verdict"] == verdict


def test_a_photo_that_is_lost_is_so_once_and_its_record_stands(body: Body) -> None:
    lost = {"photo": PHOTO, "decision": "lost", "comment": "The phone fell into the sea."}
    said = write(body, 6, "photo.settle", lost, OFFICE)
    assert (said.status, said.detail, said.changed) == ("applied", {}, True)
    assert body["photos"][0]["lost"] == {"comment": lost["comment"]} | decided(6)
    assert write(body, 7, "photo.settle", lost | {"comment": "Nobody knows."}, OFFICE).changed is False
    assert body["photos"][0]["lost"]["comment"] == lost["comment"]
    assert (body["photos"][0]["sha256"], body["photos"][0]["state"]) == ("0" * 64, "missing")


def in_doubt(body: Body, field: str, was: Any, one: Any, other: Any, version: int = 11) -> str:
    """Two of the office write into one field; the conflict that comes of it."""
    kind = "order.edit" if "." in field else "order.plan"
    second = OFFICE | {"device": "0190a000-0000-7000-8000-0000000000d6"}
    for later, now, actor in ((0, one, OFFICE), (1, other, second)):
        write(body, version + later, kind, {"changes": {field: {"was": was, "now": now}}}, actor)
    found: str = body["conflicts"][-1]["id"]
    return found


def opened_in_field() -> Body:
    """An order that a technician opened: nobody is on it."""
    made = opened({"input": {"open": {"kind": "repair", "fault": "It leaks."}}})
    made["flags"] = [{"code": "opened_in_field", "at": "2026-11-24T00:00:00.000Z", "by": A}]
    return made


def test_a_settled_plan_of_people_answers_who_opened_it_and_no_other_does() -> None:
    body = opened_in_field()
    write(body, 13, "conflict.settle", {"conflict": in_doubt(body, "priority", "normal", "low", "high"),
                                        "value": "high"}, OFFICE)  # fmt: skip
    assert [flag["code"] for flag in body["flags"]] == ["opened_in_field"]
    conflict = in_doubt(body, "assignees", [], [A], [B])
    body["flags"] = opened_in_field()["flags"]
    write(body, 13, "conflict.settle", {"conflict": conflict, "value": []}, OFFICE)
    assert (body["assignees"], body["flags"]) == ([], [])


def test_what_was_finished_before_a_settled_cancellation_is_flagged() -> None:
    body = opened({"input": {"open": {"kind": "repair", "fault": "It leaks.", "assignees": [A]}}})
    write(body, 2, "order.stage", {"to": "finished"})
    conflict = in_doubt(body, "disposition", "active", "on_hold", "cancelled")
    write(body, 13, "conflict.settle", {"conflict": conflict, "value": "cancelled"}, OFFICE)
    assert [flag["code"] for flag in body["flags"]] == ["finished_after_cancel"]


def test_a_settled_position_is_converted_like_any_other() -> None:
    body = opened({"input": {"open": {"kind": "repair", "fault": "It leaks.", "assignees": [A]}}})
    first, second, third = ({"latitude": 30.0 + each, "longitude": 120.0, "datum": "WGS-84"} for each in range(3))
    body["site"] = {"position": None}
    write(body, 2, "order.edit", {"changes": {"site.position": {"was": None, "now": first}}}, OFFICE)
    converted = body["site"]["position"]["wgs84"]
    conflict = in_doubt(body, "site.position", first, second, third)
    assert {name: body["site"]["position"][name] for name in second} == second
    settled = write(body, 13, "conflict.settle", {"conflict": conflict, "value": second}, OFFICE)
    assert (settled.status, settled.detail) == ("applied", {"settled": [conflict]})
    author = body["edits"]["site.position"]
    conflict = in_doubt(body, "site.position", first, second, third, version=20)
    write(body, 22, "conflict.settle", {"conflict": conflict, "value": second}, OFFICE)
    assert body["edits"]["site.position"] == author
    conflict = in_doubt(body, "site.position", second, first, third, version=14)
    write(body, 16, "conflict.settle", {"conflict": conflict, "value": third}, OFFICE)
    assert {name: body["site"]["position"][name] for name in third} == third
    assert body["site"]["position"]["wgs84"] != converted


def test_a_position_is_changed_as_it_stands_in_the_document() -> None:
    body = opened({"input": {"open": {"kind": "repair", "fault": "It leaks.", "assignees": [A]}}})
    body["site"] = {"position": None}
    for version, latitude in ((2, 30.0), (3, 31.0)):
        changes = {
            "was": body["site"]["position"],
            "now": {"latitude": latitude, "longitude": 120.0, "datum": "WGS-84"},
        }
        changed = write(body, version, "order.edit", {"changes": {"site.position": changes}})
        assert (changed.status, body["site"]["position"]["latitude"]) == ("applied", latitude)


def test_a_choice_meets_what_was_written_unseen_and_says_where() -> None:
    body = opened({"input": {"open": {"kind": "repair", "fault": "It leaks.", "assignees": [A, B]}}})
    write(body, 2, "order.edit", {"changes": {"fault": {"was": "It drips.", "now": "It runs."}}})
    conflict = body["conflicts"][0]["id"]
    settled = write(body, 3, "conflict.settle", {"conflict": conflict, "value": "It runs."}, OTHER, seen=0)
    assert (settled.status, body["fault"]) == ("applied", "It runs.")
    write(body, 4, "order.edit", {"changes": {"fault": {"was": "It drips.", "now": "It stands."}}})
    conflict = body["conflicts"][1]["id"]
    write(body, 5, "order.edit", {"changes": {"fault": {"was": "It runs.", "now": "It is dry."}}}, OFFICE)
    unseen = write(body, 6, "conflict.settle", {"conflict": conflict, "value": "It stands."}, OTHER, seen=4)
    assert (unseen.status, unseen.detail) == ("conflict", {"conflicts": [conflict]})
    agreed = write(body, 7, "conflict.settle", {"conflict": conflict, "value": "It is dry."}, OTHER, seen=4)
    assert (agreed.status, agreed.detail, agreed.changed) == ("applied", {"settled": [conflict]}, True)
