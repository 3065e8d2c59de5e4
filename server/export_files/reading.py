"""Reading an export file safely: its parts by their names, nothing larger than it may be, nothing written by a name.

A file comes from outside: it may be cut off, no zip at all, or made to fill the memory or the disk. Everything is
bounded before it is unpacked and counted while it is.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Final

from server.export_files.bounds import LineEnds, lines_of
from server.photos.images import MAX_BYTES
from server.problems import Problem
from server.rules.ids import is_id
from server.sync.exchange.import_ledger import HandedIn
from server.sync.ledgers.ledger import kept_key

LEDGER: Final = "ledger.ndjson"
SIGNATURE: Final = "signature"
DEVICE: Final = "device.json"
PHOTO: Final = re.compile(r"photos/([0-9a-f]{64})")

# Of bounds.MAX_LINES each may have 1.6 KiB; most have a third of that.
MAX_LEDGER_BYTES: Final = 32 << 20
MAX_DEVICE_BYTES: Final = 64 << 10
MAX_SIGNATURE_BYTES: Final = 1 << 10
MAX_DIRECTORY_BYTES: Final = 4 << 20
MAX_FILES: Final = 20_000
MAX_UNPACKED_BYTES: Final = 4 << 30
CHUNK: Final = 1 << 20
# The end of a zip, with the longest remark that it may bear.
TAIL_BYTES: Final = 22 + 0xFFFF
PIECE: Final = 64 << 10

_END: Final = b"PK\x05\x06"
_END_64: Final = b"PK\x06\x07"
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What zipfile raises for damaged or unusual files, beside its own BadZipFile.
_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError, ValueError,
    struct.error,
)  # fmt: skip


class TooLarge(Exception):
    """A photo in the file is larger than any photo may be."""


@dataclass(frozen=True)
class ExportFile:
    """An opened export file: what its ledger holds, and the hashes under which it has photos."""

    ledger: HandedIn
    photos: list[str]
    _archive: zipfile.ZipFile

    def size_of(self, sha256: str) -> int:
        """How many bytes of a photo are read at most."""
        return min(self._archive.getinfo(f"photos/{sha256}").file_size, MAX_BYTES)

    def copy_photo(self, sha256: str, into: IO[bytes]) -> bool:
        """Write a photo's bytes to `into`; whether they have the hash under which they are in the file.

        Raises TooLarge, and Problem export_damaged where the bytes cannot be read.
        """
        found, size = hashlib.sha256(), 0
        try:
            with self._archive.open(f"photos/{sha256}") as content:
                while piece := content.read(CHUNK):
                    size += len(piece)
                    if size > MAX_BYTES:
                        raise TooLarge
                    found.update(piece)
                    into.write(piece)
        except _DAMAGED as error:
            raise Problem("export_damaged") from error
        into.flush()
        return found.hexdigest() == sha256


@contextmanager
def open_export(file: IO[bytes]) -> Iterator[ExportFile]:
    """The export file in `file`, which must be seekable, as long as the block runs.

    Raises Problem: export_damaged, export_incomplete, export_wrong, export_too_large, export_too_many_lines,
    export_empty_line.
    """
    _check_directory(file)
    try:
        archive = zipfile.ZipFile(file)
    except _DAMAGED as error:
        raise Problem("export_damaged") from error
    with archive:
        entries = _entries(archive)
        device = _device(_read(archive, entries, DEVICE, MAX_DEVICE_BYTES))
        lines = lines_of(_read(archive, entries, LEDGER, MAX_LEDGER_BYTES, LineEnds()))
        signature = _signature(_read(archive, entries, SIGNATURE, MAX_SIGNATURE_BYTES))
        ledger = HandedIn(**device, lines=lines, signature=signature)
        photos = [found.group(1) for name in entries if (found := PHOTO.fullmatch(name))]
        yield ExportFile(ledger, photos, archive)


def _check_directory(file: IO[bytes]) -> None:
    """Raise Problem unless the zip's list of contents is of a size that may be read into memory."""
    end = file.seek(0, 2)
    file.seek(max(0, end - TAIL_BYTES))
    tail = file.read(TAIL_BYTES)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise Problem("export_damaged")
    size: int = struct.unpack_from("<L", tail, at + 12)[0]
    if _END_64 in tail[max(0, at - 20) : at] or size > MAX_DIRECTORY_BYTES:
        raise Problem("export_too_large")
    file.seek(0)


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """What is in the file by its name. Names that mean nothing here are passed over."""
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        if entry.filename in found or entry.compress_type not in _METHODS or entry.flag_bits & 1:
            raise Problem("export_damaged")
        found[entry.filename] = entry
    # zipfile unpacks no more of an entry than its size that is announced here.
    if len(found) > MAX_FILES or sum(entry.file_size for entry in found.values()) > MAX_UNPACKED_BYTES:
        raise Problem("export_too_large")
    return found


def _read(
    archive: zipfile.ZipFile,
    entries: dict[str, zipfile.ZipInfo],
    name: str,
    limit: int,
    look: Callable[[bytes], None] = lambda _: None,
) -> bytes:
    """What is in the file under this name; `look` sees each piece of it, and may raise."""
    if name not in entries:
        raise Problem("export_incomplete", part=name)
    read = bytearray()
    try:
        with archive.open(entries[name]) as content:
            while len(read) <= limit and (piece := content.read(PIECE)):
                look(piece)
                read += piece
    except _DAMAGED as error:
        raise Problem("export_damaged") from error
    if len(read) > limit:
        raise Problem("export_too_large")
    return bytes(read)


def _device(content: bytes) -> dict[str, Any]:  # Any: the fields of HandedIn
    """Who wrote the file, from device.json. Raises Problem export_wrong."""
    try:
        value = json.loads(content)
        person, name, first = value["person"], value["name"], value["first"]
        key = kept_key(value["public_key"])
        texts = (name, person["username"])
        fits = is_id(value["id"]) and is_id(person["id"]) and all(_is_text(text) for text in texts)
        if not fits or not isinstance(first, int) or isinstance(first, bool) or not 0 < first < 2**31:
            raise ValueError("a field is not what it has to be")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Problem("export_wrong", part=DEVICE) from error
    return {
        "device_id": value["id"],
        "device_name": name[:128],
        "public_key": key,
        "person_id": person["id"],
        "username": person["username"][:64],
        "first": first,
    }


def _is_text(value: object) -> bool:
    """Whether a text can be stored."""
    return isinstance(value, str) and "\0" not in value and not any(0xD800 <= ord(sign) <= 0xDFFF for sign in value)


def _signature(content: bytes) -> str | None:
    """The signature over the last line; None where there is none, for a file without lines."""
    try:
        return content.decode("ascii").strip() or None
    except UnicodeDecodeError as error:
        raise Problem("export_wrong", part=SIGNATURE) from error
