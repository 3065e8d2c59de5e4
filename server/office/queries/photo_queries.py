"""What the office's pages read of photos whose content has not come: which, since when, and which phones had it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from server.models import Device, JournalLine, PhotoLink
from server.office.queries.queries import OrderRow
from server.sync.store.wanted import overdue


@dataclass(frozen=True)
class PhoneOf:
    """A phone that recorded a photo, and when it was last heard of; None for never."""

    name: str
    last_seen_at: datetime | None


@dataclass(frozen=True)
class Overdue:
    """A photo record whose content should have come: `record` is JSON of the document, `since` is when it came."""

    record: dict[str, Any]  # Any: JSON of the document
    since: datetime
    phones: list[PhoneOf]


def overdue_photos(connection: Connection, orders: Iterable[OrderRow], now: datetime) -> dict[str, list[Overdue]]:
    """By order, the photos whose content has been missing for long, the longest first."""
    by_id = {order.id: order for order in orders}
    statement = (
        select(PhotoLink.document_id, PhotoLink.photo_id, PhotoLink.awaited_since)
        .where(PhotoLink.document_id.in_(by_id), overdue(now))
        .order_by(PhotoLink.awaited_since, PhotoLink.photo_id)
    )
    late = [
        (row.document_id, _record(by_id[row.document_id], row.photo_id), row.awaited_since)
        for row in connection.execute(statement)
    ]
    phones = _phones(connection, {record["operation"] for _, record, _ in late})
    found: dict[str, list[Overdue]] = {}
    for order_id, record, since in late:
        found.setdefault(order_id, []).append(Overdue(record, since, phones.get(record["operation"], [])))
    return found


def _record(order: OrderRow, photo_id: str) -> dict[str, Any]:  # Any: JSON of the document
    return next(photo for photo in order.body["photos"] if photo["id"] == photo_id)


def _phones(connection: Connection, operations: set[str]) -> dict[str, list[PhoneOf]]:
    """By operation: a phone that went on as another device wrote it there once more."""
    if not operations:
        return {}
    statement = (
        select(JournalLine.operation_id, Device.name, Device.last_seen_at)
        .join(Device, Device.id == JournalLine.device_id)
        .where(JournalLine.operation_id.in_(operations), JournalLine.kind == "photo.add")
        .order_by(JournalLine.position.desc())
    )
    found: dict[str, list[PhoneOf]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.operation_id, []).append(PhoneOf(row.name, row.last_seen_at))
    return found
