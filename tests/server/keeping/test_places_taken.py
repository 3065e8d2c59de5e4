"""A restore takes the place of database and keys: nothing is overwritten, and at each moment the key that is there is
the database's."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select

from server.at_work import at_work
from server.commands import restoring
from server.commands.run_keeping import run_backup, run_restore
from server.company_key import look
from server.database import db, reading, write
from server.keeping import placing
from server.models import Person
from server.secret_key import FILE, FORMER_FILE, SETTING, read_former
from server.services import utc_now
from server.settings import Places
from server.sync.ledgers.secrets import check_value
from server.sync.store.people import add_person

OLD: Final = "the key of the company that is replaced"
NEW: Final = "the key of the company in the backup, by chance"
NOON: Final = datetime(2026, 11, 29, 12, tzinfo=UTC)
CHANGES: Final = ("replace", "rename", "link", "unlink", "mkdir", "rmdir")
REAL: Final = {name: getattr(os, name) for name in CHANGES}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_sqlite: None) -> Path:
    """The data folder of a company, whose key is OLD and whose one person is `old`."""
    for name in [name for name in os.environ if name.startswith("UNDERCROFT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("UNDERCROFT_DATA", str(tmp_path / "data"))
    make(tmp_path / "data", OLD, "old", monkeypatch)
    return tmp_path / "data"


@pytest.fixture
def backup(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of another company, whose key is NEW and whose one person is `new`."""
    file = tmp_path / "company.backup"
    with monkeypatch.context() as there:
        make(tmp_path / "there", NEW, "new", there)
        run_backup(file, None)
    return file


def make(data: Path, key: str, person: str, environ: pytest.MonkeyPatch) -> None:
    """A company with this key and this person."""
    environ.setenv("UNDERCROFT_DATA", str(data))
    data.mkdir()
    (data / FILE).write_text(key)
    with at_work():
        write(lambda connection: add_person(connection, person, person, "admin", "x", utc_now()))
        db.engine.dispose()


def test_three_restores_in_one_second_overwrite_nothing(
    folder: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (placing, restoring):
        monkeypatch.setattr(module, "utc_now", lambda: NOON)
    keys = [f"{number} {OLD}" for number in range(3)]
    for key in keys:
        (folder / FILE).write_text(key)
        run_restore(backup, True, "en")
    assert sorted(file.read_text() for file in folder.glob("secret.before-restore*")) == keys
    asides = list(folder.glob("before-restore-*"))
    assert len(asides) == 3 and all((aside / "undercroft.sqlite3").stat().st_size for aside in asides)
    assert (folder / FILE).read_text() == NEW
    assert set(keys) <= set(read_former({}, folder, NEW))


def test_a_restore_that_dies_at_any_moment_leaves_a_database_with_its_key(
    folder: Path, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments: list[Path] = []
    with monkeypatch.context() as watched:
        for name in CHANGES:
            watched.setattr(os, name, _kept_before(getattr(os, name), folder, moments))
        run_restore(backup, True, "en")
    found = [begun_in(moment, monkeypatch) for moment in (*moments, folder)]
    assert [people for people, _ in found] == sorted((people for people, _ in found), reverse=True), found
    assert found[0][0] == "old" and found[-1] == ("new", NEW) and len(found) > 8
    assert {key for people, key in found if people == "old"} == {OLD}


def _kept_before(real: Callable[..., Any], folder: Path, moments: list[Path]) -> Callable[..., Any]:
    """Before it changes what stands under a name in `folder`, all that would be left by whoever died then is kept."""

    def ask(*arguments: Any, **named: Any) -> Any:
        paths = [Path(one) for one in arguments if isinstance(one, (str, Path))]
        # What is made beside, and locks, belong to nobody yet.
        if any(path.is_relative_to(folder) and ".restoring-" not in str(path) for path in paths[-1:]):
            moments.append(folder.with_name(f"moment-{len(moments)}"))
            real_folders = shutil.ignore_patterns(".restoring-*")
            with pytest.MonkeyPatch.context() as unwatched:
                for name in CHANGES:
                    unwatched.setattr(os, name, REAL[name])
                shutil.copytree(folder, moments[-1], ignore=real_folders)
        return real(*arguments, **named)

    return ask


def begun_in(folder: Path, environ: pytest.MonkeyPatch) -> tuple[str, str]:
    """Who is in the database of a server that starts there, and with which key, which has to know what the company
    that is there has made."""
    environ.setenv("UNDERCROFT_DATA", str(folder))
    noted = look(Places.read()).check
    with at_work() as settings:
        with reading() as connection:
            [person] = connection.scalars(select(Person.username))
        db.engine.dispose()
    assert noted == check_value({"old": OLD, "new": NEW}[person]), folder
    assert {"old": OLD, "new": NEW}[person] in (settings.secret_key, *settings.former_keys), folder
    assert settings.secret_key in (OLD, NEW), folder
    return person, settings.secret_key


def test_a_restore_that_cannot_take_the_place_leaves_keys_and_names_as_they_were(
    folder: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / FORMER_FILE).write_text("a key from long ago\n")
    before = {file.name: file.read_bytes() for file in folder.glob("secret*")}

    def fails(_made: Path, _there: Path) -> None:
        raise OSError("the disk is gone")

    real = os.replace
    monkeypatch.setattr(
        restoring.os, "replace", lambda new, place: (fails if Path(place).suffix == ".sqlite3" else real)(new, place)
    )
    with pytest.raises(Exception, match="was not restored"):
        run_restore(backup, True, "en")
    assert {file.name: file.read_bytes() for file in folder.glob("secret*")} == before
    assert not list(folder.glob("before-restore-*")) and SETTING not in os.environ


def test_nothing_is_replaced_while_another_program_has_the_database_open(folder: Path, backup: Path) -> None:
    other = sqlite3.connect(folder / "undercroft.sqlite3")
    other.execute("SELECT * FROM person").fetchall()
    try:
        with pytest.raises(Exception, match="has .* open"):
            run_restore(backup, True, "en")
    finally:
        other.close()
    assert (folder / FILE).read_text() == OLD
    run_restore(backup, True, "en")
