"""What becomes of photo records when content arrives, is refused, or a preview comes first."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from server.documents.operation import Body
from server.documents.parts.needs import record_hints
from server.evidence.time_bounds import TimeBounds
from server.models import Batch, JournalLine, PhotoLink
from server.sync.ledgers.clocks import bounds_as_judged
from server.sync.ledgers.line import Line, parse_line
from server.sync.operations.held import took_effect
from server.sync.store.company import Company
from server.sync.store.document_store import stored, write_again
from server.sync.store.feeds import Publication, publish
from server.sync.store.locks import lock_documents
from server.sync.store.photo_lookups import photo_state, stored_facts

Fields = dict[str, Any]  # Any: JSON of a photo record
Record = Callable[[Fields, Body], Fields]


def content_arrived(connection: Connection, sha256: str, person_id: str, now: datetime, company: Company) -> None:
    """The original is stored: this person's records of it say `stored`, with the hints of what it says of itself."""

    def fields(photo: Fields, body: Body) -> Fields:
        return photo_state("stored", None) | {"hints": _hints(connection, photo, body, company)}

    _set_state(connection, sha256, person_id, fields, now, company)


def content_rejected(
    connection: Connection, sha256: str, person_id: str, reason: str, now: datetime, company: Company
) -> None:
    """The content is no photo: the records say so and why; the bytes are kept aside."""
    _set_state(connection, sha256, person_id, lambda *_: photo_state("rejected", reason), now, company)


def preview_arrived(connection: Connection, sha256: str, person_id: str, now: datetime, company: Company) -> None:
    """A preview is there while the original is missing. It has no EXIF, and nothing is made of its pixels."""

    def fields(photo: Fields, _body: Body) -> Fields:
        return {"state": "preview"} if photo["state"] == "missing" else {}

    _set_state(connection, sha256, person_id, fields, now, company)


def _hints(connection: Connection, photo: Fields, body: Body, company: Company) -> list[Fields]:
    """The hints on a record, by the bounds on the time of the line that made it; without that line by the time that
    the record itself has."""
    bounds = _bounds(connection, photo["operation"])
    at = datetime.fromisoformat(photo["at"])
    earliest, latest = (bounds.earliest, bounds.latest) if bounds else (at, at)
    return record_hints(stored_facts(connection, photo["sha256"]), photo, body, earliest, latest, company.zone)


def _bounds(connection: Connection, operation_id: str) -> TimeBounds | None:
    """When the record was made, judged as it was when its line came in; None where the journal has no such line."""
    row = connection.execute(
        select(JournalLine.bytes, JournalLine.inputs, JournalLine.received_at, Batch.sent)
        .join(Batch, Batch.id == JournalLine.batch_id)
        .where(JournalLine.operation_id == operation_id, JournalLine.repeated.is_(False))
        .where(JournalLine.kind == "photo.add", took_effect())
        .limit(1)
    ).first()
    line = None if row is None else parse_line(row.bytes)
    if row is None or not isinstance(line, Line):
        return None
    return bounds_as_judged(line, json.loads(row.inputs), row.sent, row.received_at)


def _set_state(
    connection: Connection, sha256: str, person_id: str, fields: Record, now: datetime, company: Company
) -> None:
    """Knowing a hash gives nobody a photo: only records by the person who delivered the content change."""
    named = (
        connection.execute(
            select(PhotoLink.document_id).where(PhotoLink.sha256 == sha256, PhotoLink.person_id == person_id).distinct()
        )
        .scalars()
        .all()
    )
    lock_documents(connection, named)
    publications: list[Publication] = []
    for identity in named:
        row = stored(connection, identity)
        body = json.loads(row.body)
        changed = False
        for photo in body["photos"]:
            mine = photo["sha256"] == sha256 and photo["by"] == person_id
            told = fields(photo, body) if mine else {}
            if not told.items() <= photo.items():
                photo.update(told)
                changed = True
        if changed:
            publications += write_again(connection, identity, body, now, company.sealer, row.type, row.version)
    publish(connection, publications)
