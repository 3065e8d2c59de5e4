"""A company of before documents had types: everything of it is what it was, and its phones go on.

`tests/data/earlier` was made once, by the version with the schema 0016, and is kept: a backup with a conflict, held
lines, a fork, a former assignee and a photo that is awaited; and what the database and one of the phones held then.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest
from alembic import op
from apiflask import APIFlask
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from flask_migrate import downgrade
from sqlalchemy import inspect, select, text

from server.application import create_app
from server.database import db, migrate_to_newest, reading
from server.models import Document, DocumentPerson, EvidenceRow, HeldLine, JournalLine, Person, PhotoLink
from tests.databases import Databases
from tests.server.keeping.test_keeping import run
from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import findings
from tests.server.sync.phone import Phone

EARLIER: Final = Path(__file__).resolve().parents[2] / "data" / "earlier"
THEN: Final[dict[str, Any]] = json.loads((EARLIER / "company-0016.json").read_text("utf-8"))


@pytest.fixture
def company(databases: Databases, tmp_path: Path) -> Iterator[APIFlask]:
    """That company, brought to today's schema."""
    with databases.bare(tmp_path / "data") as settings:
        done = run(settings, "restore", str(EARLIER / "company-0016.undercroft-backup"))
        assert done.returncode == 0, done.stderr
        app = create_app(settings)
        with app.app_context():
            yield app
            db.engine.dispose()


def phone_of_then() -> Phone:
    """Zhang's phone, with a line that it had not sent yet."""
    kept = THEN["phone"]
    key = load_pem_private_key(kept["key"].encode(), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    lines = [line.encode() for line in kept["lines"]]
    names = ("acknowledged", "cursors", "anchor", "run", "epoch")
    phone = Phone(kept["person_id"], id=kept["id"], key=key, lines=lines, **{name: kept[name] for name in names})
    phone.now = datetime.fromisoformat(kept["now"])
    return phone


def test_documents_lines_and_seals_are_what_they_were(company: APIFlask) -> None:
    with reading() as connection:
        documents = connection.execute(select(Document).order_by(Document.type, Document.id)).all()
        assert [[row.type, row.id, row.version, row.body, row.seal] for row in documents] == THEN["documents"]
        lines = [
            [
                row.device_id, row.seq, row.bytes.decode(), row.status, row.reason, row.detail, row.document_id,
                row.document_version, row.inputs,
            ]
            for row in connection.execute(select(JournalLine).order_by(JournalLine.position))
        ]  # fmt: skip
        assert lines == THEN["lines"]
        people = select(DocumentPerson).order_by(DocumentPerson.document_id, DocumentPerson.person_id)
        rows = connection.execute(people).all()
        assert [[row.document_id, row.person_id, row.sees, row.assignee] for row in rows] == THEN["sees"]
        kinds = {row.document_type for row in (*rows, *connection.execute(select(PhotoLink)))}
        assert kinds | {row.document_type for row in connection.execute(select(EvidenceRow))} == {"work_order"}
    assert findings() == []


def test_a_phone_goes_on_with_what_it_had_not_sent_and_with_the_seals_that_it_holds(company: APIFlask) -> None:
    zhang = phone_of_then()
    unsent = json.loads(zhang.lines[-1])["id"]
    outcomes = {each["id"]: each["status"] for each in zhang.sync()}
    assert outcomes[unsent] == "applied"
    for _, order, version, seal, body in THEN["phone"]["copies"]:
        recalled = zhang.write("order.recall", order, {"version": version, "seal": seal, "body": body})
        assert {each["id"]: each["status"] for each in zhang.sync()}[recalled] == "applied", "its seal is good"
    assert findings() == []


def test_what_was_held_before_can_be_let_in(company: APIFlask) -> None:
    with reading() as connection:
        wang = connection.execute(select(Person.id).where(Person.role == "supervisor")).scalars().first()
        rows = connection.execute(select(HeldLine).order_by(HeldLine.position)).all()
    assert sorted(row.reason for row in rows) == ["not_permitted", "not_permitted", "unknown_kind", "unknown_target"]
    office = Office(str(wang))
    decided = {}
    for row in rows:
        data = {"operation": row.operation_id, "decision": "apply"}
        decided[row.reason, row.target == THEN["order"]] = office.write("held.decide", row.target, data).detail
    assert decided["not_permitted", True] == {"already": "applied"}, "a plan had let it in"
    assert decided["not_permitted", False]["status"] == "applied", "that a phone is lost"
    assert decided["unknown_kind", False] == {"still_held": {"reason": "unknown_kind", "kind": "clock.in"}}
    assert decided["unknown_target", False] == {"still_held": {"reason": "unknown_target"}}
    assert findings() == []


def test_a_migration_that_breaks_off_leaves_everything_as_it_was_and_goes_through_the_next_time(
    company: APIFlask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = ("document_person", "photo_link", "evidence_row", "signature_strokes")
    before = {name: rows_of(name) for name in tables}
    assert before["document_person"] and before["photo_link"] and before["evidence_row"]
    downgrade(revision="0016")
    earlier = rows_of("work_order_person")
    true = op.create_index

    def breaking(name: str, *given: Any, **more: Any) -> None:  # Any: Alembic's
        if name == "ix_document_target":  # the last statement of all
            raise KeyError(name)
        true(name, *given, **more)

    with monkeypatch.context() as patched:
        patched.setattr(op, "create_index", breaking)
        with pytest.raises(KeyError):
            migrate_to_newest()
    assert rows_of("work_order_person") == earlier
    with reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0016"
        assert not inspect(connection).has_table("moved")
    migrate_to_newest()
    assert {name: rows_of(name) for name in tables} == before
    assert findings() == []


def rows_of(table: str) -> list[dict[str, Any]]:  # Any: column values
    """The rows of a table as they are stored, whatever the order of its columns."""
    with reading() as connection:
        rows = [dict(row) for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()]
    return sorted(rows, key=lambda row: sorted((name, str(value)) for name, value in row.items()))
