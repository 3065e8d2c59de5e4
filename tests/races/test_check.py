"""The check finds what two at once once left behind: each state is made by hand in a database that was whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import pytest
from sqlalchemy import Connection, delete, select, update

from server.database import reading, writing
from server.keeping.check_held import check_held
from server.models import DocumentPerson, HeldLine, JournalLine
from tests.races.gates import note
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id


@pytest.fixture(autouse=True)
def all_fits_in_the_end() -> Iterator[None]:
    """Here nothing does."""
    yield


@pytest.fixture
def worked(zhang: Phone, li: Phone, office: Office) -> str:
    """An order of Zhang's with a note of his; one of Li waits because he is not on it, one of an order to come."""
    order = office.open(zhang.person_id)
    zhang.write("note.add", order, note())
    li.write("note.add", order, note())
    li.write("note.add", new_id(), note())
    for phone in (zhang, li):
        phone.sync()
    return order


def _order_is_there(connection: Connection, order: str) -> None:
    connection.execute(update(HeldLine).where(HeldLine.reason == "unknown_target").values(target=order))


def _is_on_it(connection: Connection, order: str) -> None:
    person = select(JournalLine.person_id).where(JournalLine.reason == "not_permitted").scalar_subquery()
    connection.execute(delete(DocumentPerson).where(DocumentPerson.person_id == person))
    connection.execute(update(DocumentPerson).values(person_id=person))


def _noted(connection: Connection) -> int:
    kept = select(JournalLine.position).where(JournalLine.kind == "note.add", JournalLine.status == "applied")
    return connection.execute(kept).scalar_one()


def _dismissed(connection: Connection, order: str) -> None:
    waits = connection.execute(select(JournalLine).where(JournalLine.reason == "not_permitted")).one()
    connection.execute(update(HeldLine).where(HeldLine.reason == "not_permitted").values(state="dismissed"))
    connection.execute(
        update(JournalLine)
        .where(JournalLine.position == _noted(connection))
        .values(operation_id=waits.operation_id, person_id=waits.person_id)
    )


def _twice(connection: Connection, order: str) -> None:
    one = connection.execute(select(JournalLine).where(JournalLine.position == _noted(connection))).one()
    connection.execute(
        update(JournalLine)
        .where(JournalLine.reason == "unknown_target")
        .values(operation_id=one.operation_id, status="applied", document_id=new_id())
    )
    connection.execute(delete(HeldLine).where(HeldLine.reason == "unknown_target"))


Damage = Callable[[Connection, str], None]
DAMAGES: Final[dict[str, tuple[str, Damage]]] = {
    "it waits for an order that is there": ("held-in-vain", _order_is_there),
    "it waits for its author to be on the order, who is": ("held-in-vain", _is_on_it),
    "it was dismissed and counts": ("held-dismissed-in", _dismissed),
    "two orders hold one operation": ("id-twice", _twice),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_the_check_finds_what_two_at_once_left_behind(worked: str, name: str) -> None:
    code, damage = DAMAGES[name]
    with reading() as connection:
        assert list(check_held(connection)) == []
    with writing() as connection:
        damage(connection, worked)
    with reading() as connection:
        assert {finding.code for finding in check_held(connection)} == {code}
