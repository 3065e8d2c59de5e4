"""Taking a backup while the server serves."""

from __future__ import annotations

import io
import os
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, func, select, text

from server.keeping import archive
from server.keeping.archive import End, Manifest
from server.keeping.rows import AT_A_TIME, write_rows
from server.photos import CONTENT_ROOMS, ContentMissing, PhotoStore
from server.sync.store.facts_store import epoch

Progress = Callable[[str, int, int], None]
"""(part, done, total)"""


@dataclass(frozen=True)
class Taken:
    """What a backup holds."""

    rows: int
    photos: int


def write_backup(
    connection: Connection, photos: PhotoStore, secret: str, version: str, now: datetime, file: Path,
    progress: Progress, former: Sequence[str] = (),
) -> Taken:  # fmt: skip
    """Write the whole company to `file`, which has its name only once it is whole and on the disk.

    `former` are secrets of before. `connection` sees one moment; photo content that comes in later may be in the file
    as well, which does no harm.
    Raises OSError where it cannot be written, FileExistsError where `file` is there, RowTooLong.
    """
    if file.exists():
        raise FileExistsError(file)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as out:
            with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
                taken = _Writer(tar, now, progress).write(connection, photos, (secret, *former), version)
            out.flush()
            os.fsync(out.fileno())
        os.link(name, file)
    finally:
        Path(name).unlink(missing_ok=True)
    return taken


class _Writer:
    """Puts members into one tar file."""

    def __init__(self, tar: tarfile.TarFile, now: datetime, progress: Progress) -> None:
        self._tar = tar
        self._now = now
        self._progress = progress
        self._hashes: dict[str, str] = {}

    def write(self, connection: Connection, photos: PhotoStore, secrets: Sequence[str], version: str) -> Taken:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        manifest = Manifest(archive.FORMAT, version, revision, epoch(connection), self._now.isoformat())
        self._add_bytes(archive.MANIFEST, manifest.as_bytes())
        self._add_bytes(archive.SECRET, secrets[0].encode())
        if secrets[1:]:
            self._add_bytes(archive.FORMER, "\n".join(secrets[1:]).encode())
        columns, rows = self._add_tables(connection)
        contents = self._add_photos(photos)
        end = End(columns, dict(self._hashes), contents, rows)
        self._add_bytes(archive.END, end.as_bytes())
        return Taken(sum(rows.values()), contents)

    def _add_tables(self, connection: Connection) -> tuple[dict[str, list[str]], dict[str, int]]:
        rows: dict[str, int] = {}
        every = archive.tables()
        for table in every:
            total = connection.execute(select(func.count()).select_from(table)).scalar_one()
            self._progress(table.name, 0, total)
            with tempfile.TemporaryFile() as packed:
                query = select(table).order_by(*table.primary_key.columns)
                found = connection.execution_options(yield_per=AT_A_TIME).execute(query)
                rows[table.name] = write_rows(table, found, packed)
                self._add(archive.part_of(table.name), packed)
            self._progress(table.name, total, total)
        return {table.name: [column.name for column in table.columns] for table in every}, rows

    def _add_photos(self, photos: PhotoStore) -> int:
        every = [(room, sha256) for room in CONTENT_ROOMS for sha256 in photos.each(room)]
        self._progress(archive.PHOTOS, 0, len(every))
        added = 0
        for done, (room, sha256) in enumerate(every, start=1):
            # What was refused may be dropped meanwhile.
            with suppress(ContentMissing), photos.open(room, sha256) as content:
                self._add(f"{archive.PHOTOS}/{room}/{sha256}", content, hashed=False)
                added += 1
            self._progress(archive.PHOTOS, done, len(every))
        return added

    def _add_bytes(self, name: str, content: bytes) -> None:
        self._add(name, io.BytesIO(content))

    def _add(self, name: str, content: IO[bytes], hashed: bool = True) -> None:
        """Photo content needs no hash beside it: its name is its hash."""
        member = tarfile.TarInfo(name)
        member.size = content.seek(0, os.SEEK_END)
        member.mtime, member.mode = int(self._now.timestamp()), 0o600
        content.seek(0)
        if hashed:
            self._hashes[name] = archive.hash_of(content)
            content.seek(0)
        self._tar.addfile(member, content)
