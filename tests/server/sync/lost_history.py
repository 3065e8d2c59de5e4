"""A server that is put back to an earlier state, as by `undercroft restore`, inside a test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from server import VERSION
from server.database import reading, writing
from server.keeping.backup import write_backup
from server.keeping.check import check_all
from server.keeping.opening import open_backup
from server.keeping.restore import restore_rows
from server.services import services, utc_now


def _silent(part: str, done: int, total: int) -> None:
    """Nobody watches."""


@dataclass
class Backups:
    """Backups of the test's server, in a folder."""

    folder: Path
    taken: int = 0

    def take(self) -> Path:
        """A backup of now."""
        self.taken += 1
        file = self.folder / f"{self.taken}.undercroft-backup"
        here = services()
        with reading() as connection:
            write_backup(connection, here.photos, here.settings.secret_key, VERSION, utc_now(), file, _silent)
        return file


def restore(file: Path) -> None:
    """Put the database back to a backup, with a new epoch."""
    opened = open_backup(file)
    with writing() as connection:
        restore_rows(connection, opened, utc_now(), _silent)


def findings() -> list[str]:
    """What `undercroft check` says, as codes with figures."""
    with reading() as connection:
        return [f"{finding.code} {finding.figures}" for finding in check_all(connection, services().photos)]
