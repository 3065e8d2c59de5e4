"""Uploads that are not whole yet: one file each, grown piece by piece."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from server.photos.folder import sync_folder

CHUNK: Final = 64 * 1024
CHECKPOINT: Final = 1 << 20


class Busy(Exception):
    """Somebody else is writing to this upload now."""


class ArrivingFiles:
    """The files of uploads under way, in one folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self, upload_id: str) -> None:
        """Make the empty file; returns when its name will survive a crash."""
        if not self._folder.is_dir():
            self._folder.mkdir(parents=True, exist_ok=True)
            sync_folder(self._folder.parent)
        self.path(upload_id).touch()
        sync_folder(self._folder)

    def path(self, upload_id: str) -> Path:
        """Where an upload's bytes are."""
        return self._folder / upload_id

    def holds(self, upload_id: str, size: int) -> bool:
        """Whether the first `size` bytes of an upload are really here."""
        try:
            return self.path(upload_id).stat().st_size >= size
        except FileNotFoundError:
            return False

    @contextmanager
    def alone(self, upload_id: str) -> Iterator[IO[bytes]]:
        """The file, for this thread of this process alone, as long as the block runs.

        Raises Busy at once when another has it, and FileNotFoundError. A process that dies lets go of it.
        """
        with self.path(upload_id).open("r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy from None
            yield file

    def discard(self, upload_id: str) -> None:
        """Remove the file, if there is one."""
        self.path(upload_id).unlink(missing_ok=True)


class Appended:
    """What became of appending one request's body: `offset` reached on the disk, and how it ended."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.broke_off = False
        self.too_long = False


def append(
    file: IO[bytes],
    offset: int,
    length: int,
    read: Callable[[int], bytes],
    look: Callable[[bytes], None],
    checkpoint: Callable[[int], None] | None,
) -> Appended:
    """Write what `read(size)` gives after the first `offset` bytes, and sync it to the disk.

    Bytes that an earlier request left behind unacknowledged are overwritten. Never writes beyond `length`:
    where more comes, `too_long` is set. `look` sees each piece, for a checksum. `checkpoint` is called with
    the offset reached about every mebibyte, after it is on the disk, but not with `length` itself.
    `broke_off` is set where the sender went away.
    """
    done = Appended(offset)
    noted = offset
    file.truncate(offset)
    file.seek(offset)
    while True:
        try:
            piece = read(min(CHUNK, length - done.offset + 1))
        except OSError:
            done.broke_off = True
            break
        if not piece:
            break
        if done.offset + len(piece) > length:
            done.too_long = True
            break
        look(piece)
        file.write(piece)
        done.offset += len(piece)
        if checkpoint and done.offset - noted >= CHECKPOINT and done.offset < length:
            _sync(file)
            checkpoint(done.offset)
            noted = done.offset
    _sync(file)
    return done


def _sync(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
