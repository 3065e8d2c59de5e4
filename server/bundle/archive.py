"""A zip file whose bytes follow from its content alone, and the sums of what is in it."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from contextlib import suppress
from typing import IO, Final

SUMS: Final = "SHA256SUMS"
# The first day that a zip file knows: when a bundle was made is no evidence.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o100644 << 16
_AT_A_TIME: Final = 1 << 16


class Archive:
    """Writes entries one after the other into `out`, uncompressed: another zlib would make other bytes of them.

    Nothing but the sums is kept in memory. `close` writes the sums; without it the file is not whole.
    """

    def __init__(self, out: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_STORED)
        self._sums: list[str] = []

    def add(self, name: str, content: bytes | str) -> None:
        """Add an entry; a text is written in UTF-8."""
        raw = content.encode() if isinstance(content, str) else content
        self._zip.writestr(_entry(name), raw)
        self._sums.append(f"{hashlib.sha256(raw).hexdigest()}  {name}\n")

    def add_stream(self, name: str, content: IO[bytes]) -> None:
        """Add an entry from a file of any size."""
        with self._zip.open(_entry(name), "w") as entry:
            hashing = _Hashing(entry)
            shutil.copyfileobj(content, hashing, _AT_A_TIME)
        self._sums.append(f"{hashing.digest()}  {name}\n")

    def give_up(self) -> None:
        """What was written stays in pieces; nothing is written later, when the file is closed."""
        with suppress(Exception):
            self._zip.close()

    def close(self) -> None:
        """Write the sums of all entries, in the form that `sha256sum -c` reads, and end the file."""
        self._zip.writestr(_entry(SUMS), "".join(self._sums).encode())
        self._zip.close()


class _Hashing:
    """Hands what is written on, and counts its hash."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        return self._out.write(data)

    def digest(self) -> str:
        return self._hash.hexdigest()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.create_system = 3  # the same on every machine
    entry.external_attr = _READABLE
    return entry
