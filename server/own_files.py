"""Personal data belongs to the account that serves: what Undercroft keeps is closed to others on the machine."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from server.settings import Settings

# What of a mode is group's and others'.
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
# What lies in a data folder that is ours; of keys that others could read it is said instead (server/secret_key.py).
OURS: Final = ("undercroft.sqlite3*", "photos", "uploads", "handed-in", "*.lock", "*before-restore*")
KEYS: Final = ("secret.*",)
# What SQLite keeps beside a database, elsewhere than in the data folder.
SQLITE_ENDS: Final = ("", "-wal", "-shm", "-journal")


@contextmanager
def keeping_to_oneself() -> Iterator[None]:
    """While the block runs, nothing is made that others may read."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def close_to_others(settings: Settings) -> list[Path]:
    """Close what an older version left open: the database's files, the folders of photos and uploads, and the data
    folder where nothing else is in it. What lies deeper is behind a closed folder. Returns what could not be closed,
    since it is another account's."""
    return [each for each in _ours(settings) if not _close(each)]


def _ours(settings: Settings) -> Iterator[Path]:
    inside = [*settings.data.iterdir()]
    yield from (each for each in inside if any(fnmatch(each.name, ours) for ours in OURS))
    if all(any(fnmatch(each.name, ours) for ours in OURS + KEYS) for each in inside):
        yield settings.data
    file = settings.places.sqlite_file
    if file is not None and file.parent != settings.data:
        yield from (file.with_name(file.name + end) for end in SQLITE_ENDS)
    photos = Path(unquote(urlsplit(settings.photos_url).path))
    if urlsplit(settings.photos_url).scheme == "file" and photos.parent != settings.data and photos.is_dir():
        yield photos


def _close(path: Path) -> bool:
    """Whether others cannot read it now."""
    try:
        mode = stat.S_IMODE(path.lstat().st_mode)
        if not path.is_symlink() and mode & OTHERS:
            path.chmod(mode & ~OTHERS)
    except FileNotFoundError:
        return True
    except PermissionError:
        return False
    return True
