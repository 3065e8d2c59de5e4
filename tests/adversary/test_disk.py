"""Somebody fills the disk: what is recorded still comes in, and what cannot is told so."""

from __future__ import annotations

import errno
import io
import json
import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Never

import pytest
from apiflask import APIFlask
from sqlalchemy import event, func, select

from server import disk
from server.api import upload_bounds
from server.api.upload_bounds import Bound
from server.database import db, reading, write
from server.export_files.parking import FOLDER, MOST, clear_away, park, parked
from server.keeping.check import check_photos
from server.models import JournalLine, PhotoContent, Upload
from server.photos import FolderStore, Room
from server.photos.arriving import ArrivingFiles
from server.photos.dropping import KEPT_FOR, drop_refused
from server.problems import Problem
from server.services import services, utc_now
from tests.adversary.results import result
from tests.conftest import PASSWORD, People
from tests.reference_client import Client, Refused
from tests.server.api.photo_help import SMALL, Uploads, sha256_of


@pytest.fixture
def phone(live_server: str, people: People) -> Client:
    """Zhang's, signed in."""
    client = Client(live_server)
    client.sign_in(people.zhang.username, PASSWORD)
    return client


@pytest.fixture
def uploads(phone: Client) -> Uploads:
    return Uploads(phone)


@pytest.fixture
def context(app: APIFlask) -> Iterator[None]:
    with app.app_context():
        yield


def unfinished() -> int:
    """How many uploads the server has that are not whole."""
    with reading() as connection:
        return connection.execute(select(func.count()).select_from(Upload)).scalar_one()


def lines_of(phone: Client) -> list[str]:
    """The lines of this phone that the server has."""
    of_phone = select(JournalLine.bytes).where(JournalLine.device_id == phone.ledger.device).order_by(JournalLine.seq)
    with reading() as connection:
        return [line.decode() for line in connection.execute(of_phone).scalars()]


def no_room(*_: object) -> Never:
    raise OSError(errno.ENOSPC, "No space left on device")


@result("proven false")
@pytest.mark.parametrize("most", [Bound(3, 1 << 30), Bound(100, 3 * 1000)], ids=["uploads", "bytes"])
def test_uploads_are_begun_and_left_by_many_at_once(
    uploads: Uploads, context: None, monkeypatch: pytest.MonkeyPatch, most: Bound
) -> None:
    monkeypatch.setattr(upload_bounds, "BY_DEVICE", most)
    halves = [bytes([number]) * 1000 for number in range(6)]
    with ThreadPoolExecutor(6) as several:
        answers = list(several.map(uploads.create, halves))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [429] * 3
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["code"] == "too_many_uploads" and int(refused.headers["Retry-After"]) > 0
    assert unfinished() == 3
    begun = next(answer for answer in answers if answer.status_code == 201)
    assert uploads.send("DELETE", begun.headers["Location"]).status_code == 204
    assert uploads.create(SMALL if most.uploads == 3 else b"x").status_code == 201


@result("proven false")
def test_uploads_are_left_from_several_phones_of_one_person(
    live_server: str, people: People, context: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_bounds, "BY_PERSON", Bound(1, 1 << 30))
    answers = []
    for person in (people.zhang, people.zhang, people.li):
        client = Client(live_server)
        client.sign_in(person.username, PASSWORD)
        answers.append(Uploads(client).create(SMALL).status_code)
    assert answers == [201, 429, 201]


@result("proven false")
def test_photos_come_until_only_the_reserve_for_lines_is_left(
    app: APIFlask, phone: Client, uploads: Uploads, context: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = disk.RESERVE_BYTES + upload_bounds.COPIES_BYTES + 2 * len(SMALL)
    app.extensions["undercroft"] = replace(services(), free_bytes=lambda _: free)
    monkeypatch.setattr(FolderStore, "free_bytes", lambda _: free)
    begun = uploads.create(SMALL).headers["Location"]
    free -= 1
    for answer in (uploads.create(SMALL), uploads.patch(begun, 0, SMALL)):
        assert (answer.status_code, answer.json()["code"]) == (507, "disk_full")
        assert answer.headers["Retry-After"] == str(disk.RETRY_AFTER_S)
    assert uploads.create(b"a small one").status_code == 201
    assert uploads.offset(begun) == 0
    phone.sync()
    free += 1
    assert uploads.patch(begun, 0, SMALL).status_code == 204


@result("proven false")
def test_the_disk_is_full_all_the_same(
    uploads: Uploads, context: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun = uploads.create(SMALL).headers["Location"]
    with monkeypatch.context() as full:
        full.setattr(FolderStore, "put", no_room)
        full.setattr(ArrivingFiles, "create", no_room)
        for answer in (uploads.patch(begun, 0, SMALL), uploads.create(b"another")):
            assert (answer.status_code, answer.json()["code"]) == (507, "disk_full")
            assert answer.headers["Retry-After"] == str(disk.RETRY_AFTER_S)
    assert unfinished() == 1
    assert uploads.offset(begun) < len(SMALL)
    assert sum("the disk is full" in each.getMessage() for each in caplog.records) <= 1
    assert uploads.patch(begun, uploads.offset(begun), SMALL[uploads.offset(begun) :]).status_code == 204


@result("proven false")
def test_the_disk_of_the_database_is_full(phone: Client, people: People, context: None) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's own error; PostgreSQL's is told by its SQLSTATE")

    def full(*_: object) -> Never:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    order = "0192f3c0-0000-7000-8000-000000000001"
    phone.write("note.add", order, {"note": order, "text": "水泵异响"})
    assert [json.loads(line)["kind"] for line in phone.ledger.lines] == ["anchor", "note.add"]
    event.listen(db.engine, "before_cursor_execute", full)
    try:
        for does in (phone.sync, lambda: phone.sign_in(people.zhang.username, PASSWORD)):
            with pytest.raises(Refused) as refused:
                does()
            assert (refused.value.status, refused.value.code) == (507, "disk_full")
    finally:
        event.remove(db.engine, "before_cursor_execute", full)
    assert lines_of(phone) == []
    phone.sync()
    assert lines_of(phone) == phone.ledger.lines and len(phone.ledger.lines) == 2


@result("proven false")
def test_refused_files_are_left_for_ever(uploads: Uploads, context: None) -> None:
    content, photos = b"no photo at all", services().photos
    sha256 = sha256_of(content)
    assert uploads.whole(content).status_code == 204
    now = utc_now()
    assert drop_refused(photos, write, now + KEPT_FOR - timedelta(hours=1)) == 0
    assert photos.exists(Room.REFUSED, sha256)
    assert drop_refused(photos, write, now + KEPT_FOR + timedelta(hours=1)) == 1
    assert not photos.exists(Room.REFUSED, sha256)
    with reading() as connection:
        assert list(check_photos(connection, photos)) == []
    assert uploads.whole(content).status_code == 204
    assert photos.exists(Room.REFUSED, sha256)
    with reading() as connection:
        assert connection.execute(select(PhotoContent.state)).scalars().all() == ["rejected"]


@result("proven false")
def test_export_files_are_brought_and_left(tmp_path: Path) -> None:
    def bring(person: str) -> str:
        return park(tmp_path, person, io.BytesIO(b"x" * 100), utc_now(), lambda _: disk.RESERVE_BYTES + 100)

    def refused(free: int, person: str) -> str:
        with pytest.raises(Problem) as problem:
            park(tmp_path, person, io.BytesIO(b"x" * 100), utc_now(), lambda _: free)
        return problem.value.code

    assert refused(disk.RESERVE_BYTES + 99, "0") == "disk_full"
    tokens = [bring("the same") for _ in range(3 * MOST)]
    assert len(list((tmp_path / FOLDER).iterdir())) == 1, "of one person the last"
    for number in range(MOST - 1):
        bring(str(number))
    assert refused(1 << 40, "one more") == "busy"
    for file in (tmp_path / FOLDER).iterdir():
        os.utime(file, (0, 0))
    assert clear_away(tmp_path, utc_now()) == MOST
    with pytest.raises(Problem):
        parked(tmp_path, "the same", tokens[-1], utc_now())
