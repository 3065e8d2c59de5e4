"""Whose an id was before a restore, said while others rely on it; and ledgers that two phones tell of at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from server.database import reading, write
from server.models import StrandedLedger
from server.services import utc_now
from server.sync.store import stranded
from server.sync.store.stranded import TOLD_AT_MOST, Stranded
from tests.conftest import People
from tests.races.gates import decided_by, note, written_by
from tests.races.test_what_locks_keep import Work, at_once
from tests.server.conftest import Beside
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id
from tests.server.sync.test_handing_in import body_of, copy_of

pytestmark = pytest.mark.usefixtures("on_postgresql")


@pytest.fixture
def order(office: Office, people: People) -> str:
    """An order for Zhang."""
    return office.open(people.zhang.id)


def adopts(people: People, former: str) -> Work:
    """The administrator says that Zhang had this id before."""
    return written_by(people.admin.id, "person.adopt", people.zhang.id, {"former": former})


def test_a_copy_that_is_let_in_while_an_id_is_given_names_whoever_has_it(
    people: People, li: Phone, order: str, beside: Beside
) -> None:
    former = new_id()
    lost, offered = copy_of(order, former, people.zhang.id)
    waits = li.write("order.recall", lost, offered, prev="f" * 64)
    assert [each["status"] for each in li.sync()] == ["held"]
    assert at_once(beside, adopts(people, former), decided_by(people.wang.id, waits, "apply")).status == "applied"
    assert body_of(lost)["assignees"] == [people.zhang.id]


def test_an_order_that_changes_as_it_is_named_anew_keeps_the_change(
    people: People, li: Phone, order: str, beside: Beside
) -> None:
    former = new_id()
    lost, offered = copy_of(order, former, people.zhang.id)
    li.write("order.recall", lost, offered)
    li.sync()
    changes = written_by(people.wang.id, "note.add", lost, note("eins"))
    assert at_once(beside, changes, adopts(people, former)).status == "applied"
    body = body_of(lost)
    assert [each["text"] for each in body["notes"]] == ["eins"] and body["assignees"] == [people.zhang.id]


def told_of(by: str, device: str, former: str, minutes_ago: int = 0, is_mine: bool = False) -> Work:
    """A phone of `by` tells of the ledger of this device."""
    at = utc_now() - timedelta(minutes=minutes_ago)
    told = Stranded(device, "Pixel", former, "zhang", "unknown_person", 1, 0, 0, is_mine)
    return lambda connection: stranded.tell(connection, told, by, at)


def test_of_two_ledgers_that_are_told_of_at_once_for_the_last_place_the_older_gives_way(
    people: People, beside: Beside
) -> None:
    oldest = new_id()
    write(told_of(people.li.id, oldest, new_id(), minutes_ago=60))
    for _ in range(TOLD_AT_MOST - 2):
        write(told_of(people.li.id, new_id(), new_id(), minutes_ago=30))
    at_once(beside, *(told_of(people.li.id, new_id(), new_id()) for _ in range(2)))
    with reading() as connection:
        kept = connection.execute(select(StrandedLedger.device_id)).scalars().all()
    assert len(kept) == TOLD_AT_MOST and oldest not in kept


def test_what_is_told_of_a_ledger_as_it_is_answered_hears_the_answer(people: People, beside: Beside) -> None:
    device, former = new_id(), new_id()
    write(told_of(people.zhang.id, device, former, is_mine=True))

    def refuses(connection: Connection) -> bool:
        return stranded.refuse(connection, former, utc_now())

    assert at_once(beside, refuses, told_of(people.li.id, device, former)) == "refused"
