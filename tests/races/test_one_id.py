"""One operation's id, used for two things at the same moment: one of them takes effect."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from server.database import reading, write, writing
from server.documents import types
from server.models import Document, JournalLine
from server.sync.operations.held import took_effect
from tests.conftest import People
from tests.databases import PATIENCE_S
from tests.lamp import LAMP
from tests.races.gates import decided_by, hand_in, not_yet_committed, note, opening, written_by
from tests.server.conftest import Beside
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id
from tests.server.sync.test_held import waiting


def effects(operation: str) -> int:
    """How many lines of the journal took effect under this id, repetitions aside."""
    with reading() as connection:
        rows = select(JournalLine.position).where(JournalLine.operation_id == operation, took_effect())
        return len(connection.execute(rows.where(JournalLine.repeated.is_(False))).all())


def test_of_two_orders_that_get_a_note_with_one_id_at_once_one_has_it(
    zhang: Phone, office: Office, beside: Beside
) -> None:
    one, other = office.open(zhang.person_id), office.open(zhang.person_id)
    operation = zhang.write("note.add", one, note())
    second = Phone(zhang.person_id).register()
    second.write("note.add", other, note(), id=operation)
    with not_yet_committed(hand_in(zhang)):
        later = beside(second.sync)
    (outcome,) = later.result(PATIENCE_S)
    assert (outcome["status"], outcome["detail"]) == ("held", {"field": "id", "problem": "id_taken"})
    zhang.sync()
    assert (len(zhang.order(one)["notes"]), len(zhang.order(other)["notes"]), effects(operation)) == (1, 0, 1)


def test_of_two_strangers_notes_with_one_id_at_once_one_takes_effect(
    people: People, zhang: Phone, li: Phone, office: Office, beside: Beside
) -> None:
    one, other = office.open(zhang.person_id), office.open(li.person_id)
    operation = zhang.write("note.add", one, note())
    li.write("note.add", other, note(), id=operation)
    with not_yet_committed(hand_in(zhang)):
        later = beside(li.sync)
    (outcome,) = later.result(PATIENCE_S)
    assert (outcome["status"], outcome["detail"]) == ("held", {"field": "id", "problem": "id_taken"})
    assert effects(operation) == 1


def test_what_waits_is_not_let_in_where_its_id_was_taken_meanwhile(
    people: People, zhang: Phone, office: Office, beside: Beside
) -> None:
    unknown, known = new_id(), office.open(zhang.person_id)
    operation = zhang.write("note.add", unknown, note())
    second = Phone(zhang.person_id).register()
    second.write("note.add", known, note(), id=operation)
    with not_yet_committed(hand_in(zhang)):
        later = beside(second.sync)
    later.result(PATIENCE_S)
    assert write(written_by(people.chen.id, "order.open", unknown, opening())).status == "applied"
    write(decided_by(people.wang.id, operation, "apply"))
    assert effects(operation) == 1 and waiting() == [(operation, "invalid_data")]


def test_of_two_that_come_to_wait_with_one_id_at_once_one_takes_effect(
    people: People, zhang: Phone, li: Phone, beside: Beside
) -> None:
    one, other = new_id(), new_id()
    operation = zhang.write("note.add", one, note())
    li.write("note.add", other, note(), id=operation)
    with not_yet_committed(hand_in(zhang)):
        later = beside(li.sync)
    later.result(PATIENCE_S)
    for order, person in ((other, li.person_id), (one, zhang.person_id)):
        write(written_by(people.chen.id, "order.open", order, opening(assignees=[person])))
    assert effects(operation) == 1 and waiting() == [(operation, "invalid_data")]


def test_two_openings_that_wait_are_let_in_at_once_in_a_month_without_a_number(
    people: People, zhang: Phone, li: Phone, beside: Beside
) -> None:
    held = [phone.write("order.open", new_id(), opening(), prev="f" * 64) for phone in (zhang, li)]
    assert [each["reason"] for phone in (zhang, li) for each in phone.sync()] == ["broken_chain"] * 2
    with not_yet_committed(decided_by(people.wang.id, held[0], "apply")):
        later = beside(lambda: write(decided_by(people.admin.id, held[1], "apply")))
    assert later.result(PATIENCE_S).detail["status"] == "applied" and waiting() == []


def test_an_id_that_is_let_in_is_taken_from_who_comes_with_it_at_that_moment(
    people: People, zhang: Phone, li: Phone, office: Office, beside: Beside
) -> None:
    one, other = office.open(zhang.person_id), office.open(li.person_id)
    operation = zhang.write("note.add", one, note(), prev="f" * 64)
    assert [each["reason"] for each in zhang.sync()] == ["broken_chain"]
    li.write("note.add", other, note(), id=operation)
    with not_yet_committed(decided_by(people.wang.id, operation, "apply")):
        later = beside(li.sync)
    (outcome,) = later.result(PATIENCE_S)
    assert (outcome["status"], outcome["detail"]["problem"]) == ("held", "id_taken") and effects(operation) == 1


def test_of_two_documents_of_different_types_that_are_opened_with_one_id_at_once_one_is_there(
    people: People, beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(types.TYPES, "lamp", LAMP)
    identity = new_id()
    with not_yet_committed(written_by(people.chen.id, "order.open", identity, opening())):
        lamp = {"name": "Cellar", "keeper": people.zhang.id}
        later = beside(lambda: write(written_by(people.wang.id, "lamp.open", identity, lamp)))
    outcome = later.result(PATIENCE_S)
    assert (outcome.reason, outcome.detail) == ("invalid_data", {"field": "target", "problem": "target_exists"})
    with reading() as connection:
        assert connection.execute(select(Document.type).where(Document.id == identity)).scalars().all() == [
            "work_order"
        ]


@pytest.mark.usefixtures("on_postgresql")
def test_what_comes_in_again_under_an_id_that_somebody_else_took_meanwhile_is_held(
    zhang: Phone, li: Phone, office: Office
) -> None:
    one, other = office.open(), office.open(li.person_id)
    data = note()
    operation = zhang.write("note.add", one, data)
    li.write("note.add", other, note(), id=operation)
    with writing() as connection:
        hand_in(zhang)(connection)
        li.sync()  # neither sees the other
    plan = {"assignees": {"was": [], "now": [zhang.person_id]}}
    assert office.write("order.plan", one, {"changes": plan}).status == "applied"
    moved = Phone(zhang.person_id).register()
    moved.write("note.add", one, data, id=operation)
    (outcome,) = moved.sync()
    assert (outcome["status"], outcome["detail"]["problem"]) == ("held", "id_taken") and effects(operation) == 1


def test_one_operation_that_waits_on_two_ledgers_is_let_in_from_both_and_takes_effect_once(
    people: People, zhang: Phone
) -> None:
    order, data = new_id(), note()
    operation = zhang.write("note.add", order, data)
    moved = Phone(zhang.person_id).register()
    moved.write("note.add", order, data, id=operation)
    assert [each["reason"] for phone in (zhang, moved) for each in phone.sync()] == ["unknown_target"] * 2
    write(written_by(people.chen.id, "order.open", order, opening(assignees=[zhang.person_id])))
    zhang.sync()
    assert len(zhang.order(order)["notes"]) == 1 and waiting() == []
