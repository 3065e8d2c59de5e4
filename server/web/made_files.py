"""Files that are made for one answer: on the disk of the data, without a name, few at a time, and only as long as the
room stays free that is reserved for lines. Who reads slowly costs no memory."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable
from typing import IO, Final, cast

from flask import Response, send_file

from server import disk
from server.problems import Problem
from server.services import services

# Of one process, from the first byte that is written to the last that is read.
AT_ONCE: Final = 8
AGAIN_S: Final = 30
# So much is written before the room is looked at again.
LOOKED_AT_BYTES: Final = 1024 * 1024


class Places:
    """How many there are."""

    def __init__(self) -> None:
        # Of one thread as often as it likes: a file that nobody closed leaves whenever its memory is collected.
        self._lock = threading.RLock()
        self.taken = 0

    def enter(self) -> None:
        """Raises Problem (busy)."""
        with self._lock:
            is_full = self.taken >= AT_ONCE
            self.taken += not is_full
        if is_full:
            raise Problem("busy", retry_after_s=AGAIN_S)

    def leave(self) -> None:
        with self._lock:
            self.taken -= 1


PLACES = Places()


class MadeFile:
    """A file to write, and then to read, as far as an answer needs that. Its place is free once it is closed and
    whoever took it with `until_sent` has let go of it too. Raises Problem: busy, disk_full."""

    def __init__(self) -> None:
        self._places, self._holders = PLACES, 0
        self._lock = threading.RLock()
        self._unlooked = 0
        here = services()
        self._free_bytes, self._folder = here.free_bytes, here.settings.data
        self._look()
        let_go = self._hold()
        try:
            self._file = cast(IO[bytes], tempfile.TemporaryFile(dir=self._folder))  # noqa: SIM115  # closed by `close`
        except BaseException:
            let_go()
            raise
        self._let_go = let_go

    def _hold(self) -> Callable[[], None]:
        with self._lock:
            if self._holders == 0:
                self._places.enter()
            self._holders += 1

        def let_go() -> None:
            with self._lock:
                self._holders -= 1
                if self._holders == 0:
                    self._places.leave()

        return let_go

    def until_sent(self) -> Callable[[], None]:
        """For whoever goes on sending from the file after it is closed: to be called once that is done."""
        return self._hold()

    def _look(self) -> None:
        if self._free_bytes(self._folder) < disk.RESERVE_BYTES:
            raise Problem("disk_full", retry_after_s=disk.RETRY_AFTER_S)

    def write(self, data: bytes) -> int:
        """As of every file; raises Problem (disk_full) where lines would lack the room."""
        self._unlooked += len(data)
        if self._unlooked >= LOOKED_AT_BYTES:
            self._unlooked = 0
            self._look()
        return self._file.write(data)

    def writelines(self, lines: Iterable[bytes]) -> None:
        """One after the other."""
        for line in lines:
            self.write(line)

    def read(self, size: int = -1) -> bytes:
        """As of every file; one that was read to its end is closed by that."""
        data = self._file.read(size)
        if not data:
            self.close()
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def flush(self) -> None:
        self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        """Nothing more is written or read here."""
        if not self._file.closed:
            self._file.close()
            self._let_go()

    def __del__(self) -> None:
        if hasattr(self, "_let_go"):
            self.close()


def answer_with(write: Callable[[IO[bytes]], None], mimetype: str) -> Response:
    """The answer that `write` makes, sent from the disk. Raises Problem: busy, disk_full."""
    file = MadeFile()
    try:
        write(cast(IO[bytes], file))
        file.flush()
        size = file.seek(0, 2)
        file.seek(0)
        answer = send_file(cast(IO[bytes], file), mimetype=mimetype)
    except BaseException:
        file.close()
        raise
    answer.content_length = size
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
