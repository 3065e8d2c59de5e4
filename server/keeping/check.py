"""Whether all that is kept holds together: ledgers, documents, feeds, photos.

Nothing is repaired here: a finding says what a person has to look at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, exists, func, literal, select

from server.documents import types
from server.documents.work_order.type import WORK_ORDER
from server.keeping.archive import hash_of as hash_of_content
from server.keeping.check_content import check_content
from server.keeping.check_former import check_former
from server.keeping.check_held import check_held
from server.keeping.check_settled import check_settled
from server.keeping.finding import Finding
from server.models import (
    Batch,
    Device,
    Document,
    DocumentPerson,
    Feed,
    FeedEntry,
    JournalLine,
    PhotoContent,
    PhotoPreview,
)  # fmt: skip
from server.photos import ContentMissing, PhotoStore, Room
from server.photos.dropping import DROPPED
from server.sync.exchange.replay import NotReplayable, differing, replayed, stored
from server.sync.ledgers.ledger import signature_fits
from server.sync.ledgers.line import FIRST_PREV, Line, hash_of, parse_line
from server.sync.store import document_store
from server.sync.store.evidence_rows import kept_rows, rows_of
from server.sync.store.feeds import person_feed

# A company has a million orders, and a ledger may be as long: what is looked through is not held at once.
STREAMED: Final = {"yield_per": 500}
# A line may break the chain, or come with a signature that does not fit, only where it was held for that.
_MAY_BREAK: Final = frozenset({"broken_chain", "unreadable", "bad_signature", "device_revoked"})


def check_ledgers(connection: Connection) -> Iterator[Finding]:
    """Every ledger: no gap, every hash and link of the chain, the signature of every batch, what is acknowledged."""
    ledgers = select(Device.id, Device.public_key, Device.acknowledged, Device.head_hash).order_by(Device.id)
    for device in connection.execute(ledgers, execution_options=STREAMED):
        yield from _check_ledger(connection, device)


def _check_ledger(connection: Connection, device: Any) -> Iterator[Finding]:  # Any: a row of device
    prev, expected = FIRST_PREV, 1
    rows = connection.execute(
        select(JournalLine.seq, JournalLine.bytes, JournalLine.hash, JournalLine.reason, JournalLine.status,
               JournalLine.batch_id, Batch.last_seq, Batch.signature)
        .join(Batch, Batch.id == JournalLine.batch_id)
        .where(JournalLine.device_id == device.id)
        .order_by(JournalLine.seq),
        execution_options=STREAMED,
    )  # fmt: skip
    for row in rows:
        where: dict[str, str | int] = {"device": device.id, "seq": row.seq}
        if row.seq != expected:
            yield Finding("ledger-gap", where | {"expected": expected})
        found = hash_of(row.bytes)
        if found != row.hash:
            yield Finding("line-changed", where)
        line = parse_line(row.bytes)
        excused = row.status == "held" and row.reason in _MAY_BREAK
        if not excused and (not isinstance(line, Line) or line.prev != prev or line.seq != row.seq):
            yield Finding("chain-broken", where)
        if row.seq == row.last_seq and not excused and not signature_fits(device.public_key, row.signature, row.bytes):
            yield Finding("signature-differs", where)
        prev, expected = found, row.seq + 1
    if (device.acknowledged, device.head_hash) != (expected - 1, prev):
        yield Finding("head-differs", {"device": device.id, "acknowledged": device.acknowledged, "has": expected - 1})


def check_documents(connection: Connection) -> Iterator[Finding]:
    """Every document equals what the journal makes of it, and its face and its evidence in lists are its own."""
    of_documents = select(Document.id).where(Document.type.in_(types.TYPES))
    of_journal = select(JournalLine.document_id).where(
        JournalLine.document_type.in_(types.TYPES), JournalLine.status.in_(("applied", "merged", "conflict"))
    )
    found = of_documents.union(of_journal).order_by("id")
    for identity in connection.execute(found, execution_options=STREAMED).scalars():
        try:
            made, held = replayed(connection, identity), stored(connection, identity)
        except NotReplayable as error:
            yield Finding("not-replayable", {"order": identity, "position": error.position, "why": error.why})
            continue
        names = differing(made, held)
        if names:
            yield Finding("document-differs", {"order": identity, "parts": ", ".join(names)})
        if held:
            yield from _check_kept(connection, identity)


def _check_kept(connection: Connection, identity: str) -> Iterator[Finding]:
    """What is kept beside a document agrees with it."""
    row = document_store.stored(connection, identity)
    kind, body = types.TYPES[row.type], json.loads(row.body)
    if kind.face is not None:
        table = kind.face.table
        faced = connection.execute(select(kind.face.number).where(table.c.id == identity)).scalar_one_or_none()
        if faced != body["number"]:
            yield Finding("face-differs", {"order": identity})
    if kept_rows(connection, identity) != rows_of(kind, body):
        yield Finding("evidence-differs", {"order": identity})
    yield from check_content(connection, identity, body)
    if kind is WORK_ORDER:
        yield from check_settled(connection, identity, body)


def check_feeds(connection: Connection) -> Iterator[Finding]:
    """Every feed carries what its person sees, with numbers that it has given out."""
    ahead = (
        select(FeedEntry.feed, func.max(FeedEntry.seq).label("seq"), func.max(Feed.head).label("head"))
        .outerjoin(Feed, Feed.name == FeedEntry.feed)
        .group_by(FeedEntry.feed)
    )
    for entry in connection.execute(ahead):
        if entry.head is None or entry.seq > entry.head:
            yield Finding("feed-ahead", {"feed": entry.feed, "seq": entry.seq})
    carried = exists().where(
        FeedEntry.feed == literal(person_feed("")) + DocumentPerson.person_id,
        FeedEntry.type == DocumentPerson.document_type,
        FeedEntry.document_id == DocumentPerson.document_id,
        FeedEntry.gone.is_(False),
    )
    lacking = select(DocumentPerson.document_id, DocumentPerson.person_id).where(DocumentPerson.sees, ~carried)
    for row in connection.execute(lacking, execution_options=STREAMED):
        yield Finding("feed-lacks", {"feed": person_feed(row.person_id), "order": row.document_id})


def check_photos(connection: Connection, photos: PhotoStore) -> Iterator[Finding]:
    """Every photo that the database knows is kept, and its bytes have the hash that names it. What was refused and
    dropped after its time is not looked for."""
    known = [
        (Room.ORIGINAL if row.state == "stored" else Room.REFUSED, row.sha256)
        for row in connection.execute(
            select(PhotoContent.sha256, PhotoContent.state)
            .where(PhotoContent.state != DROPPED)
            .order_by(PhotoContent.sha256)
        )
    ]
    previews = select(PhotoPreview.preview_sha256).distinct().order_by(PhotoPreview.preview_sha256)
    known += [(Room.PREVIEW, sha256) for sha256 in connection.execute(previews).scalars()]
    for room, sha256 in known:
        try:
            with photos.open(room, sha256) as content:
                if hash_of_content(content) != sha256:
                    yield Finding("photo-differs", {"photo": sha256})
        except ContentMissing:
            yield Finding("photo-missing", {"photo": sha256})


def check_all(connection: Connection, photos: PhotoStore) -> Iterator[Finding]:
    """Everything that can be checked; `connection` sees one moment."""
    yield from check_ledgers(connection)
    yield from check_documents(connection)
    yield from check_held(connection)
    yield from check_former(connection)
    yield from check_feeds(connection)
    yield from check_photos(connection, photos)
