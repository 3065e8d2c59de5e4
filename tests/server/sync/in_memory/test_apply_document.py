"""What comes of one operation on a work order: its outcome, what is kept beside it, who may write it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from server.documents.bodies import mark_of
from server.documents.operation import Actor
from server.models import Document, FormerPerson, Person, PhotoContent, PhotoDelivery, PhotoPreview, WorkOrder
from server.sync.ledgers.line import Line, parse_line
from server.sync.ledgers.outcome import Outcome
from server.sync.operations.apply_document import Applied, operation_of, understood
from server.sync.store.feeds import Publication
from tests.server.documents.test_apply_vectors import bounds_at
from tests.server.sync.ledger_scene import COMPANY, NINE, Scene, changes, note
from tests.server.sync.phone import new_id


def document(order: str, version: int) -> dict[str, Any]:
    return {"type": "work_order", "id": order, "version": version}


def test_an_operation_that_changes_a_document_makes_its_next_version(here: Scene) -> None:
    wang, zhang = here.writer("wang", "supervisor"), here.writer("zhang")
    order = new_id()
    opened = wang.write("order.open", order, {"kind": "repair", "fault": "It leaks.", "assignees": [zhang.id]})
    number = here.body(order)["number"]
    assert opened == Outcome(opened.id, 1, "applied", False, document(order, 1), None, {"number": number})
    text = note()
    noted = zhang.write("note.add", order, text)
    assert noted == Outcome(noted.id, 1, "applied", False, document(order, 2), None, {})
    again = zhang.write("note.add", order, text)
    assert again == Outcome(again.id, 2, "applied", False, document(order, 2), None, {})
    stored = select(Document.version, Document.changed_at, Document.seal).where(Document.id == order)
    version, changed_at, seal = here.connection.execute(stored).one()
    assert (version, changed_at) == (2, NINE + timedelta(seconds=1, minutes=2)), "when the first of the two came in"
    body = here.body(order)
    assert COMPANY.sealer.fits(seal, "work_order", order, 2, body)
    assert body["contains"] == [mark_of(str(opened.id)), mark_of(str(noted.id))]
    orders = select(WorkOrder.id, WorkOrder.number)
    assert [tuple(row) for row in here.connection.execute(orders)] == [(order, number)]


def test_the_journal_keeps_who_wrote_it_and_what_version_it_made(here: Scene) -> None:
    wang, zhang = here.writer("wang", "supervisor"), here.writer("zhang")
    order = wang.open(zhang.id)
    noted = zhang.write("note.add", order, note())
    inputs = json.loads(here.row(noted.id).inputs)
    assert inputs == {
        "clocks": {"anchor": None, "last": None},
        "actor": {"role": "technician", "relation": "assignee"},
        "version": 2,
    }


def test_who_sees_an_order_is_told_of_its_change(here: Scene) -> None:
    wang, zhang = here.writer("wang", "supervisor"), here.writer("zhang")
    order = wang.open(zhang.id)
    told = Publication(f"person:{zhang.id}", "work_order", order)
    assert wang.ledger.publications == [told]
    text = note()
    zhang.write("note.add", order, text)
    assert zhang.ledger.publications == [told]
    zhang.write("note.add", order, text)
    assert zhang.ledger.publications == [told], "nothing has changed"


@pytest.mark.parametrize(
    ("kind", "there", "data", "reason", "detail"),
    [
        ("nonsense.do", True, {}, "unknown_kind", {"kind": "nonsense.do"}),
        ("note.add", None, note(), "invalid_data", {"field": "target", "problem": "missing"}),
        ("note.add", False, note(), "unknown_target", {}),
        ("order.open", True, {"kind": "repair", "fault": "f"}, "invalid_data",
         {"field": "target", "problem": "target_exists"}),
        ("note.add", True, {"note": "no id", "text": ""}, "invalid_data",
         {"fields": {"note": ["not_a_uuid"], "text": ["Shorter than minimum length 1."]}}),
        ("order.stage", True, {"to": "nowhere"}, "invalid_data", {"fields": {"to": ["Must be one of"]}}),
    ],
)  # fmt: skip
def test_what_cannot_be_applied_waits_with_the_reason(
    here: Scene, kind: str, there: bool | None, data: dict[str, Any], reason: str, detail: dict[str, Any]
) -> None:
    wang, zhang = here.writer("wang", "supervisor"), here.writer("zhang")
    order = wang.open(zhang.id)
    held = zhang.write(kind, {True: order, False: new_id(), None: None}[there], data)
    if kind == "order.stage":
        held.detail["fields"]["to"] = [text[:14] for text in held.detail["fields"]["to"]]
    assert (held.status, held.reason, held.detail, held.document) == ("held", reason, detail, None)
    assert len(here.body(order)["contains"]) == 1


@pytest.mark.parametrize(
    ("role", "writes", "plans", "reviews"),
    [
        ("technician", "not_permitted", "not_permitted", "not_permitted"),
        ("inspector", "not_permitted", "not_permitted", "not_permitted"),
        ("service_desk", None, None, "not_permitted"),
        ("supervisor", None, None, None),
        ("manager", None, None, None),
        ("admin", None, None, None),
    ],
)
def test_who_is_on_no_order_writes_as_their_role_may(
    here: Scene, role: str, writes: str | None, plans: str | None, reviews: str | None
) -> None:
    wang, zhang, other = here.writer("wang", "supervisor"), here.writer("zhang"), here.writer("other", role)
    order = wang.open(zhang.id)
    zhang.write("order.stage", order, {"to": "finished"})
    assert other.write("note.add", order, note()).reason == writes
    assert other.write("order.plan", order, changes(instructions=("", "Ring."))).reason == plans
    assert other.write("order.review", order, {"verdict": "approved"}).reason == reviews
    # What only the field records is nothing for the office.
    assert other.write("order.stage", order, {"to": "working"}).reason == "not_permitted"


def relation_of(here: Scene, operation: str | None) -> str:
    relation = json.loads(here.row(operation).inputs)["actor"]["relation"]
    assert isinstance(relation, str)
    return relation


def test_the_journal_says_what_the_author_was_to_the_order(here: Scene) -> None:
    wang, zhang, li = here.writer("wang", "supervisor"), here.writer("zhang"), here.writer("li")
    order, own = wang.open(zhang.id), new_id()
    opened = li.write("order.open", own, {"kind": "repair", "fault": "f"})
    assert relation_of(here, opened.id) == "none"
    assert relation_of(here, li.write("note.add", own, note()).id) == "opener"
    assert relation_of(here, zhang.write("note.add", order, note()).id) == "assignee"
    assert relation_of(here, wang.write("note.add", order, note()).id) == "office"
    wang.write("order.plan", order, changes(assignees=([zhang.id], [li.id])))
    assert relation_of(here, zhang.write("note.add", order, note()).id) == "former"
    assert relation_of(here, li.write("note.add", order, note()).id) == "assignee"


def test_somebody_of_the_office_who_is_on_the_order_writes_for_the_field(here: Scene) -> None:
    """A person whose role has changed since."""
    wang, zhang = here.writer("wang", "supervisor"), here.writer("zhang")
    order = wang.open(zhang.id)
    promoted = here.writer("zhang", "supervisor")
    staged = promoted.write("order.stage", order, {"to": "accepted"})
    assert (staged.status, relation_of(here, staged.id)) == ("applied", "assignee")
    wang.write("order.plan", order, changes(assignees=([zhang.id], [])))
    assert relation_of(here, promoted.write("note.add", order, note()).id) == "office"


@pytest.mark.parametrize(
    ("kind", "inputs"), [("order.stage", {"ways_back": 4}), ("order.review", {"answers_seen": True})]
)
def test_what_a_line_was_judged_with_is_kept_beside_it(here: Scene, kind: str, inputs: dict[str, Any]) -> None:
    wang, zhang = here.writer("wang", "supervisor"), here.writer("zhang")
    order = wang.open(zhang.id)
    staged = zhang.write("order.stage", order, {"to": "finished"})
    reviewed = wang.write("order.review", order, {"verdict": "approved"})
    row = here.row(staged.id if kind == "order.stage" else reviewed.id)
    assert inputs.items() <= json.loads(row.inputs).items()


def test_an_order_takes_over_what_the_rules_say_when_it_is_opened(here: Scene) -> None:
    wang, zhang = here.writer("wang", "supervisor"), here.writer("zhang")
    order = new_id()
    opened = wang.write("order.open", order, {"kind": "repair", "fault": "f", "assignees": [zhang.id]})
    inputs = json.loads(here.row(opened.id).inputs)
    assert inputs["number"] == here.body(order)["number"] == "WX2611-0001"
    # A working day after nine o'clock, in the company's zone: what was reported when it was written.
    assert inputs["deadlines"]["arrive_by"] == "2026-11-26T17:00:01+08:00"
    assert inputs["terms"]["currency"] == "CNY"
    nobody = wang.write("order.open", new_id(), {"kind": "repair", "fault": "f", "assignees": [new_id()]})
    assert (nobody.status, nobody.reason) == ("held", "invalid_data")
    # The field's opening only wishes for somebody: nobody looks them up.
    wished = zhang.write("order.open", new_id(), {"kind": "repair", "fault": "f", "assignees": [new_id()]})
    assert wished.status == "applied"


def test_a_plan_names_people_whom_there_are_and_moves_the_deadlines(here: Scene) -> None:
    wang, zhang = here.writer("wang", "supervisor"), here.writer("zhang")
    order = wang.open(zhang.id)
    before = here.body(order)["deadlines"]
    nobody = wang.write("order.plan", order, changes(assignees=([zhang.id], [new_id()])))
    assert (nobody.status, nobody.reason) == ("held", "invalid_data")
    planned = wang.write("order.plan", order, changes(priority=("normal", "urgent")))
    assert "deadlines_by_priority" in json.loads(here.row(planned.id).inputs)
    assert (here.body(order)["priority"], planned.document) == ("urgent", document(order, 2))
    assert set(before) == set(here.body(order)["deadlines"])


def test_a_settled_plan_is_looked_up_like_a_plan(here: Scene) -> None:
    wang, chen, zhang = here.writer("wang", "supervisor"), here.writer("chen", "service_desk"), here.writer("zhang")
    order = wang.open(zhang.id)
    wang.write("order.plan", order, changes(priority=("normal", "low")))
    chen.write("order.plan", order, changes(priority=("normal", "high")))
    (conflict,) = here.body(order)["conflicts"]
    settled = wang.write("conflict.settle", order, {"conflict": conflict["id"], "value": "high"})
    assert "deadlines_by_priority" in json.loads(here.row(settled.id).inputs)
    assert here.body(order)["priority"] == "high"


POSITION = {"latitude": 30.0, "longitude": 120.0, "accuracy_m": 5.0, "fixed_at": "2026-11-24T09:00:00Z", "age_s": 0.0}


def test_an_arrival_is_compared_with_where_its_author_was_before(here: Scene) -> None:
    wang, zhang, li = here.writer("wang", "supervisor"), here.writer("zhang"), here.writer("li")
    order = wang.open(zhang.id, li.id)

    def arrive(writer: Any, latitude: float) -> list[Any]:
        position = POSITION | {"latitude": latitude}
        arrived = writer.write("arrival.record", order, {"arrival": new_id(), "position": position})
        assert arrived.status == "applied", arrived
        sightings = json.loads(here.row(arrived.id).inputs)["sightings"]
        return [(each["position"]["latitude"], each["same_device"]) for each in sightings]

    assert arrive(zhang, 30.0) == []
    assert arrive(li, 31.0) == []
    assert arrive(zhang, 30.5) == [(30.0, True)]
    assert arrive(here.writer("zhang"), 30.25) == [(30.0, False), (30.5, False)]


def test_a_photo_is_what_the_server_has_of_it_for_its_author(here: Scene) -> None:
    wang, zhang, li = here.writer("wang", "supervisor"), here.writer("zhang"), here.writer("li")
    order = wang.open(zhang.id)
    taken = {"sha256": "0" * 64, "size": 1, "media_type": "image/jpeg", "purpose": "fault",
             "taken_at": "2026-11-24T09:00:00Z"}  # fmt: skip
    for person in (li.id, zhang.id):
        added = zhang.write("photo.add", order, taken | {"photo": new_id()})
        assert "photo" not in json.loads(here.row(added.id).inputs)
        preview = {"sha256": "0" * 64, "person_id": person, "preview_sha256": "1" * 64, "stored_at": NINE}
        here.connection.execute(insert(PhotoPreview).values(preview))
    zhang.write("photo.add", order, taken | {"photo": new_id()})
    assert [photo["state"] for photo in here.body(order)["photos"]] == ["missing", "missing", "preview"]


def test_a_stored_photo_is_asked_what_it_says_of_itself_in_the_companys_zone(here: Scene) -> None:
    wang, zhang = here.writer("wang", "supervisor"), here.writer("zhang")
    order = wang.open(zhang.id)
    # Taken a minute before nine of UTC by a camera that says no zone, and an hour later.
    for digit, at in (("2", "2026-11-24T16:59:00"), ("3", "2026-11-24T18:02:00")):
        content = {"sha256": digit * 64, "size": 1, "media_type": "image/jpeg", "state": "stored", "stored_at": NINE,
                   "facts": json.dumps({"taken_at": at, "software": "Adobe Photoshop"})}  # fmt: skip
        here.connection.execute(insert(PhotoContent).values(content))
        delivery = {"sha256": digit * 64, "person_id": zhang.id, "delivered_at": NINE}
        here.connection.execute(insert(PhotoDelivery).values(delivery))
        taken = {"photo": new_id(), "sha256": digit * 64, "size": 1, "media_type": "image/jpeg", "purpose": "fault",
                 "taken_at": "2026-11-24T09:00:00Z"}  # fmt: skip
        zhang.write("photo.add", order, taken)
    hints = [[hint["code"] for hint in photo["hints"]] for photo in here.body(order)["photos"]]
    assert hints == [["edited_by"], ["exif_time_differs", "edited_by"]]


def test_somebody_who_had_another_id_is_named_by_the_one_of_now(here: Scene) -> None:
    wang, zhang, li = here.writer("wang", "supervisor"), here.writer("zhang"), here.writer("li")
    former = new_id()
    here.connection.execute(insert(FormerPerson).values(former=former, person_id=li.id))
    order = new_id()
    opened = wang.write("order.open", order, {"kind": "repair", "fault": former, "assignees": [former]})
    assert opened.status == "applied", opened
    assert here.body(order)["assignees"] == [li.id]
    assert json.loads(here.row(opened.id).inputs)["former_people"] == {former: li.id}
    noted = zhang.write("note.add", order, note())
    assert noted.reason == "not_permitted"
    unnamed = wang.write("order.open", new_id(), {"kind": "repair", "fault": "f"})
    assert "former_people" not in json.loads(here.row(unnamed.id).inputs)


def test_a_copy_that_comes_back_makes_a_version_that_no_phone_has_seen(here: Scene) -> None:
    zhang = here.writer("zhang")
    order = new_id()
    zhang.write("order.open", order, {"kind": "repair", "fault": "It leaks."})
    body = here.body(order)
    body["contains"].append("of-another")
    body["notes"].append({"id": new_id(), "text": "Lost."})
    data = {"version": 41, "body": body, "seal": COMPANY.sealer.seal("work_order", order, 41, body)}
    recalled = zhang.write("order.recall", order, data)
    assert (recalled.status, recalled.document) == ("applied", document(order, 42))
    assert here.body(order)["contains"] == body["contains"], "a recall is no line that comes again"
    inputs = json.loads(here.row(recalled.id).inputs)["recall"]
    assert inputs == {
        "sealed": True, "number": body["number"], "photos": {}, "contained": True, "authors": True, "positions": True,
    }  # fmt: skip
    older = zhang.write(
        "order.recall", order, data | {"version": 3, "seal": COMPANY.sealer.seal("work_order", order, 3, body)}
    )
    assert (older.status, older.document) == ("applied", document(order, 42)), "nothing new"
    # It is none that this server made under another id or version.
    for other, version in ((new_id(), 41), (order, 40)):
        held = zhang.write("order.recall", other, data | {"version": version})
        assert (held.reason, held.detail) == ("invalid_data", {"field": "seal", "problem": "seal_differs"})


def test_a_line_whose_effect_came_back_with_a_copy_is_not_done_twice(here: Scene) -> None:
    wang, zhang = here.writer("wang", "supervisor"), here.writer("zhang")
    order, lost = wang.open(zhang.id), new_id()
    body = here.body(order)
    body["contains"].append(mark_of(lost))
    data = {"version": 5, "body": body, "seal": COMPANY.sealer.seal("work_order", order, 5, body)}
    zhang.write("order.recall", order, data)
    again = zhang.write("note.add", order, note(), id=lost)
    assert again == Outcome(lost, 2, "applied", False, document(order, 6), None, {"already_in": True})
    assert here.body(order)["notes"] == []
    inputs = json.loads(here.row(lost).inputs)
    assert "actor" not in inputs, "nobody was asked whether they may"


def line_of(kind: str, data: dict[str, Any], target: str | None) -> Line:
    made = parse_line(json.dumps({
        "v": 1, "id": new_id(), "device": new_id(), "seq": 1, "prev": "0" * 64, "seen": 7,
        "at": {"wall": "2026-11-24T10:00:00+08:00", "mono": 1, "run": "r"}, "kind": kind, "data": data,
    } | ({"target": target} if target else {})).encode())  # fmt: skip
    assert isinstance(made, Line)
    return made


def test_an_operation_is_its_line_with_what_was_looked_up() -> None:
    target, former, now = new_id(), new_id(), new_id()
    line = line_of("order.plan", changes(assignees=([], [former])), target)
    actor = Actor(new_id(), "supervisor", "office", new_id())
    bounds = bounds_at("2026-11-24T02:00:00.000Z")
    inputs = {"former_people": {former: now}}
    made = operation_of(line, line.data, actor, bounds, 9, inputs)
    assert (made.id, made.kind, made.target, made.seen, made.version) == (line.id, "order.plan", target, 7, 9)
    assert (made.at, made.wall, made.bounds, made.actor) == (
        "2026-11-24T02:00:00.000Z", line.at.wall, bounds, actor,
    )  # fmt: skip
    assert (made.data, made.inputs) == (changes(assignees=([], [now])), inputs)
    assert operation_of(line, line.data, actor, bounds, 9, {}).data == line.data
    # A copy stays as it was sealed until it is opened.
    recall = line_of("order.recall", {"body": {"lead": former}}, target)
    assert operation_of(recall, recall.data, actor, bounds, 9, inputs).data == recall.data
    kind, data = understood(line_of("note.add", note("Ring."), target))
    assert (kind.who, data["text"]) == ("field_or_office", "Ring.")


def test_what_follows_is_told_after_what_it_followed() -> None:
    first, second, third = (Outcome(new_id(), seq, "applied") for seq in (1, 2, 3))
    one, two, three = (Publication("company", "part", str(seq)) for seq in (1, 2, 3))
    alone = Applied(first, {"version": 1}, [one])
    assert alone.as_released(5) == {"released": [{"position": 5, "inputs": {"version": 1}}]}
    assert alone.followed_by([]) == alone
    assert alone.followed_by_telling([two]) == Applied(first, {"version": 1}, [one, two])
    then = Applied(second, Applied(second, {"version": 2}, []).as_released(6), [two])
    last = Applied(third, Applied(third, {"version": 3}, []).as_released(7), [three])
    both = alone.followed_by([then]).followed_by([last])
    assert both == alone.followed_by([then, last])
    assert both.outcome == first and both.publications == [one, two, three]
    released = [{"position": 6, "inputs": {"version": 2}}, {"position": 7, "inputs": {"version": 3}}]
    assert both.inputs == {"version": 1, "released": released}


def test_somebody_who_has_left_is_planned_by_nobody(here: Scene) -> None:
    wang, zhang = here.writer("wang", "supervisor"), here.writer("zhang")
    order = wang.open()
    here.connection.execute(update(Person).where(Person.id == zhang.id).values(active=False))
    held = wang.write("order.plan", order, changes(assignees=([], [zhang.id])))
    assert (held.status, held.reason) == ("held", "invalid_data")
