"""Reading a backup through before anything of it is brought back: every part whole, none that does not belong there.

What a file costs here is a few tables' names and hashes, whatever it holds: parts are read in pieces, and each small
one has a bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from sqlalchemy import Table

from server.keeping import archive
from server.keeping.archive import End, Manifest
from server.keeping.members import members
from server.keeping.refusing import BadBackup, shown
from server.keeping.rows import BadRow, Rows, read_rows
from server.photos import CONTENT_ROOMS, Room
from server.secret_key import LONGEST

SMALL: Final = {archive.MANIFEST: 64 << 10, archive.SECRET: LONGEST, archive.FORMER: LONGEST, archive.END: 1 << 20}
"""The most bytes of the parts that are kept in memory."""
NAMED: Final = 10
_PHOTO: Final = re.compile(rf"{archive.PHOTOS}/({'|'.join(CONTENT_ROOMS)})/([0-9a-f]{{64}})")
_TABLE: Final = re.compile(rf"{archive.TABLES}/({archive.NAME.pattern})\.ndjson\.gz")


@dataclass(frozen=True)
class Opened:
    """A backup whose every part was found whole."""

    file: Path
    manifest: Manifest
    end: End
    secret: str
    former: tuple[str, ...]

    def tables(self) -> Iterator[tuple[Table, IO[bytes]]]:
        """The tables that this version knows, with their content. Raises BadBackup."""
        by_name = {table.name: table for table in archive.readable_tables()}
        for name, content in _members(self.file):
            found = _TABLE.fullmatch(name)
            if found is not None and (table := by_name.get(found.group(1))) is not None:
                yield table, content

    def rows(self, table: Table, content: IO[bytes]) -> Iterator[Rows]:
        """The rows of a table, some at a time. Raises BadBackup: wrong_row, damaged where there are fewer or more than
        the backup says."""
        counted, said = 0, self.end.rows.get(table.name)
        try:
            for batch in read_rows(table, self.end.columns[table.name], content):
                counted += len(batch)
                if said is not None and counted > said:
                    break
                yield batch
        except BadRow as error:
            raise BadBackup("wrong_row", table=table.name, row=error.row) from error
        if said not in (None, counted):
            raise BadBackup("damaged", names=archive.part_of(table.name))

    def photos(self) -> Iterator[tuple[Room, str, IO[bytes]]]:
        """Every photo: its room, its SHA-256, its content. Raises BadBackup."""
        for name, content in _members(self.file):
            if found := _PHOTO.fullmatch(name):
                yield Room(found.group(1)), found.group(2), content


def open_backup(file: Path) -> Opened:
    """Read a backup once through, and compare every hash.

    Raises BadBackup: not_a_backup, unknown_format, cut_off, damaged, strange_part, too_large, more_after_end.
    """
    parts = _Parts()
    for name, content in _members(file):
        parts.take(name, content)
    return parts.opened(file)


def check_rows(opened: Opened) -> None:
    """Read every row once as it will be read to bring it back. Raises BadBackup as `Opened.rows`."""
    for table, content in opened.tables():
        for _ in opened.rows(table, content):
            pass


def _members(file: Path) -> Iterator[tuple[str, IO[bytes]]]:
    if not file.is_file():
        raise BadBackup("not_a_backup")  # a device or a pipe may never end
    try:
        with file.open("rb") as source:
            yield from members(source)
    except OSError as error:
        raise BadBackup("not_a_backup") from error


class _Parts:
    """What was found in a file so far: the small parts, the hashes of the others."""

    def __init__(self) -> None:
        self._manifest: Manifest | None = None
        self._small: dict[str, bytes] = {}
        self._hashes: dict[str, str] = {}
        self._photos = 0
        self._damaged: list[str] = []

    def take(self, name: str, content: IO[bytes]) -> None:
        """The next part."""
        if archive.END in self._small:
            raise BadBackup("more_after_end")
        if self._manifest is None:
            self._begin(name, content)
        elif found := _PHOTO.fullmatch(name):
            self._photos += 1
            if archive.hash_of(content) != found.group(2):
                self._note_damaged(name)
        elif name in self._hashes or not (name in SMALL or _TABLE.fullmatch(name)):
            raise BadBackup("strange_part", name=shown(name))
        else:
            self._add(name, content)

    def opened(self, file: Path) -> Opened:
        """Once all have come: what they are together."""
        if self._manifest is None:
            raise BadBackup("not_a_backup")
        if archive.END not in self._small:
            raise BadBackup("cut_off")
        try:
            end = End.read(self._small[archive.END])
            secret = self._small.get(archive.SECRET, b"").decode("utf-8").strip()
            lines = self._small.get(archive.FORMER, b"").decode("utf-8").splitlines()
            former = tuple(line.strip() for line in lines if line.strip())
        except ValueError as error:
            raise BadBackup("damaged", names=archive.END) from error
        self._compare(end)
        return Opened(file, self._manifest, end, secret, former)

    def _begin(self, name: str, content: IO[bytes]) -> None:
        if name != archive.MANIFEST:
            raise BadBackup("not_a_backup")
        self._add(name, content)
        try:
            self._manifest = Manifest.read(self._small[name])
        except ValueError as error:
            raise BadBackup("not_a_backup") from error
        if self._manifest.format != archive.FORMAT:
            raise BadBackup("unknown_format", format=self._manifest.format)

    def _add(self, name: str, content: IO[bytes]) -> None:
        if len(self._hashes) > archive.MAX_TABLES:
            raise BadBackup("strange_part", name=shown(name))
        if name in SMALL:
            self._small[name] = content.read(SMALL[name] + 1)
            if len(self._small[name]) > SMALL[name]:
                raise BadBackup("too_large", name=name, most=SMALL[name])
            content.seek(0)
        self._hashes[name] = archive.hash_of(content)

    def _compare(self, end: End) -> None:
        """Raises BadBackup damaged, with the first names."""
        said = end.sha256
        differ = {name for name in {*said, *self._hashes} - {archive.END} if self._hashes.get(name) != said.get(name)}
        damaged = sorted(differ)[:NAMED] + self._damaged
        if damaged or self._photos != end.photos:
            raise BadBackup("damaged", names=", ".join(damaged[:NAMED]) or archive.PHOTOS)

    def _note_damaged(self, name: str) -> None:
        if len(self._damaged) < NAMED:
            self._damaged.append(name)
