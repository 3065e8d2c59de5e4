"""A file comes in by portions: others write in between, and one that breaks off goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, func, select

from server.database import reading, write
from server.export_files.taking import import_file
from server.export_files.wiring import this_server
from server.models import Batch, Device, Document, JournalLine
from server.problems import Problem
from server.sync.exchange import import_ledger
from tests.conftest import People
from tests.server.export_files.conftest import Import
from tests.server.export_files.files import parts_of, zipped
from tests.server.export_files.test_import import note, statuses
from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import findings
from tests.server.sync.phone import Phone

T = TypeVar("T")
LINES = 7


class Died(Exception):
    """The process ends here."""


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lines at once."""
    monkeypatch.setattr(import_ledger.take_in_file, "__defaults__", (None, 2, False))


@pytest.fixture
def order(office: Office, people: People) -> str:
    """An order for Zhang, on whose phone there are `LINES` notes."""
    return office.open(people.zhang.id)


@pytest.fixture
def written(zhang: Phone, order: str) -> Phone:
    """Zhang's phone with its notes."""
    for number in range(LINES):
        note(zhang, order, str(number))
    return zhang


def texts(order: str) -> list[str]:
    with reading() as connection:
        body = json.loads(connection.execute(select(Document.body).where(Document.id == order)).scalar_one())
    return [entry["text"] for entry in body["notes"]]


def taken_in(phone: Phone, before_each: Callable[[int], Any]) -> list[tuple[str, str | None, bool]]:
    """Takes the phone's file in; `before_each` is called before every transaction with its number."""
    count = 0

    def watched(work: Callable[[Connection], T]) -> T:
        nonlocal count
        count += 1
        before_each(count)
        return write(work)

    return statuses(import_file(zipped(parts_of(phone)), replace(this_server(), write=watched)))


def test_others_write_between_two_portions(written: Phone, office: Office, people: People, order: str) -> None:
    others: list[str] = []
    came = taken_in(written, lambda number: others.append(office.open(people.li.id)))
    assert came == [("applied", None, False)] * LINES
    assert len(others) == 4, "seven lines by two"
    assert texts(order) == [str(number) for number in range(LINES)]
    with reading() as connection:
        ends = select(Batch.first_seq, Batch.last_seq).where(Batch.device_id == written.id)
        assert connection.execute(ends).all() == [(1, LINES)], "one batch, signed at its end"
    assert findings() == []


def test_a_file_that_breaks_off_goes_on_where_it_was(written: Phone, order: str, take_in: Import) -> None:
    def die(number: int) -> None:
        if number == 3:
            raise Died

    with pytest.raises(Died):
        taken_in(written, die)
    assert texts(order) == ["0", "1", "2", "3"]
    assert findings() == []
    again = take_in(parts_of(written))
    assert [repeated for *_, repeated in statuses(again)] == [True] * 4 + [False] * 3
    assert (again.result.fresh, texts(order)) == (3, [str(number) for number in range(LINES)])
    assert findings() == []


def test_what_the_phone_itself_delivers_between_two_portions_comes_once(written: Phone, order: str) -> None:
    came = taken_in(written, lambda number: written.sync() if number == 2 else None)
    assert [repeated for *_, repeated in came] == [False] * 2 + [True] * 5
    assert texts(order) == [str(number) for number in range(LINES)]
    assert findings() == []


def test_a_phone_that_tells_otherwise_between_two_portions_stops_the_file(written: Phone, order: str) -> None:
    other = Phone(written.person_id, id=written.id, key=written.key, lines=written.lines[:2], acknowledged=2)

    def tell_otherwise(number: int) -> None:
        if number == 2:
            note(other, order, "otherwise")
            other.sync()

    with pytest.raises(Problem) as refused:
        taken_in(written, tell_otherwise)
    assert (refused.value.code, refused.value.figures) == ("export_fork", {"seq": 3})
    assert texts(order) == ["0", "1", "otherwise"]
    assert findings() == []


def test_a_line_that_was_changed_in_a_later_portion_holds_all_before_it(written: Phone, take_in: Import) -> None:
    parts = parts_of(written)
    forged = parts | {"ledger.ndjson": parts["ledger.ndjson"].replace(b'"4"', b'"?"')}
    came = [("held", "bad_signature", False)] * 5 + [("held", "broken_chain", False), ("applied", None, False)]
    assert statuses(take_in(forged)) == came


def test_the_branch_of_a_revoked_phone_comes_in_by_portions_too(
    written: Phone, office: Office, order: str, take_in: Import
) -> None:
    copy = Phone(written.person_id, id=written.id, key=written.key)
    for number in range(5):
        note(copy, order, f"copy {number}")
    written.sync()
    office.write("device.revoke", written.id, {"reason": "lost"})
    imported = take_in(parts_of(copy))
    assert statuses(imported) == [("held", "broken_chain", False)] * 5
    assert [came.outcome.seq for came in imported.operations] == [1, 2, 3, 4, 5]
    assert [repeated for *_, repeated in statuses(take_in(parts_of(copy)))] == [True] * 5
    with reading() as connection:
        kept = select(func.count()).select_from(JournalLine).join(Device).where(Device.revoked_at.is_not(None))
        assert connection.execute(kept).scalar_one() == LINES + 5
    assert findings() == []
