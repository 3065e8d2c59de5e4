"""A copy of an order that a phone gives back, brought into what the server has (work_order/recall.py)."""

from __future__ import annotations

import base64
import gzip
import json
import random
import zlib
from copy import deepcopy
from typing import Any

import pytest

from server.documents.bodies import mark_of
from server.documents.operation import Body, Held, Result
from server.documents.recalled import MAX_BODY_BYTES, recalled_body
from server.documents.work_order.recall import SETS
from tests.server.documents.one_order import FIELD, LINE, OFFICE, OTHER, PART, UNKNOWN, WORK, A, B, edit, write
from tests.server.documents.test_apply_vectors import apply, opened

SEAL_DIFFERS = ("invalid_data", {"field": "seal", "problem": "seal_differs"})
PHOTO, ANOTHER = "0190d000-0000-7000-8000-0000000000f1", "0190d000-0000-7000-8000-0000000000f2"
TAKEN = {"photo": PHOTO, "sha256": "0" * 64, "size": 1, "media_type": "image/jpeg", "purpose": "fault",
         "taken_at": "2026-11-24T01:00:00.000Z"}  # fmt: skip
RECALLED = {"code": "recalled_from_phone", "at": "2026-11-24T02:00:00.000Z", "by": A}


def did(body: Body, version: int, kind: str, data: dict[str, Any], actor: dict[str, Any] = FIELD, **more: Any) -> None:
    """Bring an operation in, and note that the document holds it, as the server does."""
    write(body, version, kind, data, actor, **more)
    body["contains"].append(mark_of(f"0190b000-0000-7000-8000-0000000000{version:02}"))


def recall(body: Body, copy: Body | None, *, people: dict[str, str] | None = None, **more: Any) -> Result:
    """Bring a copy in, at two o'clock; `more`: of what the server looks up."""
    looked_up = {"sealed": True, "number": copy and copy["number"], "photos": {}, "contained": True, "authors": True,
                 "positions": True} | more  # fmt: skip
    entry = {
        "id": "0190b000-0000-7000-8000-0000000000aa",
        "kind": "order.recall",
        "data": {"version": 9, "seal": "s"} | ({"packed": "no copy"} if copy is None else {"body": copy}),
        "actor": FIELD,
        "at": RECALLED["at"],
    }
    return apply(body, 50, entry, {"recall": looked_up} | ({"former_people": people} if people else {}))


@pytest.fixture
def body() -> Body:
    """An order for two."""
    made = opened({"input": {"open": {"kind": "repair", "fault": "It leaks.", "assignees": [A, B]}}})
    made["site"] = {"position": None}
    made["contains"] = ["opened"]
    return made


@pytest.fixture
def copy(body: Body) -> Body:
    """What a phone holds, with an edit that the server lost."""
    made = deepcopy(body)
    did(made, 2, "order.edit", edit(diagnosis="seal"))
    return made


@pytest.fixture
def here(body: Body) -> Body:
    """What the server holds, with a note that was written since."""
    made = deepcopy(body)
    did(made, 3, "note.add", {"note": LINE, "text": "Ring twice."}, OFFICE)
    return made


def packed(content: bytes, wbits: int = 31) -> dict[str, Any]:
    """The data of a recall whose body is packed."""
    packer = zlib.compressobj(wbits=wbits)
    return {"body": None, "packed": base64.b64encode(packer.compress(content) + packer.flush()).decode()}


def test_a_copy_is_read_as_it_is_or_out_of_its_packing() -> None:
    # Texts that repeat only far back need the whole window of gzip.
    far = random.Random(1).randbytes(20_000).hex()
    for body in ({}, {"number": "WX1"}, {"notes": [far, far]}):
        assert recalled_body({"body": body, "packed": None}) == body
        assert recalled_body(packed(json.dumps(body).encode())) == body
    small = json.dumps({"fault": "x" * (MAX_BODY_BYTES // 2)}).encode()
    assert recalled_body(packed(small)) == json.loads(small)


@pytest.mark.parametrize(
    "data",
    [
        packed(b"[]"),
        packed(b"null"),
        packed(b"{"),
        packed(b"\xff"),
        packed(b"[" * 100_000),
        packed(b"{}", wbits=15),
        packed(b'{"fault":"' + b"x" * MAX_BODY_BYTES + b'"}'),
        packed(b"{}" + b" " * MAX_BODY_BYTES),
        {"packed": base64.b64encode(gzip.compress(b"{}")[:-1]).decode()},
        {"packed": base64.b64encode(b"no gzip").decode()},
        {"packed": "no base64"},
        {"packed": base64.b64encode(gzip.compress(b"{}")).decode() + "\n*"},
        {"packed": "\u6c34"},
    ],
    ids=["a list", "null", "cut off", "no text", "too deep", "zlib", "too large", "too large by spaces",
         "without its end", "no gzip", "no base64", "with other signs", "no ASCII"],
)  # fmt: skip
def test_what_cannot_be_read_is_no_copy(body: Body, data: dict[str, Any]) -> None:
    assert recalled_body({"body": None} | data) is None


@pytest.mark.parametrize("sealed", [True, False])
def test_what_is_not_of_this_server_is_held_and_changes_nothing(here: Body, copy: Body, sealed: bool) -> None:
    before = deepcopy(here)
    with pytest.raises(Held) as refused:
        recall(here, None if sealed else copy, sealed=sealed)
    assert (refused.value.reason, refused.value.detail) == SEAL_DIFFERS
    assert here == before


def test_an_order_that_is_not_here_goes_on_as_the_copy_says(copy: Body) -> None:
    body: Body = {}
    brought = recall(body, copy)
    assert (brought.status, brought.detail, brought.changed) == ("applied", {"number": copy["number"]}, True)
    assert body == copy | {"flags": [RECALLED]}


def test_an_empty_document_is_one_too_although_it_holds_nothing(copy: Body) -> None:
    """A copy of which nothing is known that it contains."""
    copy["contains"] = []
    body: Body = {}
    assert recall(body, copy).changed
    assert body["fault"] == "It leaks."


def test_a_copy_that_is_older_or_the_same_says_nothing_new(body: Body, copy: Body) -> None:
    for older in (body, copy):
        before = deepcopy(copy)
        said = recall(copy, deepcopy(older))
        assert (said.status, said.detail, said.changed) == ("applied", {}, False)
        assert copy == before


@pytest.mark.parametrize("newer", ["server", "copy"])
def test_a_number_that_another_order_has_now_is_changed_and_said(body: Body, copy: Body, newer: str) -> None:
    server, offered = (copy, body) if newer == "server" else (body, copy)
    old = body["number"]
    expected = deepcopy(copy)
    said = recall(server, deepcopy(offered), number="WX2611-0009")
    assert (said.status, said.detail, said.changed) == ("applied", {"number": "WX2611-0009"}, True)
    asked = RECALLED | {"code": "number_changed", "number": old}
    assert server == expected | {
        "number": "WX2611-0009",
        "flags": [asked] if newer == "server" else [asked, RECALLED],
    }


def test_what_is_asked_here_is_asked_on_where_the_copy_goes_on(body: Body, copy: Body) -> None:
    both = {"code": "opened_in_field", "at": "2026-11-24T00:00:00.000Z", "by": A}
    mine = {"code": "recorded_after_cancel", "at": "2026-11-24T00:00:01.000Z", "by": B}
    body["flags"], copy["flags"] = [both, mine], [both]
    recall(body, deepcopy(copy))
    assert body == copy | {"flags": [both, mine, RECALLED]}
    del body["flags"]
    body["contains"] = ["opened"]
    recall(body, deepcopy(copy))
    assert body["flags"] == [both, RECALLED]


def test_a_photo_is_what_the_server_has_of_it_now(copy: Body) -> None:
    did(copy, 4, "photo.add", TAKEN)
    did(copy, 5, "photo.add", TAKEN | {"photo": ANOTHER})
    for photo in copy["photos"]:
        photo |= {"state": "rejected", "rejected_because": "not_an_image"}
    there = deepcopy(copy)
    body: Body = {}
    recall(body, copy, photos={ANOTHER: {"state": "stored", "hints": [{"code": "edited"}]}})
    first, second = body["photos"]
    assert [photo["state"] for photo in body["photos"]] == ["missing", "stored"]
    assert (first["hints"], second["hints"]) == ([], [{"code": "edited"}])
    assert not any("rejected_because" in photo for photo in body["photos"])
    assert copy == there, "what a phone sent stays as it was sealed"


def test_whom_a_copy_names_by_a_former_id_is_who_they_are_now(copy: Body) -> None:
    body: Body = {}
    recall(body, copy, people={A: UNKNOWN})
    assert (body["assignees"], body["edits"]["diagnosis"]["by"]) == ([UNKNOWN, B], UNKNOWN)


FACTS: list[tuple[str, str, dict[str, Any]]] = [
    ("arrivals", "arrival.record", {"arrival": LINE, "why_none": "denied"}),
    ("departures", "departure.record", {"departure": LINE, "why_none": "denied"}),
    ("photos", "photo.add", TAKEN),
    ("refusals", "signature.refuse", {"reason": "absent"}),
    ("notes", "note.add", {"note": PHOTO, "text": "It is the pump."}),
    ("materials", "material.add", PART),
    ("labour", "labour.add", WORK),
]


def test_what_is_gone_through_is_every_list_of_facts(body: Body) -> None:
    lists = {name for name, value in body.items() if isinstance(value, list)}
    assert lists - set(SETS) == {"assignees", "plans", "stages", "flags", "conflicts", "contains"}
    assert set(SETS) - {room for room, *_ in FACTS} == {"signatures"}


@pytest.mark.parametrize(("room", "kind", "data"), FACTS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_fact_that_only_the_copy_knows_comes_in_after_those_here_and_once(
    here: Body, copy: Body, room: str, kind: str, data: dict[str, Any]
) -> None:
    did(copy, 4, kind, data)
    known = deepcopy(here[room])
    (fact,) = copy[room]
    brought = recall(here, deepcopy(copy))
    assert (brought.status, brought.detail, brought.changed) == ("applied", {}, True)
    assert here[room] == [*known, fact]
    assert here["flags"] == [RECALLED]
    did(here, 40, "note.add", {"note": UNKNOWN, "text": "Later."})
    did(copy, 41, "order.edit", edit(work_done="It is dry."))
    recall(here, deepcopy(copy))
    assert [each for each in here[room] if each == fact] == [fact]


def test_a_fact_that_both_know_stands_as_it_is_here(body: Body, copy: Body) -> None:
    for side, version in ((body, 10), (copy, 11)):
        did(side, version, "note.add", {"note": LINE, "text": f"Of {version}."})
    recall(body, copy)
    assert [note["text"] for note in body["notes"]] == ["Of 10."]


def test_the_number_is_the_one_that_the_server_looked_up_where_both_went_on(here: Body, copy: Body) -> None:
    recall(here, copy, number="WX2611-0009")
    assert (here["number"], here["flags"]) == ("WX2611-0009", [RECALLED])


def test_plans_of_both_stand_in_their_order_and_once(here: Body, copy: Body) -> None:
    (first,) = here["plans"]
    copy["plans"].append(first | {"version": 2, "priority": "high"})
    here["plans"].append(first | {"version": 10, "priority": "low"})
    recall(here, copy)
    assert [plan["version"] for plan in here["plans"]] == [1, 2, 10]


def test_an_answer_stands_as_it_is_here_and_one_that_is_not_here_comes_in(here: Body, copy: Body) -> None:
    did(here, 10, "checklist.answer", {"item": "badge", "now": "ok"})
    for version, item in ((11, "badge"), (12, "valve")):
        did(copy, version, "checklist.answer", {"item": item, "now": "leaks"})
    recall(here, copy)
    answers = here["checklist"]["answers"]
    assert {item: answer["value"] for item, answer in answers.items()} == {"badge": "ok", "valve": "leaks"}
    (about_badge,) = [conflict for conflict in here["conflicts"] if conflict["field"] == "checklist.badge"]
    assert (about_badge["kept"]["value"], about_badge["other"]["value"]) == ("ok", "leaks")


def test_what_a_lost_line_had_written_stands_beside_what_is_here_with_who_wrote_it(here: Body, copy: Body) -> None:
    recall(here, copy)
    (conflict,) = here["conflicts"]
    conflict.pop("id")
    assert conflict == {
        "field": "diagnosis",
        "base": None,
        "kept": {"value": "", "by": here["opened"]["by"], "at": here["opened"]["at"]},
        "other": {
            "value": "seal",
            "by": A,
            "at": "2026-11-24T01:02:00.000Z",
            "operation": "0190b000-0000-7000-8000-0000000000aa",
            "device": FIELD["device"],
        },
        "settled": None,
    }
    assert (here["diagnosis"], "diagnosis" in here["edits"]) == ("", False)


def test_what_is_known_here_or_alike_or_beside_already_is_no_conflict(here: Body, copy: Body) -> None:
    alike = deepcopy(here)
    did(alike, 4, "order.edit", edit(diagnosis="seal"), OTHER)
    recall(alike, deepcopy(copy))
    assert alike["conflicts"] == []
    known = deepcopy(here)
    known["contains"].append(mark_of(copy["edits"]["diagnosis"]["operation"]))
    did(copy, 5, "note.add", {"note": UNKNOWN, "text": "So that there is something new."})
    recall(known, deepcopy(copy))
    assert (known["conflicts"], known["diagnosis"]) == ([], "")
    recall(here, deepcopy(copy))
    did(copy, 6, "note.add", {"note": PHOTO, "text": "And more."})
    here["brought"] = []
    recall(here, deepcopy(copy))
    assert [conflict["other"]["value"] for conflict in here["conflicts"]] == ["seal"]


def test_a_field_whose_writer_nobody_knows_is_compared(here: Body, copy: Body) -> None:
    del copy["edits"]["diagnosis"]["operation"]
    recall(here, copy)
    assert [conflict["field"] for conflict in here["conflicts"]] == ["diagnosis"]


def test_another_conflict_about_the_same_field_hides_nothing(here: Body, copy: Body) -> None:
    did(here, 10, "order.edit", {"changes": {"diagnosis": {"was": "x", "now": "hose"}}}, OTHER)
    did(here, 11, "order.edit", {"changes": {"work_done": {"was": "x", "now": "seal"}}}, OTHER)
    recall(here, copy)
    others = [(conflict["field"], conflict["other"]["value"]) for conflict in here["conflicts"]]
    assert others == [("diagnosis", "hose"), ("work_done", "seal"), ("diagnosis", "seal")]


def test_a_position_is_compared_where_both_have_a_site(here: Body, copy: Body) -> None:
    position = {"latitude": 30.0, "longitude": 120.0, "datum": "WGS-84"}
    did(copy, 4, "order.edit", edit(site__position=position))
    without, alike = deepcopy(here) | {"site": None}, deepcopy(here)
    recall(without, deepcopy(copy))
    assert [conflict["field"] for conflict in without["conflicts"]] == ["diagnosis"]
    did(alike, 5, "order.edit", edit(site__position=position))
    recall(alike, deepcopy(copy))
    assert [conflict["field"] for conflict in alike["conflicts"]] == ["diagnosis"]
    recall(here, deepcopy(copy))
    (conflict,) = [each for each in here["conflicts"] if each["field"] == "site.position"]
    assert (conflict["kept"]["value"], conflict["other"]["value"]) == (None, position)
    lost = deepcopy(copy) | {"site": None}
    fresh = deepcopy(alike)
    fresh["conflicts"], fresh["contains"], fresh["brought"] = [], ["opened"], []
    recall(fresh, lost)
    assert [each["field"] for each in fresh["conflicts"] if each["field"] == "site.position"] == []


def test_who_wrote_what_both_hold_alike_is_who_the_copy_says_unless_somebody_wrote_here_since(
    here: Body, copy: Body
) -> None:
    here["diagnosis"] = "seal"
    nobody, since, differs, before = (deepcopy(here) for _ in range(4))
    recall(nobody, deepcopy(copy))
    assert nobody["edits"] == copy["edits"]
    since["edits"]["diagnosis"] = {"by": B, "at": "2026-11-24T01:05:00.000Z", "operation": UNKNOWN}
    mine = deepcopy(since["edits"])
    recall(since, deepcopy(copy))
    assert since["edits"] == mine
    differs["diagnosis"] = "hose"
    recall(differs, deepcopy(copy))
    assert differs["edits"] == {}
    recall(before, deepcopy(copy), authors=False)
    assert before["edits"] == {}, "a recall of before who wrote it came back means what it meant"


def test_a_conflict_of_the_copy_faces_what_stands_here(here: Body, copy: Body) -> None:
    did(copy, 4, "order.edit", {"changes": {"diagnosis": {"was": "x", "now": "hose"}}}, OTHER)
    (conflict,) = copy["conflicts"]
    opened_here = deepcopy(here)
    recall(opened_here, deepcopy(copy))
    found = next(each for each in opened_here["conflicts"] if each["id"] == conflict["id"])
    assert found["kept"] == {"value": "", "by": here["opened"]["by"], "at": here["opened"]["at"]}
    assert (found["other"], found["settled"]) == (conflict["other"], None)
    written = deepcopy(here)
    did(written, 10, "order.edit", edit(diagnosis="pipe"), OTHER)
    recall(written, deepcopy(copy))
    found = next(each for each in written["conflicts"] if each["id"] == conflict["id"])
    assert found["kept"] == {"value": "pipe", "by": B, "at": "2026-11-24T01:10:00.000Z"}
    agreed = deepcopy(here)
    did(agreed, 10, "order.edit", edit(diagnosis="hose"), OTHER)
    recall(agreed, deepcopy(copy))
    found = next(each for each in agreed["conflicts"] if each["id"] == conflict["id"])
    assert found["settled"] == {
        "value": "hose", "by": A, "at": RECALLED["at"], "operation": "0190b000-0000-7000-8000-0000000000aa",
    }  # fmt: skip


def test_a_conflict_that_was_settled_or_is_here_already_stays_as_it_is(here: Body, copy: Body) -> None:
    did(copy, 4, "order.edit", {"changes": {"diagnosis": {"was": "x", "now": "hose"}}}, OTHER)
    (conflict,) = copy["conflicts"]
    both = deepcopy(here)
    both["conflicts"] = [deepcopy(conflict)]
    recall(both, deepcopy(copy))
    assert [each for each in both["conflicts"] if each["id"] == conflict["id"]] == [conflict]
    write(copy, 5, "conflict.settle", {"conflict": conflict["id"], "value": "seal"}, OFFICE)
    settled = deepcopy(copy["conflicts"][0])
    assert settled["settled"]
    recall(here, deepcopy(copy))
    assert [each for each in here["conflicts"] if each["id"] == conflict["id"]] == [settled]


def test_a_conflict_about_what_is_not_here_comes_in_as_it_is(here: Body, copy: Body) -> None:
    did(copy, 4, "material.add", PART)
    for version, now in ((5, "7"), (6, "8")):
        did(copy, version, "material.change", {"line": LINE, **edit(serial=now)}, FIELD if version == 5 else OTHER)
    (conflict,) = copy["conflicts"]
    conflict["field"] = f"materials.{UNKNOWN}.serial"
    recall(here, deepcopy(copy))
    assert [each for each in here["conflicts"] if each["id"] == conflict["id"]] == [conflict]


def test_a_line_that_a_lost_operation_had_taken_away_stands_with_a_question(body: Body) -> None:
    did(body, 10, "material.add", PART)
    did(body, 11, "labour.add", WORK)
    did(body, 12, "material.add", PART | {"line": PHOTO})
    did(body, 13, "labour.add", WORK | {"line": ANOTHER})
    did(body, 14, "labour.remove", {"line": ANOTHER})
    copy = deepcopy(body)
    did(copy, 15, "material.remove", {"line": LINE})
    did(copy, 16, "labour.remove", {"line": LINE})
    did(copy, 17, "material.add", PART | {"line": UNKNOWN})
    did(copy, 18, "material.remove", {"line": UNKNOWN})
    did(body, 20, "note.add", {"note": LINE, "text": "Ring twice."}, OFFICE)
    recall(body, copy)
    assert [line["removed"] for line in body["materials"] + body["labour"]] == [False, False, True, False, True]
    asked = [(flag["code"], flag.get("line"), flag.get("where")) for flag in body["flags"]]
    assert asked[0] == ("removed_and_changed", LINE, "materials")
    assert asked[-1] == ("recalled_from_phone", None, None)
    assert len(asked) == 2, "a person and a line are asked about once"


def test_labour_that_a_lost_operation_had_taken_away_is_asked_about_as_labour(body: Body) -> None:
    did(body, 11, "labour.add", WORK)
    copy = deepcopy(body)
    did(copy, 16, "labour.remove", {"line": LINE})
    did(body, 20, "note.add", {"note": LINE, "text": "Ring twice."}, OFFICE)
    recall(body, copy)
    assert [(flag["code"], flag.get("where")) for flag in body["flags"]] == [
        ("removed_and_changed", "labour"), ("recalled_from_phone", None),
    ]  # fmt: skip


def test_a_question_of_the_copy_is_asked_unless_it_has_come_up_here_too(here: Body, copy: Body) -> None:
    at = {"at": "2026-11-24T00:00:00.000Z"}
    known = {"code": "recorded_after_cancel", "by": A} | at
    later = {"at": "2026-11-24T00:00:09.000Z"}
    other = {"code": "recorded_after_cancel", "by": B} | at
    of_a_line = {"code": "recorded_after_cancel", "by": A, "line": LINE} | at
    another = {"code": "done_by_former_assignee", "by": A, "settled": {"decision": "confirmed"}} | at
    gone = [{"code": code, "by": B} | at for code in ("opened_in_field", "recalled_from_phone")]
    here["flags"], copy["flags"] = [known], [known | later, other, of_a_line, another, *gone]
    recall(here, copy)
    assert here["flags"] == [known, other, of_a_line, another, RECALLED]


@pytest.mark.parametrize(
    ("mine", "theirs", "signed", "rating"),
    [
        (None, None, False, None),
        (None, 4, False, 4),
        (3, None, True, 3),
        (3, 4, False, 3),
        # It came with a signature that is not here.
        (3, 4, True, 4),
    ],
)
def test_what_the_customer_said_last_is_the_orders_rating(
    here: Body, copy: Body, mine: int | None, theirs: int | None, signed: bool, rating: int | None
) -> None:
    here["rating"], copy["rating"] = (score and {"score": score} for score in (mine, theirs))
    signature = {"id": LINE, "report": {}, "sha256": "0" * 64}
    copy["signatures"] = [deepcopy(signature)]
    here["signatures"] = [] if signed else [deepcopy(signature)]
    before = deepcopy(here)
    recall(here, deepcopy(copy))
    assert here["rating"] == (rating and {"score": rating})
    recall(before, deepcopy(copy), contained=False)
    first = mine or theirs
    assert before["rating"] == (first and {"score": first}), "a recall of before that means what it meant"


@pytest.mark.parametrize(("mine", "theirs", "charge"), [(None, None, None), (None, 2, 2), (1, 2, 1), (1, None, 1)])
def test_what_was_decided_about_the_charge_stands(
    here: Body, copy: Body, mine: int | None, theirs: int | None, charge: int | None
) -> None:
    here["settled_charge"], copy["settled_charge"] = (total and {"total": total} for total in (mine, theirs))
    recall(here, copy)
    assert here["settled_charge"] == (charge and {"total": charge})


def test_what_the_copy_brought_is_noted_where_lines_that_come_again_are_told_by_it(here: Body, copy: Body) -> None:
    before = deepcopy(here)
    here["diagnosis"] = "seal"
    recall(here, deepcopy(copy))
    mark = mark_of(copy["edits"]["diagnosis"]["operation"])
    assert here["brought"] == [{"marks": [mark], "fields": ["diagnosis"]}]
    recall(before, deepcopy(copy), contained=False)
    assert "brought" not in before


def test_what_a_copy_brought_before_counts_as_known(here: Body, copy: Body) -> None:
    recall(here, deepcopy(copy))
    before = deepcopy(here)
    assert recall(here, deepcopy(copy)).changed is False
    assert here == before


def test_a_decision_comes_back_only_by_a_recall_that_knows_of_it(here: Body, copy: Body) -> None:
    flag = {"code": "recorded_after_cancel", "by": A, "at": "2026-11-24T00:00:00.000Z"}
    here["flags"], copy["flags"] = [dict(flag)], [flag | {"settled": {"decision": "confirmed"}}]
    before = deepcopy(here)
    recall(here, deepcopy(copy))
    assert here["flags"][0].get("settled") == {"decision": "confirmed"}
    recall(before, deepcopy(copy), contained=False)
    assert "settled" not in before["flags"][0]


def positioned(body: Body, version: int, latitude: float, actor: dict[str, Any]) -> None:
    """Somebody says where the site is, having seen nothing."""
    position = {"latitude": latitude, "longitude": 120.0, "datum": "WGS-84"}
    did(body, version, "order.edit", edit(site__position=position), actor)


@pytest.mark.parametrize("known", [True, False, None])
def test_a_chosen_position_comes_back_only_by_a_recall_that_knows_of_it(body: Body, known: bool | None) -> None:
    positioned(body, 10, 30.0, FIELD)
    positioned(body, 11, 31.0, OTHER)
    copy = deepcopy(body)
    (conflict,) = copy["conflicts"]
    did(copy, 12, "conflict.settle", {"conflict": conflict["id"], "value": conflict["other"]["value"]}, OFFICE)
    did(body, 13, "note.add", {"note": LINE, "text": "Ring twice."}, OFFICE)
    more = {} if known is None else {"positions": known}
    entry_without = {"sealed": True, "number": copy["number"], "photos": {}, "contained": True}
    entry = {
        "id": "0190b000-0000-7000-8000-0000000000aa", "kind": "order.recall",
        "data": {"version": 9, "seal": "s", "body": copy}, "actor": FIELD, "at": RECALLED["at"],
    }  # fmt: skip
    apply(body, 50, entry, {"recall": entry_without | more})
    assert body["site"]["position"]["latitude"] == (31.0 if known else 30.0)


STEP = {"by": A, "reason": None, "device": FIELD["device"]}


def step(body: Body, version: int, to: str, actor: dict[str, Any] = FIELD, **more: Any) -> None:
    """Somebody moves the order on."""
    did(body, version, "order.stage", {"to": to}, actor, **more)


def test_steps_of_both_stand_in_the_order_of_their_time_and_once(body: Body) -> None:
    step(body, 10, "accepted")
    copy = deepcopy(body)
    step(body, 14, "en_route", OTHER)
    step(copy, 12, "en_route")
    step(copy, 16, "working")
    recall(body, copy)
    assert [(each["to"], each["at"][14:16]) for each in body["stages"]] == [
        ("accepted", "10"), ("en_route", "12"), ("en_route", "14"), ("working", "16"),
    ]  # fmt: skip
    assert body["stage"] == "working"


@pytest.mark.parametrize(
    ("mine", "theirs", "stage"),
    [("working", "en_route", "working"), ("working", "paused", "paused"), ("finished", "working", "finished"),
     ("en_route", "unable", "unable"), (None, "accepted", "accepted"), ("accepted", None, "accepted")],
)  # fmt: skip
def test_the_stage_is_the_farther_one(body: Body, mine: str | None, theirs: str | None, stage: str) -> None:
    copy = deepcopy(body)
    for side, to, version in ((body, mine, 10), (copy, theirs, 12)):
        did(side, version, "note.add", {"note": LINE if version == 10 else PHOTO, "text": "So that both went on."})
        if to is not None:
            step(side, version + 10, to)
    recall(body, copy)
    assert body["stage"] == stage


def test_a_stage_of_the_copy_without_a_new_step_says_nothing(here: Body, copy: Body) -> None:
    copy["stage"] = "working"
    recall(here, copy)
    assert here["stage"] == "new"


def test_a_returned_review_does_not_open_what_was_finished_by_a_copy(body: Body) -> None:
    step(body, 10, "finished")
    copy = deepcopy(body)
    did(body, 11, "note.add", {"note": LINE, "text": "Ring twice."}, OFFICE)
    copy["stage"] = "working"
    copy["stages"].append(copy["stages"][0] | {"to": "working", "operation": UNKNOWN})
    copy["contains"].append(UNKNOWN[-12:])
    recall(body, copy)
    assert body["stage"] == "finished"


@pytest.mark.parametrize(
    ("mine", "theirs", "version"), [(2, 3, 3), (3, 2, 3), (None, 2, 2), (2, None, 2), (None, None, None), (2, 2, 2)]
)
def test_the_review_is_the_newer_one(
    here: Body, copy: Body, mine: int | None, theirs: int | None, version: int | None
) -> None:
    for side, of_version, who in ((here, mine, "here"), (copy, theirs, "copy")):
        side["review"] = {"state": "approved", "by": who, "at": None, "comment": None, "version": of_version}
    recall(here, copy)
    newer = "copy" if (theirs or 0) > (mine or 0) else "here"
    assert (here["review"]["version"], here["review"]["by"]) == (version, newer)


def test_a_first_review_comes_in_where_there_was_none(here: Body, copy: Body) -> None:
    copy["review"] = {"state": "approved", "by": OFFICE["id"], "at": None, "comment": None, "version": 1}
    recall(here, copy)
    assert here["review"]["version"] == 1


def taken_back(body: Body, to: str = "working") -> tuple[Body, Body]:
    """Both sides know of an `unable`; on the copy its author took it back, here somebody wrote a note."""
    step(body, 10, "en_route")
    step(body, 11, "unable")
    copy = deepcopy(body)
    step(copy, 12, to)
    did(body, 13, "note.add", {"note": LINE, "text": "Ring twice."}, OFFICE)
    return body, copy


def test_an_unable_that_its_author_took_back_is_taken_back(body: Body) -> None:
    here, copy = taken_back(body)
    assert copy["stage"] == "working"
    recall(here, deepcopy(copy))
    assert (here["stage"], here["review"]) == ("working", copy["review"])
    assert [each["to"] for each in here["stages"]] == ["en_route", "unable", "working"]


def test_an_unable_stands_that_was_reviewed_or_said_anew_or_that_nobody_took_back(body: Body) -> None:
    here, copy = taken_back(body)
    reviewed, anew, old = (deepcopy(here) for _ in range(3))
    reviewed["review"] |= {"state": "approved"}
    recall(reviewed, deepcopy(copy))
    assert reviewed["stage"] == "unable"
    anew["stages"][-1]["operation"] = UNKNOWN
    recall(anew, deepcopy(copy))
    assert (anew["stage"], anew["review"]["state"]) == ("unable", "pending")
    del old["stages"][-1]["device"]
    recall(old, deepcopy(copy))
    assert old["stage"] == "unable", "of before it could be taken back"
    still = deepcopy(copy)
    still["stage"] = "unable"
    recall(here, still)
    assert here["stage"] == "unable"


def test_an_unable_that_is_the_copys_last_step_was_not_taken_back(body: Body) -> None:
    here, copy = taken_back(body)
    copy["stages"].pop()
    recall(here, copy)
    assert here["stage"] == "unable"


def test_an_order_without_steps_is_not_taken_back_to_anything(here: Body, copy: Body) -> None:
    here["stage"], here["review"]["state"] = "unable", "pending"
    recall(here, copy)
    assert here["stage"] == "unable"
