"""Copies that come back whole, and a check that finds what does not fit."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from apiflask import APIFlask
from sqlalchemy import Connection, delete, select, update

from server.database import db, reading, writing
from server.housekeeping import catch_up
from server.keeping import archive
from server.keeping.check import check_all
from server.keeping.opening import open_backup
from server.keeping.refusing import BadBackup
from server.models import (
    Base,
    Device,
    Document,
    DocumentPerson,
    EvidenceRow,
    FeedEntry,
    HeldLine,
    JournalLine,
    Person,
    PhotoContent,
    PhotoLink,
    PhotoLook,
    ServerFact,
    WorkOrder,
)  # fmt: skip
from server.photos import Room
from server.photos.arrival import keep, record_content
from server.presence import alone, locks_of
from server.services import services, utc_now
from server.settings import Settings
from tests.conftest import People
from tests.databases import Databases, environment
from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import Backups
from tests.server.sync.phone import Phone, new_id

PHOTO: Final = Path(__file__).parents[2] / "data" / "photos" / "DSCN0010.jpg"


@pytest.fixture
def worked(app: APIFlask, people: People) -> Phone:
    """A company in which something has happened: an order, a held line, a photo."""
    with app.app_context():
        phone = Phone(people.zhang.id).register()
        order = Office(people.wang.id).open(phone.person_id)
        phone.sync()
        kept = keep(services().photos, PHOTO, _hash(PHOTO), "image/jpeg")
        photo = {"photo": new_id(), "sha256": kept.sha256, "size": kept.size, "media_type": "image/jpeg",
                 "purpose": "after", "taken_at": "2026-11-24T09:00:00+08:00"}  # fmt: skip
        phone.write("photo.add", order, photo)
        phone.write("note.add", new_id(), {"note": new_id(), "text": "on an order that is not there"})
        phone.sync()
        with writing() as connection:
            record_content(connection, kept, phone.person_id, utc_now(), services().company)
        phone.sync()
    return phone


def _hash(file: Path) -> str:
    from server.photos.arrival import hash_of

    return hash_of(file)


def run(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line, in a process of its own, speaking English."""
    return subprocess.run(
        [sys.executable, "-c", "from server.commands.cli import main; main()", *arguments, "--language", "en"],
        env={**os.environ, **environment(settings)}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def rows(connection: Connection) -> dict[str, list[Any]]:
    """What a company is: every line, document and person."""
    people = select(DocumentPerson).order_by(DocumentPerson.document_id, DocumentPerson.person_id)
    links = select(PhotoLink).order_by(PhotoLink.document_id, PhotoLink.photo_id)
    return {
        "on_documents": [tuple(row) for row in connection.execute(people)],
        "photos": [tuple(row)[:4] for row in connection.execute(links)],
        "lines": list(connection.execute(select(JournalLine.bytes).order_by(JournalLine.position)).scalars()),
        "documents": connection.execute(
            select(Document.type, Document.id, Document.version, Document.body, Document.seal).order_by(
                Document.type, Document.id
            )
        ).all(),
        "people": connection.execute(select(Person.username, Person.password_hash).order_by(Person.username)).all(),
    }


def test_a_backup_comes_back_whole_into_an_empty_database(
    app: APIFlask, settings: Settings, worked: Phone, databases: Databases, tmp_path: Path
) -> None:
    file = tmp_path / "company.backup"
    done = run(settings, "backup", str(file))
    assert done.returncode == 0, done.stderr
    with app.app_context(), reading() as connection:
        before = rows(connection)
        epoch = connection.execute(select(ServerFact.value).where(ServerFact.name == "epoch")).scalar_one()
    from server.application import create_app

    with databases.bare(tmp_path / "other") as other:
        done = run(other, "restore", str(file))
        assert done.returncode == 0, done.stderr
        assert run(other, "check").returncode == 0
        with create_app(other).app_context():
            with reading() as connection:
                assert rows(connection) == before
                facts = select(ServerFact.value).where(ServerFact.name == "epoch")
                assert connection.execute(facts).scalar_one() != epoch
                office = connection.execute(select(Device.revoked_at).where(Device.kind == "office")).scalars()
                assert None not in office
            assert list(services().photos.each(Room.ORIGINAL)) == [_hash(PHOTO)]
            answer = worked.hand_over(worked.request())
            assert answer["acknowledged"] == worked.acknowledged
            db.engine.dispose()


OLDER: Final = "0004"
NOT_YET: Final = (
    "wrong_password", "evidence_row", "photo_alike", "photo_band", "photo_look", "former_person", "stranded_ledger",
)  # fmt: skip
COLUMNS_NOT_YET: Final = {
    "person": ("sign_in_version",),
    "device": ("known_by",),
    "batch": ("handed_in", "brought_by"),
    "session_token": ("ended", "id", "browser"),
    "journal_line": ("took_id",),
    "photo_link": ("awaited_since", "document_type"),
    "signature_strokes": ("document_type",),
    "document_person": ("document_type",),
    "work_order": ("words",),
    "customer": ("words",),
    "site": ("words",),
    "asset": ("words",),
}
# As that version called them.
TABLES_THEN: Final = {"document_person": "work_order_person"}
COLUMNS_THEN: Final = {"document_id": "work_order_id"}
OF_ORDERS: Final = ("photo_link", "signature_strokes", "document_person")


def without(rows: bytes, places: list[int]) -> bytes:
    """The rows of a table without the columns at these places."""
    kept = [
        [value for place, value in enumerate(json.loads(row)) if place not in places]
        for row in gzip.decompress(rows).splitlines()
    ]
    return gzip.compress(b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in kept))


def as_written_before(file: Path, older: Path) -> None:
    """The same backup as a version with the schema `OLDER` wrote it: without the tables that have come since."""
    columns = {name: [column.name for column in Base.metadata.tables[name].columns] for name in COLUMNS_NOT_YET}
    changed: dict[str, str] = {}
    with tarfile.open(file) as tar, tarfile.open(older, mode="w", format=tarfile.PAX_FORMAT) as out:
        for member in tar:
            source = tar.extractfile(member)
            assert source is not None
            content = source.read()
            if member.name in {f"tables/{name}.ndjson.gz" for name in NOT_YET}:
                continue
            table = member.name.removeprefix("tables/").removesuffix(".ndjson.gz")
            if table in COLUMNS_NOT_YET:
                content = without(content, [columns[table].index(name) for name in COLUMNS_NOT_YET[table]])
                changed[member.name] = hashlib.sha256(content).hexdigest()
            if table in TABLES_THEN:
                then = f"tables/{TABLES_THEN[table]}.ndjson.gz"
                changed[then] = changed.pop(member.name)
                member.name = then
            if member.name == archive.MANIFEST:
                manifest = content = json.dumps(json.loads(content) | {"revision": OLDER}, indent=1).encode()
            if member.name == archive.END:
                end = json.loads(content)
                end["sha256"] |= changed
                del end["rows"]
                for table, names in COLUMNS_NOT_YET.items():
                    end["columns"][table] = [name for name in end["columns"][table] if name not in names]
                for table in OF_ORDERS:
                    end["columns"][table] = [COLUMNS_THEN.get(name, name) for name in end["columns"][table]]
                for table, then in TABLES_THEN.items():
                    end["columns"][then] = end["columns"].pop(table)
                    del end["sha256"][f"tables/{table}.ndjson.gz"]
                for name in NOT_YET:
                    del end["columns"][name], end["sha256"][f"tables/{name}.ndjson.gz"]
                end["sha256"][archive.MANIFEST] = hashlib.sha256(manifest).hexdigest()
                content = json.dumps(end, indent=1).encode()
            member.size = len(content)
            out.addfile(member, io.BytesIO(content))


def test_a_backup_of_an_older_version_comes_back_with_what_has_come_since(
    app: APIFlask, settings: Settings, worked: Phone, databases: Databases, tmp_path: Path
) -> None:
    file, older = tmp_path / "company.backup", tmp_path / "older.backup"
    done = run(settings, "backup", str(file))
    assert done.returncode == 0, done.stderr
    as_written_before(file, older)
    evidence = select(EvidenceRow).order_by(EvidenceRow.kind, EvidenceRow.item_id)
    with app.app_context(), reading() as connection:
        before, evidence_before = rows(connection), connection.execute(evidence).all()
    assert [row.kind for row in evidence_before] == ["photo"]
    from server.application import create_app

    with databases.bare(tmp_path / "other") as other:
        done = run(other, "restore", str(older))
        assert done.returncode == 0, done.stderr
        assert run(other, "check").returncode == 0
        with create_app(other).app_context():
            with reading() as connection:
                assert rows(connection) == before
                assert connection.execute(evidence).all() == evidence_before
                assert connection.execute(select(PhotoLook)).all() == []
            assert catch_up() == 1
            with reading() as connection:
                assert connection.execute(select(PhotoLook.sha256)).scalars().all() == [_hash(PHOTO)]
            answer = worked.hand_over(worked.request())
            assert answer["acknowledged"] == worked.acknowledged
            db.engine.dispose()


def test_nothing_is_overwritten(app: APIFlask, settings: Settings, worked: Phone, tmp_path: Path) -> None:
    file = tmp_path / "company.backup"
    assert run(settings, "backup", str(file)).returncode == 0
    with app.app_context():
        db.engine.dispose()
    again = run(settings, "backup", str(file))
    assert (again.returncode, "is there already" in again.stderr) == (1, True)
    restored = run(settings, "restore", str(file))
    assert (restored.returncode, "holds a company already" in restored.stderr) == (1, True)
    if settings.database_url.startswith("sqlite"):
        replaced = run(settings, "restore", str(file), "--replace")
        assert replaced.returncode == 0, replaced.stderr
        (aside,) = settings.data.glob("before-restore-*")
        assert (aside / "undercroft.sqlite3").stat().st_size > 0
        assert run(settings, "check").returncode == 0


def test_nobody_restores_under_a_server_that_serves(settings: Settings, worked: Phone, tmp_path: Path) -> None:
    file = tmp_path / "company.backup"
    assert run(settings, "backup", str(file)).returncode == 0
    with locks_of(settings.places) as locks:
        for lock in locks:
            lock.share(lambda: None)
        refused = run(settings, "restore", str(file), "--replace")
        assert (refused.returncode, "Stop it first" in refused.stderr) == (1, True)
        with pytest.raises(BlockingIOError), alone(settings.places):
            pass


def test_a_backup_that_is_not_whole_is_refused_before_anything_is_touched(
    app: APIFlask, worked: Phone, tmp_path: Path
) -> None:
    with app.app_context():
        file = Backups(tmp_path).take()
    whole = file.read_bytes()
    turned = bytearray(whole)
    place = whole.index(b"tables/journal_line.ndjson.gz") + 600
    turned[place] ^= 1
    empty = tmp_path / "empty"
    for content, code in (
        (whole[: len(whole) // 2], {"not_a_backup", "cut_off"}),
        (whole[:0], {"not_a_backup"}),
        (b"no tar file at all" * 100, {"not_a_backup"}),
        (bytes(turned), {"damaged", "not_a_backup"}),
    ):
        empty.write_bytes(content)
        with pytest.raises(BadBackup) as problem:
            open_backup(empty)
        assert problem.value.code in code


Damage = Callable[[Connection], object]


def _change_a_line(connection: Connection) -> None:
    row = connection.execute(select(JournalLine.position, JournalLine.bytes).limit(1)).one()
    changed = update(JournalLine).where(JournalLine.position == row.position)
    connection.execute(changed.values(bytes=row.bytes.replace(b'"v":1', b'"v": 1')))


def _change_a_document(connection: Connection) -> None:
    row = connection.execute(select(Document.id, Document.body).where(Document.type == "work_order").limit(1)).one()
    body = json.loads(row.body) | {"diagnosis": "never written"}
    connection.execute(update(Document).where(Document.id == row.id).values(body=json.dumps(body)))


DAMAGES: Final[dict[str, Damage]] = {
    "line-changed": _change_a_line,
    "document-differs": _change_a_document,
    "ledger-gap": lambda c: c.execute(delete(JournalLine).where(JournalLine.kind == "photo.add")),
    "head-differs": lambda c: c.execute(update(Device).values(acknowledged=Device.acknowledged + 1)),
    "signature-differs": lambda c: c.execute(
        update(Device).values(public_key=json.dumps({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}))
    ),
    "face-differs": lambda c: c.execute(update(WorkOrder).values(number="other")),
    "held-unseen": lambda c: c.execute(delete(HeldLine)),
    "feed-lacks": lambda c: c.execute(delete(FeedEntry).where(FeedEntry.type == "work_order")),
    "feed-ahead": lambda c: c.execute(update(FeedEntry).values(seq=FeedEntry.seq + 1000)),
    "photo-missing": lambda c: c.execute(update(PhotoContent).values(sha256="0" * 64)),
}


@pytest.mark.parametrize("code", DAMAGES)
def test_the_check_finds_what_does_not_fit(app: APIFlask, worked: Phone, code: str) -> None:
    with app.app_context():
        with reading() as connection:
            assert list(check_all(connection, services().photos)) == []
        with writing() as connection:
            DAMAGES[code](connection)
        with reading() as connection:
            assert code in {finding.code for finding in check_all(connection, services().photos)}


def test_the_check_finds_a_photo_whose_bytes_changed(app: APIFlask, settings: Settings, worked: Phone) -> None:
    sha256 = _hash(PHOTO)
    file = settings.data / "photos" / "original" / sha256[:2] / sha256[2:4] / sha256
    file.write_bytes(file.read_bytes() + b"x")
    with app.app_context():
        done = run(settings, "check")
    assert (done.returncode, f"The content of photo {sha256} does not have its hash." in done.stdout) == (1, True)
