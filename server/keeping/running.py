"""What the commands of this room do, with what they say."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, NoReturn

import click

from server.imports.progress import ProgressShown
from server.keeping import archive
from server.keeping.restore import BadBackup, Opened
from server.language import text
from server.secret_key import SETTING, is_weak
from server.settings import Settings

SERVING: Final = "serving.lock"
DATABASE_FILES: Final = ("", "-wal", "-shm")


def run_backup(file: Path, language: str | None) -> None:
    """Write a backup and say what is in it."""
    from server import VERSION, create_app
    from server.database import migrate_to_newest, reading, without_bounds
    from server.keeping.backup import write_backup
    from server.services import services, utc_now

    settings = Settings.read()
    spoken = language or settings.language
    with create_app(settings).app_context(), ProgressShown(spoken) as shown:
        migrate_to_newest()
        try:
            with reading() as connection:
                without_bounds(connection)
                taken = write_backup(
                    connection, services().photos, settings.secret_key, VERSION, utc_now(), file,
                    lambda part, done, total: shown(file.name, part, done, total),
                )  # fmt: skip
        except FileExistsError:
            _give_up(text(spoken, "backup-exists", file=str(file)))
        except OSError as error:
            _give_up(text(spoken, "backup-failed", why=error.strerror or str(error)))
    click.echo(text(spoken, "backup-done", file=str(file), rows=taken.rows, photos=taken.photos))


def run_restore(file: Path, replace_it: bool, language: str | None) -> None:
    """Bring a backup back into an empty database, or a new one beside the old one."""
    from server.keeping.restore import open_backup

    settings = Settings.read()
    spoken = language or settings.language
    try:
        opened = open_backup(file)
        if is_weak(opened.secret) and not os.environ.get(SETTING):
            raise BadBackup("weak_secret")
        with alone(settings.data):
            _restore(settings, opened, replace_it, spoken)
    except BadBackup as problem:
        _give_up(text(spoken, f"restore-problem-{problem.code.replace('_', '-')}", **problem.figures))
    except BlockingIOError:
        _give_up(text(spoken, "restore-problem-serving"))


def _restore(settings: Settings, opened: Opened, replace_it: bool, spoken: str) -> None:
    from server import create_app
    from server.database import db, make_schema, migrate_to_newest, reading, writing
    from server.keeping.restore import is_empty, restore_photos, restore_rows
    from server.services import services, utc_now

    with create_app(settings).app_context():
        migrate_to_newest()
        with reading() as connection:
            empty = is_empty(connection)
        db.engine.dispose()
    if not empty:
        if not replace_it or not settings.database_url.startswith("sqlite:///"):
            raise BadBackup("in_use" if settings.database_url.startswith("sqlite") else "in_use_elsewhere")
        click.echo(text(spoken, "restore-set-aside", folder=str(_set_aside(settings))))
    settings = replace(settings, secret_key=_take_secret(settings, opened.secret, spoken))
    with create_app(settings).app_context(), ProgressShown(spoken) as shown:
        try:
            make_schema(opened.manifest.revision)
        except LookupError as error:
            raise BadBackup("newer", version=opened.manifest.version) from error

        def progress(part: str, done: int, total: int) -> None:
            shown(opened.file.name, part, done, total)

        restore_photos(services().photos, opened, progress)
        with writing() as connection:
            restore_rows(connection, opened, utc_now(), progress)
        migrate_to_newest()
    click.echo(text(spoken, "restore-done", at=opened.manifest.taken_at))


def run_check(language: str | None) -> None:
    """Say what does not fit and exit with 1, or that everything does; and which photos still wait for their content."""
    from server import create_app
    from server.database import migrate_to_newest, reading, without_bounds
    from server.keeping.check import check_all
    from server.keeping.check_content import awaited_content
    from server.services import services

    settings = Settings.read()
    spoken = language or settings.language
    with create_app(settings).app_context():
        migrate_to_newest()
        found = 0
        with reading() as connection:
            without_bounds(connection)
            for finding in check_all(connection, services().photos):
                found += 1
                click.echo(text(spoken, f"check-{finding.code}", **finding.figures))
            for awaited in awaited_content(connection, services().now()):
                click.echo(text(spoken, f"check-{awaited.code}", **awaited.figures))
    click.echo(text(spoken, "check-done", count=found))
    sys.exit(1 if found else 0)


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """While no server serves from this folder; raises BlockingIOError where one does."""
    with (data / SERVING).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


@contextmanager
def serving(data: Path) -> Iterator[None]:
    """While a server serves from this folder, beside others; waits for a restore that is under way."""
    with (data / SERVING).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def _set_aside(settings: Settings) -> Path:
    """Move SQLite's files into a folder of their own; nothing is deleted."""
    from server.services import utc_now

    file = Path(settings.database_url.removeprefix("sqlite:///"))
    folder = file.parent / f"before-restore-{utc_now():%Y%m%dT%H%M%S}"
    folder.mkdir()
    for ending in DATABASE_FILES:
        if (old := file.with_name(file.name + ending)).exists():
            os.replace(old, folder / old.name)
    return folder


def _take_secret(settings: Settings, secret: str, spoken: str) -> str:
    """The backup's key in the data folder, unless the environment names one; the old one stays beside it."""
    if os.environ.get(SETTING):
        if os.environ[SETTING] != secret:
            click.echo(text(spoken, "restore-other-secret"), err=True)
        return settings.secret_key
    file = settings.data / archive.SECRET
    if file.read_text().strip() != secret:
        os.replace(file, file.with_suffix(".before-restore"))
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(secret)
            out.flush()
            os.fsync(out.fileno())
    return secret


def _give_up(message: str) -> NoReturn:
    raise click.ClickException(message)
