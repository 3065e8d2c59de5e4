"""Files that somebody has brought and not yet decided to take in: on the disk, a short while, one for each person."""

from __future__ import annotations

import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from server.problems import Problem

FOLDER: Final = "handed-in"
KEPT_S: Final = 3600
MOST: Final = 10
"""Files that wait at the same time, whoever brought them: at most 2 GB."""


def park(data: Path, person_id: str, content: IO[bytes]) -> str:
    """Keep a file until its person has looked at it; the name under which they find it again. What they brought before
    gives way. Raises Problem busy where too many wait."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    now = time.time()
    for old in folder.iterdir():
        with suppress(FileNotFoundError):  # another process was quicker
            if old.name.startswith(person_id) or old.stat().st_mtime < now - KEPT_S:
                old.unlink()
    if sum(1 for _ in folder.iterdir()) >= MOST:
        raise Problem("busy", retry_after_s=60)
    token = secrets.token_hex(16)
    with (folder / f"{person_id}.{token}").open("xb") as out:
        content.seek(0)
        shutil.copyfileobj(content, out, 1 << 20)
    return token


def parked(data: Path, person_id: str, token: str) -> Path:
    """The file that this person brought; raises Problem export_not_kept where it is no longer here."""
    file = data / FOLDER / f"{person_id}.{token}"
    if not token.isalnum() or not file.is_file() or file.stat().st_mtime < time.time() - KEPT_S:
        raise Problem("export_not_kept")
    return file
