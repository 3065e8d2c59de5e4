"""Held lines that are decided upon while what they wait for comes."""

from __future__ import annotations

from uuid import UUID, uuid5

import pytest

from server.database import write
from server.sync.operations import held
from tests.conftest import People
from tests.databases import PATIENCE_S
from tests.races.gates import decided_by, not_yet_committed, note, opening, written_by
from tests.server.conftest import Beside
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id
from tests.server.sync.test_held import texts, waiting


def test_what_is_sent_while_a_held_opening_is_let_in_is_on_the_order(
    people: People, zhang: Phone, beside: Beside
) -> None:
    order = new_id()
    waits = zhang.write("order.open", order, opening(), prev="f" * 64)
    assert [each["reason"] for each in zhang.sync()] == ["broken_chain"]
    zhang.write("note.add", order, note("sent meanwhile"))
    with not_yet_committed(decided_by(people.wang.id, waits, "apply")):
        later = beside(zhang.sync)
    assert [each["status"] for each in later.result(PATIENCE_S)] == ["applied"]
    zhang.write("note.add", order, note("sent after"))
    zhang.sync()
    assert texts(zhang, order) == ["sent meanwhile", "sent after"] and waiting() == []


def test_a_held_note_that_is_let_in_while_its_order_appears_is_on_it(
    people: People, zhang: Phone, beside: Beside
) -> None:
    order = new_id()
    waits = zhang.write("note.add", order, note("early"), prev="f" * 64)
    assert [each["reason"] for each in zhang.sync()] == ["broken_chain"]
    opened = written_by(people.chen.id, "order.open", order, opening(assignees=[zhang.person_id]))
    with not_yet_committed(decided_by(people.wang.id, waits, "apply")):
        later = beside(lambda: write(opened))
    assert later.result(PATIENCE_S).status == "applied"
    zhang.sync()
    assert texts(zhang, order) == ["early"] and waiting() == []


def test_an_order_that_appears_while_its_held_note_is_let_in_has_it(
    people: People, zhang: Phone, beside: Beside
) -> None:
    order = new_id()
    waits = zhang.write("note.add", order, note("early"), prev="f" * 64)
    zhang.sync()
    opened = written_by(people.chen.id, "order.open", order, opening(assignees=[zhang.person_id]))
    with not_yet_committed(opened):
        later = beside(lambda: write(decided_by(people.wang.id, waits, "apply")))
    assert later.result(PATIENCE_S).detail["status"] == "applied"
    zhang.sync()
    assert texts(zhang, order) == ["early"] and waiting() == []


def test_what_one_dismisses_another_cannot_let_in_at_the_same_moment(
    people: People, zhang: Phone, office: Office, beside: Beside
) -> None:
    order = office.open()
    waits = zhang.write("note.add", order, note("whose?"))
    assert [each["reason"] for each in zhang.sync()] == ["not_permitted"]
    with not_yet_committed(decided_by(people.wang.id, waits, "dismiss")):
        later = beside(lambda: write(decided_by(people.admin.id, waits, "apply")))
    assert later.result(PATIENCE_S).detail == {"already": "dismissed"}


def test_what_one_dismisses_does_not_come_in_from_another_ledger_at_the_same_moment(
    people: People, zhang: Phone, office: Office, beside: Beside
) -> None:
    order = office.open()
    data = note("whose?")
    waits = zhang.write("note.add", order, data)
    assert [each["reason"] for each in zhang.sync()] == ["not_permitted"]
    moved = Phone(zhang.person_id).register()
    moved.write("note.add", order, data, id=waits)
    with not_yet_committed(decided_by(people.wang.id, waits, "dismiss")):
        later = beside(moved.sync)
    (outcome,) = later.result(PATIENCE_S)
    assert outcome["repeated"] and outcome["detail"].get("dismissed")


def test_what_an_opening_lets_in_nobody_dismisses_at_the_same_moment(
    people: People, zhang: Phone, beside: Beside
) -> None:
    order = new_id()
    waits = zhang.write("note.add", order, note("early"))
    assert [each["reason"] for each in zhang.sync()] == ["unknown_target"]
    opened = written_by(people.chen.id, "order.open", order, opening(assignees=[zhang.person_id]))
    with not_yet_committed(decided_by(people.wang.id, waits, "dismiss")):
        later = beside(lambda: write(opened))
    assert later.result(PATIENCE_S).status == "applied"
    zhang.sync()
    assert texts(zhang, order) == [] and waiting() == []


def test_a_line_that_a_freed_line_gives_a_right_is_tried_again(people: People, zhang: Phone, office: Office) -> None:
    """The note comes before the plan that names its author, and both before the order."""
    order = new_id()
    first = zhang.write("note.add", order, note("first"))
    zhang.sync()
    plan = {"changes": {"assignees": {"was": [], "now": [zhang.person_id]}}}
    assert office.write("order.plan", order, plan).reason == "unknown_target"
    zhang.write("note.add", order, note("second"))
    zhang.sync()
    assert Office(people.chen.id).write("order.open", order, opening()).status == "applied"
    zhang.write("note.add", order, note("third"))
    zhang.sync()
    assert texts(zhang, order) == ["first", "second", "third"] and waiting() == [], first


def test_however_many_freed_lines_change_an_order_each_that_waits_is_tried_twice_at_most(
    zhang: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plans are not a technician's; each settling could have let them in, and lets in nothing."""
    order, mine = new_id(), 6
    for number in range(mine):
        zhang.write("order.plan", order, {"changes": {"instructions": {"was": "", "now": str(number)}}})
    for number in range(mine):
        changes = {"diagnosis": {"was": f"was {number}", "now": f"now {number}"}}
        operation = zhang.write("order.edit", order, {"changes": changes})
        conflict = str(uuid5(UUID(operation), "diagnosis"))
        zhang.write("conflict.settle", order, {"conflict": conflict, "value": f"chosen {number}"})
    zhang.sync()
    tried: list[int] = []
    true = held._try
    monkeypatch.setattr(held, "_try", lambda *given, **named: tried.append(given[1]) or true(*given, **named))
    zhang.write("order.open", order, opening())
    zhang.sync()
    assert len(waiting()) == mine and len(tried) <= 2 * 3 * mine
