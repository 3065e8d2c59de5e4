"""Ledgers whose lines are taken in one by one, on SQLite in memory, without the app: a test takes milliseconds.

What the locks of a database, signatures of whole batches and the answers to phones promise is tried with the app
(test_taking_in.py, test_held.py and others).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, insert, select

from server.database import prepare_engine
from server.evidence.time_bounds import Reading
from server.models import Base, Batch, Device, Document, HeldLine, JournalLine, Person
from server.security_log import WAITING
from server.sync.apply import Author
from server.sync.exchange.taking import Ledger, take_line
from server.sync.ledgers.anchors import AnchorMint
from server.sync.ledgers.clocks import Arrival, LedgerClocks
from server.sync.ledgers.line import FIRST_PREV
from server.sync.ledgers.outcome import Outcome
from server.sync.ledgers.seal import Sealer
from server.sync.store.company import Company
from tests.server.sync.phone import new_id

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
RUN = "0190f000-0000-7000-8000-000000000001"
MINT = AnchorMint("a secret of this scene")
COMPANY = Company(Sealer(b"s" * 32))


def memory() -> Engine:
    """A database without a file."""
    made = create_engine("sqlite://")
    prepare_engine(made, None)
    Base.metadata.create_all(made)
    return made


@contextmanager
def scene(engine: Engine) -> Iterator[Scene]:
    """A company on a database, of which nothing stays."""
    with engine.connect() as connection:
        yield Scene(connection)
        connection.info.pop(WAITING, None)
        connection.rollback()


@dataclass
class Scene:
    """Zhang and Li are technicians, Wang a supervisor and Chen at the service desk."""

    connection: Connection
    people: dict[str, str] = field(default_factory=dict)

    def writer(self, name: str, role: str = "technician", **more: Any) -> Writer:  # Any: columns of Device
        """A new ledger of a person, who is made known with their first."""
        if name not in self.people:
            self.people[name] = new_id()
            row = {"id": self.people[name], "username": name, "name": name, "role": role, "password_hash": "",
                   "active": True, "created_at": NINE}  # fmt: skip
            self.connection.execute(insert(Person).values(row))
        device = {"id": new_id(), "person_id": self.people[name], "name": "phone", "public_key": "", "created_at": NINE}
        self.connection.execute(insert(Device).values(device | more))
        return Writer(self, Author(self.people[name], role, str(device["id"])))

    def body(self, order: str) -> dict[str, Any]:  # Any: JSON
        """The document of a work order."""
        found = select(Document.body).where(Document.type == "work_order", Document.id == order)
        value = json.loads(self.connection.execute(found).scalar_one())
        assert isinstance(value, dict)
        return value

    def told(self, operation: str | None) -> dict[str, Any]:  # Any: JSON
        """What a phone is told of a held operation."""
        found = select(Document.body).where(Document.type == "held", Document.id == operation)
        value = json.loads(self.connection.execute(found).scalar_one())
        assert isinstance(value, dict)
        return value

    def held(self) -> list[tuple[str | None, str, str]]:
        """What was held, in the order of the journal: operation, state and reason."""
        rows = self.connection.execute(select(HeldLine).order_by(HeldLine.position))
        return [(row.operation_id, row.state, row.reason) for row in rows]

    def waiting(self) -> list[str | None]:
        """The operations that wait."""
        return [operation for operation, state, _ in self.held() if state == "waiting"]

    def row(self, operation: str | None) -> Any:
        """The last line of the journal with this operation."""
        found = select(JournalLine.__table__).where(JournalLine.operation_id == operation)
        return self.connection.execute(found.order_by(JournalLine.position.desc()).limit(1)).one()


class Writer:
    """Somebody's ledger as lines are written into it and taken in at once."""

    def __init__(self, scene: Scene, author: Author) -> None:
        self.scene, self.author, self.now = scene, author, NINE
        batch = {"device_id": author.device_id, "first_seq": 1, "last_seq": 1, "sent": "null", "received_at": NINE}
        key = scene.connection.execute(insert(Batch).values(batch)).inserted_primary_key
        assert key is not None
        self.ledger = Ledger(author, 0, FIRST_PREV, LedgerClocks(), Arrival(NINE, None), 1, int(key[0]), NINE)

    @property
    def id(self) -> str:
        """The person's."""
        return self.author.person_id

    def at(self) -> dict[str, Any]:  # Any: JSON
        """A reading of the device's clocks."""
        return {"wall": self.now.isoformat(), "mono": self.now.timestamp() * 1000, "run": RUN}

    def line(self, kind: str, target: str | None, data: dict[str, Any], **other: Any) -> bytes:  # Any: JSON
        """The ledger's next line; `other` replaces fields, and leaves out those that are None."""
        self.now += timedelta(seconds=1)
        line = {
            "v": 1, "id": new_id(), "device": self.author.device_id, "seq": self.ledger.acknowledged + 1,
            "prev": self.ledger.head_hash, "at": self.at(), "kind": kind, "target": target, "data": data,
        } | other  # fmt: skip
        return json.dumps({name: value for name, value in line.items() if value is not None}).encode()

    def take(self, raw: bytes) -> Outcome | None:
        """Take a line in; what came of it."""
        self.ledger.arrival = Arrival(self.now + timedelta(minutes=1), self.ledger.arrival.sent)
        self.ledger.changed_at = self.now + timedelta(minutes=2)
        return take_line(self.scene.connection, self.ledger, raw, MINT, COMPANY)

    def write(self, kind: str, target: str | None, data: dict[str, Any], **other: Any) -> Outcome:  # Any: JSON
        """Write an operation, which is taken in; its outcome, which names it."""
        raw = self.line(kind, target, data, **other)
        outcome = self.take(raw)
        assert outcome is not None and outcome.id == json.loads(raw)["id"]
        return outcome

    def open(self, *assignees: str, order: str | None = None, **more: Any) -> str:  # Any: JSON
        """Open a work order for these people; its id."""
        order = order or new_id()
        data = {"kind": "repair", "fault": "It leaks.", "assignees": list(assignees)} | more
        outcome = self.write("order.open", order, data)
        assert outcome.status == "applied", outcome
        return order

    def sent(self, wall: datetime) -> None:
        """What the device's clocks showed as what comes now was sent."""
        self.ledger.arrival = Arrival(self.ledger.arrival.received_at, Reading(wall, wall.timestamp() * 1000, RUN))


def note(text: str = "The key is with the neighbour.") -> dict[str, str]:
    """The data of a note."""
    return {"note": new_id(), "text": text}


def changes(**of: tuple[Any, Any]) -> dict[str, Any]:  # Any: JSON
    """The data of an edit or a plan: (was, now) by field."""
    return {"changes": {name.replace("__", "."): {"was": was, "now": now} for name, (was, now) in of.items()}}
