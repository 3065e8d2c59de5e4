"""Which parts of which ledgers a bundle holds: every line of the order, and what ties it to a signature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select

from server.models import Batch, Device, JournalLine, Person
from server.sync.ledgers.kinds import is_about
from server.sync.ledgers.line import ANCHOR
from server.sync.operations.held import is_of_the_document

_AT_A_TIME: Final = 100


@dataclass(frozen=True)
class Excerpt:
    """The lines `first` to `last` of a device's ledger: from the last time anchor before a line of the order to the
    line that the batch of it signed."""

    first: int
    last: int


@dataclass(frozen=True)
class LedgerOf:
    """A device that wrote lines of the order, and the parts of its ledger that the bundle holds, in order."""

    device_id: str
    public_key: str
    excerpts: list[Excerpt]


def ledgers(connection: Connection, work_order_id: str, with_held: bool) -> list[LedgerOf]:
    """Every device that wrote a line of this order, by its id; `with_held`: also where nothing of it belongs there."""
    batches = connection.execute(
        select(Device.id, Device.public_key, func.min(JournalLine.seq).label("seq"), Batch.last_seq)
        .join(JournalLine, JournalLine.device_id == Device.id)
        .join(Batch, Batch.id == JournalLine.batch_id)
        .where(*of_order(work_order_id, with_held))
        .group_by(Device.id, Device.public_key, Batch.id, Batch.last_seq)
        .order_by(Device.id, Batch.last_seq)
    ).all()
    found: dict[str, LedgerOf] = {}
    for row in batches:
        ledger = found.setdefault(row.id, LedgerOf(row.id, row.public_key, []))
        first = _anchor_before(connection, row.id, row.seq)
        if ledger.excerpts and first <= ledger.excerpts[-1].last + 1:
            first = ledger.excerpts.pop().first
        ledger.excerpts.append(Excerpt(first, row.last_seq))
    return list(found.values())


def of_order(work_order_id: str, with_held: bool) -> tuple[Any, ...]:  # Any: conditions
    """Conditions on JournalLine: the line was written on this order and belongs to it; `with_held`: whatever came of
    it."""
    own = (is_about(work_order_id),)
    return own if with_held else (*own, is_of_the_document())


def _anchor_before(connection: Connection, device_id: str, seq: int) -> int:
    """The place of the last anchor that was taken before `seq`; `seq` itself where there is none."""
    found = connection.execute(
        select(JournalLine.seq)
        .where(JournalLine.device_id == device_id, JournalLine.seq < seq)
        .where(JournalLine.kind == ANCHOR, JournalLine.status.is_(None))
        .order_by(JournalLine.seq.desc())
        .limit(1)
    ).scalar_one_or_none()
    return seq if found is None else found


def lines(connection: Connection, device_id: str, excerpt: Excerpt) -> Iterator[Any]:  # Any: rows of the columns below
    """The lines of an excerpt, in order, a few at a time."""
    yield from connection.execute(
        select(
            JournalLine.seq, JournalLine.bytes, JournalLine.hash, JournalLine.operation_id, JournalLine.kind,
            JournalLine.status, JournalLine.reason, JournalLine.received_at, JournalLine.document_type,
            JournalLine.document_id, is_of_the_document().label("counts"), Person.name, Device.known_by,
        )
        .outerjoin(Person, Person.id == JournalLine.person_id)
        .join(Device, Device.id == JournalLine.device_id)
        .where(JournalLine.device_id == device_id)
        .where(JournalLine.seq.between(excerpt.first, excerpt.last))
        .order_by(JournalLine.seq)
        .execution_options(yield_per=_AT_A_TIME)
    )  # fmt: skip


def signatures(connection: Connection, device_id: str, excerpt: Excerpt) -> dict[int, str]:
    """The signatures of the batches that end within an excerpt, by the line that was signed."""
    rows = connection.execute(
        select(Batch.last_seq, Batch.signature)
        .where(Batch.device_id == device_id, Batch.signature.is_not(None))
        .where(Batch.last_seq.between(excerpt.first, excerpt.last))
        .order_by(Batch.last_seq)
    )
    return {row.last_seq: row.signature for row in rows}
