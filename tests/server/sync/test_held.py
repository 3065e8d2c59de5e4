"""What becomes of held lines: decided by a person, or applied by themselves when what they need has come."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from server.database import reading
from server.documents.work_order.registry import REGISTRY
from server.models import Document, HeldLine, JournalLine, SessionToken
from tests.conftest import People
from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import findings
from tests.server.sync.phone import Phone, new_id


def note(text: str) -> dict[str, Any]:
    """The data of a note."""
    return {"note": new_id(), "text": text}


def waiting() -> list[tuple[str | None, str]]:
    """What waits for a person: operation and reason."""
    with reading() as connection:
        rows = connection.execute(
            select(HeldLine.operation_id, HeldLine.reason)
            .where(HeldLine.state == "waiting")
            .order_by(HeldLine.position)
        )
        return [(row.operation_id, row.reason) for row in rows]


def texts(phone: Phone, order: str) -> list[str]:
    """The notes of an order as the phone shows them."""
    return [each["text"] for each in phone.order(order)["notes"]]


@pytest.fixture(autouse=True)
def all_fits_in_the_end() -> Any:  # Any: a fixture that only looks afterwards
    """Whatever a test did, ledgers, documents and feeds hold together."""
    yield
    assert findings() == []


def test_what_waited_for_an_order_is_applied_when_it_appears(zhang: Phone, office: Office) -> None:
    order = new_id()
    for text in ("one", "two"):
        zhang.write("note.add", order, note(text))
    assert [(o["status"], o["reason"]) for o in zhang.sync()] == [("held", "unknown_target")] * 2
    assert len(waiting()) == 2
    office.write("order.open", order, {"kind": "repair", "fault": "f", "assignees": [zhang.person_id]})
    zhang.sync()
    assert texts(zhang, order) == ["one", "two"]
    assert waiting() == []


def test_what_waited_for_an_order_of_somebody_else_waits_on_for_a_supervisor(
    zhang: Phone, li: Phone, office: Office
) -> None:
    order = new_id()
    operation = zhang.write("note.add", order, note("mine"))
    zhang.sync()
    office.write("order.open", order, {"kind": "repair", "fault": "f", "assignees": [li.person_id]})
    assert waiting() == [(operation, "not_permitted")]
    assert (
        office.write("held.decide", order, {"operation": operation, "decision": "apply"}).detail["status"] == "applied"
    )
    li.sync()
    assert texts(li, order) == ["mine"]
    assert waiting() == []


def test_what_came_before_its_author_was_known_to_be_on_the_order_is_applied_once_they_are(
    zhang: Phone, li: Phone, office: Office
) -> None:
    order = office.open(li.person_id)
    zhang.write("note.add", order, note("mine"))
    stranger = zhang.write("order.review", order, {"verdict": "approved"})
    assert [o["reason"] for o in zhang.sync()] == ["not_permitted"] * 2
    change = {"assignees": {"was": [li.person_id], "now": [li.person_id, zhang.person_id]}}
    office.write("order.plan", order, {"changes": change})
    zhang.sync()
    assert texts(zhang, order) == ["mine"]
    assert waiting() == [(stranger, "not_permitted")]


def test_a_settled_conflict_that_puts_somebody_on_the_order_frees_what_waited(
    zhang: Phone, li: Phone, office: Office
) -> None:
    order = office.open(li.person_id)
    zhang.write("note.add", order, note("mine"))
    zhang.sync()
    for now in ([], [zhang.person_id]):
        office.write("order.plan", order, {"changes": {"assignees": {"was": [li.person_id], "now": now}}})
    li.sync()
    assert len(waiting()) == 1
    with reading() as connection:
        body = json.loads(connection.execute(select(Document.body).where(Document.id == order)).scalar_one())
    [conflict] = body["conflicts"]
    office.write("conflict.settle", order, {"conflict": conflict["id"], "value": [zhang.person_id]})
    zhang.sync()
    assert texts(zhang, order) == ["mine"]
    assert waiting() == []


def test_what_waited_is_applied_when_a_supervisor_lets_the_opening_in(zhang: Phone, li: Phone, office: Office) -> None:
    order = new_id()
    opening = zhang.write("order.open", order, {"kind": "repair", "fault": "f"}, prev="f" * 64)
    assert [o["reason"] for o in zhang.sync()] == ["broken_chain"]
    zhang.write("note.add", order, note("waits"))
    assert [o["reason"] for o in zhang.sync()] == ["unknown_target"]
    office.write("held.decide", order, {"operation": opening, "decision": "apply"})
    zhang.sync()
    assert texts(zhang, order) == ["waits"]
    assert waiting() == []


def test_a_fault_of_ours_in_what_waited_holds_that_line_alone(
    zhang: Phone, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = new_id()
    for text in ("one", "breaks", "three"):
        zhang.write("note.add", order, note(text))
    zhang.sync()
    true = REGISTRY["note.add"]

    def breaking(body: Any, operation: Any) -> Any:  # Any: as every handler has it
        if operation.data["text"] == "breaks":
            raise ZeroDivisionError
        return true.handler(body, operation)

    monkeypatch.setitem(REGISTRY, "note.add", replace(true, handler=breaking))
    opened = office.write("order.open", order, {"kind": "repair", "fault": "f", "assignees": [zhang.person_id]})
    assert opened.status == "applied"
    zhang.sync()
    assert texts(zhang, order) == ["one", "three"]
    [(operation, reason)] = waiting()
    told = zhang.documents[("held", operation)]["body"]["detail"]
    assert (reason, told["error"]) == ("invalid_data", "ZeroDivisionError")
    monkeypatch.undo()
    office.write("held.decide", order, {"operation": operation, "decision": "apply"})
    zhang.sync()
    assert texts(zhang, order) == ["one", "three", "breaks"]


def test_a_dismissed_line_stays_in_the_journal_and_its_author_hears_of_it(
    zhang: Phone, li: Phone, office: Office
) -> None:
    order = office.open(li.person_id)
    operation = zhang.write("note.add", order, note("not mine to write"))
    zhang.sync()
    told = zhang.documents[("held", operation)]["body"]
    assert (told["state"], told["reason"], told["decided"]) == ("waiting", "not_permitted", None)
    office.write("held.decide", order, {"operation": operation, "decision": "dismiss", "comment": "wrong order"})
    zhang.sync()
    told = zhang.documents[("held", operation)]["body"]
    assert (told["state"], told["decided"]["comment"]) == ("dismissed", "wrong order")
    with reading() as connection:
        kept = connection.execute(
            select(JournalLine.bytes, JournalLine.status).where(JournalLine.operation_id == operation)
        ).one()
    assert (kept.bytes, kept.status) == (zhang.lines[-1], "held")
    assert waiting() == []


@pytest.mark.parametrize(("decision", "state"), [("apply", "applied"), ("dismiss", "dismissed")])
def test_what_was_decided_is_said_to_who_decides_again_and_to_who_writes_it_again(
    zhang: Phone, li: Phone, office: Office, decision: str, state: str
) -> None:
    order = office.open(li.person_id)
    data = note("x")
    operation = zhang.write("note.add", order, data)
    (first,) = zhang.sync()
    decide = {"operation": operation, "decision": decision, "comment": "Seen."}
    decided = office.write("held.decide", order, decide)
    document = {"type": "work_order", "id": order, "version": 2}
    assert (decided.status, decided.detail, decided.document) == (
        ("applied", {"status": "applied"}, document) if decision == "apply" else ("applied", {}, None)
    )
    with reading() as connection:
        row = connection.execute(select(HeldLine.__table__).where(HeldLine.operation_id == operation)).one()
        took_id = select(JournalLine.took_id).where(JournalLine.position == row.position)
        assert connection.execute(took_id).scalar_one() is (True if decision == "apply" else None)
    assert (row.state, row.decided_by, row.comment) == (state, office.person_id, "Seen.")
    for again in ("apply", "dismiss"):
        decided = office.write("held.decide", order, decide | {"decision": again})
        assert (decided.status, decided.detail, decided.document) == ("applied", {"already": state}, None)
    unknown = office.write("held.decide", order, decide | {"operation": new_id()})
    assert (unknown.reason, unknown.detail) == ("invalid_data", {"field": "operation", "problem": "unknown_operation"})
    office.write("held.decide", order, {"operation": unknown.id, "decision": "dismiss", "comment": "A slip."})
    other = Phone(zhang.person_id).register()
    other.write("note.add", order, data, id=operation)
    (answer,) = other.sync()
    assert (answer["id"], answer["seq"], answer["repeated"]) == (operation, 1, True)
    assert (answer["status"], answer["reason"], answer["detail"], answer["document"]) == (
        ("applied", None, {}, document)
        if decision == "apply"
        else ("held", "not_permitted", first["detail"] | {"dismissed": True}, None)
    )


def test_a_repeated_batch_is_answered_as_at_first_whatever_was_decided(zhang: Phone, li: Phone, office: Office) -> None:
    order = office.open(li.person_id)
    operation = zhang.write("note.add", order, note("x"))
    batch = zhang.request()
    first = zhang.send(batch)["outcomes"]
    office.write("held.decide", order, {"operation": operation, "decision": "apply"})
    again = zhang.hand_over(batch)["outcomes"]
    assert again == [outcome | {"repeated": True} for outcome in first]
    li.sync()
    assert texts(li, order) == ["x"]


def test_a_line_with_a_broken_chain_can_be_let_in(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    operation = zhang.write("note.add", order, note("x"), prev="f" * 64)
    assert [o["reason"] for o in zhang.sync()] == ["broken_chain"]
    office.write("held.decide", order, {"operation": operation, "decision": "apply"})
    zhang.sync()
    assert texts(zhang, order) == ["x"]


def test_what_still_cannot_be_applied_waits_on_and_the_decision_says_why(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    operation = zhang.write("note.add", order, {"note": "no id", "text": "x"})
    zhang.sync()
    outcome = office.write("held.decide", order, {"operation": operation, "decision": "apply"})
    assert (outcome.status, outcome.detail["still_held"]["reason"]) == ("applied", "invalid_data")
    assert waiting() == [(operation, "invalid_data")]


def test_an_unreadable_line_is_named_by_its_place_and_only_dismissed(zhang: Phone, office: Office) -> None:
    zhang.lines.append(b"no json")
    zhang.sync()
    named = {"line": {"device": zhang.id, "seq": 1}}
    outcome = office.write("held.decide", new_id(), named | {"decision": "apply"})
    assert outcome.detail["still_held"]["reason"] == "unreadable"
    assert office.write("held.decide", new_id(), named | {"decision": "dismiss"}).detail == {}
    assert waiting() == []


@pytest.mark.parametrize("decision", ["apply", "dismiss"])
def test_a_decision_is_about_one_operation_where_two_have_one_id(
    zhang: Phone, li: Phone, office: Office, decision: str
) -> None:
    order = new_id()
    operation = zhang.write("note.add", order, note("Zhang's"))
    zhang.sync()
    li.write("note.add", order, note("Li's"), id=operation)
    li.sync()
    office.write("order.open", order, {"kind": "repair", "fault": "f"})
    office.write("held.decide", order, {"operation": operation, "decision": decision})
    assert waiting() == [(operation, "invalid_data")]
    named = {"line": {"device": li.id, "seq": 1}}
    still = office.write("held.decide", order, named | {"decision": "apply"}).detail["still_held"]
    assert (still["reason"], still["problem"]) == ("invalid_data", "id_taken")
    assert office.write("held.decide", order, named | {"decision": "dismiss"}).detail == {}
    assert waiting() == []
    zhang.sync()
    told = zhang.documents[("held", operation)]["body"]
    assert told["state"] == {"apply": "applied", "dismiss": "dismissed"}[decision]


def test_a_decision_on_a_line_is_one_on_the_operation_wherever_it_waits(zhang: Phone, office: Office) -> None:
    order = office.open()
    operation = zhang.write("note.add", order, note("x"))
    zhang.sync()
    other = Phone(zhang.person_id).register()
    other.write("note.add", order, json.loads(zhang.lines[0])["data"], id=operation)
    other.sync()
    assert waiting() == [(operation, "not_permitted")] * 2
    office.write("held.decide", order, {"line": {"device": other.id, "seq": 1}, "decision": "apply"})
    assert waiting() == []


def test_only_who_reviews_decides(zhang: Phone, li: Phone, office: Office, people: People) -> None:
    order = office.open(li.person_id)
    operation = zhang.write("note.add", order, note("x"))
    zhang.sync()
    zhang.write("held.decide", order, {"operation": operation, "decision": "apply"})
    assert [o["reason"] for o in zhang.sync()] == ["not_permitted"]
    desk = Office(people.chen.id)
    assert desk.write("held.decide", order, {"operation": operation, "decision": "apply"}).reason == "not_permitted"
    assert waiting()[0] == (operation, "not_permitted")


def test_an_operation_that_comes_again_on_a_new_ledger_takes_the_waiting_one_with_it(
    zhang: Phone, office: Office
) -> None:
    order = office.open(zhang.person_id)
    operation = zhang.write("note.add", order, note("x"), prev="f" * 64)
    zhang.sync()
    assert waiting() == [(operation, "broken_chain")]
    fresh = Phone(zhang.person_id).register()
    line = json.loads(zhang.lines[-1])
    fresh.write(line["kind"], order, line["data"], id=operation)
    assert [(o["status"], o["repeated"]) for o in fresh.sync()] == [("applied", False)]
    assert waiting() == []
    fresh.write(line["kind"], order, line["data"], id=operation)
    assert [(o["status"], o["repeated"]) for o in fresh.sync()] == [("applied", True)]
    assert texts(fresh, order) == ["x"]


def test_a_revoked_device_says_nothing_more(zhang: Phone, office: Office, people: People) -> None:
    desk = Office(people.chen.id)
    assert desk.write("device.revoke", zhang.id, {}).reason == "not_permitted"
    assert office.write("device.revoke", new_id(), {}).reason == "unknown_target"
    assert office.write("device.revoke", zhang.id, {"reason": "lost"}).status == "applied"
    with pytest.raises(Exception, match="device_revoked"):
        zhang.sync()
    with reading() as connection:
        assert connection.execute(select(SessionToken).where(SessionToken.device_id == zhang.id)).first() is None


def test_a_supervisor_lets_in_that_a_phone_is_lost_and_its_reason_stays_until_then(
    zhang: Phone, li: Phone, office: Office
) -> None:
    line = li.write("device.revoke", zhang.id, {"reason": "lost"})
    li.sync()
    assert [(each.state, each.reason) for each in held(li)] == [("waiting", "not_permitted")]
    decided = office.write("held.decide", zhang.id, {"operation": line, "decision": "apply"})
    assert (decided.status, decided.detail) == ("applied", {"status": "applied"})
    with pytest.raises(Exception, match="device_revoked"):
        zhang.sync()
    assert [(each.state, each.decided_by) for each in held(li)] == [("applied", office.person_id)]


def test_what_a_supervisor_may_not_do_they_let_nobody_do(zhang: Phone, people: People, office: Office) -> None:
    line = zhang.write("person.close", people.li.id, {"reason": "gone"})
    zhang.sync()
    decided = office.write("held.decide", people.li.id, {"operation": line, "decision": "apply"})
    assert decided.detail == {"still_held": {"reason": "not_permitted"}}
    assert [(each.state, each.reason) for each in held(zhang)] == [("waiting", "not_permitted")]


def held(phone: Phone) -> list[Any]:  # Any: rows of held_line
    """What this phone's lines wait for."""
    with reading() as connection:
        rows = select(HeldLine).join(JournalLine, JournalLine.position == HeldLine.position)
        return list(connection.execute(rows.where(JournalLine.device_id == phone.id).order_by(HeldLine.position)))
