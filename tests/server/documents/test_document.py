"""A document holds all that was said, in the members that pages, phones and copies read (work-orders.md)."""

from __future__ import annotations

from typing import Any

import pytest

from server.documents.operation import Body, Held
from tests.server.documents.one_order import FIELD, LINE, OFFICE, OTHER, PART, WORK, A, B, edit, write
from tests.server.documents.test_apply_vectors import VECTORS, apply, opened

PHOTO = "0190d000-0000-7000-8000-0000000000f1"
AT = VECTORS["opened_at"]


def new(**more: Any) -> Body:
    """An order as the office opens it."""
    return opened({"input": {"open": {"kind": "repair", "fault": "It leaks."} | more}})


def said(version: int, actor: dict[str, Any] = FIELD) -> dict[str, Any]:
    """By whom and when an operation was written."""
    return {"by": actor["id"], "at": f"2026-11-24T01:{version:02}:00.000Z"}


def test_a_new_order_has_every_member() -> None:
    body = new(contact={"name": "Wang", "phone": "138"}, assignees=[A, B], requests="Shoes off.")
    plan = {"assignees": [A, B], "window": None, "disposition": "active"}
    price = {"price_rule": "full", "norm": "S19", "materials_percent": 100, "labour_percent": 100}
    terms = {"contract": "standard", "price_rule": VECTORS["price_rule"], "currency": "CNY"}
    assert body == plan | {
        "number": "WX2611-0001", "kind": "repair", "opened": {"by": OFFICE["id"], "at": AT, "channel": None},
        "reported_at": AT, "lead": A, "priority": "normal", "instructions": "", "stage": "new", "state": "planned",
        "deadlines": {"contact_by": None, "arrive_by": None, "repair_by": None},
        "plans": [plan | {"version": 1, "at": AT, "by": OFFICE["id"], "arrive_by": None}],
        "stages": [], "arrivals": [], "departures": [], "photos": [], "materials": [], "labour": [], "signatures": [],
        "refusals": [], "notes": [], "flags": [], "conflicts": [], "contains": [], "edits": {},
        "rating": None, "settled_charge": None, "customer": None, "site": None, "asset": None, "wishes": None,
        "late": None, "fault": "It leaks.", "requests": "Shoes off.", "contact": {"name": "Wang", "phone": "138"},
        "cause": "unknown", "diagnosis": "", "work_done": "", "checklist": {"lists": [], "answers": {}},
        "review": {"state": "none", "by": None, "at": None, "comment": None, "version": None}, "terms": terms,
        "warranty": {"covered": None, "until": None, "why": {"code": "no_asset"}},
        "charge": {"covered": None, "why": {"code": "coverage_unknown"} | price, "lines": [], "materials": 0,
                   "labour": 0, "total": 0, "currency": "CNY"},
    }  # fmt: skip
    bare = new(contact=None, channel="phone", reported_at="2026-11-23T00:00:00Z")
    assert (bare["contact"], bare["lead"], bare["state"]) == ({"name": "", "phone": ""}, None, "unplanned")
    assert (bare["opened"]["channel"], bare["reported_at"]) == ("phone", "2026-11-23T00:00:00Z")
    assert new(contact={"name": None, "phone": None})["contact"] == {"name": "", "phone": ""}


def test_a_new_order_holds_what_was_looked_up_for_it() -> None:
    inputs = {
        "number": "WX2611-0002", "deadlines": {"contact_by": AT, "arrive_by": None, "repair_by": None},
        "customer": {"name": "Wang"}, "site": {"name": "Yard", "position": None}, "asset": {"name": "Pump"},
        "checklists": [{"id": "pump"}], "wishes": {"lead": "Li"}, "terms": {"contract": "standard"},
    }  # fmt: skip
    entry = {"id": LINE, "kind": "order.open", "at": AT, "data": {"kind": "repair", "fault": "It leaks."}}
    by_office: Body = {}
    result = apply(by_office, 1, entry | {"actor": OFFICE}, inputs)
    assert (result.status, result.detail, result.changed) == ("applied", {"number": "WX2611-0002"}, True)
    looked_up = ("number", "deadlines", "customer", "site", "asset", "terms")
    assert {name: by_office[name] for name in looked_up} == {name: inputs[name] for name in looked_up}
    assert by_office["checklist"] == {"lists": [{"id": "pump"}], "answers": {}}
    assert (by_office["wishes"], by_office["flags"]) == (None, [])
    by_field: Body = {}
    apply(by_field, 1, entry | {"actor": FIELD | {"relation": "none"}}, inputs)
    assert by_field["wishes"] == {"lead": "Li"}
    assert by_field["flags"] == [{"code": "opened_in_field", "at": AT, "by": A}]


def test_an_unable_that_is_taken_back_is_said_to_be() -> None:
    body = new(assignees=[A])
    write(body, 2, "order.stage", {"to": "unable"})
    back = write(body, 3, "order.stage", {"to": "working"})
    assert (back.status, back.detail, back.changed) == ("applied", {"resumed": True}, True)
    on = write(body, 4, "order.stage", {"to": "paused"})
    assert (on.detail, on.changed) == ({}, True)


@pytest.mark.parametrize("reviewed", [True, False])
def test_a_verdict_on_what_the_reviewer_has_not_seen_is_held_and_says_so(reviewed: bool) -> None:
    body = new(assignees=[A])
    write(body, 2, "order.stage", {"to": "finished"})
    if reviewed:
        write(body, 3, "order.review", {"verdict": "returned"}, OFFICE)
    entry = {"id": LINE, "kind": "order.review", "at": AT, "data": {"verdict": "approved"}, "seen": 1,
             "actor": OFFICE | {"id": B}}  # fmt: skip
    with pytest.raises(Held) as refused:
        apply(body, 4, entry, {"answers_seen": True})
    problem = "review_unseen" if reviewed else "stage_unseen"
    assert (refused.value.reason, refused.value.detail) == ("invalid_data", {"field": "verdict", "problem": problem})


def test_what_the_field_says_stands_with_who_and_when() -> None:
    body = new(assignees=[A, B])
    write(body, 2, "note.add", {"note": LINE, "text": "The key is with the neighbour."})
    write(body, 3, "order.stage", {"to": "accepted", "reason": "On my way."})
    write(body, 4, "signature.refuse", {"reason": "absent", "comment": "Nobody is at home."}, OTHER)
    write(body, 5, "material.add", PART)
    write(body, 6, "labour.add", WORK, OTHER)
    taken = {"photo": PHOTO, "sha256": "0" * 64, "size": 7, "media_type": "image/jpeg", "purpose": "fault",
             "taken_at": AT}  # fmt: skip
    write(body, 7, "photo.add", taken)
    write(body, 8, "checklist.answer", {"item": "badge", "now": "ok"})
    assert body["notes"] == [{"id": LINE, "text": "The key is with the neighbour."} | said(2)]
    step = {"to": "accepted", "reason": "On my way.", "device": FIELD["device"]}
    assert body["stages"] == [step | said(3) | {"operation": "0190b000-0000-7000-8000-000000000003"}]
    refused = body["refusals"][0].pop("time")
    assert refused["best"] == said(4)["at"]
    assert body["refusals"] == [
        {"id": "0190b000-0000-7000-8000-000000000004", "reason": "absent", "comment": "Nobody is at home."}
        | said(4, OTHER)
    ]
    line = {"removed": False, "flags": [], "by": A, "touched": {"device": FIELD["device"], "version": 5}}
    assert body["materials"] == [PART | {"serial": None} | line]
    touched = {"device": OTHER["device"], "version": 6}
    assert body["labour"] == [WORK | line | {"by": B, "touched": touched}]
    assert body["photos"] == [
        {"id": PHOTO, "operation": "0190b000-0000-7000-8000-000000000007", "sha256": "0" * 64, "size": 7,
         "media_type": "image/jpeg", "purpose": "fault", "caption": None, "taken_at": AT, "position": None,
         "state": "missing", "removed": False, "hints": []} | said(7)
    ]  # fmt: skip
    assert body["checklist"]["answers"] == {"badge": {"value": "ok"} | said(8)}
    write(body, 9, "order.stage", {"to": "finished"})
    write(body, 10, "order.review", {"verdict": "approved", "comment": "Well done."}, OFFICE)
    review = {"state": "approved", "comment": "Well done.", "version": 10}
    assert body["review"] == review | said(10, OFFICE)
    back = write(body, 11, "order.stage", {"to": "accepted"})
    assert (back.changed, back.detail) == (False, {"not_forward": {"from": "finished", "to": "accepted"}})


def test_a_plan_tells_what_was_told_when_and_answers_who_opened_an_order() -> None:
    body = new()
    body["flags"] = [{"code": "opened_in_field"} | said(1)]
    write(body, 2, "order.plan", edit(instructions="Ring."), OFFICE)
    assert [flag["code"] for flag in body["flags"]] == ["opened_in_field"]
    window = {"start": "2026-11-25T01:00:00Z", "end": "2026-11-25T03:00:00Z"}
    plan = edit(lead=B, window=window)
    plan["changes"]["assignees"] = {"was": [], "now": [A, A, B]}
    write(body, 3, "order.plan", plan, OFFICE)
    assert (body["flags"], body["lead"], body["instructions"]) == ([], B, "Ring.")
    told = {"version": 3, "assignees": [A, B], "window": window, "arrive_by": None, "disposition": "active"}
    assert body["plans"][2] == told | said(3, OFFICE)
    body["flags"] = [{"code": "opened_in_field"} | said(1)]
    write(body, 4, "order.plan", {"changes": {"assignees": {"was": [A, B], "now": []}}}, OFFICE)
    assert (body["flags"], body["lead"], body["assignees"]) == ([], None, [])


def test_a_line_that_was_removed_and_changed_is_flagged_where_it_is() -> None:
    body = new(assignees=[A, B])
    write(body, 2, "labour.add", WORK)
    write(body, 3, "labour.change", {"line": LINE, **edit(method="by hand")})
    kept = write(body, 4, "labour.remove", {"line": LINE}, OTHER, seen=2)
    assert (kept.status, kept.detail, kept.changed) == ("applied", {"kept": LINE}, True)
    assert body["flags"] == [{"code": "removed_and_changed", "line": LINE, "where": "labour"} | said(4, OTHER)]
    assert body["labour"][0]["flags"] == ["removed_and_changed"]
