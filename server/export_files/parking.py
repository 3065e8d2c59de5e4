"""Files that somebody has brought and not yet decided to take in: on the disk, a short while, one for each person."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from server import disk
from server.problems import Problem

FOLDER: Final = "handed-in"
KEPT_S: Final = 3600
MOST: Final = 10
"""Files that wait at the same time, whoever brought them: at most 2 GB."""


def park(data: Path, person_id: str, content: IO[bytes], now: datetime, free_bytes: Callable[[Path], int]) -> str:
    """Keep a file until its person has looked at it; the name under which they find it again. What they brought before
    gives way. `now` is the steady time. Raises Problem: busy where too many wait; disk_full where it would touch the
    room that is kept for lines."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    _remove(folder, lambda file: file.name.startswith(person_id) or _age_s(file, now) > KEPT_S)
    if sum(1 for _ in folder.iterdir()) >= MOST:
        raise Problem("busy", retry_after_s=60)
    if free_bytes(folder) - content.seek(0, os.SEEK_END) < disk.RESERVE_BYTES:
        raise Problem("disk_full", retry_after_s=disk.RETRY_AFTER_S)
    token = secrets.token_hex(16)
    file = folder / f"{person_id}.{token}"
    try:
        with file.open("xb") as out:
            content.seek(0)
            shutil.copyfileobj(content, out, 1 << 20)
    except OSError:
        file.unlink(missing_ok=True)
        raise
    _date(file, now)
    return token


def clear_away(data: Path, now: datetime) -> int:
    """Remove the files that nobody took in within their time, at the steady time `now`; returns how many."""
    folder = data / FOLDER
    return _remove(folder, lambda file: _age_s(file, now) > KEPT_S) if folder.is_dir() else 0


def parked(data: Path, person_id: str, token: str, now: datetime) -> Path:
    """The file that this person brought, at the steady time `now`; raises Problem export_not_kept where it is no longer
    here."""
    file = data / FOLDER / f"{person_id}.{token}"
    if not token.isalnum() or not file.is_file() or _age_s(file, now) > KEPT_S:
        raise Problem("export_not_kept")
    return file


def _remove(folder: Path, wanted: Callable[[Path], bool]) -> int:
    removed = 0
    for file in folder.iterdir():
        with suppress(FileNotFoundError):  # another process was quicker
            if wanted(file):
                file.unlink()
                removed += 1
    return removed


def _age_s(file: Path, now: datetime) -> float:
    """How old a parked file is. One of a clock that was ahead is as of now, or it would be in the way until then."""
    age_s = now.timestamp() - file.stat().st_mtime
    if age_s < 0:
        _date(file, now)
    return max(age_s, 0.0)


def _date(file: Path, now: datetime) -> None:
    os.utime(file, (now.timestamp(), now.timestamp()))
