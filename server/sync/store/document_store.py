"""Writing a document of any type: its text and face, who sees it, its photo links, its evidence, its feeds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Insert, Update, bindparam, insert, select, update

from server.documents import types
from server.documents.document_type import Audience, DocumentType, Face
from server.documents.operation import Body
from server.documents.parts.photos import awaits_content
from server.models import Document, DocumentPerson, Person, PhotoLink
from server.sync.ledgers.seal import Sealer
from server.sync.store.evidence_rows import write_evidence
from server.sync.store.feeds import Publication, person_feed

# Made once: to put a statement together costs more than to run it.
NEW_DOCUMENT: Final = insert(Document)
CHANGED_DOCUMENT: Final = (
    update(Document)
    .where(Document.type == bindparam("its_type"), Document.id == bindparam("document"))
    .values({name: bindparam(name) for name in ("version", "body", "changed_at", "seal")})
)
LINKS_OF: Final = select(PhotoLink.photo_id, PhotoLink.awaited_since).where(
    PhotoLink.document_id == bindparam("document")
)
CHANGED_LINK: Final = (
    update(PhotoLink)
    .where(PhotoLink.document_id == bindparam("document"), PhotoLink.photo_id == bindparam("photo"))
    .values(awaited_since=bindparam("since"))
)
PEOPLE_OF: Final = select(DocumentPerson.person_id, DocumentPerson.sees, DocumentPerson.assignee).where(
    DocumentPerson.document_id == bindparam("document")
)
STORED: Final = select(Document.type, Document.version, Document.body).where(
    types.is_target(), Document.id == bindparam("document")
)

TYPE_OF: Final = select(Document.type).where(types.is_target(), Document.id == bindparam("document"))


def write_document(
    connection: Connection,
    kind: DocumentType,
    identity: str,
    version: int,
    body: Body,
    now: datetime,
    sealer: Sealer,
    is_new: bool = False,
) -> list[Publication]:
    """Store `body` as `version` of the document, sealed.

    Returns what the feeds of everybody who sees, or saw, it have to be told: the caller publishes that at the
    end of its transaction.
    """
    kind.complete(body)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    seal = sealer.seal(kind.name, identity, version, body)
    content = {"version": version, "body": text, "changed_at": now, "seal": seal}
    if is_new:
        connection.execute(NEW_DOCUMENT, {"type": kind.name, "id": identity} | content)
    else:
        connection.execute(CHANGED_DOCUMENT, {"its_type": kind.name, "document": identity} | content)
    if kind.face is not None:
        row = kind.face.columns(body, now)
        if is_new:
            connection.execute(_new_face(kind.face), {"id": identity} | row)
        else:
            connection.execute(_changed_face(kind.face), {"document": identity} | row)
    _link_photos(connection, kind.name, identity, body.get("photos", ()), now)
    write_evidence(connection, kind, identity, body, is_new)
    return _share(connection, kind, identity, body)


def write_again(
    connection: Connection, identity: str, body: Body, now: datetime, sealer: Sealer, kind: str, version: int
) -> list[Publication]:
    """The same for a document of which `version` stands: what it says changes without an operation on it, as where
    the content of its photos arrives."""
    return write_document(connection, types.TYPES[kind], identity, version + 1, body, now, sealer)


def stored(connection: Connection, identity: str) -> Any:  # Any: a row with type, version and body, or None
    """The document that operations name by this id."""
    return connection.execute(STORED, {"document": identity}).first()


def type_of(connection: Connection, identity: str) -> str | None:
    """The type of the document that operations name by this id; None where there is none."""
    return connection.execute(TYPE_OF, {"document": identity}).scalar_one_or_none()


@cache
def _new_face(face: Face) -> Insert:
    return insert(face.table)


@cache
def _changed_face(face: Face) -> Update:
    names = [column.name for column in face.table.columns if column.name != "id"]
    changed = update(face.table).where(face.table.c.id == bindparam("document"))
    return changed.values({name: bindparam(name) for name in names})


def _share(connection: Connection, kind: DocumentType, identity: str, body: Body) -> list[Publication]:
    """Bring the document's people up to date and say what each of their feeds shows."""
    known = {row.person_id: row for row in connection.execute(PEOPLE_OF, {"document": identity})}
    audience = kind.audience(body)
    seeing = audience.sees | _seeing_opener(connection, audience)
    publications = []
    for person_id in sorted(_existing(connection, seeing - known.keys()) | known.keys()):
        sees, assignee = person_id in seeing, person_id in audience.assignees
        row = known.get(person_id)
        if row is None:
            connection.execute(
                insert(DocumentPerson).values(
                    document_type=kind.name, document_id=identity, person_id=person_id, sees=sees, assignee=assignee
                )
            )
        elif (row.sees, row.assignee) != (sees, assignee):
            connection.execute(
                update(DocumentPerson)
                .where(DocumentPerson.document_id == identity, DocumentPerson.person_id == person_id)
                .values(sees=sees, assignee=assignee)
            )
        if sees or (row is not None and row.sees):
            reason = None if sees else audience.left_because
            publications.append(Publication(person_feed(person_id), kind.name, identity, not sees, reason))
    return publications


def _existing(connection: Connection, people: Iterable[str]) -> set[str]:
    """Those whom the database knows: a recalled document may name somebody who was lost with the server."""
    wanted = set(people)
    if not wanted:
        return set()
    return set(connection.execute(select(Person.id).where(Person.id.in_(wanted))).scalars())


def _seeing_opener(connection: Connection, audience: Audience) -> set[str]:
    """Whoever opened it, where they see it as long as nobody else does; the office sees all."""
    if audience.opener is None:
        return set()
    role = connection.execute(select(Person.role).where(Person.id == audience.opener)).scalar_one_or_none()
    return {audience.opener} if role == "technician" else set()


def _link_photos(connection: Connection, kind: str, identity: str, photos: Iterable[Any], now: datetime) -> None:
    """Bring the links up to date with the records, and since when each waits for its content."""
    if not photos:
        return
    known = {row.photo_id: row.awaited_since for row in connection.execute(LINKS_OF, {"document": identity})}
    photographers = _existing(connection, (photo["by"] for photo in photos if photo["id"] not in known))
    for photo in photos:
        awaited = awaits_content(photo)
        if photo["id"] in known:
            if (known[photo["id"]] is not None) != awaited:
                since = now if awaited else None
                connection.execute(CHANGED_LINK, {"document": identity, "photo": photo["id"], "since": since})
        elif photo["by"] in photographers:
            connection.execute(
                insert(PhotoLink).values(
                    photo_id=photo["id"],
                    document_type=kind,
                    document_id=identity,
                    sha256=photo["sha256"],
                    person_id=photo["by"],
                    awaited_since=now if awaited else None,
                )
            )
