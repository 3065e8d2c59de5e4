"""Photo content in a folder: `<room>/<2 hex>/<2 hex>/<sha256>`."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from server.disk import free_bytes
from server.photos.store import ContentMissing, Room

SHA256: Final = re.compile(r"[0-9a-f]{64}")
ARRIVING: Final = "arriving"


class FolderStore:
    """Keeps content in a folder of this machine.

    Content is written under a temporary name, synced, and renamed; then the folder that names it is synced. A
    crash at any moment leaves either the whole content under its name or nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, room: Room, sha256: str, source: Path | bytes) -> None:
        """See PhotoStore.put."""
        place = self._place(room, sha256)
        if place.exists():
            sync_folder(place.parent)
            return
        self._make_folder(place.parent)
        arriving = self._folder / ARRIVING
        self._make_folder(arriving)
        descriptor, name = tempfile.mkstemp(dir=arriving)
        try:
            with os.fdopen(descriptor, "wb") as out:
                if isinstance(source, bytes):
                    out.write(source)
                else:
                    with source.open("rb") as content:
                        shutil.copyfileobj(content, out, 1 << 20)
                out.flush()
                os.fsync(out.fileno())
            os.replace(name, place)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        sync_folder(place.parent)

    def open(self, room: Room, sha256: str) -> BinaryIO:
        """See PhotoStore.open."""
        try:
            return self._place(room, sha256).open("rb")
        except FileNotFoundError:
            raise ContentMissing(room, sha256) from None

    def exists(self, room: Room, sha256: str) -> bool:
        """See PhotoStore.exists."""
        return self._place(room, sha256).is_file()

    def each(self, room: Room) -> Iterator[str]:
        """See PhotoStore.each."""
        for file in (self._folder / room).glob("??/??/*"):
            if SHA256.fullmatch(file.name):
                yield file.name

    def drop(self, room: Room, sha256: str) -> None:
        """See PhotoStore.drop."""
        self._place(room, sha256).unlink(missing_ok=True)

    def free_bytes(self) -> int:
        """See PhotoStore.free_bytes."""
        return free_bytes(self._folder)

    def check_ready(self) -> None:
        """See PhotoStore.check_ready."""
        self._make_folder(self._folder)
        with tempfile.TemporaryFile(dir=self._folder) as probe:
            probe.write(b"ready")

    def _place(self, room: Room, sha256: str) -> Path:
        if not SHA256.fullmatch(sha256):
            raise ValueError(f"not a SHA-256 in lower-case hex: {sha256!r}")
        return self._folder / room / sha256[:2] / sha256[2:4] / sha256

    def _make_folder(self, folder: Path) -> None:
        """Make a folder and sync every parent that got a new name in it."""
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` survive a crash."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
