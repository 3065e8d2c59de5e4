"""A file says of itself who wrote it: what of that is believed, and what waits for a person."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from server.api.session import _register
from server.database import reading, writing
from server.documents import types
from server.keeping.check import check_documents, check_held, check_ledgers
from server.models import Batch, Device, Document, HeldLine
from server.problems import Problem
from server.steady_clock import Times
from server.sync.ledgers.kinds import OF_NO_DOCUMENT
from server.sync.ledgers.line import hash_of
from tests.conftest import People
from tests.server.export_files.conftest import Import
from tests.server.export_files.files import parts_of
from tests.server.export_files.test_import import note, statuses
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id


@pytest.fixture
def order(office: Office, people: People) -> str:
    """An order for Zhang."""
    return office.open(people.zhang.id)


def body_of(order: str) -> dict[str, Any]:
    with reading() as connection:
        return json.loads(connection.execute(select(Document.body).where(Document.id == order)).scalar_one())


def nothing_wrong() -> bool:
    with reading() as connection:
        return [*check_ledgers(connection), *check_documents(connection), *check_held(connection)] == []


def waiting() -> list[str]:
    with reading() as connection:
        wanted = select(HeldLine.reason).where(HeldLine.state == "waiting").order_by(HeldLine.position)
        return list(connection.execute(wanted).scalars())


def test_what_a_device_brings_that_only_a_file_knows_waits_for_a_person(
    people: People, office: Office, order: str, take_in: Import
) -> None:
    stranger = Phone(people.zhang.id)
    first, second = note(stranger, order, "eins"), note(stranger, order, "zwei")
    imported = take_in(parts_of(stranger))
    assert (imported.result.is_new, imported.result.known_by) == (True, "file")
    assert statuses(imported) == [("held", "unknown_device", False)] * 2
    assert body_of(order)["notes"] == []
    office.write("held.decide", order, {"operation": first, "decision": "apply"})
    office.write("held.decide", order, {"operation": second, "decision": "dismiss", "comment": "nobody's"})
    assert [entry["text"] for entry in body_of(order)["notes"]] == ["eins"]
    assert statuses(take_in(parts_of(stranger))) == [("held", "unknown_device", True)] * 2
    assert nothing_wrong()


@pytest.mark.parametrize("kind", sorted(OF_NO_DOCUMENT | types.office_kinds()))
def test_what_only_the_office_may_write_comes_from_no_file(
    people: People, office: Office, zhang: Phone, order: str, take_in: Import, kind: str
) -> None:
    data: dict[str, Any] = {
        "order.review": {"verdict": "approved", "comment": None},
        "device.revoke": {"reason": "x"},
    }.get(kind, {})
    target = zhang.id if kind == "device.revoke" else order
    before = body_of(order)
    for phone in (Phone(office.person_id), Phone(office.person_id).register()):
        written = phone.write(kind, target, data)
        assert statuses(take_in(parts_of(phone))) == [("held", "not_permitted", False)]
        office.write("held.decide", order, {"operation": written, "decision": "apply"})
    assert waiting() == ["not_permitted"] * 2
    assert body_of(order) == before
    with reading() as connection:
        assert connection.execute(select(Device.revoked_at).where(Device.id == zhang.id)).scalar_one() is None


def claim(by: Phone, ledger: Phone, head: str | None = None) -> dict[str, Any]:
    """`by` says that the ledger is theirs; what came of it."""
    by.write("ledger.claim", ledger.id, {"head": head or hash_of(ledger.lines[-1])})
    return by.sync()[-1]


def test_whom_a_file_names_says_that_it_is_theirs_and_everything_is_tried_anew(
    people: People, zhang: Phone, order: str, take_in: Import
) -> None:
    lost = Phone(people.zhang.id)
    texts = ["eins", "zwei", "drei"]
    for text in texts:
        note(lost, order, text)
    note(lost, new_id(), "of no order")
    take_in(parts_of(lost))
    outcome = claim(zhang, lost)
    assert (outcome["status"], outcome["detail"]) == ("applied", {"tried": 4})
    assert [entry["text"] for entry in body_of(order)["notes"]] == texts
    assert waiting() == ["unknown_target"]
    note(lost, order, "vier")
    assert statuses(take_in(parts_of(lost)))[-1] == ("held", "unknown_device", False), "nobody has seen that one"
    assert claim(zhang, lost)["detail"] == {"tried": 1}
    assert [entry["text"] for entry in body_of(order)["notes"]] == [*texts, "vier"]
    assert nothing_wrong()


def test_nobody_claims_what_is_in_somebody_elses_name_or_has_not_seen(
    people: People, li: Phone, zhang: Phone, order: str, take_in: Import
) -> None:
    lost = Phone(people.zhang.id)
    note(lost, order)
    take_in(parts_of(lost))
    assert claim(li, lost)["reason"] == "not_permitted"
    assert claim(zhang, lost, "0" * 64)["reason"] == "invalid_data"
    assert claim(zhang, Phone(people.zhang.id, lines=[b"x"]))["reason"] == "unknown_target"
    assert waiting()[0] == "unknown_device"


def test_an_order_opened_in_a_claimed_ledger_takes_in_what_waited_for_it(
    people: People, zhang: Phone, office: Office, take_in: Import
) -> None:
    order, lost = new_id(), Phone(people.zhang.id)
    lost.write("order.open", order, {"kind": "repair", "fault": "水泵漏水"})
    note(lost, order, "in the file")
    note(zhang, order, "before it")
    zhang.sync()
    take_in(parts_of(lost))
    claim(zhang, lost)
    assert [entry["text"] for entry in body_of(order)["notes"]] == ["before it", "in the file"]
    assert waiting() == []
    assert nothing_wrong()


def test_an_id_that_a_file_takes_first_stays_its_owners(
    people: People, zhang: Phone, li: Phone, order: str, take_in: Import
) -> None:
    identity = note(zhang, order, "true")
    forger = Phone(people.li.id)
    forger.write("order.stage", order, {"to": "accepted"}, id=identity)
    take_in(parts_of(forger))
    assert zhang.sync()[-1]["status"] == "applied"


def test_a_device_id_that_a_file_takes_first_stays_its_owners(people: People, order: str, take_in: Import) -> None:
    honest = Phone(people.zhang.id)
    forger = Phone(people.li.id, id=honest.id)
    note(forger, order, "forged")
    take_in(parts_of(forger, person={"id": people.li.id, "username": "li"}))
    with writing() as connection:
        key = json.loads(parts_of(honest)["device.json"])["public_key"]
        _register(
            connection, {"id": honest.id, "name": "p"}, json.dumps(key), people.zhang.id, Times(honest.now, honest.now)
        )
    note(honest, order, "true")
    assert honest.sync()[-1]["status"] == "applied"
    assert waiting() == ["unknown_device"], "what the file brought still waits, under another id"
    assert nothing_wrong()


def test_signing_in_with_the_device_vouches_for_it(people: People, order: str, take_in: Import) -> None:
    lost = Phone(people.zhang.id)
    note(lost, order, "eins")
    take_in(parts_of(lost))
    key = json.dumps(json.loads(parts_of(lost)["device.json"])["public_key"])
    with writing() as connection:
        _register(connection, {"id": lost.id, "name": "p"}, key, people.zhang.id, Times(lost.now, lost.now))
    note(lost, order, "zwei")
    assert [outcome["status"] for outcome in lost.sync()] == ["held", "applied"]
    assert claim(lost, lost)["status"] == "applied"
    assert [entry["text"] for entry in body_of(order)["notes"]] == ["zwei", "eins"]
    assert nothing_wrong()


def test_two_files_that_name_two_people_for_one_device_are_told_apart(
    people: People, order: str, take_in: Import
) -> None:
    phone = Phone(people.zhang.id)
    note(phone, order)
    take_in(parts_of(phone))
    with pytest.raises(Problem) as refused:
        take_in(parts_of(phone, person={"id": people.li.id, "username": "li"}))
    assert refused.value.code == "export_other_device"


def test_a_batch_says_that_it_came_in_a_file(zhang: Phone, order: str, take_in: Import) -> None:
    note(zhang, order)
    take_in(parts_of(zhang))
    note(zhang, order)
    zhang.sync()
    with reading() as connection:
        wanted = select(Batch.handed_in).where(Batch.device_id == zhang.id).order_by(Batch.id)
        assert connection.execute(wanted).scalars().all() == [True, False]


@pytest.mark.parametrize("decision", [None, "dismiss"])
@pytest.mark.parametrize("kind", ["note.add", "order.review"])
def test_an_id_that_a_file_took_in_somebodys_name_stays_theirs_whatever_became_of_it(
    people: People, office: Office, zhang: Phone, order: str, take_in: Import, kind: str, decision: str | None
) -> None:
    identity = note(zhang, order, "true")
    for person in (people.zhang, people.wang):
        forger = Phone(person.id)
        data = {"verdict": "approved", "comment": None}
        forger.write(kind, order, {"note": new_id(), "text": "forged"} if kind == "note.add" else data, id=identity)
        take_in(parts_of(forger, person={"id": person.id, "username": "x"}))
        if decision is not None:
            where = {"device": forger.id, "seq": 1}
            office.write("held.decide", order, {"line": where, "decision": decision, "comment": "forged"})
    (outcome,) = [each for each in zhang.sync() if each["id"] == identity]
    assert outcome["status"] == "applied", outcome
    assert [entry["text"] for entry in body_of(order)["notes"]] == ["true"]
    assert nothing_wrong()
