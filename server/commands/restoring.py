"""Putting a backup in the place of what is there: made whole somewhere else first, so that one that cannot be brought
back changes nothing."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import click
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from server import company_key
from server.application import create_app
from server.commands.progress import ProgressShown
from server.database import (
    db,
    is_out_of_room,
    knows_schema,
    make_schema,
    migrate_to_newest,
    reading,
    without_bounds,
    writing,
)
from server.keeping.opening import Opened, check_rows
from server.keeping.placing import keys_at_hand, numbered
from server.keeping.refusing import BadBackup
from server.keeping.restore import is_empty, restore_photos, restore_rows
from server.language import text
from server.photos.folder import sync_folder
from server.secret_key import SETTING
from server.services import services, utc_now
from server.settings import Settings

SQLITE: Final = "sqlite:///"


def bring_back(settings: Settings, opened: Opened, replace_it: bool, spoken: str) -> None:
    """Restore `opened` into an empty database, or with `replace_it` in the place of SQLite's, which is set aside.

    Raises BadBackup (newer, wrong_row, damaged, in_use, in_use_elsewhere, does_not_fit, no_room, not_migrated,
    open_elsewhere) and OSError; then the database and its key are as they were.
    """
    with create_app(settings, restoring=True).app_context():
        if not knows_schema(opened.manifest.revision):
            raise BadBackup("newer", version=opened.manifest.version)
        check_rows(opened)
        migrate_to_newest()
        with reading() as connection:
            empty = is_empty(connection)
        db.engine.dispose()
    on_sqlite = settings.database_url.startswith(SQLITE)
    if not empty and not (replace_it and on_sqlite):
        raise BadBackup("in_use" if on_sqlite else "in_use_elsewhere")
    target = replace(settings, secret_key=_secret_of(settings, opened.secret, spoken))
    # Of PostgreSQL nobody knows whether a company was there before.
    present = None if empty and on_sqlite else settings.secret_key
    if on_sqlite:
        _into_a_file(target, opened, empty, present, spoken)
    else:
        _into_an_empty_one(target, opened, present, spoken)


def _into_a_file(settings: Settings, opened: Opened, empty: bool, present: str | None, spoken: str) -> None:
    """Make SQLite's file beside the one that is there, and then take its place."""
    there = Path(settings.database_url.removeprefix(SQLITE))
    with tempfile.TemporaryDirectory(dir=there.parent, prefix=".restoring-") as folder:
        made = Path(folder) / there.name
        _fill(replace(settings, database_url=f"{SQLITE}{made}"), opened, spoken)
        for file in (made, there):
            _into_one_file(file)
        with keys_at_hand(settings, opened, present) as keys:
            with keys.former_in_place():
                aside = None if empty else _set_aside(there)
                _take_the_place(made, there, aside)
            sync_folder(there.parent)
            keys.put()
    if aside is not None:
        click.echo(text(spoken, "restore-set-aside", folder=str(aside)))


def _into_an_empty_one(settings: Settings, opened: Opened, present: str | None, spoken: str) -> None:
    """Fill a database in which nobody works; where that fails it is empty again."""
    with keys_at_hand(settings, opened, present) as keys:
        with keys.former_in_place():
            try:
                _fill(settings, opened, spoken)
            except BaseException:
                with create_app(settings, restoring=True).app_context():
                    make_schema(opened.manifest.revision)
                    migrate_to_newest()
                    db.engine.dispose()
                raise
        keys.put()


def _fill(settings: Settings, opened: Opened, spoken: str) -> None:
    """Photos are there before the rows that name them; whoever breaks off in between loses nothing."""

    def progress(part: str, done: int, total: int) -> None:
        shown(opened.file.name, part, done, total)

    with create_app(settings, restoring=True).app_context(), ProgressShown(spoken) as shown:
        try:
            make_schema(opened.manifest.revision)
            with writing() as connection:
                without_bounds(connection)
                restore_rows(connection, opened, utc_now(), progress)
                company_key.belongs_to(connection, settings.secret_key)
                restore_photos(services().photos, opened, progress)
            _migrate()
        except SQLAlchemyError as error:
            if is_out_of_room(error):
                raise BadBackup("no_room") from error
            raise
        finally:
            db.engine.dispose()


# What a database says to rows that break a constraint of today.
REFUSED: Final = (IntegrityError, DataError)


def _migrate() -> None:
    """Migrations of older schemas read what stands in the rows: what they cannot read is told as the backup's.
    Flask-Migrate ends the process where Alembic is at a loss."""
    try:
        migrate_to_newest()
    except (SystemExit, ValueError, TypeError, LookupError, AttributeError, RecursionError, *REFUSED) as error:
        raise BadBackup("not_migrated") from error


def _into_one_file(file: Path) -> None:
    """Let everything of SQLite's database be in `file` and nothing beside it, so that one step puts another in its
    place. Raises BadBackup open_elsewhere where another program has it open."""
    with closing(sqlite3.connect(file, timeout=0)) as connection:
        try:
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            mode = None
    if mode != ("delete",):
        raise BadBackup("open_elsewhere", file=str(file))


def _set_aside(there: Path) -> Path:
    """A folder that was not there, with SQLite's file `there` in it, which stays in its place as well."""
    for folder in numbered(there.parent / f"before-restore-{utc_now():%Y%m%dT%H%M%S}"):
        with suppress(FileExistsError):
            folder.mkdir()
            break
    try:
        os.link(there, folder / there.name)
    except OSError:
        folder.rmdir()
        raise
    sync_folder(folder)
    return folder


def _take_the_place(made: Path, there: Path, aside: Path | None) -> None:
    """Put `made` where SQLite's file is, in one step; where that fails nothing is set aside."""
    try:
        os.replace(made, there)
    except OSError:
        if aside is not None:
            (aside / there.name).unlink()
            aside.rmdir()
        raise


def _secret_of(settings: Settings, secret: str, spoken: str) -> str:
    """The backup's key, unless the environment names one."""
    given = os.environ.get(SETTING)
    if given and given != secret and secret not in settings.former_keys:
        click.echo(text(spoken, "restore-other-secret"), err=True)
    return settings.secret_key if given else secret
