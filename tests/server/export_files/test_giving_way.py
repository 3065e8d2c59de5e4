"""An id that only a file had named goes to whoever signs in with it; what the file brought is kept whole beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from sqlalchemy import select

from server.api.session import _ledger, _register
from server.database import reading, write
from server.models import Device, Document, JournalLine, Sighting
from server.services import services
from server.steady_clock import Times
from server.sync.ledgers.office_keys import public_jwk
from tests.conftest import People
from tests.server.conftest import Beside
from tests.server.export_files.conftest import Import
from tests.server.export_files.files import parts_of
from tests.server.export_files.test_authorship import body_of, claim, nothing_wrong, waiting
from tests.server.export_files.test_import import note
from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import Backups, restore
from tests.server.sync.phone import Phone, new_id
from tests.server.sync.test_facts import position


@pytest.fixture
def order(office: Office, people: People) -> str:
    """An order for Zhang and Li."""
    return office.open(people.zhang.id, people.li.id)


def sign_in(phone: Phone) -> None:
    """As the sign-in makes a device known."""
    device = {"id": phone.id, "name": "p"}
    times = Times(phone.now, phone.now)
    write(lambda connection: _register(connection, device, public_jwk(phone.key), phone.person_id, times))


def forged(people: People, honest: Phone) -> Phone:
    """A phone that says to have the same id, in a file, and to be Li's."""
    return Phone(people.li.id, id=honest.id)


def brought(forger: Phone, take_in: Import) -> None:
    take_in(parts_of(forger, person={"id": forger.person_id, "username": "li"}))


def ledger_of(forger: Phone) -> str:
    """Where the first line of the file is kept now."""
    with reading() as connection:
        kept = select(JournalLine.device_id).where(JournalLine.bytes == forger.lines[0])
        return connection.execute(kept).scalar_one()


def held_documents() -> list[dict[str, Any]]:
    with reading() as connection:
        bodies = select(Document.body).where(Document.type == "held").order_by(Document.id)
        return [json.loads(body) for body in connection.execute(bodies).scalars()]


def test_what_waits_names_the_ledger_under_which_it_can_be_claimed(
    people: People,
    li: Phone,
    office: Office,
    order: str,
    take_in: Import,
) -> None:
    honest = Phone(people.zhang.id)
    forger = forged(people, honest)
    dismissed = note(forger, order, "never")
    note(forger, order, "truly Li's")
    brought(forger, take_in)
    office.write("held.decide", order, {"operation": dismissed, "decision": "dismiss", "comment": "no"})
    li.sync()
    sign_in(honest)
    aside = ledger_of(forger)
    assert aside != honest.id
    assert {body["device"] for body in held_documents()} == {aside}
    li.sync()
    on_the_phone = [change["body"] for (kind, _), change in li.documents.items() if kind == "held"]
    assert {body["device"] for body in on_the_phone} == {aside} and len(on_the_phone) == 2, "and the phone is told"
    with reading() as connection:
        head = _ledger(connection, aside, people.li.id)["head"]
    assert claim(li, Phone(people.li.id, id=aside), head)["detail"] == {"tried": 1}
    assert [entry["text"] for entry in body_of(order)["notes"]] == ["truly Li's"]
    assert nothing_wrong()


def test_no_id_that_somebody_took_before_keeps_the_owner_out(people: People, order: str, take_in: Import) -> None:
    honest = Phone(people.zhang.id)
    forger = forged(people, honest)
    note(forger, order)
    taken = Phone(people.li.id, id=str(uuid5(UUID(honest.id), public_jwk(forger.key))))
    sign_in(taken)
    brought(forger, take_in)
    sign_in(honest)
    note(honest, order, "true")
    assert honest.sync()[-1]["status"] == "applied"
    with reading() as connection:
        owners = dict(connection.execute(select(Device.id, Device.person_id)).all())
    assert (owners[taken.id], owners[honest.id]) == (people.li.id, people.zhang.id)
    assert waiting() == ["unknown_device"] and nothing_wrong()


def test_what_was_let_in_of_the_file_stays_as_it_is(
    people: People,
    office: Office,
    order: str,
    take_in: Import,
) -> None:
    honest = Phone(people.zhang.id)
    forger = forged(people, honest)
    arrival = forger.write("arrival.record", order, {"arrival": new_id(), "position": position(forger)})
    edited = forger.write("order.edit", order, {"changes": {"diagnosis": {"was": None, "now": "Li's"}}})
    brought(forger, take_in)
    for operation in (arrival, edited):
        office.write("held.decide", order, {"operation": operation, "decision": "apply", "comment": "it is Li's"})
    before = body_of(order)
    assert before["diagnosis"] == "Li's" and len(before["arrivals"]) == 1
    sign_in(honest)
    aside = ledger_of(forger)
    after = body_of(order)
    assert after == json.loads(json.dumps(before).replace(honest.id, aside)) and after != before
    with reading() as connection:
        assert connection.execute(select(Sighting.device_id)).scalars().all() == [aside]
        row = connection.execute(select(Document).where(Document.type == "work_order")).one()
    assert services().sealer.fits(row.seal, row.type, order, row.version, after)
    assert nothing_wrong()
    honest.sync()
    assert honest.order(order)["diagnosis"] == "Li's"


def test_it_gives_way_once_where_two_sign_in_at_once(
    people: People,
    order: str,
    take_in: Import,
    beside: Beside,
) -> None:
    honest = Phone(people.zhang.id)
    forger = forged(people, honest)
    note(forger, order)
    brought(forger, take_in)
    for each in [beside(lambda: sign_in(honest)) for _ in range(2)]:
        each.result(60)
    with reading() as connection:
        phones = connection.execute(select(Device.id).where(Device.kind == "phone")).scalars().all()
    assert sorted(phones) == sorted([honest.id, ledger_of(forger)])
    assert nothing_wrong()


def test_it_gives_way_again_after_a_restore_to_before_the_sign_in(
    people: People,
    order: str,
    take_in: Import,
    tmp_path: Path,
) -> None:
    honest = Phone(people.zhang.id)
    forger = forged(people, honest)
    note(forger, order)
    brought(forger, take_in)
    before = Backups(tmp_path).take()
    for _ in range(2):
        sign_in(honest)
        restore(before)
        assert ledger_of(forger) == honest.id
    sign_in(honest)
    assert ledger_of(forger) != honest.id and nothing_wrong()
