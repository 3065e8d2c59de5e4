"""Two who write at the same moment: one of them waits, and then sees what the other has done.

The first transaction of each test stays open until the second waits for it: what would otherwise take luck happens
every time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from server.database import reading, write
from server.models import Device, JournalLine
from server.photos import Room
from server.photos.arrival import Kept, record_content
from server.services import services, utc_now
from server.sync.ledgers.outcome import Outcome
from tests.conftest import People
from tests.databases import PATIENCE_S, wait_until_somebody_waits
from tests.races.gates import hand_in, not_yet_committed, note, opening, written_by
from tests.server.conftest import Beside
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id


def orders_of(phone: Phone) -> list[str]:
    """The numbers of the orders that the phone has, as they came."""
    return [each["body"]["number"] for (kind, _), each in phone.documents.items() if kind == "work_order"]


def notes_of(order: str, phone: Phone) -> int:
    phone.sync()
    return len(phone.order(order)["notes"])


@pytest.mark.usefixtures("on_postgresql")
def test_who_publishes_in_a_feed_waits_until_the_number_before_is_committed(
    people: People, zhang: Phone, beside: Beside
) -> None:
    def opened(by: str, number: str) -> Callable[[Connection], Outcome]:
        return written_by(by, "order.open", new_id(), opening(number=number, assignees=[zhang.person_id]))

    with not_yet_committed(opened(people.wang.id, "A1")):
        later = beside(lambda: write(opened(people.chen.id, "A2")))
        wait_until_somebody_waits()
        zhang.sync()
        assert orders_of(zhang) == []
    later.result(PATIENCE_S)
    zhang.sync()
    assert orders_of(zhang) == ["A1", "A2"]


def test_of_two_devices_that_open_the_same_order_the_later_is_told_so(zhang: Phone, li: Phone, beside: Beside) -> None:
    order = new_id()
    for phone in (zhang, li):
        phone.write("order.open", order, opening())
    with not_yet_committed(hand_in(zhang)):
        later = beside(li.sync)
    (outcome,) = later.result(PATIENCE_S)
    assert (outcome["status"], outcome["detail"]) == ("held", {"field": "target", "problem": "target_exists"})


def test_of_two_orders_with_one_number_the_later_is_told_so(people: People, beside: Beside) -> None:
    first = written_by(people.wang.id, "order.open", new_id(), opening(number="A1"))
    second = written_by(people.chen.id, "order.open", new_id(), opening(number="A1"))
    with not_yet_committed(first):
        later = beside(lambda: write(second))
    outcome = later.result(PATIENCE_S)
    assert (outcome.status, outcome.detail) == ("held", {"field": "number", "problem": "number_taken"})


def test_an_operation_that_comes_on_two_ledgers_at_once_is_applied_once(
    zhang: Phone, office: Office, beside: Beside
) -> None:
    order = office.open(zhang.person_id)
    data = note()
    operation = zhang.write("note.add", order, data)
    moved = Phone(zhang.person_id).register()
    moved.write("note.add", order, data, id=operation)
    with not_yet_committed(hand_in(zhang)):
        later = beside(moved.sync)
    (outcome,) = later.result(PATIENCE_S)
    assert outcome["repeated"] and notes_of(order, zhang) == 1


def test_two_first_writes_for_one_person_make_one_office_ledger(
    people: People, zhang: Phone, office: Office, beside: Beside
) -> None:
    order = office.open(zhang.person_id)
    with not_yet_committed(written_by(people.chen.id, "note.add", order, note())):
        later = beside(lambda: write(written_by(people.chen.id, "note.add", order, note())))
    assert later.result(PATIENCE_S).status == "applied"
    with reading() as connection:
        count = select(func.count()).select_from(Device).where(Device.person_id == people.chen.id)
        assert connection.execute(count).scalar_one() == 1
    assert notes_of(order, zhang) == 2


CONTENT = b"a photo"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def photo() -> dict[str, Any]:
    return {
        "photo": new_id(),
        "sha256": SHA256,
        "size": len(CONTENT),
        "media_type": "image/jpeg",
        "purpose": "before",
        "taken_at": "2026-11-24T09:00:00+08:00",
    }


def delivered_by(person_id: str) -> Callable[[Connection], None]:
    """The photo's content arrives, and is no photo: nothing is looked at here."""
    services().photos.put(Room.REFUSED, SHA256, CONTENT)
    kept = Kept(SHA256, len(CONTENT), "image/jpeg", None, "broken")
    return lambda connection: record_content(connection, kept, person_id, utc_now(), services().company)


def test_a_record_that_comes_while_its_content_arrives_says_so(zhang: Phone, office: Office, beside: Beside) -> None:
    order = office.open(zhang.person_id)
    zhang.write("photo.add", order, photo())
    with not_yet_committed(delivered_by(zhang.person_id)):
        later = beside(zhang.sync)
    later.result(PATIENCE_S)
    assert zhang.order(order)["photos"][0]["state"] == "rejected"


def test_a_content_that_arrives_while_its_record_comes_is_told_to_it(
    zhang: Phone, office: Office, beside: Beside
) -> None:
    order = office.open(zhang.person_id)
    zhang.write("photo.add", order, photo())
    with not_yet_committed(hand_in(zhang)):
        later = beside(lambda: write(delivered_by(zhang.person_id)))
    later.result(PATIENCE_S)
    zhang.sync()
    assert zhang.order(order)["photos"][0]["state"] == "rejected"


def test_of_two_captions_that_come_at_once_neither_is_lost(
    people: People, zhang: Phone, li: Phone, office: Office, beside: Beside
) -> None:
    order, record = office.open(zhang.person_id, li.person_id), photo()
    zhang.write("photo.add", order, record)
    zhang.sync()
    for phone, said in ((zhang, "正面"), (li, "背面")):
        changes = {"caption": {"was": None, "now": said}, "purpose": {"was": "before", "now": "nameplate"}}
        phone.write("photo.edit", order, {"photo": record["photo"], "changes": changes})
    with not_yet_committed(hand_in(zhang)):
        later = beside(li.sync)
    assert [outcome["status"] for outcome in later.result(PATIENCE_S)] == ["conflict"]
    zhang.sync()
    body = zhang.order(order)
    [stands] = body["photos"]
    [conflict] = body["conflicts"]
    assert (stands["caption"], stands["purpose"]) == ("正面", "nameplate")
    assert conflict["field"] == f"photos.{record['photo']}.caption"
    assert (conflict["kept"]["value"], conflict["other"]["value"]) == ("正面", "背面")
    assert (conflict["kept"]["by"], conflict["other"]["by"]) == (zhang.person_id, li.person_id)


def test_a_line_that_comes_while_its_order_appears_does_not_wait_for_ever(
    people: People, zhang: Phone, beside: Beside
) -> None:
    order = new_id()
    zhang.write("note.add", order, note())
    opened = written_by(people.wang.id, "order.open", order, opening(assignees=[zhang.person_id]))
    with not_yet_committed(hand_in(zhang)):
        later = beside(lambda: write(opened))
    assert later.result(PATIENCE_S).status == "applied"
    zhang.sync()
    assert notes_of(order, zhang) == 1


def test_of_two_who_decide_the_same_held_line_the_later_finds_it_decided(
    people: People, zhang: Phone, office: Office, beside: Beside
) -> None:
    order = office.open()
    operation = zhang.write("note.add", order, note())
    assert zhang.sync()[0]["reason"] == "not_permitted"
    decided = {"operation": operation, "decision": "apply", "comment": None}
    with not_yet_committed(written_by(people.wang.id, "held.decide", order, decided)):
        later = beside(lambda: write(written_by(people.admin.id, "held.decide", order, decided)))
    assert later.result(PATIENCE_S).detail == {"already": "applied"}
    with reading() as connection:
        rows = connection.execute(select(JournalLine.detail).where(JournalLine.kind == "held.decide")).scalars()
        assert [json.loads(detail).get("status") for detail in rows] == ["applied", None]
