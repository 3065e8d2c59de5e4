"""A backup that cannot be brought back changes nothing; one that can brings back what had ended as ended."""

from __future__ import annotations

import errno
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click
import pytest
from apiflask import APIFlask
from sqlalchemy import Connection, Table, insert, select, text, update

from server.application import create_app
from server.commands import restoring
from server.commands.restoring import bring_back
from server.commands.run_keeping import run_restore
from server.database import db, make_schema, migrate_to_newest, reading, writing
from server.keeping import archive
from server.keeping.archive import part_of
from server.keeping.opening import open_backup
from server.keeping.refusing import BadBackup
from server.keeping.rows import MAX_ROW_BYTES, RowTooLong, write_rows
from server.models import Base, Device, Feed, FeedEntry, Person, ServerFact, SessionToken, WrongPassword
from server.secret_key import SETTING
from server.services import utc_now
from server.settings import Settings
from tests.conftest import People
from tests.databases import Databases
from tests.server.keeping.crafted import columns_of, end_of, packed, parts_of, tarred, whole
from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import Backups
from tests.server.sync.phone import Phone, new_id

OWN_KEY: Final = "a key of its own, which the backup does not have"


@pytest.fixture
def backup(app: APIFlask, people: People, tmp_path: Path) -> Path:
    """Of a company with an order."""
    with app.app_context():
        phone = Phone(people.zhang.id).register()
        Office(people.wang.id).open(phone.person_id)
        return Backups(tmp_path).take()


@pytest.fixture
def other(databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A server with a key of its own, and somebody in its database where that is SQLite, which can be set aside."""
    monkeypatch.delenv(SETTING, raising=False)
    with databases.bare(tmp_path / "other") as bare:
        made = replace(bare, secret_key=OWN_KEY)
        (made.data / archive.SECRET).write_text(OWN_KEY)
        with create_app(made).app_context():
            migrate_to_newest()
            if made.database_url.startswith("sqlite"):
                with writing() as connection:
                    row = {"username": "here", "name": "Here", "role": "admin", "password_hash": "x"}
                    connection.execute(insert(Person).values(id="here", **row, created_at=utc_now()))
            db.engine.dispose()
        yield made


def under_its_key(settings: Settings) -> Settings:
    """The settings as a server reads them that starts now: a restore may have brought another key."""
    return replace(settings, secret_key=(settings.data / archive.SECRET).read_text().strip())


def state(settings: Settings) -> tuple[list[str], str, str, list[str]]:
    """What a server has: people, schema, key, files."""
    with create_app(under_its_key(settings)).app_context():
        with reading() as connection:
            people = list(connection.execute(select(Person.username)).scalars())
            revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        db.engine.dispose()
    files = sorted(str(file.relative_to(settings.data)) for file in settings.data.rglob("*") if file.is_file())
    return people, revision, (settings.data / archive.SECRET).read_text(), files


def rewritten(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same backup with other parts, and an end that fits."""
    with tarfile.open(file) as tar:
        parts = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]  # files all
    old = json.loads(parts.pop(archive.END))
    change(parts)
    made = end_of(list(parts.items())) | {"columns": old["columns"], "photos": old["photos"]}
    made["columns"] |= {name: json.loads(parts.pop(f"columns {name}")) for name in list(old["columns"])
                        if f"columns {name}" in parts}  # fmt: skip
    made["sha256"] = {name: sha256 for name, sha256 in made["sha256"].items() if not name.startswith("columns ")}
    file.write_bytes(tarred([*parts.items(), (archive.END, json.dumps(made).encode())]))
    return file


def _twice_the_same(parts: dict[str, bytes]) -> None:
    parts[part_of("feed")] += parts[part_of("feed")]


def _of_nobody(parts: dict[str, bytes]) -> None:
    parts[part_of("person")] = packed()


def _of_another_schema(parts: dict[str, bytes]) -> None:
    parts["columns feed"] = json.dumps(["name", "no_such_column"]).encode()


def _not_a_number(parts: dict[str, bytes]) -> None:
    parts[part_of("held_line")] = packed(["x"])


def _of_tomorrow(parts: dict[str, bytes]) -> None:
    parts[archive.MANIFEST] = json.dumps(json.loads(parts[archive.MANIFEST]) | {"revision": "9999"}).encode()


CHANGES: Final = {
    "a row twice": ("does_not_fit", _twice_the_same),
    "rows of nobody": ("does_not_fit", _of_nobody),
    "a column of no schema": ("does_not_fit", _of_another_schema),
    "a row that cannot be read": ("wrong_row", _not_a_number),
    "a later version": ("newer", _of_tomorrow),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_backup_that_does_not_fit_is_refused_and_changes_nothing(backup: Path, other: Settings, case: str) -> None:
    code, change = CHANGES[case]
    before = state(other)
    with pytest.raises(BadBackup) as problem:
        bring_back(other, open_backup(rewritten(backup, change)), True, "en")
    assert problem.value.code == code
    assert state(other) == before


def _no_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _unreadable() -> None:
    raise LookupError("not in the rows")


def test_what_fails_on_the_way_changes_nothing_and_the_same_backup_comes_back_afterwards(
    backup: Path, other: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(other)
    with monkeypatch.context() as failing:
        failing.setattr(restoring, "restore_photos", _no_room)
        with pytest.raises(OSError, match="No space"):
            bring_back(other, open_backup(backup), True, "en")
    assert state(other) == before
    with monkeypatch.context() as failing:
        failing.setattr(restoring, "_migrate", _unreadable)
        with pytest.raises(LookupError):
            bring_back(other, open_backup(backup), True, "en")
    assert state(other) == before
    bring_back(other, open_backup(backup), True, "en")
    people, _, key, files = state(other)
    assert (sorted(people), key) == (["admin", "chen", "li", "wang", "zhang"], open_backup(backup).secret)
    assert "secret.before-restore" in files and not [name for name in files if ".restoring-" in name]
    if other.database_url.startswith("sqlite"):
        (aside,) = other.data.glob("before-restore-*")
        was = replace(other, database_url=f"sqlite:///{aside / 'undercroft.sqlite3'}")
        with create_app(was).app_context(), reading() as connection:
            assert connection.execute(select(Person.username)).scalars().all() == ["here"]


@pytest.mark.parametrize("what", ["link", "replace"])
def test_where_the_new_database_cannot_take_its_place_the_key_stays_too(
    backup: Path, other: Settings, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    if not other.database_url.startswith("sqlite"):
        pytest.skip("only SQLite's file is put in the place of another")
    before = state(other)
    with monkeypatch.context() as failing:
        failing.setattr(restoring.os, what, _no_room)
        with pytest.raises(OSError, match="No space"):
            bring_back(other, open_backup(backup), True, "en")
    assert state(other)[:3] == before[:3]
    if what == "link":
        assert list(other.data.glob("before-restore-*")) == []


def test_no_older_key_is_lost_where_a_backup_is_brought_back_again(backup: Path, other: Settings) -> None:
    (other.data / "secret.before-restore").write_text("of the restore before")
    bring_back(other, open_backup(backup), True, "en")
    kept = {file.read_text() for file in other.data.glob("secret.*")}
    in_use = (other.data / "secret.fallbacks").read_text()
    # The backup's own key was among them until it had its place.
    own = (other.data / archive.SECRET).read_text()
    assert in_use == f"{own}\n{OWN_KEY}\n", "phones hold what it made"
    assert kept == {"of the restore before", OWN_KEY, open_backup(backup).secret, in_use}


def test_what_an_older_schema_cannot_be_migrated_with_is_told_as_the_backups(
    backup: Path, other: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(other)
    calls = iter((migrate_to_newest, _unreadable, migrate_to_newest))
    monkeypatch.setattr(restoring, "migrate_to_newest", lambda: next(calls)())
    with pytest.raises(BadBackup) as problem:
        bring_back(other, open_backup(backup), True, "en")
    assert problem.value.code == "not_migrated"
    assert state(other) == before


def test_a_weak_key_is_brought_back_only_where_the_environment_has_another(
    other: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = tmp_path / "weak.backup"
    parts = [(name, b"weak" * 10 if name == archive.SECRET else content) for name, content in parts_of()]
    weak.write_bytes(tarred(whole(parts)))
    monkeypatch.setenv("UNDERCROFT_DATA", str(other.data))
    monkeypatch.setenv("UNDERCROFT_DATABASE_URL", other.database_url)
    before = state(other)
    with pytest.raises(click.ClickException, match="can be guessed"):
        run_restore(weak, True, "en")
    assert state(other) == before
    monkeypatch.setenv(SETTING, OWN_KEY)
    run_restore(weak, True, "en")
    assert (other.data / archive.SECRET).read_text() == OWN_KEY
    assert state(other) != before


def test_a_restore_that_is_refused_leaves_no_key_behind_that_it_had_made(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (SETTING, "UNDERCROFT_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    data = tmp_path / "empty"
    monkeypatch.setenv("UNDERCROFT_DATA", str(data))
    of_tomorrow = rewritten(backup, _of_tomorrow)
    with pytest.raises(click.ClickException):
        run_restore(of_tomorrow, False, "en")
    assert not (data / archive.SECRET).exists()


def _all_rows(connection: Connection, table: Table) -> list[Any]:
    return list(connection.execute(select(table).order_by(*table.primary_key.columns)).all())


def test_what_had_ended_or_was_counted_comes_back_as_it_was(
    app: APIFlask, people: People, other: Settings, tmp_path: Path
) -> None:
    now = utc_now()
    with app.app_context():
        phones = [Phone(people.zhang.id).register() for _ in range(3)]
        with writing() as connection:
            for phone, known_by in zip(phones, ("session", "file", "claim"), strict=True):
                connection.execute(update(Device).where(Device.id == phone.id).values(known_by=known_by))
            for number, ended in enumerate((None, "password_changed", "account_closed", "ended")):
                connection.execute(
                    insert(SessionToken).values(
                        token_hash=str(number) * 64, id=new_id(), person_id=people.zhang.id, device_id=phones[0].id,
                        kind="app", created_at=now, last_used_at=now, expires_at=now + timedelta(days=90), ended=ended,
                    )
                )  # fmt: skip
            for number in (1, 2):
                connection.execute(
                    insert(WrongPassword).values(
                        person_id=people.li.id, address_hash=str(number) * 64, tries=7 * number, untold=number,
                        first_at=now, last_at=now + timedelta(seconds=number),
                    )
                )  # fmt: skip
            closed = {"active": False, "sign_in_version": 3}
            connection.execute(update(Person).where(Person.id == people.li.id).values(**closed))
        with reading() as connection:
            before = {table.name: _all_rows(connection, table) for table in archive.tables()}
        file = Backups(tmp_path).take()
    bring_back(other, open_backup(file), True, "en")
    with create_app(under_its_key(other)).app_context():
        with reading() as connection:
            after = {table.name: _all_rows(connection, table) for table in archive.tables()}
        db.engine.dispose()
    # A new epoch, the key's check value, and other numbers in the feeds.
    anew = {table.__tablename__ for table in (ServerFact, Feed, FeedEntry)}
    assert {name: rows for name, rows in after.items() if name not in anew} == {
        name: rows for name, rows in before.items() if name not in anew
    }
    assert len(after["feed_entry"]) == len(before["feed_entry"])
    assert sorted(str(row.ended) for row in after["session_token"]) == [
        "None", "account_closed", "ended", "password_changed",
    ]  # fmt: skip
    assert {row.known_by for row in after["device"]} == {"session", "file", "claim"}
    assert [(row.tries, row.untold) for row in after["wrong_password"]] == [(7, 1), (14, 2)]


def test_a_row_that_could_not_be_read_back_is_not_written() -> None:
    table = Base.metadata.tables["document"]
    row = ["x" * MAX_ROW_BYTES if name == "body" else None for name in columns_of("document")]
    with pytest.raises(RowTooLong):
        write_rows(table, [row], io.BytesIO())


def test_only_a_schema_of_this_program_is_made(other: Settings) -> None:
    from server.database import knows_schema

    with create_app(other).app_context():
        assert knows_schema("0004")
        for name in ("0", "head", "heads", "base", "-1", "+1", "0004:0005", "9999", ""):
            assert not knows_schema(name)
        with pytest.raises(LookupError):
            make_schema("9999")
        migrate_to_newest()
        db.engine.dispose()
