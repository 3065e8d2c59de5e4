"""Feeds: the ordered lists of documents that changed, for the people who may see them.

A feed's numbers are handed out by updating the feed's row, which the database keeps locked until the
transaction ends: whoever gets n+1 waits until n is committed or gone. So a reader that has seen n can never
miss anything at or below n, on SQLite (one writer) as on PostgreSQL (row lock). Rows are taken in the order of
their names, so that two writers cannot wait for each other.
"""

from __future__ import annotations

import json
import math
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select, update

from server.documents import types
from server.documents.document_type import REASSIGNED
from server.models import Document, Feed, FeedEntry
from server.sync.store.facts_store import fact, remember

COMPANY: Final = "company"
MAX_BODY_BYTES: Final = 512 * 1024
FIRST_NUMBER: Final = "first_number"
LEAST_BETWEEN: Final = 1 << 20
MOST_BETWEEN: Final = 1 << 40

# Made once: to put a statement together costs more than to run it.
TAKE_NUMBERS: Final = (
    update(Feed)
    .where(Feed.name == bindparam("of_name"))
    .values(head=Feed.head + bindparam("count"))
    .returning(Feed.head)
)
OLD_ENTRY: Final = delete(FeedEntry).where(
    FeedEntry.feed == bindparam("of_feed"),
    FeedEntry.type == bindparam("of_type"),
    FeedEntry.document_id == bindparam("of_document"),
)
NEW_ENTRY: Final = insert(FeedEntry)
HEADS: Final = select(Feed.name, Feed.head).where(Feed.name.in_(bindparam("feeds", expanding=True)))
ENTRIES: Final = (
    select(
        FeedEntry.seq,
        FeedEntry.type,
        FeedEntry.document_id,
        FeedEntry.gone,
        FeedEntry.reason,
        Document.version,
        Document.body,
        Document.seal,
    )
    .outerjoin(Document, and_(Document.type == FeedEntry.type, Document.id == FeedEntry.document_id))
    .where(
        FeedEntry.feed == bindparam("of_feed"),
        FeedEntry.seq > bindparam("cursor"),
        FeedEntry.seq <= bindparam("head"),
    )
    .order_by(FeedEntry.seq)
    .limit(bindparam("most"))
)

# One entry a document: what whoever has read to the feed's head holds of it.
HELD: Final = select(func.count()).where(FeedEntry.feed == bindparam("of_feed"), FeedEntry.gone.is_(False))


def person_feed(person_id: str) -> str:
    """The name of a person's own feed."""
    return f"person:{person_id}"


def feeds_of(person_id: str) -> list[str]:
    """The feeds that a person may read."""
    return [person_feed(person_id), COMPANY]


@dataclass(frozen=True)
class Publication:
    """A document's new place in a feed; `gone` with a reason where it left the feed."""

    feed: str
    type: str
    document_id: str
    gone: bool = False
    reason: str | None = None


def publish(connection: Connection, publications: Iterable[Publication]) -> None:
    """Move each document to the end of its feed; call it last in a transaction, it holds the feeds' rows."""
    by_feed: dict[str, dict[tuple[str, str], Publication]] = {}
    for entry in publications:
        by_feed.setdefault(entry.feed, {})[(entry.type, entry.document_id)] = entry
    for name in sorted(by_feed):
        entries = list(by_feed[name].values())
        head = _take_numbers(connection, name, len(entries))
        for seq, entry in enumerate(entries, start=head - len(entries) + 1):
            old = {"of_feed": name, "of_type": entry.type, "of_document": entry.document_id}
            connection.execute(OLD_ENTRY, old)
            row = {"feed": name, "seq": seq, "type": entry.type, "document_id": entry.document_id}
            connection.execute(NEW_ENTRY, row | {"gone": entry.gone, "reason": entry.reason})


def _take_numbers(connection: Connection, name: str, count: int) -> int:
    """Lock the feed's row, making it where it is new, and return the last of `count` fresh numbers."""
    taken = {"of_name": name, "count": count}
    head = connection.execute(TAKE_NUMBERS, taken).scalar_one_or_none()
    if head is not None:
        return int(head)
    dialect = connection.dialect.name
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as upsert
    else:
        from sqlalchemy.dialects.sqlite import insert as upsert  # type: ignore[assignment]  # same interface
    connection.execute(upsert(Feed).values(name=name, head=first_number(connection)).on_conflict_do_nothing())
    return int(connection.execute(TAKE_NUMBERS, taken).scalar_one())


def first_number(connection: Connection) -> int:
    """The number from which on this history counts: what is below was given out before a restore."""
    return int(fact(connection, FIRST_NUMBER) or 0)


def number_anew(connection: Connection) -> None:
    """Give every place another number, in the same order: one that no history before has given out, so that a cursor
    says by itself whether it is of this one. Where a history begins, in the caller's transaction.

    How far a history went that was lost is not known, and two restores may begin with the same backup: so it is chance
    by how much numbers grow, by 2^20 at least and by 2^40 at most. A client's numbers have 53 bits.
    """
    before = first_number(connection)
    highest = connection.scalar(select(func.max(Feed.head))) or before
    more = highest - before + secrets.randbelow(MOST_BETWEEN - LEAST_BETWEEN) + LEAST_BETWEEN
    connection.execute(update(FeedEntry).values(seq=FeedEntry.seq + more))
    connection.execute(update(Feed).values(head=Feed.head + more))
    remember(connection, FIRST_NUMBER, str(before + more))


def put_document(
    connection: Connection,
    kind: str,
    identity: str,
    body: Mapping[str, Any],
    now: datetime,  # Any: JSON
) -> bool:
    """Write a company document (part, checklist, rules, person) and publish it; False where it is unchanged."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    where = and_(Document.type == kind, Document.id == identity)
    row = connection.execute(select(Document.version, Document.body).where(where).with_for_update()).first()
    if row is None:
        connection.execute(insert(Document).values(type=kind, id=identity, version=1, body=text, changed_at=now))
    elif json.loads(row.body) == dict(body):
        return False
    else:
        connection.execute(update(Document).where(where).values(version=row.version + 1, body=text, changed_at=now))
    publish(connection, [Publication(COMPANY, kind, identity)])
    return True


@dataclass(frozen=True)
class Changes:
    """What a device has not seen: ready JSON texts of the changes, the new cursors, and whether to ask again.

    `holds` says how many documents there are in each feed whose head these changes reach: every change moves the head,
    so the number is good until the cursor moves again.
    """

    texts: list[str]
    cursors: dict[str, int]
    reset: list[str]
    holds: dict[str, int]
    more: bool


def changes_since(
    connection: Connection, feeds: list[str], cursors: Mapping[str, int], same_epoch: bool | None, limit: int
) -> Changes:
    """Up to `limit` changes, about MAX_BODY_BYTES of bodies, of `feeds` after `cursors`. Where nobody says of which
    epoch these are (`same_epoch` is None), their numbers do.

    A cursor of another epoch, or ahead of the feed's head, sends that feed from the start and names it in
    `reset`; so does the cursor of a feed that is not this person's, which is named and otherwise passed over.
    """
    heads = {row.name: row.head for row in connection.execute(HEADS, {"feeds": feeds})}
    result = Changes([], {}, [name for name in cursors if name not in feeds], {}, False)
    lowest = _lowest_known(connection, same_epoch) if any(cursors.values()) else 0
    size = 0
    more = False
    for name in feeds:
        cursor, head = cursors.get(name, 0), heads.get(name, 0)
        if cursor > 0 and (cursor < lowest or cursor > head):
            result.reset.append(name)
            cursor = 0
        if cursor < head:
            room = limit - len(result.texts)
            cursor, size, unfinished = _read_feed(connection, name, cursor, head, room, size, result.texts)
            if not unfinished:
                result.holds[name] = int(connection.execute(HELD, {"of_feed": name}).scalar_one())
            more = more or unfinished
        result.cursors[name] = cursor
    return replace(result, more=more)


def _lowest_known(connection: Connection, same_epoch: bool | None) -> float:
    if same_epoch is None:
        return first_number(connection)
    return 0 if same_epoch else math.inf


def _read_feed(
    connection: Connection, name: str, cursor: int, head: int, room: int, size: int, texts: list[str]
) -> tuple[int, int, bool]:
    """Append what follows `cursor`; returns the new cursor, the bytes so far and whether something is left."""
    if room <= 0 or size >= MAX_BODY_BYTES:
        return cursor, size, True
    between = {"of_feed": name, "cursor": cursor, "head": head, "most": room + 1}
    rows = connection.execute(ENTRIES, between)
    for count, row in enumerate(rows):
        if count == room or size >= MAX_BODY_BYTES:
            rows.close()
            return cursor, size, True
        texts.append(_change_text(name, row))
        cursor = int(row.seq)
        size += 0 if row.gone else len(row.body)
    return head, size, False


def _change_text(feed: str, row: Any) -> str:  # Any: a row of the select above
    start = {"feed": feed, "seq": row.seq, "type": row.type, "id": row.document_id}
    if row.gone:
        to = {"to": _whose(row)} if row.reason == REASSIGNED and row.body else {}
        return json.dumps(start | {"gone": True, "reason": row.reason} | to, separators=(",", ":"))
    seal = {"seal": row.seal} if row.seal else {}
    text = json.dumps(start | {"version": row.version} | seal, separators=(",", ":"))
    # The body is stored as the JSON that devices get: it is placed in, not parsed and written again.
    return f'{text[:-1]},"body":{row.body}}}'


def _whose(row: Any) -> list[str]:  # Any: a row of the select above
    kind = types.TYPES.get(row.type)
    return [] if kind is None else list(kind.audience(json.loads(row.body)).assignees)
