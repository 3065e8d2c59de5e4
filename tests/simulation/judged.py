"""What the database of a simulated history says in the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, exists, or_, select

from server.database import reading
from server.evidence.time_bounds import TimeBounds
from server.models import Batch, Device, Document, DocumentPerson, FeedEntry, HeldLine, JournalLine
from server.sync.ledgers.clocks import bounds_as_judged
from server.sync.ledgers.line import Line, parse_line
from server.sync.operations.held import took_effect
from server.sync.store.archiving import ARCHIVED

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


def sees() -> dict[str, set[str]]:
    """Which orders each person's phones must show."""
    with reading() as connection:
        rows = connection.execute(
            select(DocumentPerson.person_id, DocumentPerson.document_id).where(DocumentPerson.sees)
        ).all()
    seen: dict[str, set[str]] = {}
    for row in rows:
        seen.setdefault(row.person_id, set()).add(row.document_id)
    return seen


def wrongly_waiting(devices: set[str]) -> list[tuple[int, str, str]]:
    """Held lines for which there is no honest reason: whoever was ever on an order may record on it, an order
    that is there is known, and nobody's chain is broken but where a phone was put back, and what it had sent
    before that arrived late. Then the fork has made it a new device; `devices` are those that phones are now.
    What a revoked device brings waits."""
    was_on = exists().where(
        DocumentPerson.document_id == HeldLine.target, DocumentPerson.person_id == JournalLine.person_id
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


def counted_though_revoked(revoked: dict[str, int]) -> list[str]:
    """Operations that were applied at once although their device had been revoked before they came: after which place
    of the journal that was, stands in `revoked`."""
    counted = JournalLine.status.in_(("applied", "merged", "conflict")) & JournalLine.repeated.is_(False)
    found = []
    with reading() as connection:
        for device, last in revoked.items():
            later = (JournalLine.device_id == device, JournalLine.position > last)
            found += connection.execute(select(JournalLine.operation_id).where(counted, *later)).scalars()
    return [str(operation) for operation in found]


def edits() -> list[Json]:
    """Every edit, answer, change and settlement that took effect, in the order of the journal, as lines."""
    kinds = ("order.edit", "checklist.answer", "conflict.settle", "order.recall")
    with reading() as connection:
        rows = connection.execute(
            select(JournalLine.bytes, JournalLine.status, JournalLine.detail)
            .where(JournalLine.kind.in_(kinds), took_effect(), JournalLine.repeated.is_(False))
            .order_by(JournalLine.position)
        )
        return [json.loads(row.bytes) | {"status": row.status, "detail": json.loads(row.detail)} for row in rows]


def journal() -> tuple[set[bytes], dict[str, str]]:
    """Every line that is in, and what became of each operation: in_effect, waiting or dismissed."""
    with reading() as connection:
        lines = set(connection.execute(select(JournalLine.bytes)).scalars())
        effective = connection.execute(select(JournalLine.operation_id).where(took_effect())).scalars()
        held = connection.execute(select(HeldLine.operation_id, HeldLine.state)).all()
    became = {row.operation_id: row.state for row in held if row.operation_id}
    return lines, became | dict.fromkeys((name for name in effective if name), "in_effect")


def archived() -> list[str]:
    """What has left phones for its age. No history lasts for so long."""
    with reading() as connection:
        return list(connection.execute(select(FeedEntry.document_id).where(FeedEntry.reason == ARCHIVED)).scalars())


def times_of_lines() -> Iterator[tuple[bytes, str, datetime, TimeBounds]]:
    """Each phone's operations that came in over the wire: the line, its device, when it came by the server's clock, and
    between which times it was judged to be written."""
    with reading() as connection:
        rows = connection.execute(
            select(JournalLine.bytes, JournalLine.device_id, JournalLine.inputs, JournalLine.received_at, Batch.sent)
            .join(Batch, Batch.id == JournalLine.batch_id)
            .join(Device, Device.id == JournalLine.device_id)
            .where(Device.kind == "phone", Batch.handed_in.is_(False), JournalLine.kind != "anchor")
        ).all()
    for row in rows:
        line = parse_line(row.bytes)
        if isinstance(line, Line):
            bounds = bounds_as_judged(line, json.loads(row.inputs), row.sent, row.received_at)
            yield row.bytes, row.device_id, row.received_at, bounds
