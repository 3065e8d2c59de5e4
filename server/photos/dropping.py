"""What was refused as a photo is kept for a while, since somebody may want to look at it, and then dropped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection, select, update

from server.models import PhotoContent
from server.photos.store import PhotoStore, Room
from server.sync.store.dating import impossible
from server.sync.store.locks import lock_photos

KEPT_FOR: Final = timedelta(days=30)
DROPPED: Final = "dropped"
# Refused for what this machine could do then, not for what they are: they may be photos that exist nowhere else.
OUR_LIMITS: Final = ("too_slow", "too_much_memory")
AT_A_TIME: Final = 200

Write = Callable[[Callable[[Connection], int]], int]


def drop_refused(photos: PhotoStore, write: Write, now: datetime) -> int:
    """Drop what was refused, and last delivered anew, more than KEPT_FOR ago; returns how many contents.

    What a wrong clock has dated is as of now. `now` is a time that is believed.
    First the record says so, then the bytes go: whatever breaks off in between, the next time removes the rest.
    What comes again meanwhile is refused content as before, and stays.
    """
    dropped = write(lambda connection: _note_dropped(connection, now))
    names = list(photos.each(Room.REFUSED))
    for start in range(0, len(names), AT_A_TIME):
        write(partial(_remove, photos=photos, names=names[start : start + AT_A_TIME]))
    return dropped


def _note_dropped(connection: Connection, now: datetime) -> int:
    wrong = (PhotoContent.state == "rejected", impossible(connection, PhotoContent.stored_at, now))
    connection.execute(update(PhotoContent).where(*wrong).values(stored_at=now))
    old = (
        PhotoContent.state == "rejected",
        PhotoContent.reason.not_in(OUR_LIMITS),
        PhotoContent.stored_at < now - KEPT_FOR,
    )
    return connection.execute(update(PhotoContent).where(*old).values(state=DROPPED)).rowcount


def _remove(connection: Connection, photos: PhotoStore, names: list[str]) -> int:
    lock_photos(connection, names)
    gone = select(PhotoContent.sha256).where(PhotoContent.sha256.in_(names), PhotoContent.state == DROPPED)
    found = connection.execute(gone).scalars().all()
    for sha256 in found:
        photos.drop(Room.REFUSED, sha256)
    return len(found)
