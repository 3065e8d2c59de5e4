"""Whether a line in the journal still is what its device signed."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from server.models import Batch, Device, JournalLine
from server.sync.ledgers.ledger import signature_fits
from server.sync.ledgers.line import Line, hash_of, parse_line
from server.sync.operations.held import took_effect
from server.sync.store.held_documents import HELD

AT_ONCE_FIRST: Final = (JournalLine.status == HELD, JournalLine.position)


def line_of(connection: Connection, operation_id: str, kind: str) -> bytes | None:
    """The line of this kind by which an operation took effect; None where there is none.

    What was applied at once counts before what had been held and came in again, perhaps with other data.
    """
    return connection.execute(
        select(JournalLine.bytes)
        .where(JournalLine.operation_id == operation_id, JournalLine.repeated.is_(False))
        .where(JournalLine.kind == kind, took_effect())
        .order_by(*AT_ONCE_FIRST)
        .limit(1)
    ).scalar_one_or_none()


def stands(connection: Connection, operation_id: str) -> bool:
    """Whether the line that brought an operation leads, hash by hash, to the line that its batch signed.

    False too where there is no such line, or only a held one.
    """
    found = connection.execute(
        select(JournalLine.device_id, JournalLine.seq, Batch.last_seq, Batch.signature, Device.public_key)
        .join(Batch, Batch.id == JournalLine.batch_id)
        .join(Device, Device.id == JournalLine.device_id)
        .where(JournalLine.operation_id == operation_id, JournalLine.repeated.is_(False))
        .where(took_effect())
        .order_by(*AT_ONCE_FIRST)
    ).first()
    if found is None:
        return False
    lines = connection.execute(
        select(JournalLine.bytes)
        .where(JournalLine.device_id == found.device_id)
        .where(JournalLine.seq >= found.seq, JournalLine.seq <= found.last_seq)
        .order_by(JournalLine.seq)
    ).scalars()
    raw = list(lines)
    if len(raw) != found.last_seq - found.seq + 1:
        return False
    for before, after in zip(raw, raw[1:], strict=False):
        line = parse_line(after)
        if not isinstance(line, Line) or line.prev != hash_of(before):
            return False
    return signature_fits(found.public_key, found.signature, raw[-1])
