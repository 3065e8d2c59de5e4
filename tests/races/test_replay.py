"""The replay of the journal that shares no code with the server: it agrees, and it finds what is planted."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Connection, select, update

from server.database import reading, writing
from server.models import Document, DocumentPerson, HeldLine, JournalLine
from tests.conftest import People
from tests.races.gates import decided_by, written_by
from tests.races.random_run.replay.judging import Judged, judge
from tests.races.test_two_writers import photo
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id

FOLDER: Final = Path(__file__).parent / "random_run" / "replay"
Plant = Callable[[Connection, str], None]


def judged() -> Judged:
    with reading() as connection:
        return judge(connection)


@pytest.fixture
def order(people: People, office: Office, zhang: Phone, li: Phone) -> str:
    """An order with something of everything: moved, edited by two, with lines that waited and were decided upon."""
    order = office.open(people.zhang.id, requests="soon")
    line, seen = new_id(), 1
    zhang.write("note.add", order, {"note": new_id(), "text": "seen"})
    zhang.write("material.add", order, {"line": line, "name": "seal", "unit": "set", "quantity": "1.5",
                                        "unit_price": 333, "source": "van"})  # fmt: skip
    zhang.write("order.edit", order, {"changes": {"fault": {"was": "水泵漏水", "now": "leaks\nbelow"}}}, seen=seen)
    shown, hidden = (photo() for _ in range(2))
    for each in (shown, hidden):
        zhang.write("photo.add", order, each)
    zhang.write("photo.remove", order, {"photo": hidden["photo"]})
    zhang.write("photo.edit", order, _said_of(shown, caption=("", "the valve"), purpose=("before", "after")))
    zhang.write("photo.edit", order, _said_of(hidden, caption=("", "dark")))
    zhang.write("order.stage", order, {"to": "finished"})
    zhang.sync()
    li.write("note.add", order, {"note": new_id(), "text": "I was there too"})
    li.write("order.edit", order, {"changes": {"fault": {"was": "水泵漏水", "now": "drips"}}}, seen=seen)
    dismissed = li.write("note.add", order, {"note": new_id(), "text": "x"})
    li.write("stock.count", order, {})
    li.sync()
    _write(decided_by(people.wang.id, dismissed, "dismiss"))
    office.write("order.plan", order, {"changes": {"assignees": {"was": [people.zhang.id], "now": [people.li.id]}}})
    zhang.write("material.change", order, {"line": line, "changes": {"quantity": {"was": "1.5", "now": "2"}}})
    zhang.write("checklist.answer", order, {"item": "a.b", "was": None, "now": True})
    zhang.sync()
    li.write("photo.edit", order, _said_of(shown, caption=("", "the pump"), purpose=("before", "after")))
    li.write("photo.edit", order, _said_of(shown, caption=("the pump", "the pump, open")))
    li.write("photo.edit", order, _said_of(photo(), caption=("", "nobody's")))
    assert [each["status"] for each in li.sync()] == ["conflict", "conflict", "held"]
    conflict = li.order(order)["conflicts"][-1]
    li.write("conflict.settle", order, {"conflict": conflict["id"], "value": "the pump, open"})
    li.write("photo.add", order, hidden)
    li.sync()
    office.write("order.edit", order, {"changes": {"fault": {"was": "水泵漏水", "now": "cold"}}}, seen)
    office.write("order.review", order, {"verdict": "returned", "comment": "no"})
    _write(written_by(people.wang.id, "note.add", order, {"note": new_id(), "text": "called"}))
    return order


def _said_of(photo: dict[str, Any], **changes: tuple[str, str]) -> dict[str, Any]:  # Any: JSON
    """The data of photo.edit: what each field was on the screen, and what was made of it."""
    return {
        "photo": photo["photo"],
        "changes": {name: {"was": was, "now": now} for name, (was, now) in changes.items()},
    }


def _write(work: Callable[[Connection], Any]) -> None:
    with writing() as connection:
        work(connection)


def test_the_replay_agrees_with_what_is_stored(order: str) -> None:
    assert judged().found == []
    assert (judged().whole, judged().in_part) == (1, 0)


def _in_document(change: Callable[[Any], object]) -> Plant:
    def plant(connection: Connection, order: str) -> None:
        here = Document.id == order
        body = json.loads(connection.execute(select(Document.body).where(here)).scalar_one())
        change(body)
        connection.execute(update(Document).where(here).values(body=json.dumps(body)))

    return plant


def _swallow_a_line(connection: Connection, order: str) -> None:
    """A note whose line is in the journal is not in the document, whose version says that nothing happened."""
    _in_document(lambda body: body["notes"].pop(0))(connection, order)
    connection.execute(update(Document).where(Document.id == order).values(version=Document.version - 1))


def _apply_twice(connection: Connection, order: str) -> None:
    """A line took effect once more, though its ledger has it once."""
    _in_document(lambda body: body["notes"].append(body["notes"][0]))(connection, order)
    connection.execute(update(Document).where(Document.id == order).values(version=Document.version + 1))


def _let_in_what_was_dismissed(connection: Connection, order: str) -> None:
    connection.execute(update(HeldLine).where(HeldLine.state == "dismissed").values(state="applied"))


def _wait_for_ever(connection: Connection, order: str) -> None:
    connection.execute(update(HeldLine).where(HeldLine.state == "applied").values(state="waiting"))


def _say_applied(connection: Connection, order: str) -> None:
    connection.execute(update(JournalLine).where(JournalLine.status == "conflict").values(status="applied"))


def _show_to_nobody(connection: Connection, order: str) -> None:
    connection.execute(update(DocumentPerson).values(sees=False))


def _change_a_byte(connection: Connection, order: str) -> None:
    here = JournalLine.kind == "order.stage"
    raw = connection.execute(select(JournalLine.bytes).where(here)).scalar_one()
    connection.execute(update(JournalLine).where(here).values(bytes=raw.replace(b"finished", b"en_route")))


PLANTED: Final[dict[str, Plant]] = {
    "a stage": _in_document(lambda body: body.update(stage="working")),
    "who it is planned for": _in_document(lambda body: body.update(assignees=[])),
    "a description": _in_document(lambda body: body.update(fault="leaks")),
    "a price": _in_document(lambda body: body["materials"][0].update(unit_price=334)),
    "what a photo shows": _in_document(lambda body: body["photos"][0].update(caption="the valve")),
    "who said what a photo shows": _in_document(
        lambda body: body["edits"].pop(f"photos.{body['photos'][0]['id']}.purpose")
    ),
    "a sum": _in_document(lambda body: body["charge"].update(total=1)),
    "one side of a conflict": _in_document(lambda body: body["conflicts"][0]["other"].update(value="")),
    "a conflict": _in_document(lambda body: body["conflicts"].clear()),
    "a question": _in_document(lambda body: body["flags"].clear()),
    "an answer": _in_document(lambda body: body["checklist"]["answers"].clear()),
    "the order of notes": _in_document(lambda body: body["notes"].reverse()),
    "a line that is swallowed": _swallow_a_line,
    "a line that is applied twice": _apply_twice,
    "a dismissal that is forgotten": _let_in_what_was_dismissed,
    "what waits for ever": _wait_for_ever,
    "a status": _say_applied,
    "who sees it": _show_to_nobody,
    "a byte of a line": _change_a_byte,
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_difference_that_is_planted_is_found(order: str, name: str, put_back: Callable[[Plant], None]) -> None:
    put_back(PLANTED[name])
    assert judged().found != []


@pytest.fixture
def put_back(order: str) -> Any:  # Any: a generator of a function
    """Plants something, and takes it out again once the test is over: the races look at the whole in the end."""
    tables = Document, JournalLine, HeldLine, DocumentPerson
    with reading() as connection:
        before = {table: connection.execute(select(table.__table__)).mappings().all() for table in tables}

    def plant(change: Plant) -> None:
        with writing() as connection:
            change(connection, order)

    yield plant
    with writing() as connection:
        for table, rows in before.items():
            for row in rows:
                keys = [column == row[column.name] for column in table.__table__.primary_key.columns]
                connection.execute(update(table).where(*keys).values(dict(row)))


def test_the_replay_uses_nothing_of_the_server() -> None:
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            assert not any(name.split(".")[0] in ("server", "pwa") for name in names), file
            mine = [name for name in names if name.startswith("tests.")]
            assert all(name.startswith("tests.races.random_run.replay") for name in mine), file
