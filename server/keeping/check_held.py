"""Whether what was held waits for something, stands where a person sees it, and counts once or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from server.documents import types
from server.documents.operation import Actor
from server.keeping.finding import Finding
from server.models import Device, Document, DocumentPerson, HeldLine, JournalLine
from server.sync.operations.held import took_effect


def check_held(connection: Connection) -> Iterator[Finding]:
    """Everything that was held stands where a person can see it and why; nothing waits for what is there, nothing that
    was dismissed counts, and no two operations count under one id."""
    for row in connection.execute(_unseen()):
        yield Finding("held-unseen", {"device": row.device_id, "seq": row.seq})
    for row in connection.execute(_waiting_for_what_is_there()):
        if row.reason == "unknown_target" or _assignee_may(row):
            yield Finding("held-in-vain", {"device": row.device_id, "seq": row.seq, "order": row.target})
    for row in connection.execute(_dismissed_and_in()):
        yield Finding("held-dismissed-in", {"device": row.device_id, "seq": row.seq, "operation": row.operation_id})
    for row in connection.execute(_twice()):
        yield Finding("id-twice", {"operation": row.operation_id, "times": row.times})


def _unseen() -> Any:  # Any: a joined Core select
    return (
        select(JournalLine.device_id, JournalLine.seq)
        .outerjoin(HeldLine, HeldLine.position == JournalLine.position)
        .where(JournalLine.status == "held", JournalLine.repeated.is_(False), HeldLine.position.is_(None))
    )


def _waiting_for_what_is_there() -> Any:  # Any: a joined Core select
    is_on_it = exists().where(
        DocumentPerson.document_id == HeldLine.target,
        DocumentPerson.person_id == JournalLine.person_id,
        DocumentPerson.assignee,
    )
    fits = or_(
        and_(HeldLine.reason == "unknown_target", Document.id.is_not(None)),
        and_(HeldLine.reason == "not_permitted", HeldLine.detail == "{}", is_on_it),
    )
    return (
        select(JournalLine.device_id, JournalLine.seq, JournalLine.person_id, JournalLine.kind, HeldLine.target,
               HeldLine.reason, Document.type.label("document_type"))
        .join(JournalLine, JournalLine.position == HeldLine.position)
        .outerjoin(Document, and_(types.is_target(), Document.id == HeldLine.target))
        .where(HeldLine.state == "waiting", fits)
        .order_by(HeldLine.position)
    )  # fmt: skip


def _assignee_may(row: Any) -> bool:  # Any: a row of the above
    kind = types.kind_named(row.kind)
    its_type = types.TYPES.get(row.document_type)
    return (
        kind is not None
        and its_type is not None
        and its_type.may(Actor(row.person_id, "technician", "assignee", row.device_id), kind)
    )


def _dismissed_and_in() -> Any:  # Any: a joined Core select
    """What was dismissed of a device that only a file knew says nothing of the line of the true one."""
    other = aliased(JournalLine)
    alike = and_(
        other.operation_id == JournalLine.operation_id,
        other.position != JournalLine.position,
        other.person_id.is_not_distinct_from(JournalLine.person_id),
        other.kind == JournalLine.kind,
        other.document_id == JournalLine.document_id,
        other.status.in_(("applied", "merged", "conflict")),
        other.repeated.is_(False),
    )
    return (
        select(JournalLine.device_id, JournalLine.seq, JournalLine.operation_id)
        .join(HeldLine, HeldLine.position == JournalLine.position)
        .join(Device, Device.id == JournalLine.device_id)
        .where(HeldLine.state == "dismissed", Device.known_by != "file", exists().where(alike))
        .order_by(JournalLine.position)
    )


def _twice() -> Any:  # Any: a joined Core select
    times = func.count(JournalLine.document_id.distinct())
    return (
        select(JournalLine.operation_id, times.label("times"))
        .where(JournalLine.operation_id.is_not(None), took_effect(), JournalLine.repeated.is_(False))
        .group_by(JournalLine.operation_id)
        .having(times > 1)
        .order_by(JournalLine.operation_id)
    )
