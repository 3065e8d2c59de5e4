"""Whose word a line is that came in a file, and whose a ledger is that only a file has named.

A file says of itself who wrote it, and anybody can write a file. So the lines of a device that no sign-in has vouched
for wait, each for a person: for a supervisor, or for the one whom the file names, who says "these are mine"
(`ledger.claim`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, delete, func, insert, select, update

from server.documents.operation import Held
from server.models import Base, Device, Document, HeldLine, JournalLine
from server.sync.ledgers.line import Line
from server.sync.ledgers.outcome import Outcome
from server.sync.operations.apply_document import Applied, Author, validated
from server.sync.operations.held import took_effect, try_again
from server.sync.operations.shapes import LedgerClaim
from server.sync.store.company import Company
from server.sync.store.document_store import stored, write_again
from server.sync.store.feeds import Publication, person_feed, publish
from server.sync.store.held_documents import HELD
from server.sync.store.locks import lock_documents

UNKNOWN_DEVICE: Final = "unknown_device"
# Of a line's few milliseconds this makes about a second in which others wait to write.
PORTION: Final = 200
_NAMES_A_DEVICE: Final = [
    key.parent
    for table in Base.metadata.sorted_tables
    for key in table.foreign_keys
    if key.column is Device.__table__.c.id
]


def claim(connection: Connection, line: Line, author: Author, now: datetime, company: Company) -> Applied:
    """ledger.claim, with a ledger as target that a file has named this author for: what waits of it because nobody
    knew its device is tried anew, in its order. `head` is the hash of its last line here, so that nobody claims what
    came in unseen: what comes later is claimed anew. So is what is `left` by the outcome's detail, for others write
    meanwhile; nothing of the ledger comes before it, since what comes in of such a device waits behind.

    Raises Held: unknown_target, not_permitted (somebody else is named), invalid_data (head).
    """
    data = validated(LedgerClaim(), line)
    ledger = connection.execute(
        select(Device.person_id, Device.kind, Device.known_by, Device.head_hash)
        .where(Device.id == line.target)
        .with_for_update()
    ).first()
    if ledger is None or ledger.kind != "phone":
        raise Held("unknown_target")
    if ledger.person_id != author.person_id:
        raise Held("not_permitted")
    if data["head"] != ledger.head_hash:
        raise Held("invalid_data", field="head", problem="other_head", head=ledger.head_hash)
    if ledger.known_by == "file":
        connection.execute(update(Device).where(Device.id == line.target).values(known_by="claim"))
    of_ledger = (
        select(HeldLine.position, HeldLine.target)
        .join(JournalLine, JournalLine.position == HeldLine.position)
        .where(JournalLine.device_id == line.target, HeldLine.state == "waiting", HeldLine.reason == UNKNOWN_DEVICE)
        .order_by(HeldLine.position)
    )
    waiting = connection.execute(of_ledger.limit(PORTION)).all()
    lock_documents(connection, (row.target for row in waiting if row.target is not None))
    whole = Applied(Outcome(line.id, line.seq, "applied", False, None, None, {"tried": len(waiting)}), {}, [])
    whole = try_again(connection, [row.position for row in waiting], whole, now, company)
    left = connection.execute(select(func.count()).select_from(of_ledger.order_by(None).subquery())).scalar_one()
    if not left:
        return whole
    return replace(whole, outcome=replace(whole.outcome, detail=whole.outcome.detail | {"left": left}))


def vouched_for(connection: Connection, device_id: str) -> None:
    """Somebody has signed in with this device and the password of the person whom a file had named for it."""
    connection.execute(
        update(Device).where(Device.id == device_id, Device.known_by != "session").values(known_by="session")
    )


def give_way(connection: Connection, device_id: str, now: datetime, company: Company) -> None:
    """Keep what a file brought under this device's id under another: the id belongs to the device that signs in with
    it. Nothing that came in changes but the place where it is kept, and what names that place; the phones of whom the
    file names are told it."""
    row = connection.execute(select(Device.__table__).where(Device.id == device_id)).mappings().one()
    # By chance: an id that follows from what a file says could have been taken before.
    aside = str(uuid4())
    connection.execute(insert(Device).values({**row, "id": aside}))
    for column in _NAMES_A_DEVICE:
        connection.execute(update(column.table).where(column == device_id).values({column: aside}))
    connection.execute(delete(Device).where(Device.id == device_id))
    renamed = _Renamed(device_id, aside)
    told = _rename_in_held(connection, renamed, row["person_id"], now)
    publish(connection, told + _rename_in_documents(connection, renamed, now, company))


@dataclass(frozen=True)
class _Renamed:
    """A ledger that is kept under another id, and how documents name both."""

    before: str
    after: str

    def named(self, identity: str) -> str:
        """As a document's text has it; within a text that somebody wrote, quotation marks look otherwise."""
        return f'"device":"{identity}"'

    def within(self, body: str) -> str:
        """The document's text with the new name."""
        return body.replace(self.named(self.before), self.named(self.after))


def _rename_in_held(connection: Connection, renamed: _Renamed, person_id: str, now: datetime) -> list[Publication]:
    """Documents of what waits, or was decided: by their `device` it is claimed."""
    of_ledger = (
        select(HeldLine.operation_id)
        .join(JournalLine, JournalLine.position == HeldLine.position)
        .where(JournalLine.device_id == renamed.after)
    )
    before, after = renamed.named(renamed.before), renamed.named(renamed.after)
    about = (Document.type == HELD, Document.id.in_(of_ledger), Document.body.contains(before))
    anew = {"body": func.replace(Document.body, before, after), "version": Document.version + 1, "changed_at": now}
    found = connection.execute(update(Document).where(*about).values(anew).returning(Document.id)).scalars().all()
    return [Publication(person_feed(person_id), HELD, identity) for identity in found]


def _rename_in_documents(
    connection: Connection, renamed: _Renamed, now: datetime, company: Company
) -> list[Publication]:
    """Documents into which somebody has let lines of the ledger."""
    of_ledger = (JournalLine.device_id == renamed.after, took_effect())
    named = connection.execute(select(JournalLine.document_id).where(*of_ledger).distinct()).scalars()
    documents = sorted(identity for identity in named if identity is not None)
    lock_documents(connection, documents)
    told: list[Publication] = []
    for identity in documents:
        row = stored(connection, identity)
        if row is not None and (anew := renamed.within(row.body)) != row.body:
            told += write_again(connection, identity, json.loads(anew), now, company.sealer, row.type, row.version)
    return told
