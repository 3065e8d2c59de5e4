"""What every photo store can do, whatever it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final, Protocol


class Room(StrEnum):
    """What a piece of content is.

    `original`, `refused` (not a photo, kept all the same) and `preview` hold what a phone sent, under the
    SHA-256 of exactly those bytes. `thumb` and `screen` hold JPEG copies under the SHA-256 of their original.
    """

    ORIGINAL = "original"
    REFUSED = "refused"
    PREVIEW = "preview"
    THUMB = "thumb"
    SCREEN = "screen"


CONTENT_ROOMS: Final = (Room.ORIGINAL, Room.REFUSED, Room.PREVIEW)
"""The rooms that hold what phones sent: these must be backed up, and their hashes can be checked."""


class ContentMissing(LookupError):
    """The store has no such content."""

    def __init__(self, room: Room, sha256: str) -> None:
        super().__init__(f"no {room} content {sha256}")
        self.room = room
        self.sha256 = sha256


class PhotoStore(Protocol):
    """Keeps content for good. Every method may raise OSError; a `sha256` is 64 lower-case hex digits."""

    def put(self, room: Room, sha256: str, source: Path | bytes) -> None:
        """Keep a file's or some bytes' content; returns when it will survive a crash.

        What is there already stays: the same name is the same content. `source` is left where it is, and the
        caller has compared its hash.
        """

    def open(self, room: Room, sha256: str) -> BinaryIO:
        """The content, seekable, for the caller to close; raises ContentMissing."""

    def exists(self, room: Room, sha256: str) -> bool:
        """Whether the content is there."""

    def each(self, room: Room) -> Iterator[str]:
        """The SHA-256 of everything in a room, in no order."""

    def drop(self, room: Room, sha256: str) -> None:
        """Keep the content no longer, if it is there."""

    def free_bytes(self) -> int:
        """How much more could be kept, in bytes."""

    def check_ready(self) -> None:
        """Raises OSError when content could not be kept now."""
