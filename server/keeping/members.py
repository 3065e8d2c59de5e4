"""The members of a backup's tar file, one after the other, in memory that does not grow with what the file claims.

Only what `backup` writes is understood: plain files, and a size that has too many digits for a header in an extended
one before it. Python's own reader keeps every member and reads headers of any size.
"""

from __future__ import annotations

import io
import os
import re
import tarfile
from collections.abc import Iterator
from typing import IO, BinaryIO, Final

from server.keeping.refusing import BadBackup, shown

BLOCK: Final = tarfile.BLOCKSIZE
CHUNK: Final = 1 << 20
MAX_EXTENDED_BYTES: Final = 1 << 10
_SIZE: Final = re.compile(rb"[0-9]{1,2} size=([0-9]{1,18})\n")


def members(file: BinaryIO) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and content of every member; a content can be read, and sought in, until the next one is asked for.

    Raises BadBackup: not_a_backup, cut_off, strange_part (no plain file), more_after_end.
    """
    end, at, announced = file.seek(0, os.SEEK_END), 0, None
    while (header := _header(file, at)) is not None:
        start = at + BLOCK
        if header.type == tarfile.XHDTYPE and announced is None:
            announced = _announced(header, file)
            at = _after(start, header.size, end)
            continue
        size = header.size if announced is None else announced
        if header.type != tarfile.REGTYPE:
            raise BadBackup("strange_part", name=shown(header.name))
        at, announced = _after(start, size, end), None
        yield header.name, io.BufferedReader(_Part(file, start, size))
    _check_rest(file, at)


def _header(file: BinaryIO, at: int) -> tarfile.TarInfo | None:
    """The header at this place; None where the file, or what is in it, ends. Raises BadBackup."""
    file.seek(at)
    block = file.read(BLOCK)
    if len(block) < BLOCK and at > 0:
        if block:
            raise BadBackup("cut_off")
        return None
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    except tarfile.EOFHeaderError:  # type: ignore[attr-defined]  # the stubs have it not
        return None
    except (tarfile.TarError, ValueError) as error:
        raise BadBackup("not_a_backup") from error


def _after(start: int, size: int, end: int) -> int:
    """Where the next header is; raises BadBackup where the size cannot be true."""
    if size < 0:
        raise BadBackup("not_a_backup")
    if start + size > end:
        raise BadBackup("cut_off")
    return start + -(-size // BLOCK) * BLOCK


def _announced(header: tarfile.TarInfo, file: BinaryIO) -> int:
    """The size that an extended header announces for the member after it."""
    found = _SIZE.fullmatch(file.read(header.size)) if 0 <= header.size <= MAX_EXTENDED_BYTES else None
    if found is None:
        raise BadBackup("strange_part", name=shown(header.name))
    return int(found.group(1))


def _check_rest(file: BinaryIO, at: int) -> None:
    """After the last member there is nothing but zeros."""
    file.seek(at)
    while piece := file.read(CHUNK):
        if piece.strip(b"\0"):
            raise BadBackup("more_after_end")


class _Part(io.RawIOBase):
    """The bytes of one member. Two that are read in turn do not disturb each other."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed: a Buffer
        self._file.seek(self._start + self._at)
        piece = self._file.read(max(0, min(len(buffer), self._size - self._at)))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
