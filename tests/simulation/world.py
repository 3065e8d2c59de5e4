"""The server of a simulated history: the real application on a real database, and everything that can happen to it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from apiflask import APIFlask
from sqlalchemy import and_, bindparam, event, exists, insert, or_, select

from server.api.security import start_session
from server.database import db, reading, writing
from server.export_files.wiring import this_server
from server.models import Device, Document, HeldLine, JournalLine, WorkOrderPerson
from server.services import services, utc_now
from server.sync import office_ledger
from server.sync.held import took_effect
from server.sync.import_ledger import HandedIn, take_in_file
from server.sync.office_ledger import NewOperation
from server.sync.outcome import Outcome
from tests.conftest import People
from tests.reference_client import Ledger
from tests.server.sync.lost_history import Backups, restore

Json = dict[str, Any]

OF_THE_FIELD: Final = (
    "order.stage", "order.edit", "checklist.answer", "arrival.record", "material.add", "material.change",
    "material.remove", "photo.add", "signature.refuse", "note.add",
)  # fmt: skip
OF_WHOM_OR_WHAT: Final = (
    "not_permitted",
    "unknown_target",
    "invalid_data",
    "unknown_kind",
    "broken_chain",
    "device_revoked",
)
TAKEN_IN: Final = select(Device.acknowledged).where(Device.id == bindparam("of_device"))


class Lost(Exception):
    """No answer came: nobody knows whether the request arrived."""


class ShutOut(Exception):
    """The device has been revoked: the password is right, and lets it in no more."""


class Killed(BaseException):
    """The server died. Nothing in it may catch that."""


@dataclass
class Answer:
    """What came back over the wire, as the reference client reads it."""

    status_code: int
    body: bytes
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def register(device: Json, person_id: str) -> str:
    """A sign-in, without the hashing: the token of a new session. Raises ShutOut."""
    now = utc_now()
    with writing() as connection:
        known = connection.execute(select(Device.revoked_at).where(Device.id == device["id"])).first()
        if known is not None and known.revoked_at is not None:
            raise ShutOut
        if known is None:
            connection.execute(
                insert(Device).values(
                    id=device["id"], person_id=person_id, kind="phone", name="simulated",
                    public_key=json.dumps(device["public_key"]), created_at=now,
                )
            )  # fmt: skip
        return start_session(connection, person_id, device["id"], "app", now)


def wrongly_waiting(devices: set[str]) -> list[tuple[int, str, str]]:
    """Held lines for which there is no honest reason: whoever was ever on an order may record on it, an order
    that is there is known, and nobody's chain is broken but where a phone was put back, and what it had sent
    before that arrived late. Then the fork has made it a new device; `devices` are those that phones are now.
    What a revoked device brings waits."""
    was_on = exists().where(
        WorkOrderPerson.work_order_id == HeldLine.target, WorkOrderPerson.person_id == JournalLine.person_id
    )
    is_revoked = exists().where(Device.id == JournalLine.device_id, Device.revoked_at.is_not(None))
    is_there = exists().where(Document.type == "work_order", Document.id == HeldLine.target)
    with reading() as connection:
        rows = connection.execute(
            select(HeldLine.position, HeldLine.reason, HeldLine.detail)
            .join(JournalLine, JournalLine.position == HeldLine.position)
            .where(HeldLine.state == "waiting")
            .where(
                or_(
                    and_(HeldLine.reason == "not_permitted", was_on, JournalLine.kind.in_(OF_THE_FIELD)),
                    and_(HeldLine.reason == "unknown_target", is_there),
                    and_(HeldLine.reason == "unknown_kind", JournalLine.kind.in_(OF_THE_FIELD)),
                    and_(HeldLine.reason == "broken_chain", JournalLine.device_id.in_(devices)),
                    and_(HeldLine.reason == "device_revoked", ~is_revoked),
                    HeldLine.reason.not_in(OF_WHOM_OR_WHAT),
                    HeldLine.detail.contains("could_not_apply"),
                )
            )
        )
        return [(row.position, row.reason, row.detail) for row in rows]


@dataclass
class World:
    """One company; `late` holds requests that were given up and have yet to arrive."""

    app: APIFlask
    people: People
    folder: Path
    late: list[tuple[str, str, bytes, dict[str, str]]] = field(default_factory=list)
    backups: list[Path] = field(default_factory=list)
    statements_left: int | None = None
    copies: int = 0

    def __post_init__(self) -> None:
        self.client = self.app.test_client(use_cookies=False)
        event.listen(db.engine, "before_cursor_execute", self._count)
        event.listen(db.engine, "commit", self._count)

    def close(self) -> None:
        """Stop listening to the database."""
        event.remove(db.engine, "before_cursor_execute", self._count)
        event.remove(db.engine, "commit", self._count)

    def _count(self, *_: object) -> None:
        if self.statements_left is None:
            return
        self.statements_left -= 1
        if self.statements_left < 0:
            self.statements_left = None
            raise Killed

    # Requests

    def request(self, method: str, path: str, data: bytes, headers: dict[str, str]) -> Answer:
        """A request that arrives, with its answer."""
        answer = self.client.open(path, method=method, data=data, headers=headers)
        return Answer(answer.status_code, answer.data, dict(answer.headers))

    def request_and_die(
        self, method: str, path: str, data: bytes, headers: dict[str, str], after: int
    ) -> Answer | None:
        """A request in which the server dies at the `after`th thing that it asks of its database, commits included;
        where it asks for less, it dies before it has answered. None, unless the server answered after its death."""
        self.statements_left = after
        try:
            answer = self.request(method, path, data, headers)
        except Killed:
            return None
        finally:
            has_died, self.statements_left = self.statements_left is None, None
        return answer if has_died else None

    def deliver_late(self, which: int) -> None:
        """One of the requests that were given up arrives after all; its answer reaches nobody."""
        if self.late:
            self.request(*self.late.pop(which % len(self.late)))

    # The office

    def office(self, kind: str, target: str, data: Json, seen: int | None = None) -> Outcome:
        """The supervisor writes an operation."""
        with writing() as connection:
            operation = NewOperation(kind, target, data, seen)
            return office_ledger.write(connection, services().pen, self.people.wang.id, [operation], utc_now())[0]

    def taken_in(self, device: str) -> int:
        """Up to where the server has a device's ledger, durably; 0 where it does not know the device."""
        with reading() as connection:
            return connection.execute(TAKEN_IN, {"of_device": device}).scalar_one_or_none() or 0

    def hand_in(self, ledger: Ledger, person_id: str) -> bool:
        """An export file with everything of a ledger that the server has not. Whether it was taken in: what has been
        put back, and has written other lines since, has another history than the server has."""
        first = self.taken_in(ledger.device) + 1
        lines = ledger.lines[first - 1 :]
        handed_in = HandedIn(
            ledger.device, "simulated", json.dumps(ledger.public_key), person_id, "", first,
            [line.encode() for line in lines], ledger.sign(lines[-1]) if lines else None,
        )  # fmt: skip
        if first > 1 and (first - 1 > len(ledger.lines) or not self._has(ledger, first - 1)):
            return False
        server = this_server()
        with writing() as connection:
            take_in_file(lambda work: work(connection), handed_in, server.mint, server.company, utc_now)
        return True

    def _has(self, ledger: Ledger, seq: int) -> bool:
        with reading() as connection:
            found = connection.execute(
                select(JournalLine.bytes).where(JournalLine.device_id == ledger.device, JournalLine.seq == seq)
            ).scalar_one()
        return found == ledger.lines[seq - 1].encode()

    def documents(self) -> dict[str, Json]:
        """All work orders as the server holds them: version and body by id."""
        with reading() as connection:
            rows = connection.execute(
                select(Document.id, Document.version, Document.body)
                .where(Document.type == "work_order")
                .order_by(Document.id)
            )
            return {row.id: {"version": row.version, "body": json.loads(row.body)} for row in rows}

    def waiting(self) -> list[tuple[str | None, str]]:
        """What is held and waits for a person: operation and reason."""
        with reading() as connection:
            rows = connection.execute(
                select(HeldLine.operation_id, HeldLine.reason)
                .where(HeldLine.state == "waiting")
                .order_by(HeldLine.position)
            )
            return [(row.operation_id, row.reason) for row in rows]

    # Copies

    def back_up(self) -> None:
        """A backup of now."""
        backups = Backups(self.folder, self.copies)
        self.backups.append(backups.take())
        self.copies = backups.taken

    def restore(self, which: int) -> bool:
        """The server is put back to one of its backups; False where there is none."""
        if not self.backups:
            return False
        restore(self.backups[which % len(self.backups)])
        return True

    # What must hold

    def sees(self) -> dict[str, set[str]]:
        """Which orders each person's phones must show."""
        with reading() as connection:
            rows = connection.execute(
                select(WorkOrderPerson.person_id, WorkOrderPerson.work_order_id).where(WorkOrderPerson.sees)
            ).all()
        seen: dict[str, set[str]] = {}
        for row in rows:
            seen.setdefault(row.person_id, set()).add(row.work_order_id)
        return seen

    def counted_though_revoked(self) -> list[str]:
        """Operations that were applied at once although their device had been revoked before they came."""
        with reading() as connection:
            rows = connection.execute(
                select(JournalLine.operation_id)
                .join(Device, Device.id == JournalLine.device_id)
                .where(JournalLine.received_at > Device.revoked_at, JournalLine.repeated.is_(False))
                .where(JournalLine.status.in_(("applied", "merged", "conflict")), Device.kind == "phone")
            )
            return [row.operation_id for row in rows]

    def edits(self) -> list[Json]:
        """Every edit, answer, change and settlement that took effect, in the order of the journal, as lines."""
        kinds = ("order.edit", "checklist.answer", "conflict.settle", "order.recall")
        with reading() as connection:
            rows = connection.execute(
                select(JournalLine.bytes, JournalLine.status, JournalLine.detail)
                .where(JournalLine.kind.in_(kinds), took_effect(), JournalLine.repeated.is_(False))
                .order_by(JournalLine.position)
            )
            return [json.loads(row.bytes) | {"status": row.status, "detail": json.loads(row.detail)} for row in rows]

    # The journal

    def journal(self) -> tuple[set[bytes], dict[str, str]]:
        """Every line that is in, and what became of each operation: in_effect, waiting or dismissed."""
        with reading() as connection:
            lines = set(connection.execute(select(JournalLine.bytes)).scalars())
            effective = connection.execute(select(JournalLine.operation_id).where(took_effect())).scalars()
            held = connection.execute(select(HeldLine.operation_id, HeldLine.state)).all()
        became = {row.operation_id: row.state for row in held if row.operation_id}
        return lines, became | dict.fromkeys((name for name in effective if name), "in_effect")


@contextmanager
def world_on(app: APIFlask, people: People, database: Path, template: Path, folder: Path) -> Iterator[World]:
    """A fresh company for one history, on a copy of `template`."""
    db.engine.dispose()
    for ending in ("", "-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    shutil.copyfile(template, database)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = World(app, people, folder)
    try:
        yield made
    finally:
        made.close()


def moment(shift_s: float) -> datetime:
    """What a clock says that is `shift_s` seconds ahead of the truth."""
    return datetime.fromtimestamp(datetime.now(UTC).timestamp() + shift_s, UTC)
