"""Photos that came in before the server noted how photos look: they are looked at again, behind everything else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection

from server.evidence.likeness import Look
from server.photos.alike import not_looked_at, note_looks
from server.photos.arrival import as_file
from server.photos.images import ImageRefused
from server.photos.looking import NotNow, look
from server.photos.store import ContentMissing, PhotoStore, Room

AT_ONCE: Final = 20
# Where so many cannot be looked at, something else is wrong, and the next start tries again.
SKIPPED: Final = 200

Reading = Callable[[], AbstractContextManager[Connection]]
Write = Callable[[Callable[[Connection], None]], Any]  # Any: nobody asks for the answer


def note_missing_looks(store: PhotoStore, reading: Reading, write: Write) -> int:
    """Note how every stored photo looks of which that is not noted; returns of how many it now is.

    One photo a transaction. What cannot be looked at now, or what the store has lost, is left for the next time.
    """
    done, skipped = 0, list[str]()
    while len(skipped) < SKIPPED:
        with reading() as connection:
            missing = not_looked_at(connection, AT_ONCE, skipped)
        if not missing:
            break
        for sha256 in missing:
            looks = _looks(store, sha256)
            if looks is None:
                skipped.append(sha256)
                continue
            write(partial(_note, sha256, looks))
            done += 1
    return done


def _note(sha256: str, looks: tuple[Look, ...], connection: Connection) -> None:
    note_looks(connection, sha256, looks)


def _looks(store: PhotoStore, sha256: str) -> tuple[Look, ...] | None:
    """By the small copy, which is enough and opens at once, or the original; None where neither can be looked at."""
    for room in (Room.THUMB, Room.ORIGINAL):
        try:
            with as_file(store, room, sha256) as file:
                seen = look(file, sha256)
        except ContentMissing:
            continue
        except NotNow:
            return None
        return () if isinstance(seen, ImageRefused) else seen.looks
    return None
