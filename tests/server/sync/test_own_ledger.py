"""The server writes into a ledger of its own, as everybody writes into theirs, and is no person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from server.database import reading, writing
from server.models import SYSTEM, Device, Document, FeedEntry, HeldLine, JournalLine, Person
from server.problems import Problem
from server.services import services, utc_now
from server.sync.exchange import own_ledger
from server.sync.exchange.import_ledger import HandedIn, take_in_file
from server.sync.exchange.office_ledger import NewOperation
from server.sync.ledgers.ledger import sign
from server.sync.ledgers.office_keys import public_jwk
from server.sync.ledgers.outcome import Outcome
from server.sync.operations.proof import stands
from tests.conftest import People
from tests.databases import PATIENCE_S
from tests.races.gates import not_yet_committed
from tests.server.conftest import Beside
from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import Backups, findings, restore
from tests.server.sync.phone import Phone, new_id


@pytest.fixture
def backups(tmp_path: Path) -> Iterator[Backups]:
    yield Backups(tmp_path)


def server_writes(kind: str, target: str, data: dict[str, Any], identity: str | None = None) -> Outcome:
    """One operation of the server's own."""
    with writing() as connection:
        made = NewOperation(kind, target, data, id=identity or new_id())
        return own_ledger.write(connection, services().pen, [made], utc_now())[0]


def note(order: str, text: str = "follows") -> Outcome:
    return server_writes("note.add", order, {"note": new_id(), "text": text})


def ledgers() -> list[Any]:
    with reading() as connection:
        return list(connection.execute(select(Device.__table__).where(Device.kind == "system").order_by(Device.id)))


def test_what_the_server_writes_is_chained_signed_applied_and_nobodys(
    office: Office, zhang: Phone, people: People
) -> None:
    order = office.open(people.zhang.id)
    outcomes = [note(order), note(order, "and follows")]
    assert [outcome.status for outcome in outcomes] == ["applied", "applied"]
    [ledger] = ledgers()
    assert (ledger.person_id, ledger.acknowledged) == (SYSTEM, 4), "an anchor before each"
    with reading() as connection:
        assert all(stands(connection, str(outcome.id)) for outcome in outcomes)
        body = json.loads(connection.execute(select(Document.body).where(Document.id == order)).scalar_one())
        assert [each["by"] for each in body["notes"]] == [SYSTEM, SYSTEM]
        assert connection.execute(select(func.count()).select_from(Person)).scalar_one() == 5
    assert findings() == [], "documents are what the journal says"
    zhang.sync()
    assert [each["by"] for each in zhang.order(order)["notes"]] == [SYSTEM, SYSTEM]


def test_an_operation_that_comes_again_is_done_once(office: Office, people: People) -> None:
    order, identity, data = office.open(people.zhang.id), new_id(), {"note": new_id(), "text": "follows"}
    first = server_writes("note.add", order, data, identity)
    again = server_writes("note.add", order, data, identity)
    assert (first.status, again.status, again.repeated) == ("applied", "applied", True)
    with reading() as connection:
        body = json.loads(connection.execute(select(Document.body).where(Document.id == order)).scalar_one())
    assert len(body["notes"]) == 1 and findings() == []


def test_two_who_make_it_at_the_same_moment_write_into_one(office: Office, people: People, beside: Beside) -> None:
    order = office.open(people.zhang.id)
    works = [beside(lambda text=str(number): note(order, text)) for number in range(4)]
    assert [work.result().status for work in works] == ["applied"] * 4
    [ledger] = ledgers()
    assert ledger.acknowledged == 8 and findings() == []


def test_of_two_who_write_into_it_at_once_the_later_goes_on_from_the_other(
    office: Office, people: People, beside: Beside
) -> None:
    one, other = office.open(people.zhang.id), office.open(people.zhang.id)
    note(one)
    made = NewOperation("note.add", one, {"note": new_id(), "text": "first"})
    with not_yet_committed(lambda connection: own_ledger.write(connection, services().pen, [made], utc_now())):
        later = beside(lambda: note(other))
    assert later.result(PATIENCE_S).status == "applied"
    assert [ledger.acknowledged for ledger in ledgers()] == [6] and findings() == []


def test_after_a_restore_it_begins_another(office: Office, people: People, backups: Backups) -> None:
    order = office.open(people.zhang.id)
    note(order)
    backup = backups.take()
    lost = note(order, "lost")
    restore(backup)
    assert note(order, "after").status == "applied"
    before, after = sorted(ledgers(), key=lambda row: row.revoked_at is None)
    assert before.revoked_at is not None and after.revoked_at is None and before.acknowledged == 2
    with reading() as connection:
        known = select(JournalLine.position).where(JournalLine.operation_id == lost.id)
        assert connection.execute(known).first() is None
    assert findings() == []


def test_nobody_writes_in_its_name(office: Office, zhang: Phone, people: People) -> None:
    order = office.open(people.zhang.id)
    note(order)
    [ledger] = ledgers()
    forger = Phone(people.zhang.id, id=ledger.id)
    forger.write("note.add", order, {"note": new_id(), "text": "in its name"})
    here, lines = services(), forger.lines
    for person in (people.zhang.id, SYSTEM):
        key = public_jwk(forger.key)
        file = HandedIn(ledger.id, "x", key, person, "zhang", 1, lines, sign(forger.key, lines[-1]))
        with pytest.raises(Problem) as refused, writing() as connection:
            take_in_file(lambda work: work(connection), file, here.anchors, here.company, here.now)
        assert refused.value.code == ("export_unknown_person" if person == SYSTEM else "export_other_device")
    # Its lines in somebody's own ledger are held: they are of another ledger.
    zhang.lines.append(lines[0])
    assert [each["reason"] for each in zhang.sync()] == ["broken_chain"]
    revoked = office.write("device.revoke", ledger.id, {"reason": "x"})
    assert (revoked.status, revoked.reason) == ("held", "unknown_target")
    assert note(order, "goes on").status == "applied"


def test_what_is_held_of_it_waits_for_a_supervisor_who_can_let_it_in(office: Office, people: People) -> None:
    order, identity = new_id(), new_id()
    held = server_writes("note.add", order, {"note": new_id(), "text": "too early"}, identity)
    assert (held.status, held.reason) == ("held", "unknown_target")
    with reading() as connection:
        assert connection.execute(select(HeldLine.state)).scalar_one() == "waiting"
        # It has no phone that would have to know, and no feed.
        assert connection.execute(select(Document.id).where(Document.type == "held")).all() == []
        assert connection.execute(select(FeedEntry.feed).where(FeedEntry.type == "held")).all() == []
    data = {"kind": "repair", "fault": "水泵漏水", "assignees": [people.zhang.id]}
    assert office.write("order.open", order, data).status == "applied"
    with reading() as connection:
        state = connection.execute(select(HeldLine.state).where(HeldLine.operation_id == identity)).scalar_one()
    assert state == "applied", "what it had waited for came"
    assert findings() == []
