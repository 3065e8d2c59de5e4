"""Putting a backup in the place of what is there: made whole somewhere else first, so that one that cannot be brought
back changes nothing."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import click
from sqlalchemy.exc import SQLAlchemyError

from server import create_app
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
from server.imports.progress import ProgressShown
from server.keeping import archive
from server.keeping.opening import Opened, check_rows
from server.keeping.refusing import BadBackup
from server.keeping.restore import is_empty, restore_photos, restore_rows
from server.language import text
from server.photos.folder import sync_folder
from server.secret_key import SETTING
from server.services import services, utc_now
from server.settings import Settings

SQLITE: Final = "sqlite:///"
DATABASE_FILES: Final = ("", "-wal", "-shm")


def bring_back(settings: Settings, opened: Opened, replace_it: bool, spoken: str) -> None:
    """Restore `opened` into an empty database, or with `replace_it` in the place of SQLite's, which is set aside.

    Raises BadBackup (newer, wrong_row, damaged, in_use, in_use_elsewhere, does_not_fit, no_room, not_migrated) and
    OSError; then the database and its key are as they were.
    """
    with create_app(settings).app_context():
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
        with _keys_at_hand(settings, opened, present) as put_keys:
            aside = None if empty else _folder_aside(there.parent)
            _take_the_place(made, there, aside)
            put_keys()
    if aside is not None:
        click.echo(text(spoken, "restore-set-aside", folder=str(aside)))


def _into_an_empty_one(settings: Settings, opened: Opened, present: str | None, spoken: str) -> None:
    """Fill a database in which nobody works; where that fails it is empty again."""
    with _keys_at_hand(settings, opened, present) as put_keys:
        try:
            _fill(settings, opened, spoken)
        except BaseException:
            with create_app(settings).app_context():
                make_schema(opened.manifest.revision)
                migrate_to_newest()
                db.engine.dispose()
            raise
        put_keys()


def _fill(settings: Settings, opened: Opened, spoken: str) -> None:
    """Photos are there before the rows that name them; whoever breaks off in between loses nothing."""

    def progress(part: str, done: int, total: int) -> None:
        shown(opened.file.name, part, done, total)

    with create_app(settings).app_context(), ProgressShown(spoken) as shown:
        try:
            make_schema(opened.manifest.revision)
            with writing() as connection:
                without_bounds(connection)
                restore_rows(connection, opened, utc_now(), progress)
                restore_photos(services().photos, opened, progress)
            _migrate()
        except SQLAlchemyError as error:
            if is_out_of_room(error):
                raise BadBackup("no_room") from error
            raise
        finally:
            db.engine.dispose()


def _migrate() -> None:
    """Migrations of older schemas read what stands in the rows: what they cannot read is told as the backup's.
    Flask-Migrate ends the process where Alembic is at a loss."""
    try:
        migrate_to_newest()
    except (SystemExit, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise BadBackup("not_migrated") from error


def _folder_aside(parent: Path) -> Path:
    folder = parent / f"before-restore-{utc_now():%Y%m%dT%H%M%S}"
    folder.mkdir()
    return folder


def _take_the_place(made: Path, there: Path, aside: Path | None) -> None:
    """Put `made` where SQLite's file is, whose files go into the folder `aside`; without one, nobody works with them
    yet. At no moment is there neither of them."""
    if aside is not None:
        _link_aside(there, aside)
    for ending in DATABASE_FILES[1:]:
        old = there.with_name(there.name + ending)
        if old.exists() and aside is not None:
            os.replace(old, aside / old.name)
        old.unlink(missing_ok=True)
    os.replace(made, there)
    for folder in (there.parent, *([aside] if aside else [])):
        sync_folder(folder)


def _link_aside(file: Path, aside: Path) -> None:
    try:
        os.link(file, aside / file.name)
    except OSError:
        aside.rmdir()
        raise


def _secret_of(settings: Settings, secret: str, spoken: str) -> str:
    """The backup's key, unless the environment names one."""
    given = os.environ.get(SETTING)
    if given and given != secret and secret not in settings.former_keys:
        click.echo(text(spoken, "restore-other-secret"), err=True)
    return settings.secret_key if given else secret


@contextmanager
def _keys_at_hand(settings: Settings, opened: Opened, present: str | None) -> Iterator[Callable[[], None]]:
    """The keys, written beside those in the data folder; the function puts them in their places, and the old ones stay
    there under other names. No key goes out of use: those of the backup, and the `present` one of a company that is
    replaced, stay among the former ones, since phones hold what they made. A key that the environment names stays."""
    key, former = settings.data / archive.SECRET, settings.data / archive.FORMER
    wanted = [*settings.former_keys, *opened.former, opened.secret, *([present] if present else [])]
    kept = [one for one in dict.fromkeys(wanted) if one != settings.secret_key]
    with ExitStack() as stack:
        places: list[tuple[Path, Path]] = []
        if not set(kept) <= set(settings.former_keys):
            places.append((stack.enter_context(_at_hand(former, "\n".join(kept) + "\n")), former))
        if not os.environ.get(SETTING) and key.read_text().strip() != settings.secret_key:
            places.append((stack.enter_context(_at_hand(key, settings.secret_key)), key))
        yield lambda: _put(places)


@contextmanager
def _at_hand(file: Path, content: str) -> Iterator[Path]:
    """A file beside `file`, which its owner alone may read, until the block ends."""
    new = file.with_suffix(f"{file.suffix}.restoring")
    new.unlink(missing_ok=True)
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        yield new
    finally:
        new.unlink(missing_ok=True)


def _put(places: Iterable[tuple[Path, Path]]) -> None:
    """At no moment is there no key: a server that started without one would make another."""
    for new, file in places:
        if file.exists():
            os.link(file, _name_aside(file))
        os.replace(new, file)
        sync_folder(file.parent)


def _name_aside(file: Path) -> Path:
    before = file.with_name(f"{'secret' if file.name == archive.SECRET else file.name}.before-restore")
    return before.with_name(f"{before.name}-{utc_now():%Y%m%dT%H%M%S}") if before.exists() else before
