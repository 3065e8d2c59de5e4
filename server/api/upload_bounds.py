"""How much may be under way together: unfinished uploads by phone and person, and the room that they need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select

from server import disk
from server.models import Person, Upload
from server.photos.images import COPIES_BYTES, MAX_BYTES
from server.problems import UPLOADS_S, Problem
from server.services import services


@dataclass(frozen=True)
class Bound:
    """The most that may be begun and not finished: uploads, and the bytes that were announced for them."""

    uploads: int
    size: int


# A phone that comes from a week in basements has 200 photos, and on a bad network may have begun them all: they fit,
# each as large as a photo may be. The same again is for previews, and for what it began anew after it lost an address.
BY_DEVICE: Final = Bound(400, 200 * MAX_BYTES)
# Somebody with two phones, or one that goes on as a new device.
BY_PERSON: Final = Bound(2 * BY_DEVICE.uploads, 2 * BY_DEVICE.size)
# Of each photo this many tries at a preview, 64 KiB each, may be left.
PREVIEWS: Final = 3


def write_down(connection: Connection, row: dict[str, object]) -> None:
    """Insert a new upload; raises Problem `too_many_uploads`. Two of one person wait for each other here."""
    person = Person.id == row["person_id"]
    if connection.dialect.name != "sqlite":
        connection.execute(select(Person.id).where(person).with_for_update())
    by_device = and_(Upload.person_id == row["person_id"], Upload.device_id == row["device_id"])
    _check(connection, by_device, BY_DEVICE, row)
    _check(connection, Upload.person_id == row["person_id"], BY_PERSON, row)
    connection.execute(insert(Upload).values(**row))


def _check(connection: Connection, whose: ColumnElement[bool], most: Bound, row: dict[str, object]) -> None:
    unfinished = select(func.count(), func.coalesce(func.sum(Upload.length), 0)).where(
        whose, _alike(row), Upload.completed_at.is_(None), Upload.expires_at > row["created_at"]
    )
    uploads, size = connection.execute(unfinished).one()
    length = row["length"]
    assert isinstance(length, int)
    limit = most.uploads if row["preview_of"] is None else PREVIEWS * most.uploads
    if uploads + 1 > limit or size + length > most.size:
        raise Problem(
            "too_many_uploads",
            uploads=uploads,
            bytes=int(size),
            limit=limit,
            limit_bytes=most.size,
            retry_after_s=UPLOADS_S,
        )


def _alike(row: dict[str, object]) -> ColumnElement[bool]:
    """Originals are counted apart from previews, of which a phone begins a new one with each try."""
    return Upload.preview_of.is_(None) if row["preview_of"] is None else Upload.preview_of.is_not(None)


def check_room(length: int, here: int = 0) -> None:
    """Raises Problem `disk_full` where an upload of `length` bytes, of which `here` have come, would touch the room
    that is kept for lines.

    Its bytes are written as they come, and once more when they are kept: two disks or one, both must have room.
    """
    around = services()
    arriving = around.free_bytes(around.settings.data / "uploads")
    if not disk.leaves_reserve(arriving, around.photos.free_bytes(), length - here, length + COPIES_BYTES):
        raise Problem("disk_full", retry_after_s=disk.RETRY_AFTER_S)
