"""Files that are brought, and the photos in them, leave the room that is kept for lines."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import threading
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Never

import pytest
from apiflask import APIFlask

from server import disk, housekeeping
from server.export_files import parking
from server.export_files.parking import FOLDER, KEPT_S
from server.photos import FolderStore, Room
from server.photos.images import COPIES_BYTES
from server.problems import Problem
from server.services import services
from tests.server.export_files.conftest import Import
from tests.server.export_files.files import parts_of
from tests.server.export_files.test_import import PHOTO, note, statuses
from tests.server.export_files.test_parking import clear_away, enough, park, parked
from tests.server.sync.phone import Phone, new_id

CONTENT = PHOTO.read_bytes()
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def waiting(data: Path) -> list[Path]:
    """The files that were brought and wait."""
    return sorted((data / FOLDER).iterdir())


def no_room(*_: object) -> Never:
    raise OSError(errno.ENOSPC, "No space left on device")


def has_free(app: APIFlask, monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    """The server's disks have so many bytes free."""
    app.extensions["undercroft"] = replace(services(), free_bytes=lambda _: free)
    monkeypatch.setattr(FolderStore, "free_bytes", lambda _: free)


def test_a_file_that_would_touch_the_room_for_lines_is_not_parked(tmp_path: Path) -> None:
    content = io.BytesIO(b"x" * 100)
    with pytest.raises(Problem) as problem:
        park(tmp_path, "p", content, lambda _: disk.RESERVE_BYTES + 99)
    assert (problem.value.code, waiting(tmp_path)) == ("disk_full", [])
    token = park(tmp_path, "p", content, lambda _: disk.RESERVE_BYTES + 100)
    assert parked(tmp_path, "p", token).read_bytes() == b"x" * 100


def test_of_a_file_that_does_not_find_room_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parking.shutil, "copyfileobj", no_room)
    with pytest.raises(OSError, match="No space"):
        park(tmp_path, "p", io.BytesIO(b"x"), enough)
    assert waiting(tmp_path) == []


def test_a_photo_that_would_touch_the_room_for_lines_waits_in_its_file(
    app: APIFlask, zhang: Phone, take_in: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(zhang, new_id())
    parts = parts_of(zhang) | {f"photos/{SHA256}": CONTENT}
    needed = disk.RESERVE_BYTES + 2 * len(CONTENT) + COPIES_BYTES
    has_free(app, monkeypatch, needed - 1)
    imported = take_in(parts)
    assert imported.photos == {SHA256: "no_room"}
    assert statuses(imported) == [("held", "unknown_target", False)], "lines always have room"
    assert not services().photos.exists(Room.ORIGINAL, SHA256)
    has_free(app, monkeypatch, needed)
    assert take_in(parts).photos == {SHA256: "stored"}


def test_a_disk_that_is_full_all_the_same_breaks_nothing_off(
    zhang: Phone, take_in: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(zhang, new_id())
    parts = parts_of(zhang) | {f"photos/{SHA256}": CONTENT}
    with monkeypatch.context() as full:
        full.setattr(FolderStore, "put", no_room)
        assert take_in(parts).photos == {SHA256: "no_room"}
    assert take_in(parts).photos == {SHA256: "stored"}


def test_files_that_nobody_took_in_are_cleared_away_after_their_time(tmp_path: Path) -> None:
    assert clear_away(tmp_path) == 0, "where nobody ever brought one"
    old, new = (parked(tmp_path, who, park(tmp_path, who, io.BytesIO(b"x"), enough)) for who in ("a", "b"))
    past = time.time() - KEPT_S - 1
    os.utime(old, (past, past))
    assert clear_away(tmp_path) == 1
    assert waiting(tmp_path) == [new]


def test_two_clear_away_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = parked(tmp_path, "a", park(tmp_path, "a", io.BytesIO(b"x"), enough))
    past = time.time() - KEPT_S - 1
    os.utime(file, (past, past))
    both_have_looked = threading.Barrier(2)

    def age_s(file: Path, _: datetime) -> float:
        file.stat()
        both_have_looked.wait(10)
        return KEPT_S + 1

    monkeypatch.setattr(parking, "_age_s", age_s)
    removed: list[int] = []
    threads = [threading.Thread(target=lambda: removed.append(clear_away(tmp_path))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(removed) == [0, 1] and waiting(tmp_path) == []


def test_housekeeping_clears_them_away_every_hour(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    data = services().settings.data

    def brings_an_old_one(_: float) -> None:
        if rounds:
            raise InterruptedError
        rounds.append(True)
        file = parked(data, "a", park(data, "a", io.BytesIO(b"x"), enough))
        os.utime(file, (0, 0))

    rounds: list[bool] = []
    with pytest.raises(InterruptedError):
        housekeeping._keep_looking(app, brings_an_old_one)  # type: ignore[arg-type]  # what it returns is not looked at
    assert waiting(data) == []
