"""Looking at what came in as a photo, and again where there was no verdict.

A file whose sight ends the worker may be made to do so, or the machine may have been short of something. Only a
file that ends it TRIES times, at moments well apart, is refused for that. The count is this process's own: it is
lost with it, and then the file is only looked at more often.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from server.photos.images import CouldNotLook, ImageRefused, Inspected, inspect_image
from server.traces import kind

TRIES: Final = 3
PAUSE_S: Final = 30
REMEMBERED: Final = 1000

log = logging.getLogger(__name__)


class NotNow(Exception):
    """There is no verdict yet: the bytes are to be kept and looked at again after `retry_after_s` seconds."""

    def __init__(self, retry_after_s: int = PAUSE_S) -> None:
        super().__init__(f"again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


@dataclass
class _Ended:
    """How often the sight of a content has ended the worker, and when it last did (time.monotonic)."""

    times: int
    at: float


_ended: dict[str, _Ended] = {}
_lock: Final = threading.Lock()


def look(file: Path, sha256: str) -> Inspected | ImageRefused:
    """The verdict on a file whose hash is `sha256`; raises NotNow where there is none yet."""
    wait = _wait_s(sha256)
    if wait > 0:
        raise NotNow(wait)
    try:
        seen = inspect_image(file)
    except CouldNotLook as trouble:
        log.warning(
            "photo %s could not be looked at: %s", sha256, kind(trouble.__cause__) if trouble.__cause__ else trouble
        )
        if trouble.suspected is None or _noted(sha256) < TRIES:
            raise NotNow from trouble
        return ImageRefused(trouble.suspected)
    with _lock:
        _ended.pop(sha256, None)
    return seen


def _wait_s(sha256: str) -> int:
    """Whole seconds until a content that has ended the worker may be looked at again; 0: now."""
    with _lock:
        ended = _ended.get(sha256)
    return 0 if ended is None else max(0, round(ended.at + PAUSE_S - time.monotonic()))


def _noted(sha256: str) -> int:
    """Note that the sight of this content has ended the worker; how often it has, two at once being one."""
    now = time.monotonic()
    with _lock:
        ended = _ended.pop(sha256, _Ended(0, -math.inf))
        times = ended.times + (now - ended.at >= PAUSE_S)
        _ended[sha256] = _Ended(times, now)
        while len(_ended) > REMEMBERED:
            del _ended[next(iter(_ended))]
    return times
