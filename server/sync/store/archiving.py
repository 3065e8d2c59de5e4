"""What was closed 30 days ago leaves the phones (protocol.md, "Giving changes out"); the server keeps it for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, exists, func, literal, select, update
from sqlalchemy.orm import aliased

from server.documents import types
from server.documents.document_type import DocumentType, Face
from server.models import DocumentPerson, FeedEntry, HeldLine, JournalLine
from server.sync.store.dating import impossible
from server.sync.store.feeds import Publication, person_feed, publish
from server.sync.store.held_documents import HELD
from server.sync.store.locks import lock_documents

KEPT_FOR: Final = timedelta(days=30)
ARCHIVED: Final = "archived"
AT_A_TIME: Final = 200


def bring_to_now(connection: Connection, now: datetime) -> int:
    """Closed documents that a wrong clock has dated are as of now, so that they stay on the phones for KEPT_FOR;
    returns how many. `now` is a time that is believed."""
    return sum(_bring_to_now(connection, each.face, now) for each in types.TYPES.values() if each.face is not None)


def _bring_to_now(connection: Connection, face: Face, now: datetime) -> int:
    table = face.table
    wrong = impossible(connection, table.c.changed_at, now)
    seen = exists().where(DocumentPerson.document_id == table.c.id, DocumentPerson.sees)
    dated = select(table.c.id).where(face.closed, wrong, seen).order_by(table.c.id)
    found = set(connection.execute(dated).scalars())
    lock_documents(connection, found)
    redated = update(table).where(table.c.id.in_(found), wrong).values(changed_at=now)
    return connection.execute(redated).rowcount if found else 0


def archive(connection: Connection, now: datetime) -> int:
    """Take up to AT_A_TIME documents off the phones of those who still see them; returns how many.

    A document that changes again afterwards comes back to its people by that change.
    """
    gone = [entry for each in types.TYPES.values() for entry in _closed(connection, each, now)]
    gone += _decided(connection, now)
    publish(connection, gone)
    return len(gone)


def _closed(connection: Connection, kind: DocumentType, now: datetime) -> list[Publication]:
    if kind.face is None:
        return []
    table = kind.face.table
    old = (
        select(DocumentPerson.document_id, DocumentPerson.person_id)
        .join(table, table.c.id == DocumentPerson.document_id)
        .where(DocumentPerson.sees, kind.face.closed, table.c.changed_at < now - KEPT_FOR)
        .order_by(DocumentPerson.document_id, DocumentPerson.person_id)
        .limit(AT_A_TIME)
    )
    found = {row.document_id for row in connection.execute(old)}
    lock_documents(connection, found)
    # What changed before it was locked is not among them any more.
    rows = connection.execute(old.where(table.c.id.in_(found))).all()
    for row in rows:
        connection.execute(
            update(DocumentPerson)
            .where(DocumentPerson.document_id == row.document_id, DocumentPerson.person_id == row.person_id)
            .values(sees=False)
        )
    return [
        Publication(person_feed(row.person_id), kind.name, row.document_id, gone=True, reason=ARCHIVED) for row in rows
    ]


def _decided(connection: Connection, now: datetime) -> list[Publication]:
    """What became of held lines has been told for long enough, to whoever was told of it."""
    theirs = literal(person_feed("")) + JournalLine.person_id
    shown = and_(FeedEntry.feed == theirs, FeedEntry.type == HELD, FeedEntry.document_id == HeldLine.operation_id)
    other = aliased(HeldLine)
    still_waits = exists().where(other.operation_id == HeldLine.operation_id, other.state == "waiting")
    rows = connection.execute(
        select(HeldLine.operation_id, JournalLine.person_id)
        .join(JournalLine, JournalLine.position == HeldLine.position)
        .join(FeedEntry, shown)
        .where(FeedEntry.gone.is_(False), HeldLine.state != "waiting", HeldLine.decided_at < now - KEPT_FOR)
        .where(~still_waits)
        .group_by(HeldLine.operation_id, JournalLine.person_id)
        .order_by(func.min(HeldLine.position))
        .limit(AT_A_TIME)
    ).all()
    return [Publication(person_feed(row.person_id), HELD, row.operation_id, gone=True, reason=ARCHIVED) for row in rows]
