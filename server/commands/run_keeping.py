"""What the commands of this room do, with what they say."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click

from server.commands.progress import ProgressShown
from server.keeping.opening import open_backup
from server.keeping.refusing import BadBackup
from server.language import text
from server.presence import alone
from server.secret_key import FILE as KEY_FILE
from server.secret_key import SETTING, is_weak
from server.settings import Places, Settings


def run_backup(file: Path, language: str | None) -> None:
    """Write a backup and say what is in it."""
    from server import VERSION
    from server.at_work import at_work
    from server.database import reading, without_bounds
    from server.keeping.backup import write_backup
    from server.keeping.rows import MAX_ROW_BYTES, RowTooLong
    from server.services import services, utc_now

    with at_work() as settings, ProgressShown(spoken := language or settings.language) as shown:
        try:
            with reading() as connection:
                without_bounds(connection)
                taken = write_backup(
                    connection, services().photos, settings.secret_key, VERSION, utc_now(), file,
                    lambda part, done, total: shown(file.name, part, done, total), settings.former_keys,
                )  # fmt: skip
        except FileExistsError:
            _give_up(text(spoken, "backup-exists", file=str(file)))
        except RowTooLong as error:
            _give_up(text(spoken, "backup-row-too-long", table=error.table, most=MAX_ROW_BYTES))
        except OSError as error:
            _give_up(text(spoken, "backup-failed", why=error.strerror or str(error)))
    click.echo(text(spoken, "backup-done", file=str(file), rows=taken.rows, photos=taken.photos))


@contextmanager
def _no_new_key(file: Path) -> Iterator[None]:
    """Where nothing is brought back, no key stays that was made for it: the next start would believe it."""
    was_there = file.exists()
    try:
        yield
    except BadBackup:
        if not was_there:
            file.unlink(missing_ok=True)
        raise


def run_restore(file: Path, replace_it: bool, language: str | None) -> None:
    """Bring a backup back into an empty database, or a new one beside the old one."""
    from server.commands.restoring import bring_back

    spoken = language or os.environ.get("UNDERCROFT_LANGUAGE", Settings.language)
    try:
        opened = open_backup(file)
        if is_weak(opened.secret) and not os.environ.get(SETTING):
            raise BadBackup("weak_secret")
        places = Places.read()
        with alone(places), _no_new_key(places.data / KEY_FILE):
            bring_back(Settings.read(), opened, replace_it, spoken)
    except BadBackup as problem:
        _give_up(text(spoken, f"restore-problem-{problem.code.replace('_', '-')}", **problem.figures))
    except BlockingIOError:
        _give_up(text(spoken, "restore-problem-serving"))
    except OSError as error:
        _give_up(text(spoken, "restore-problem-not-written", why=error.strerror or str(error)))
    click.echo(text(spoken, "restore-done", at=opened.manifest.taken_at))


def run_check(language: str | None) -> None:
    """Say what does not fit and exit with 1, or that everything does; and which photos still wait for their content."""
    from server.at_work import at_work
    from server.database import reading, without_bounds
    from server.keeping.check import check_all
    from server.keeping.check_content import awaited_content
    from server.services import services

    with at_work() as settings:
        spoken = language or settings.language
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


def _give_up(message: str) -> NoReturn:
    raise click.ClickException(message)
