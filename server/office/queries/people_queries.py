"""What the office's pages read of people and their devices."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, ScalarSelect, func, or_, select

from server.models import Batch, Device, DocumentPerson, HeldLine, JournalLine, Person, Site, WorkOrder
from server.rules.marks import mark_of
from server.rules.stages import ENDS

LOOKED_BACK: Final = 500
"""A photo is looked for in so many of a device's last lines."""


@dataclass(frozen=True)
class PersonRow:
    """A person with what the server knows of their phones. `open_orders`: begun or due, and not ended."""

    id: str
    name: str
    username: str
    role: str
    active: bool
    open_orders: int


def people(connection: Connection) -> dict[str, PersonRow]:
    """Everybody by id, technicians first, then by name."""
    mine = (
        select(DocumentPerson.person_id, func.count().label("count"))
        .join(WorkOrder, WorkOrder.id == DocumentPerson.document_id)
        .where(DocumentPerson.assignee, WorkOrder.disposition == "active", WorkOrder.stage.not_in(ENDS))
        .group_by(DocumentPerson.person_id)
        .subquery()
    )
    statement = (
        select(Person, func.coalesce(mine.c.count, 0).label("open_orders"))
        .outerjoin(mine, mine.c.person_id == Person.id)
        .order_by(Person.role != "technician", Person.name, Person.id)
    )
    return {
        row.id: PersonRow(row.id, row.name, row.username, row.role, row.active, row.open_orders)
        for row in connection.execute(statement)
    }


@dataclass(frozen=True)
class DeviceRow:
    """One phone or other device (not the office's own ledgers)."""

    id: str
    person_id: str
    name: str
    kind: str
    acknowledged: int
    created_at: datetime
    last_seen_at: datetime | None
    last_lines_at: datetime | None
    revoked_at: datetime | None

    @property
    def mark(self) -> str:
        """What tells it from others of the same name; the phone shows it on Me."""
        return mark_of(self.id)


def devices(connection: Connection) -> list[DeviceRow]:
    """Every device but the office's ledgers, last heard first."""
    last_lines = select(Batch.device_id, func.max(Batch.received_at).label("at")).group_by(Batch.device_id).subquery()
    statement = (
        select(Device, last_lines.c.at.label("last_lines_at"))
        .outerjoin(last_lines, last_lines.c.device_id == Device.id)
        .where(Device.kind != "office")
        .order_by(Device.last_seen_at.desc().nulls_last(), Device.id)
    )
    return [
        DeviceRow(
            row.id,
            row.person_id,
            row.name,
            row.kind,
            row.acknowledged,
            row.created_at,
            row.last_seen_at,
            row.last_lines_at,
            row.revoked_at,
        )
        for row in connection.execute(statement)
    ]


@dataclass(frozen=True)
class Trace:
    """Where a device wrote something: the order, its site, and when that came in."""

    order_id: str
    number: str
    site: str | None
    at: datetime


@dataclass(frozen=True)
class Traces:
    """What tells one device from others of the same name: where it last wrote, and where it last took a photo."""

    last: Trace | None
    photo: Trace | None


def traces(connection: Connection) -> dict[str, Traces]:
    """Of every device but the office's ledgers, by its id."""
    last, photo = _last_line(), _last_line(JournalLine.kind == "photo.add")
    statement = select(Device.id, last.label("last"), photo.label("photo")).where(Device.kind != "office")
    found = connection.execute(statement).all()
    positions = {position for row in found for position in (row.last, row.photo) if position is not None}
    lines = _traces_at(connection, positions)
    return {row.id: Traces(lines.get(row.last), lines.get(row.photo)) for row in found}


def _last_line(*conditions: Any) -> ScalarSelect[int]:  # Any: conditions
    """The position of the last line on an order, of the device of the row around it."""
    return (
        select(JournalLine.position)
        .where(JournalLine.device_id == Device.id, JournalLine.seq > Device.acknowledged - LOOKED_BACK)
        .where(JournalLine.document_type == "work_order", JournalLine.status != "held", *conditions)
        .order_by(JournalLine.seq.desc())
        .limit(1)
        .correlate(Device)
        .scalar_subquery()
    )


def _traces_at(connection: Connection, positions: set[int]) -> dict[int, Trace]:
    statement = (
        select(JournalLine.position, WorkOrder.id, WorkOrder.number, Site.name, JournalLine.received_at)
        .join(WorkOrder, WorkOrder.id == JournalLine.document_id)
        .outerjoin(Site, Site.id == WorkOrder.site_id)
        .where(JournalLine.position.in_(positions))
    )
    return {row.position: Trace(row.id, row.number, row.name, row.received_at) for row in connection.execute(statement)}


@dataclass(frozen=True)
class Revocation:
    """Who revoked a device, and why."""

    by: str
    reason: str


def revocations(connection: Connection) -> dict[str, Revocation]:
    """The first revocation of every revoked device, by the device's id: that of whoever wrote it, or of whoever let in
    that somebody else had written it."""
    by, at = (
        func.coalesce(HeldLine.decided_by, JournalLine.person_id),
        func.coalesce(HeldLine.decided_at, Batch.received_at),
    )
    came = or_(JournalLine.status == "applied", HeldLine.state == "applied")
    statement = (
        select(JournalLine.document_id, by.label("by"), JournalLine.bytes)
        .join(Batch, Batch.id == JournalLine.batch_id)
        .outerjoin(HeldLine, HeldLine.position == JournalLine.position)
        .where(JournalLine.kind == "device.revoke", came, JournalLine.repeated.is_(False))
        .order_by(at.desc(), JournalLine.position.desc())
    )
    return {
        row.document_id: Revocation(row.by, str(json.loads(row.bytes)["data"].get("reason") or ""))
        for row in connection.execute(statement)
    }
