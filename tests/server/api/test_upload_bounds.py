"""What an honest phone may have under way, what is dropped, and how a full disk is recognised."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from apiflask import APIFlask
from sqlalchemy import create_engine, event, text, update
from sqlalchemy.exc import OperationalError

from server import disk
from server.api.upload_bounds import BY_DEVICE
from server.database import is_out_of_room, was_too_busy, write, writing
from server.evidence.images import MAX_BYTES
from server.models import PhotoContent
from server.photos import Room
from server.photos.dropping import drop_refused
from server.services import services, utc_now
from tests.reference_client import Client
from tests.server.api.photo_help import Uploads, sha256_of


def test_two_hundred_photos_of_the_largest_size_may_be_under_way() -> None:
    assert BY_DEVICE.uploads >= 200
    assert BY_DEVICE.size >= 200 * MAX_BYTES


def test_what_was_dropped_halfway_is_removed_the_next_time(app: APIFlask, zhang: Client) -> None:
    content = b"no photo at all"
    assert Uploads(zhang).whole(content).status_code == 204
    with app.app_context():
        with writing() as connection:
            connection.execute(update(PhotoContent).values(state="dropped"))
        assert drop_refused(services().photos, write, utc_now()) == 0
        assert not services().photos.exists(Room.REFUSED, sha256_of(content))


def test_sqlite_says_that_the_disk_is_full(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'small.db'}")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 4"))
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE kept (bytes BLOB)"))
        with pytest.raises(OperationalError) as full:
            connection.execute(text("INSERT INTO kept VALUES (zeroblob(100000))"))
    engine.dispose()
    assert is_out_of_room(full.value)
    assert not was_too_busy(full.value)


def test_room_is_told_of_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    assert disk.free_bytes(tmp_path / "uploads" / "later") > 0
    assert disk.is_full(OSError(errno.ENOSPC, "")) and disk.is_full(OSError(errno.EDQUOT, ""))
    assert not disk.is_full(OSError(errno.EACCES, ""))
