"""Whose word a line is that came in a file, and whose a ledger is that only a file has named.

A file says of itself who wrote it, and anybody can write a file. So the lines of a device that no sign-in has vouched
for wait, each for a person: for a supervisor, or for the one whom the file names, who says "these are mine"
(`ledger.claim`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import Connection, insert, select, update

from server.models import Batch, Device, HeldLine, JournalLine
from server.sync.apply_order import Applied, Author, validated
from server.sync.company import Company
from server.sync.held import try_again
from server.sync.line import Line
from server.sync.locks import lock_work_orders
from server.sync.outcome import Outcome
from server.work.operation import Held
from server.work.shapes import LedgerClaim

UNKNOWN_DEVICE: Final = "unknown_device"


def claim(connection: Connection, line: Line, author: Author, now: datetime, company: Company) -> Applied:
    """ledger.claim, with a ledger as target that a file has named this author for: what waits of it because nobody
    knew its device is tried anew, in its order. `head` is the hash of its last line here, so that nobody claims what
    came in unseen: what comes later is claimed anew.

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
    waiting = connection.execute(of_ledger).all()
    lock_work_orders(connection, (row.target for row in waiting if row.target is not None))
    outcome = Outcome(line.id, line.seq, "applied", False, None, None, {"tried": len(waiting)})
    whole = Applied(outcome, {}, [])
    return try_again(connection, [row.position for row in waiting], whole, now, company)


def vouched_for(connection: Connection, device_id: str) -> None:
    """Somebody has signed in with this device and the password of the person whom a file had named for it."""
    connection.execute(
        update(Device).where(Device.id == device_id, Device.known_by != "session").values(known_by="session")
    )


def give_way(connection: Connection, device_id: str) -> None:
    """Keep what a file brought under this device's id under another, which follows from the id and the key: the id
    belongs to the device that signs in with it. Nothing that came in changes but the place where it is kept."""
    row = connection.execute(select(Device.__table__).where(Device.id == device_id)).mappings().one()
    aside = str(uuid5(UUID(device_id), row["public_key"]))
    connection.execute(insert(Device).values({**row, "id": aside}))
    for table in (JournalLine, Batch):
        connection.execute(update(table).where(table.device_id == device_id).values(device_id=aside))
    connection.execute(Device.__table__.delete().where(Device.id == device_id))  # type: ignore[attr-defined]  # a Table
