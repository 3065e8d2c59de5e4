"""Files that somebody has brought and not yet decided to take in: on the disk, a short while, one for each person."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from server import disk
from server.problems import Problem

FOLDER: Final = "handed-in"
KEPT_S: Final = 3600
MOST: Final = 10
"""Files that wait at the same time, whoever brought them: at most 2 GB."""


def park(data: Path, person_id: str, content: IO[bytes], free_bytes: Callable[[Path], int]) -> str:
    """Keep a file until its person has looked at it; the name under which they find it again. What they brought before
    gives way. Raises Problem: busy where too many wait; disk_full where it would touch the room that is kept for
    lines."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    _remove(folder, lambda file: file.name.startswith(person_id) or _is_old(file))
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
    return token


def clear_away(data: Path) -> int:
    """Remove the files that nobody took in within their time; returns how many."""
    folder = data / FOLDER
    return _remove(folder, _is_old) if folder.is_dir() else 0


def parked(data: Path, person_id: str, token: str) -> Path:
    """The file that this person brought; raises Problem export_not_kept where it is no longer here."""
    file = data / FOLDER / f"{person_id}.{token}"
    if not token.isalnum() or not file.is_file() or _is_old(file):
        raise Problem("export_not_kept")
    return file


def _is_old(file: Path) -> bool:
    return file.stat().st_mtime < time.time() - KEPT_S


def _remove(folder: Path, wanted: Callable[[Path], bool]) -> int:
    removed = 0
    for file in folder.iterdir():
        with suppress(FileNotFoundError):  # another process was quicker
            if wanted(file):
                file.unlink()
                removed += 1
    return removed
