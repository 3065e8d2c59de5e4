"""What becomes of a line that waits, by the server itself and by who decides: held.py on a database in memory."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from server.documents.operation import Body, Operation, Result
from server.documents.work_order.registry import REGISTRY
from server.models import Batch, DocumentPerson, HeldLine, JournalLine, Person
from server.sync.ledgers.outcome import Outcome
from server.sync.operations.apply_document import Applied
from server.sync.operations.held import is_of_the_document, seen_by, taken_in_again, took_effect, try_again
from server.sync.store.feeds import Publication
from tests.server.sync.ledger_scene import COMPANY, MINT, NINE, Scene, Writer, changes, note
from tests.server.sync.phone import new_id


@pytest.fixture
def li(here: Scene) -> Writer:
    return here.writer("li")


def decide(wang: Writer, operation: str | None, decision: str = "apply", **more: Any) -> Outcome:
    """Somebody decides about an operation."""
    return wang.write("held.decide", None, {"operation": operation, "decision": decision} | more)


def row_of(here: Scene, operation: str | None) -> Any:
    """The first held line of an operation."""
    found = select(HeldLine.__table__).where(HeldLine.operation_id == operation).order_by(HeldLine.position)
    return here.connection.execute(found).first()


def texts(here: Scene, order: str) -> list[str]:
    """The notes of an order."""
    return [each["text"] for each in here.body(order)["notes"]]


def on(*now: str, was: tuple[str, ...] = ()) -> dict[str, Any]:
    """The data of a plan that puts these people on an order."""
    return changes(assignees=(list(was), list(now)))


def test_what_waited_for_an_order_is_applied_as_it_came_in_when_it_is_there(
    here: Scene, wang: Writer, zhang: Writer, li: Writer
) -> None:
    order, other = new_id(), new_id()
    waits = [writer.write("note.add", order, note(text)) for writer, text in ((zhang, "1"), (li, "2"), (zhang, "3"))]
    zhang.write("note.add", other, note())
    opened = wang.write("order.open", order, {"kind": "repair", "fault": "f", "assignees": [zhang.id, li.id]})
    assert opened.document == {"type": "work_order", "id": order, "version": 1}, "of its own operation"
    assert texts(here, order) == ["1", "2", "3"]
    assert [state for _, state, _ in here.held()] == ["applied"] * 3 + ["waiting"]
    for seq, each in enumerate(waits):
        row = row_of(here, each.id)
        document = {"type": "work_order", "id": order, "version": 2 + seq}
        applied = Outcome(each.id, each.seq, "applied", False, document, None, {})
        assert json.loads(row.outcome) == applied.as_json()
        assert (row.decided_by, row.comment, row.decided_at) == (None, None, wang.now + timedelta(minutes=2))
        assert here.row(each.id).took_id is True
        assert (here.row(each.id).status, here.row(each.id).reason) == ("held", "unknown_target")
    told = [(entry.feed, entry.type) for entry in wang.ledger.publications if entry.type == "held"]
    assert told == [(f"person:{each.id}", "held") for each in (zhang, li, zhang)]
    released = json.loads(here.row(opened.id).inputs)["released"]
    assert [each["position"] for each in released] == [here.row(each.id).position for each in waits]


def test_who_comes_to_be_on_an_order_is_applied_and_nobody_else(
    here: Scene, wang: Writer, zhang: Writer, li: Writer
) -> None:
    order, another = wang.open(), wang.open()
    mine, others = zhang.write("note.add", order, note("mine")), li.write("note.add", order, note())
    elsewhere = zhang.write("note.add", another, note())
    wrong = zhang.write("note.add", order, {"note": "no id"})
    wang.write("order.plan", order, on(zhang.id))
    assert texts(here, order) == ["mine"]
    assert here.waiting() == [others.id, elsewhere.id, wrong.id]
    assert row_of(here, mine.id).state == "applied"


def test_what_the_order_lets_in_lets_in_what_came_before_it(
    here: Scene, wang: Writer, zhang: Writer, li: Writer
) -> None:
    """Chen's plan waited for the order too, and puts Li on it, whose note came first."""
    order = new_id()
    chen = here.writer("chen", "service_desk")
    first = li.write("note.add", order, note("first"))
    chen.write("order.plan", order, on(li.id))
    last = li.write("note.add", order, note("last"))
    wang.open(order=order)
    assert texts(here, order) == ["first", "last"]
    assert here.waiting() == []
    positions = [json.loads(row_of(here, each.id).outcome)["document"]["version"] for each in (first, last)]
    assert positions == [3, 4]


def test_what_waits_on_for_another_reason_says_so_and_is_told(
    here: Scene, wang: Writer, zhang: Writer, li: Writer
) -> None:
    order = new_id()
    waits, again = li.write("note.add", order, note()), li.write("note.add", order, note())
    wang.open(zhang.id, order=order)
    assert here.held() == [(waits.id, "waiting", "not_permitted"), (again.id, "waiting", "not_permitted")]
    told = here.told(waits.id)
    assert (told["reason"], told["state"], told["decided"], told["outcome"]) == ("not_permitted", "waiting", None, None)
    held = [entry for entry in wang.ledger.publications if entry.type == "held"]
    assert held == [Publication(f"person:{li.id}", "held", str(each.id)) for each in (waits, again)]
    wang.ledger.publications.clear()
    wang.write("order.plan", order, changes(instructions=("", "Ring.")))
    assert [entry.type for entry in wang.ledger.publications] == ["work_order"], "nothing new of what waits"


@pytest.mark.parametrize("kind", ["order.edit", "note.add", "order.stage"])
def test_only_what_brings_an_order_or_people_frees_what_waits(
    here: Scene, wang: Writer, zhang: Writer, li: Writer, kind: str
) -> None:
    order = wang.open(zhang.id)
    waits = li.write("note.add", order, note())
    here.connection.execute(
        insert(DocumentPerson).values(
            {"document_type": "work_order", "document_id": order, "person_id": li.id, "sees": True, "assignee": True}
        )
    )
    data = {"order.edit": changes(diagnosis=("", "seal")), "note.add": note(), "order.stage": {"to": "accepted"}}
    zhang.write(kind, order, data[kind])
    assert here.waiting() == [waits.id]


def test_a_settled_conflict_about_people_frees_what_waits(here: Scene, wang: Writer, zhang: Writer, li: Writer) -> None:
    order = wang.open(zhang.id)
    chen = here.writer("chen", "service_desk")
    waits = li.write("note.add", order, note("waits"))
    wang.write("order.plan", order, on(was=(zhang.id,)))
    chen.write("order.plan", order, on(li.id, was=(zhang.id,)))
    assert here.waiting() == [waits.id]
    (conflict,) = here.body(order)["conflicts"]
    settled = wang.write("conflict.settle", order, {"conflict": conflict["id"], "value": [li.id]})
    assert (settled.status, texts(here, order), here.waiting()) == ("applied", ["waits"], [])


def test_a_decision_lets_in_what_waits_whoever_wrote_it(here: Scene, wang: Writer, zhang: Writer, li: Writer) -> None:
    order = wang.open(zhang.id)
    waits = li.write("note.add", order, note("Li was there."))
    wang.ledger.publications.clear()
    decided = decide(wang, waits.id, comment="So he was.")
    document = {"type": "work_order", "id": order, "version": 2}
    assert decided == Outcome(decided.id, 2, "applied", False, document, None, {"status": "applied"})
    assert texts(here, order) == ["Li was there."]
    row = row_of(here, waits.id)
    assert (row.state, row.decided_by, row.comment, row.decided_at) == (
        "applied", wang.id, "So he was.", wang.now + timedelta(minutes=2),
    )  # fmt: skip
    told = here.told(waits.id)
    assert (told["state"], told["decided"]) == (
        "applied", {"by": wang.id, "at": (wang.now + timedelta(minutes=2)).isoformat(), "comment": "So he was."},
    )  # fmt: skip
    (released,) = json.loads(here.row(decided.id).inputs)["released"]
    assert released["position"] == here.row(waits.id).position
    assert released["inputs"] == {"actor": {"role": "technician", "relation": "admitted"}, "version": 2}
    assert [(entry.feed, entry.type) for entry in wang.ledger.publications] == [
        (f"person:{zhang.id}", "work_order"), (f"person:{li.id}", "held"),
    ]  # fmt: skip
    again = decide(wang, waits.id, "dismiss")
    assert again == Outcome(again.id, 3, "applied", False, None, None, {"already": "applied"})
    assert row_of(here, waits.id) == row


def test_a_conflict_that_came_of_a_decision_is_said(here: Scene, wang: Writer, zhang: Writer, li: Writer) -> None:
    order = wang.open(zhang.id)
    waits = li.write("order.edit", order, changes(diagnosis=("", "seal")))
    zhang.write("order.edit", order, changes(diagnosis=("", "hose")))
    decided = decide(wang, waits.id)
    (conflict,) = here.body(order)["conflicts"]
    assert decided.detail == {"status": "conflict", "conflicts": [conflict["id"]]}


def test_what_a_decision_lets_in_frees_what_waited_for_it(here: Scene, wang: Writer, zhang: Writer) -> None:
    order = new_id()
    opening = zhang.write("order.open", order, {"kind": "repair", "fault": "f"}, prev="f" * 64)
    waits = zhang.write("note.add", order, note("waits"))
    decided = decide(wang, opening.id)
    assert (texts(here, order), here.waiting()) == (["waits"], [])
    released = json.loads(here.row(decided.id).inputs)["released"]
    assert [each["position"] for each in released] == [here.row(each.id).position for each in (opening, waits)]
    assert row_of(here, opening.id).decided_by == wang.id
    assert row_of(here, waits.id).decided_by is None


def test_what_is_dismissed_stays_and_says_by_whom_and_why(here: Scene, wang: Writer, li: Writer) -> None:
    order = wang.open()
    waits = li.write("note.add", order, note())
    decided = decide(wang, waits.id, "dismiss", comment="Another order.")
    assert decided == Outcome(decided.id, 2, "applied", False, None, None, {})
    row = row_of(here, waits.id)
    assert (row.state, row.decided_by, row.comment, row.outcome, row.reason) == (
        "dismissed", wang.id, "Another order.", None, "not_permitted",
    )  # fmt: skip
    assert here.row(waits.id).took_id is None
    again = decide(wang, waits.id)
    assert again.detail == {"already": "dismissed"} and texts(here, order) == []
    assert json.loads(here.row(decided.id).inputs).keys() == {"clocks"}


@pytest.mark.parametrize("role", ["technician", "inspector", "service_desk", "supervisor", "manager", "admin"])
def test_who_reviews_decides_and_nobody_else(here: Scene, wang: Writer, li: Writer, role: str) -> None:
    order = wang.open()
    waits = li.write("note.add", order, note())
    decided = decide(here.writer("somebody", role), waits.id, "dismiss")
    may = role in ("supervisor", "manager", "admin")
    assert (decided.status, decided.reason) == (("applied", None) if may else ("held", "not_permitted"))
    assert (row_of(here, waits.id).state == "dismissed") is may


def test_a_decision_about_nothing_that_was_held_is_held(here: Scene, wang: Writer, zhang: Writer) -> None:
    order = wang.open(zhang.id)
    noted = zhang.write("note.add", order, note())
    named = {"line": {"device": zhang.author.device_id, "seq": 1}}
    for data in ({"operation": new_id()}, {"operation": noted.id}, named):
        decided = wang.write("held.decide", order, data | {"decision": "apply"})
        assert (decided.status, decided.reason, decided.detail) == (
            "held", "invalid_data", {"field": "operation", "problem": "unknown_operation"},
        )  # fmt: skip
    wrong = wang.write("held.decide", order, {"decision": "maybe"})
    assert (wrong.status, wrong.reason, list(wrong.detail)) == ("held", "invalid_data", ["fields"])


def test_what_cannot_be_applied_yet_waits_on_and_the_decision_says_why(
    here: Scene, wang: Writer, zhang: Writer
) -> None:
    order = new_id()
    waits = zhang.write("note.add", order, note(), prev="f" * 64)
    decided = decide(wang, waits.id)
    assert decided == Outcome(decided.id, 1, "applied", False, None, None, {"still_held": {"reason": "unknown_target"}})
    row = row_of(here, waits.id)
    assert (row.state, row.reason, row.detail) == ("waiting", "unknown_target", "{}")
    assert here.told(waits.id)["reason"] == "unknown_target"
    assert wang.ledger.publications == [Publication(f"person:{zhang.id}", "held", str(waits.id))]
    again = decide(wang, waits.id)
    assert again.detail == {"still_held": {"reason": "unknown_target"}}
    assert len(wang.ledger.publications) == 1, "nothing new to tell"
    wrong = zhang.write("note.add", wang.open(zhang.id), {"note": "no id"}, prev="f" * 64)
    decided = decide(wang, wrong.id)
    fields = {"note": ["not_a_uuid"], "text": ["Missing data for required field."]}
    assert decided.detail == {"still_held": {"reason": "invalid_data", "fields": fields}}
    assert json.loads(row_of(here, wrong.id).detail) == {"fields": fields}


def test_words_of_the_reason_are_kept_as_they_are(here: Scene, wang: Writer, zhang: Writer) -> None:
    order = wang.open(zhang.id)
    waits = zhang.write("order.edit", order, {"changes": {"水": {"was": None, "now": "漏"}}}, prev="f" * 64)
    decide(wang, waits.id)
    assert row_of(here, waits.id).detail == '{"field": "水", "problem": "unknown_field"}'


@pytest.mark.parametrize("raw", [b"no json", b"anchor"])
def test_what_is_no_operation_is_named_by_its_place_and_only_dismissed(
    here: Scene, wang: Writer, zhang: Writer, raw: bytes
) -> None:
    if raw == b"anchor":
        zhang.write("anchor", None, {"anchor": "forged"})
        reason: dict[str, Any] = {"reason": "bad_anchor"}
    else:
        zhang.take(raw)
        reason = {"reason": "unreadable", "why": "not_json"}
    named = {"line": {"device": zhang.author.device_id, "seq": 1}}
    still = wang.write("held.decide", None, named | {"decision": "apply"})
    assert still.detail == {"still_held": reason}
    other = wang.write("held.decide", None, {"line": {"device": zhang.author.device_id, "seq": 2},
                                             "decision": "dismiss"})  # fmt: skip
    assert other.reason == "invalid_data"
    done = wang.write("held.decide", None, named | {"decision": "dismiss"})
    assert (done.status, done.detail) == ("applied", {})
    assert [state for _, state, _ in here.held() if state != "waiting"] == ["dismissed"]
    again = wang.write("held.decide", None, named | {"decision": "dismiss"})
    assert again.detail == {"already": "dismissed"}


def test_an_anchor_with_a_broken_chain_is_no_operation_either(here: Scene, wang: Writer, zhang: Writer) -> None:
    held = zhang.write("anchor", None, {"anchor": "x"}, prev="f" * 64)
    still = decide(wang, held.id)
    assert still.detail["still_held"] == {"reason": "broken_chain"} | held.detail


@pytest.mark.parametrize("kind", ["held.decide", "person.adopt", "person.close"])
def test_what_is_for_an_administrator_or_oneself_can_only_be_dismissed(here: Scene, wang: Writer, kind: str) -> None:
    held = wang.write(kind, new_id(), {}, prev="f" * 64)
    still = decide(wang, held.id)
    assert still.detail["still_held"] == {"reason": "broken_chain"} | held.detail
    assert decide(wang, held.id, "dismiss").detail == {}
    assert row_of(here, held.id).state == "dismissed"


def test_what_no_file_brings_no_decision_lets_in(here: Scene, wang: Writer, zhang: Writer) -> None:
    order = wang.open(zhang.id)
    from_file = here.writer("chen", "service_desk", known_by="file")
    from_file.ledger.handed_in, from_file.ledger.signed_from = True, None
    here.connection.execute(update(Batch).where(Batch.id == from_file.ledger.batch_id).values({"handed_in": True}))
    plan = from_file.write("order.plan", order, changes(instructions=("", "Ring.")))
    assert plan.reason == "bad_signature"
    still = decide(wang, plan.id)
    assert still.detail["still_held"] == {"reason": "not_permitted", "problem": "from_a_file"}
    noted = from_file.write("note.add", order, note("From a file."))
    assert decide(wang, noted.id).detail == {"status": "applied"}
    assert texts(here, order) == ["From a file."]


def test_an_operation_that_waits_at_several_places_is_decided_once(
    here: Scene, wang: Writer, zhang: Writer, li: Writer
) -> None:
    order = wang.open(li.id)
    data = note("once")
    first = zhang.write("note.add", order, data)
    other = here.writer("zhang")
    other.write("note.add", order, data, id=first.id)
    decided = wang.write(
        "held.decide", order, {"line": {"device": other.author.device_id, "seq": 1}, "decision": "apply"}
    )
    assert (decided.detail, texts(here, order), here.waiting()) == ({"status": "applied"}, ["once"], [])
    assert [entry.type for entry in wang.ledger.publications][-2:] == ["held", "held"], "each is told"
    positions = select(JournalLine.took_id).where(JournalLine.operation_id == first.id).order_by(JournalLine.position)
    assert list(here.connection.execute(positions).scalars()) == [None, True], "the one that was named"
    assert [row.decided_by for row in here.connection.execute(select(HeldLine.__table__))] == [wang.id] * 2


@pytest.mark.parametrize("decision", ["apply", "dismiss"])
def test_of_two_operations_with_one_id_the_named_one_is_decided(
    here: Scene, wang: Writer, zhang: Writer, li: Writer, decision: str
) -> None:
    order = new_id()
    first = zhang.write("note.add", order, note("Zhang's"))
    second = li.write("note.add", order, note("Li's"), id=first.id)
    assert second.detail == {"field": "id", "problem": "id_taken"}
    wang.open(order=order)
    decide(wang, first.id, decision)
    assert [(state, reason) for _, state, reason in here.held()] == [
        ("applied" if decision == "apply" else "dismissed", "not_permitted"), ("waiting", "invalid_data"),
    ]  # fmt: skip
    named = {"line": {"device": li.author.device_id, "seq": 1}}
    still = wang.write("held.decide", order, named | {"decision": "apply"})
    assert still.detail["still_held"] == {"reason": "invalid_data", "field": "id", "problem": "id_taken"}
    assert wang.write("held.decide", order, named | {"decision": "dismiss"}).detail == {}
    assert here.waiting() == []


def test_another_kind_or_order_under_the_same_id_is_another_operation(here: Scene, wang: Writer, zhang: Writer) -> None:
    """Each unsigned, so that neither is anybody's word yet."""
    order = wang.open()
    zhang.ledger.signed_from = None
    operation = new_id()
    zhang.write("note.add", order, note(), id=operation)
    zhang.write("order.edit", order, changes(diagnosis=("", "seal")), id=operation)
    zhang.write("note.add", new_id(), note(), id=operation)
    here.writer("li").take(here.writer("li").line("note.add", order, note()))
    decide(wang, operation, "dismiss")
    assert [state for each, state, _ in here.held() if each == operation] == ["dismissed", "waiting", "waiting"]


def test_an_id_that_took_effect_elsewhere_lets_nothing_else_in(here: Scene, wang: Writer, zhang: Writer) -> None:
    order, other = wang.open(zhang.id), wang.open(zhang.id)
    operation = new_id()
    unsigned = zhang.write("note.add", other, note(), id=operation, prev="f" * 64)
    assert unsigned.reason == "broken_chain"
    here.writer("zhang").write("note.add", order, note("first"), id=operation)
    still = decide(wang, operation)
    assert still.detail["still_held"] == {"reason": "invalid_data", "field": "id", "problem": "id_taken"}
    assert (texts(here, order), texts(here, other)) == (["first"], [])


def test_a_fault_of_ours_in_what_waits_holds_that_line_alone(
    here: Scene, wang: Writer, zhang: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = new_id()
    for text in ("one", "breaks", "three"):
        zhang.write("note.add", order, note(text))
    known = REGISTRY["note.add"]

    def breaking(body: Body, op: Operation) -> Result:
        if op.data["text"] == "breaks":
            body["notes"].append({"id": op.id, "text": "half done"})
            raise ZeroDivisionError
        return known.handler(body, op)

    with monkeypatch.context() as patched:
        patched.setitem(REGISTRY, "note.add", replace(known, handler=breaking))
        wang.open(zhang.id, order=order)
    assert texts(here, order) == ["one", "three"]
    (waits,) = here.waiting()
    assert here.told(waits)["detail"] == {"problem": "could_not_apply", "error": "ZeroDivisionError"}

    def without_memory(body: Body, op: Operation) -> Result:
        raise MemoryError

    with monkeypatch.context() as patched, pytest.raises(MemoryError):
        patched.setitem(REGISTRY, "note.add", replace(known, handler=without_memory))
        decide(wang, waits)


def test_what_waits_is_judged_by_when_it_was_written(here: Scene, wang: Writer, zhang: Writer) -> None:
    order = new_id()
    zhang.ledger.arrival = replace(zhang.ledger.arrival, sent=None)
    waits = zhang.write("departure.record", order, {"departure": new_id(), "why_none": "denied"})
    written, received = zhang.now, zhang.now + timedelta(minutes=1)
    wang.now += timedelta(days=1)
    wang.open(zhang.id, order=order)
    (departure,) = here.body(order)["departures"]
    assert departure["operation"] == waits.id
    assert departure["time"]["claimed"] == written.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert departure["time"]["not_after"] == received.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_who_wrote_what_waits_is_who_they_are_now(here: Scene, wang: Writer, zhang: Writer) -> None:
    order = new_id()
    waits = zhang.write("order.plan", order, changes(instructions=("", "Ring.")))
    here.connection.execute(update(Person).where(Person.id == zhang.id).values({"role": "service_desk"}))
    wang.open(order=order)
    assert (row_of(here, waits.id).state, here.body(order)["instructions"]) == ("applied", "Ring.")


def test_what_was_held_is_tried_again_in_the_order_that_is_asked_for(
    here: Scene, wang: Writer, zhang: Writer, li: Writer
) -> None:
    order = wang.open(li.id)
    waits = [zhang.write("note.add", order, note(text)) for text in ("1", "2")]
    strange = zhang.write("note.add", order, note("3"), prev="f" * 64)
    missing = zhang.write("note.add", new_id(), note(), prev="f" * 64)
    here.connection.execute(
        insert(DocumentPerson).values(
            {"document_type": "work_order", "document_id": order, "person_id": zhang.id, "sees": True, "assignee": True}
        )
    )
    stranger = here.writer("chou").write("note.add", order, note("4"))
    done = decide(wang, strange.id, "dismiss")
    tried_again = (waits[1], waits[0], strange, missing, stranger)
    positions = [here.row(each.id).position for each in tried_again]
    begun = Applied(done, {"version": 7}, [])
    tried = try_again(here.connection, positions, begun, NINE, COMPANY)
    assert texts(here, order) == ["2", "1"]
    assert [(state, reason) for _, state, reason in here.held()] == [
        ("applied", "not_permitted"), ("applied", "not_permitted"), ("dismissed", "broken_chain"),
        ("waiting", "unknown_target"), ("waiting", "not_permitted"),
    ]  # fmt: skip
    assert (tried.outcome, tried.inputs["version"]) == (done, 7)
    assert [each["position"] for each in tried.inputs["released"]] == positions[:2]
    assert [entry.type for entry in tried.publications].count("held") == 3
    row = row_of(here, waits[0].id)
    assert (row.decided_by, row.comment, row.decided_at) == (None, None, NINE)


def test_what_is_tried_again_frees_what_waited_for_it(here: Scene, wang: Writer, zhang: Writer) -> None:
    order = new_id()
    opening = zhang.write("order.open", order, {"kind": "repair", "fault": "f"}, prev="f" * 64)
    waits = zhang.write("note.add", order, note("waits"))
    done = decide(wang, zhang.write("note.add", new_id(), note()).id, "dismiss")
    positions = [here.row(each.id).position for each in (opening, waits)]
    tried = try_again(here.connection, positions, Applied(done, {}, []), NINE, COMPANY)
    assert (texts(here, order), here.waiting()) == (["waits"], [])
    assert [each["position"] for each in tried.inputs["released"]] == positions


def test_what_is_applied_from_another_ledger_waits_at_none_of_its_places(
    here: Scene, wang: Writer, zhang: Writer
) -> None:
    order = wang.open(zhang.id)
    data = note()
    first = zhang.write("note.add", order, data, prev="f" * 64)
    again = zhang.write("note.add", order, data, id=first.id, prev="f" * 64)
    assert again.reason == "broken_chain"
    other = zhang.write("note.add", order, note(), prev="f" * 64)
    good = here.writer("zhang").write("note.add", order, data, id=first.id)
    assert (good.status, here.waiting()) == ("applied", [other.id])
    assert [json.loads(row.outcome)["seq"] for row in here.connection.execute(
        select(HeldLine.__table__).where(HeldLine.operation_id == first.id)
    )] == [1, 1]  # fmt: skip
    position = here.row(other.id).position
    decide(wang, other.id, "dismiss")
    nothing = Applied(good, {}, [])
    assert taken_in_again(here.connection, [position], nothing, NINE) == []
    assert taken_in_again(here.connection, [], nothing, NINE) == []
    assert row_of(here, other.id).state == "dismissed"


def read_by(here: Scene, condition: Any) -> set[int]:
    """The places in the journal for which a condition is true, the first being 1."""
    found = select(JournalLine.position)
    first = min(here.connection.execute(found).scalars())
    return {position - first + 1 for position in here.connection.execute(found.where(condition)).scalars()}


def test_what_took_effect_and_who_reads_it(here: Scene, wang: Writer, zhang: Writer, li: Writer) -> None:
    order = wang.open(zhang.id)  # 1
    zhang.take(zhang.line("anchor", None, {"anchor": "forged"}))  # 2: held
    waits = li.write("note.add", order, note())  # 3
    li.write("note.add", order, note())  # 4
    decide(wang, waits.id)  # 5, lets 3 in
    decide(wang, new_id())  # 6: held
    zhang.write("order.edit", order, changes(diagnosis=("", "seal")))  # 7
    wang.write("order.edit", order, changes(diagnosis=("", "hose")))  # 8: a conflict
    dismissed = li.write("note.add", order, note())  # 9
    decide(wang, dismissed.id, "dismiss")  # 10: lets nothing in
    zhang.take(zhang.line("anchor", None, {"anchor": MINT.mint(NINE)}))  # 11: no operation
    assert read_by(here, took_effect()) == {1, 3, 5, 7, 8, 10}
    assert read_by(here, is_of_the_document()) == {1, 3, 5, 7, 8}
    everything = set(range(1, 12))
    for role in ("supervisor", "manager", "admin"):
        assert read_by(here, seen_by(wang.id, role)) == everything
    for role in ("technician", "service_desk", "inspector"):
        assert read_by(here, seen_by(li.id, role)) == {1, 3, 4, 5, 7, 8, 9}
        assert read_by(here, seen_by(zhang.id, role)) == {1, 2, 3, 5, 7, 8, 11}
