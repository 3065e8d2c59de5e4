"""What an honest phone may have under way, what is dropped, and how a full disk is recognised."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from sqlalchemy import create_engine, event, text, update
from sqlalchemy.exc import OperationalError

from server import disk
from server.api import upload_bounds
from server.api.upload_bounds import BY_DEVICE, PREVIEWS, Bound
from server.database import is_out_of_room, was_too_busy, write, writing
from server.models import PhotoContent
from server.photos import Room
from server.photos.dropping import KEPT_FOR, OUR_LIMITS, drop_refused
from server.photos.images import MAX_BYTES
from server.services import services, utc_now
from tests.reference_client import Client, uuid7
from tests.server.api.photo_help import Uploads, sha256_of


def test_two_hundred_photos_of_the_largest_size_may_be_under_way() -> None:
    assert BY_DEVICE.uploads >= 200
    assert BY_DEVICE.size >= 200 * MAX_BYTES


def test_previews_are_counted_apart_from_the_photos(zhang: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_bounds, "BY_DEVICE", Bound(2, 1 << 30))
    uploads = Uploads(zhang)

    def begun(number: int, **pairs: str) -> list[int]:
        contents = [uuid7().encode() for _ in range(number)]
        return [uploads.create(content, **pairs).status_code for content in contents]

    of_one = {"preview_of": sha256_of(b"a photo")}
    assert begun(7, **of_one) == [*[201] * 2 * PREVIEWS, 429]
    assert begun(3) == [201, 201, 429]
    assert begun(1, **of_one) == [429]


def test_what_a_person_has_under_way_is_found_by_an_index(app: APIFlask, zhang: Client) -> None:
    asked: list[Any] = []
    row = {"id": uuid7(), "person_id": zhang.person["id"], "device_id": zhang.ledger.device, "length": 1, "offset": 0,
           "sha256": "0" * 64, "media_type": "image/jpeg", "preview_of": None, "created_at": utc_now(),
           "expires_at": utc_now(), "completed_at": None}  # fmt: skip
    with app.app_context(), writing() as connection:
        if connection.dialect.name != "sqlite":
            pytest.skip("PostgreSQL plans by the rows that are there")
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        upload_bounds.write_down(connection, row)
        plans = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).one().detail
            for statement, parameters in list(asked)
            if statement.startswith("SELECT")
        ]
    assert plans == ["SEARCH upload USING INDEX ix_upload_person_id (person_id=?)"] * 2


@pytest.mark.parametrize("reason", OUR_LIMITS)
def test_what_this_machine_could_not_look_at_is_kept(app: APIFlask, zhang: Client, reason: str) -> None:
    content = b"no photo at all"
    assert Uploads(zhang).whole(content).status_code == 204
    late = utc_now() + 2 * KEPT_FOR
    with app.app_context():
        with writing() as connection:
            connection.execute(update(PhotoContent).values(reason=reason))
        assert drop_refused(services().photos, write, late) == 0
        assert services().photos.exists(Room.REFUSED, sha256_of(content))
        with writing() as connection:
            connection.execute(update(PhotoContent).values(reason="broken"))
        assert drop_refused(services().photos, write, late) == 1


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
