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

from sqlalchemy import Engine, bindparam, event, func, insert, select

from server.database import db, reading, writing
from server.export_files.wiring import this_server
from server.models import Device, Document, HeldLine, JournalLine, Person
from server.services import utc_now
from server.steady_clock import Times
from server.sync.exchange import office_ledger
from server.sync.exchange.import_ledger import HandedIn, take_in_file
from server.sync.exchange.office_ledger import NewOperation
from server.sync.ledgers.outcome import Outcome
from server.sync.store.people import add_person
from server.web.security import start_session
from tests.conftest import People
from tests.reference_client import Ledger
from tests.server.sync.lost_history import Backups, restore
from tests.simulation.servers import Pair

Json = dict[str, Any]

TAKEN_IN: Final = select(Device.acknowledged).where(Device.id == bindparam("of_device"))


class Lost(Exception):
    """No answer came: nobody knows whether the request arrived."""


class ShutOut(Exception):
    """The device has been revoked: the password is right, and lets it in no more."""


class NotKnown(Exception):
    """Nobody has this name: a restore has lost whoever had it."""


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


def register(device: Json, person_id: str, times: Times) -> str:
    """A sign-in at this time, without the hashing: the token of a new session. Raises ShutOut."""
    with writing() as connection:
        known = connection.execute(select(Device.revoked_at).where(Device.id == device["id"])).first()
        if known is not None and known.revoked_at is not None:
            raise ShutOut
        if known is None:
            connection.execute(
                insert(Device).values(
                    id=device["id"], person_id=person_id, kind="phone", name="simulated",
                    public_key=json.dumps(device["public_key"]), created_at=times.wall,
                )
            )  # fmt: skip
        return start_session(connection, person_id, device["id"], "app", times.steady)


@dataclass
class World:
    """One company on two servers; `late` holds requests that were given up and have yet to arrive, `begun` the sessions
    that began, with their devices, `revoked` after which place of the journal a revoked device's lines must wait."""

    pair: Pair
    people: People
    folder: Path
    late: list[tuple[str, str, bytes, dict[str, str]]] = field(default_factory=list)
    backups: list[Path] = field(default_factory=list)
    statements_left: int | None = None
    copies: int = 0
    begun: dict[str, set[str]] = field(default_factory=dict)
    revoked: dict[str, int] = field(default_factory=dict)
    began: datetime = field(default_factory=utc_now)

    def __post_init__(self) -> None:
        for engine in self._engines():
            event.listen(engine, "before_cursor_execute", self._count)
            event.listen(engine, "commit", self._count)

    def close(self) -> None:
        """Stop listening to the database."""
        for engine in self._engines():
            event.remove(engine, "before_cursor_execute", self._count)
            event.remove(engine, "commit", self._count)

    def _engines(self) -> list[Engine]:
        found = []
        for server in self.pair.servers:
            with server.at_work():
                found.append(db.engine)
        return found

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
        client = self.pair.next().app.test_client(use_cookies=False)
        answer = client.open(path, method=method, data=data, headers=headers)
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

    def person_named(self, username: str) -> str:
        """Whose account this is. Raises NotKnown."""
        with reading() as connection:
            found = connection.execute(select(Person.id).where(Person.username == username)).scalar_one_or_none()
        if found is None:
            raise NotKnown(username)
        return found

    def knows(self, username: str) -> bool:
        """Whether there is such an account."""
        try:
            self.person_named(username)
        except NotKnown:
            return False
        return True

    def has_person(self, person_id: str) -> bool:
        """Whether there is this account."""
        with reading() as connection:
            return connection.execute(select(Person.id).where(Person.id == person_id)).first() is not None

    def register(self, device: Json, person_id: str) -> str:
        """A sign-in, without the hashing: the token of a new session. Raises ShutOut."""
        with self.pair.next().at_work() as here:
            token = register(device, person_id, here.times())
        self.begun[token] = {device["id"]}
        return token

    def may_have_moved(self, token: str, device: str) -> None:
        """A phone asks that this session goes on with another device; whether it does, only the server knows."""
        self.begun.get(token, set()).add(device)

    def must_live(self, token: str) -> bool:
        """Whether this is a session that nothing has ended: neither a restore nor a revocation."""
        return token in self.begun and self.begun[token].isdisjoint(self.revoked)

    # The office

    def office(self, kind: str, target: str, data: Json, seen: int | None = None) -> Outcome:
        """The supervisor writes an operation."""
        operation = NewOperation(kind, target, data, seen)
        with self.pair.next().at_work() as here, writing() as connection:
            outcome = office_ledger.write(connection, here.pen, self.people.wang.id, [operation], here.now())[0]
        self._note_revoked()
        return outcome

    def add_person(self, username: str) -> None:
        """The office makes a technician known."""
        with self.pair.next().at_work() as here, writing() as connection:
            add_person(connection, username, username.title(), "technician", "-", here.now())

    def adopt(self, former: str, person_id: str) -> None:
        """An administrator says who had this id before a restore."""
        adopts = NewOperation("person.adopt", person_id, {"former": former})
        with self.pair.next().at_work() as here, writing() as connection:
            (outcome,) = office_ledger.write(connection, here.pen, self.people.admin.id, [adopts], here.now())
        assert outcome.status == "applied", outcome

    def _note_revoked(self) -> None:
        with reading() as connection:
            last = connection.execute(select(func.max(JournalLine.position))).scalar_one() or 0
            rows = connection.execute(select(Device.id).where(Device.revoked_at.is_not(None), Device.kind == "phone"))
            self.revoked = {device: self.revoked.get(device, last) for device in rows.scalars()}

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
        with self.pair.next().at_work() as here:
            server = this_server()
            with writing() as connection:
                take_in_file(lambda work: work(connection), handed_in, server.mint, server.company, here.now)
        return True

    def _has(self, ledger: Ledger, seq: int) -> bool:
        with reading() as connection:
            found = connection.execute(
                select(JournalLine.bytes).where(JournalLine.device_id == ledger.device, JournalLine.seq == seq)
            ).scalar_one()
        return found == ledger.lines[seq - 1].encode()

    def has_lines(self, lines: list[str]) -> bool:
        """Whether all of these are in the journal, byte for byte."""
        wanted = {line.encode() for line in lines}
        with reading() as connection:
            found = connection.execute(select(JournalLine.bytes).where(JournalLine.bytes.in_(wanted))).scalars()
        return wanted <= set(found)

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
        self.begun.clear()
        self.pair.start_anew()
        self._note_revoked()
        return True


@contextmanager
def world_on(pair: Pair, people: People, database: Path, template: Path, folder: Path) -> Iterator[World]:
    """A fresh company for one history, on a copy of `template`."""
    pair.forget_connections()
    for ending in ("", "-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    shutil.copyfile(template, database)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pair.start()
    made = World(pair, people, folder)
    try:
        yield made
    finally:
        made.close()


def moment(shift_s: float) -> datetime:
    """What a clock says that is `shift_s` seconds ahead of the truth."""
    return datetime.fromtimestamp(datetime.now(UTC).timestamp() + shift_s, UTC)
