"""How much room there is on a disk, what of it is kept for lines, and how a full disk is recognised."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path
from typing import Final

# What photos leave free for lines, sign-ins and the database's log: a company's busiest weeks of lines are some tens
# of megabytes, and SQLite may need the size of its largest transaction several times over.
RESERVE_BYTES: Final = 256 * 1024 * 1024
# Somebody has to make room, or housekeeping does: asking more often would not help.
RETRY_AFTER_S: Final = 300


def free_bytes(folder: Path) -> int:
    """What this program may still write to the disk of `folder`, which need not exist yet; raises OSError."""
    existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    return shutil.disk_usage(existing).free


def is_full(error: OSError) -> bool:
    """Whether a disk, or the share of it that this program may use, is full."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def leaves_reserve(arriving: int, kept: int, first: int, then: int) -> bool:
    """Whether what is reserved for lines stays free where `first` bytes are written to a disk with `arriving` bytes
    free, and then `then` bytes to one with `kept` bytes free, which may be the same."""
    return min(arriving - first, kept - then, arriving - first - then) >= RESERVE_BYTES
