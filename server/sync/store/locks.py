"""Locks of a write transaction that PostgreSQL needs; SQLite lets one writer in at a time.

A transaction takes what it will decide upon before it reads it, in one order: who had another id, photos, how photos
look, documents, then what hints compare with. So what it reads stays true until its commit, and two of them seldom
wait for each other; where they do, one is run again (server.database.write).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from zlib import crc32

from sqlalchemy import Connection, Integer, column, func, select, values

from server.documents import types
from server.models import Document
from server.sync.ledgers.line import Line, parse_line

# There is no row yet to lock for a document that is about to appear, or for a photo that is about to arrive. Their
# ids share this many locks, because a transaction that takes a whole spreadsheet in must not use up the server's.
SHARED: Final = 1024
DOCUMENTS: Final = 0x756E01
PHOTOS: Final = 0x756E02
LOOKS: Final = 0x756E03
SIGHTINGS: Final = 0x756E04
STROKES: Final = 0x756E05
LOADS: Final = 0x756E06
FORMER_PEOPLE: Final = 0x756E07


def lock_for_lines(connection: Connection, lines: Iterable[bytes]) -> None:
    """Lock what a batch is about: the documents that are its targets, and the photos that it names."""
    if connection.dialect.name == "sqlite":
        return
    naming = types.naming_kinds()
    read = [line for line in map(parse_line, lines) if isinstance(line, Line)]
    if any(line.kind in naming for line in read):
        lock_former_people(connection, shared=True)
    lock_photos(connection, (line.data.get("sha256") for line in read if line.kind == "photo.add"))
    lock_documents(connection, (line.target for line in read if line.target is not None))


def lock_documents(connection: Connection, ids: Iterable[str]) -> None:
    """Nobody else changes or opens these documents until the transaction ends."""
    wanted = sorted(set(ids))
    if connection.dialect.name == "sqlite" or not wanted:
        return
    rows = select(Document.id).where(types.is_target(), Document.id.in_(wanted))
    known = set(connection.execute(rows.order_by(Document.id).with_for_update()).scalars())
    _lock_names(connection, DOCUMENTS, (identity for identity in wanted if identity not in known))


def lock_photos(connection: Connection, hashes: Iterable[object]) -> None:
    """Neither does a content of these hashes arrive, nor a record that names one, until the transaction ends.

    Otherwise each could miss the other, and the record would say `missing` for good.
    """
    if connection.dialect.name != "sqlite":
        _lock_names(connection, PHOTOS, (name for name in hashes if isinstance(name, str)))


def lock_looks(connection: Connection) -> None:
    """Nobody else notes how a photo looks until the transaction ends: two that came at once would miss each other."""
    if connection.dialect.name != "sqlite":
        connection.execute(select(func.pg_advisory_xact_lock(LOOKS)))


def lock_sightings(connection: Connection, person_id: str) -> None:
    """Nobody else notes where this person was until the transaction ends: two arrivals would miss each other."""
    if connection.dialect.name != "sqlite":
        _lock_names(connection, SIGHTINGS, [person_id])


def lock_strokes(connection: Connection, digest: str) -> None:
    """Nobody else notes a signature with these strokes until the transaction ends."""
    if connection.dialect.name != "sqlite":
        _lock_names(connection, STROKES, [digest])


def lock_loads(connection: Connection) -> None:
    """No other load brings what a company keeps on file until the transaction ends: both would begin from what was
    there, and one's warranty terms or first stock would be gone."""
    if connection.dialect.name != "sqlite":
        connection.execute(select(func.pg_advisory_xact_lock(LOADS)))


def lock_former_people(connection: Connection, shared: bool = False) -> None:
    """Nobody is said to have had another id before until the transaction ends; many may rely on that at once where it
    is `shared`."""
    if connection.dialect.name != "sqlite":
        many, one = func.pg_advisory_xact_lock_shared(FORMER_PEOPLE), func.pg_advisory_xact_lock(FORMER_PEOPLE)
        connection.execute(select(many if shared else one))


def _lock_names(connection: Connection, kind: int, names: Iterable[str]) -> None:
    keys = sorted({crc32(name.encode()) % SHARED for name in names})
    if keys:
        listed = values(column("key", Integer), name="wanted").data([(key,) for key in keys])
        locked = select(func.pg_advisory_xact_lock(kind, listed.c.key)).order_by(listed.c.key)
        connection.execute(locked).all()
