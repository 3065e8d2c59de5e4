"""Bringing a backup back, as the beginning of a new history."""

from __future__ import annotations

import json
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import Connection, Table, delete, func, insert, select, text, update
from sqlalchemy import column as light_column
from sqlalchemy import table as light_table

from server.keeping import archive
from server.keeping.archive import Manifest
from server.keeping.backup import AT_A_TIME, Progress
from server.models import Base, Device, Person, SessionToken
from server.photos import PhotoStore, Room
from server.sync.facts_store import new_epoch, remember

MAX_JSON: Final = 64 * 1024 * 1024


class BadBackup(Exception):
    """A file that cannot be brought back; `code` is a message `restore-problem-<code>`."""

    def __init__(self, code: str, **figures: object) -> None:
        super().__init__(code)
        self.code = code
        self.figures = figures


@dataclass(frozen=True)
class Opened:
    """A backup whose every part was found whole."""

    file: Path
    manifest: Manifest
    columns: dict[str, list[str]]
    secret: str
    photos: int
    former: tuple[str, ...] = ()


def open_backup(file: Path) -> Opened:
    """Read a backup once through, and compare every hash. Raises BadBackup (not_a_backup, cut_off, damaged)."""
    hashes: dict[str, str] = {}
    kept: dict[str, bytes] = {}
    damaged: list[str] = []
    photos = 0
    try:
        for name, content in _members(file):
            found = archive.hash_of(content)
            if name.startswith(f"{archive.PHOTOS}/"):
                photos += 1
                if not name.endswith(f"/{found}"):
                    damaged.append(name)
                continue
            hashes[name] = found
            if name in (archive.MANIFEST, archive.END, archive.SECRET, archive.FORMER):
                content.seek(0)
                kept[name] = content.read(MAX_JSON)
        manifest = Manifest.read(kept[archive.MANIFEST])
    except (tarfile.TarError, ValueError, KeyError, OSError, EOFError) as error:
        raise BadBackup("not_a_backup") from error
    if archive.END not in kept:
        raise BadBackup("cut_off")
    end = json.loads(kept[archive.END])
    damaged += [name for name, sha256 in end["sha256"].items() if hashes.get(name) != sha256]
    if damaged or photos != end["photos"]:
        raise BadBackup("damaged", names=", ".join(sorted(damaged)[:10]) or archive.PHOTOS)
    if manifest.format != archive.FORMAT:
        raise BadBackup("unknown_format", format=manifest.format)
    former = tuple(kept.get(archive.FORMER, b"").decode().splitlines())
    return Opened(file, manifest, end["columns"], kept[archive.SECRET].decode(), photos, former)


def restore_rows(connection: Connection, opened: Opened, now: datetime, progress: Progress) -> str:
    """Replace what is in the database, whose schema is that of the backup, by the backup; returns the new epoch.

    In the caller's transaction. Office ledgers begin anew under other ids, since their numbers after the backup
    were given out once; phones go on with theirs.
    """
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in opened.columns or table.name in archive.LEFT_OUT:
            connection.execute(delete(table))
    by_name = {table.name: table for table in archive.tables()}
    for name, content in _members(opened.file):
        room, _, rest = name.partition("/")
        table = by_name.get(rest.removesuffix(".ndjson.gz")) if room == archive.TABLES else None
        if table is not None:
            _fill(connection, table, opened.columns[table.name], content, progress)
    _go_on_counting(connection, opened)
    office = select(Device.id).where(Device.kind == "office")
    connection.execute(delete(SessionToken).where(SessionToken.kind == "office"))
    connection.execute(update(Device).where(Device.id.in_(office), Device.revoked_at.is_(None)).values(revoked_at=now))
    epoch = new_epoch()
    remember(connection, "epoch", epoch)
    return epoch


def restore_photos(photos: PhotoStore, opened: Opened, progress: Progress) -> None:
    """Put the backup's photo content beside what is there; content is known by its hash and replaces nothing."""
    done = 0
    progress(archive.PHOTOS, 0, opened.photos)
    for name, content in _members(opened.file):
        top, _, rest = name.partition("/")
        room, _, sha256 = rest.partition("/")
        if top != archive.PHOTOS:
            continue
        with tempfile.NamedTemporaryFile() as file:
            while piece := content.read(1 << 20):
                file.write(piece)
            file.flush()
            photos.put(Room(room), sha256, Path(file.name))
        done += 1
        progress(archive.PHOTOS, done, opened.photos)


def is_empty(connection: Connection) -> bool:
    """Whether nobody works with this database yet."""
    return connection.execute(select(func.count()).select_from(Person)).scalar_one() == 0


def _members(file: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(file, mode="r:") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is None:
                raise ValueError(f"{member.name} is no file")
            yield member.name, content


def _fill(connection: Connection, table: Table, names: list[str], content: IO[bytes], progress: Progress) -> None:
    rows = archive.read_rows(table, names, content)
    # The table as the backup knew it: a newer version's columns are filled by the migrations that follow.
    kinds = {column.name: column.type for column in table.columns}
    then = light_table(table.name, *(light_column(name, kinds.get(name)) for name in names))
    progress(table.name, 0, 1)
    while batch := list(islice(rows, AT_A_TIME)):
        connection.execute(insert(then), batch)
    progress(table.name, 1, 1)


def _go_on_counting(connection: Connection, opened: Opened) -> None:
    """Let PostgreSQL's counters begin after the rows that came; SQLite looks at the rows themselves. Tables that the
    backup does not know may not be there yet, and count from the beginning."""
    if connection.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        column: Any = table.autoincrement_column  # Any: a column or None
        if column is None or table.name not in opened.columns:
            continue
        statement = text(
            f"SELECT setval(pg_get_serial_sequence(:table, :column),"
            f" (SELECT COALESCE(MAX({column.name}), 0) + 1 FROM {table.name}), false)"
        )
        if connection.execute(
            text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name}
        ).scalar_one():
            connection.execute(statement, {"table": table.name, "column": column.name})
