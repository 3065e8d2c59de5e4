"""Uploads under way: their rows and their files, and what becomes of their bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import IO, Final

from flask import request
from sqlalchemy import Connection, delete, insert, select, update
from werkzeug.exceptions import ClientDisconnected

from server.api.upload_bounds import check_room, write_down
from server.api.upload_headers import Checksum
from server.database import reading, write, writing
from server.models import PhotoContent, Upload
from server.photos import Room
from server.photos.access import is_at_hand
from server.photos.arrival import (
    Kept,
    hash_of,
    keep,
    keep_after_all,
    keep_preview,
    record_content,
    record_delivery,
    record_preview,
)
from server.photos.arriving import ArrivingFiles, Busy, append
from server.photos.looking import NotNow
from server.problems import BUSY_S, Problem
from server.services import services
from server.settings import THREADS
from server.web.security import Caller

KEPT_FOR: Final = timedelta(days=7)
SEEN_AGAIN_AFTER: Final = timedelta(minutes=1)
_COMING_IN: Final = BoundedSemaphore(THREADS // 2)


@contextmanager
def one_of_some() -> Iterator[None]:
    """Photos take half of the threads at most: the lines of others must not wait for them."""
    if not _COMING_IN.acquire(blocking=False):
        raise Problem("busy", retry_after_s=BUSY_S)
    try:
        yield
    finally:
        _COMING_IN.release()


def _files() -> ArrivingFiles:
    return ArrivingFiles(services().settings.data / "uploads")


def begin(row: dict[str, object]) -> Upload:
    """Write a new upload down, with an empty file for its bytes; raises Problem `disk_full`, `too_many_uploads`."""
    upload_id, length = str(row["id"]), row["length"]
    assert isinstance(length, int)
    check_room(length)
    write(lambda connection: write_down(connection, row))
    try:
        _files().create(upload_id)
    except OSError:
        forget(upload_id)
        raise
    return Upload(**row)


def take_as_here(row: dict[str, object], caller: Caller, now: datetime) -> bool:
    """Where the content need not be sent, write the upload down as whole and the person as having it.

    What was refused is looked at again; raises Problem `busy` where that cannot be done now.
    """
    original = str(row["preview_of"] or row["sha256"])
    with reading() as connection:
        if not is_at_hand(connection, original, caller.person_id, caller.role):
            return False
    photos = services().photos
    seen_again = None
    if not photos.exists(Room.ORIGINAL, original):
        if not photos.exists(Room.REFUSED, original):
            return False  # the database knows it, the store lost it: a restore from two different days
        seen_again = _seen_again(original, now)
    whole = {"offset": row["length"], "completed_at": now}

    def record(connection: Connection) -> None:
        connection.execute(insert(Upload).values(**{**row, **whole}))
        if seen_again:
            record_content(connection, seen_again, caller.person_id, now, services().company)
        else:
            record_delivery(connection, original, caller.person_id, now, services().company)

    write(record)
    return True


def _seen_again(sha256: str, now: datetime) -> Kept | None:
    """A second look at what was refused; None where the last one is less than SEEN_AGAIN_AFTER ago."""
    refused = select(PhotoContent.media_type, PhotoContent.stored_at).where(
        PhotoContent.sha256 == sha256, PhotoContent.state == "rejected"
    )
    with reading() as connection:
        content = connection.execute(refused).first()
    if content is None or timedelta(0) <= now - content.stored_at < SEEN_AGAIN_AFTER:
        return None
    try:
        with one_of_some():
            return keep_after_all(services().photos, sha256, content.media_type)
    except NotNow as later:
        raise _busy(later) from later


def _busy(later: NotNow) -> Problem:
    return Problem("busy", retry_after_s=later.retry_after_s)


def find(upload_id: str, caller: Caller) -> Upload:
    """This person's upload; raises Problem `not_found`, `upload_expired`."""
    with reading() as connection:
        row = connection.execute(
            select(Upload.__table__).where(Upload.id == upload_id, Upload.person_id == caller.person_id)
        ).mappings().first()  # fmt: skip
    if row is None:
        raise Problem("not_found")
    upload = Upload(**row)
    if upload.expires_at <= services().times().ended_by:
        raise Problem("upload_expired")
    if not upload.completed_at and not _files().holds(upload.id, upload.offset):
        forget(upload.id)
        raise Problem("not_found")
    return upload


@contextmanager
def alone(upload_id: str, caller: Caller) -> Iterator[tuple[Upload, IO[bytes]]]:
    """The upload as it is once no other request is writing to it; raises Problem `upload_busy`."""
    try:
        with _files().alone(upload_id) as file:
            yield find(upload_id, caller), file
    except Busy:
        raise Problem("upload_busy") from None
    except FileNotFoundError:
        raise Problem("not_found") from None


def take_in(upload: Upload, file: IO[bytes], checksum: Checksum | None) -> int:
    """Take the request's body in and return the offset that is now durable.

    Raises Problem `upload_too_long`, `checksum_differs`, `content_differs`; none of them moves the offset,
    the last ends the upload. Raises `busy` where the whole is here and cannot be looked at now: all but its last
    byte is kept, and sending that tries again. Raises `disk_full` before anything is read.
    """
    check_room(upload.length, upload.offset)
    found = checksum.start() if checksum else hashlib.sha256()
    done = append(
        file,
        upload.offset,
        upload.length,
        _read_body,
        found.update if checksum else _ignore,
        # What is checked by its sender is taken whole or not at all.
        None if checksum else lambda offset: _note(upload.id, offset),
    )
    if done.too_long:
        raise Problem("upload_too_long", length=upload.length)
    if checksum and (done.broke_off or found.digest() != checksum.expected):
        raise Problem("checksum_differs", algorithm=checksum.algorithm)
    if done.offset == upload.length:
        try:
            _complete(upload)
        except NotNow as later:
            # The full offset would say that the photo is recorded, and its sender might forget it.
            _note(upload.id, max(upload.length - 1, 0))
            raise _busy(later) from later
    else:
        _note(upload.id, done.offset)
    return done.offset


def _ignore(_piece: bytes) -> None:
    """Nobody asked for a checksum."""


def _read_body(size: int) -> bytes:
    try:
        return request.stream.read(size)
    except ClientDisconnected as gone:
        raise ConnectionError from gone


def _note(upload_id: str, offset: int) -> None:
    later = services().times().steady + KEPT_FOR
    with writing() as connection:
        connection.execute(update(Upload).where(Upload.id == upload_id).values(offset=offset, expires_at=later))


def _complete(upload: Upload) -> None:
    """Compare the hash, keep the content and write down, in one transaction, all that follows from it.

    The full offset is written down in the same transaction: whoever reads it may forget the photo.
    """
    file, photos = _files().path(upload.id), services().photos
    if hash_of(file) != upload.sha256:
        forget(upload.id)
        raise Problem("content_differs", sha256=upload.sha256)
    if upload.preview_of:
        kept = None
        shown = keep_preview(photos, file, upload.sha256)
    else:
        kept = keep(photos, file, upload.sha256, upload.media_type)
    times = services().times()
    now = times.wall
    whole = {"offset": upload.length, "completed_at": now, "expires_at": times.steady + KEPT_FOR}

    def record(connection: Connection) -> None:
        connection.execute(update(Upload).where(Upload.id == upload.id).values(**whole))
        if kept:
            record_content(connection, kept, upload.person_id, now, services().company)
        elif upload.preview_of and shown:
            record_preview(connection, upload.preview_of, upload.sha256, upload.person_id, now, services().company)

    write(record)
    if kept and kept.reason:
        # The same content may just have been dropped as too old; from now on it is not.
        photos.put(Room.REFUSED, upload.sha256, file)
    _files().discard(upload.id)


def forget(upload_id: str) -> None:
    """Remove an upload and its file."""
    _files().discard(upload_id)
    with writing() as connection:
        connection.execute(delete(Upload).where(Upload.id == upload_id))


def forget_expired(now: datetime) -> None:
    """Remove what nobody has gone on with, a few at a time so that no request pays for all."""
    with reading() as connection:
        expired = connection.execute(select(Upload.id).where(Upload.expires_at <= now).limit(20)).scalars().all()
    for upload_id in expired:
        forget(upload_id)
