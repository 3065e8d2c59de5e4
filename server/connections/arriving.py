"""Requests on their way in: what the loop has to know of them, and how much of them is here."""

from __future__ import annotations

import re
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final

from server.connections import bounds

_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*$", re.IGNORECASE | re.MULTILINE)
_UNKNOWN_LENGTH: Final = re.compile(rb"^(?:transfer-encoding|expect):", re.IGNORECASE | re.MULTILINE)
_UPLOAD: Final = re.compile(rb"(?:PATCH|POST) /api/v1/uploads")
_HEALTH: Final = re.compile(rb"(?:GET|HEAD) /(?:healthz|readyz)[ ?]")


@dataclass(frozen=True)
class Head:
    """What the loop has to know of a request: its bytes with the empty line, and of its body; None is not said."""

    bytes: int
    body_bytes: int | None

    @property
    def long(self) -> bool:
        """Whether a thread has to wait for the body."""
        return self.body_bytes is None or self.body_bytes > bounds.WHOLE_BYTES


def head_of(arrived: bytearray, searched: int = 0) -> Head | None:
    """The head of the request that begins `arrived`, None while it is not whole; `searched` bytes hold no end.

    Whether it is a good one gunicorn decides: it gets the same bytes.
    """
    end = arrived.find(_END, max(0, searched - len(_END) + 1))
    if end < 0:
        return None
    lines = bytes(arrived[:end]).replace(b"\r\n", b"\n")
    if _UNKNOWN_LENGTH.search(lines):
        return Head(end + len(_END), None)
    length = _LENGTH.search(lines)
    return Head(end + len(_END), int(length[1]) if length else 0)


@dataclass(eq=False)
class Arriving:
    """A request and its connection: what has come, and until when (monotonic) the next part has to. `held` counts its
    bytes, also once a thread has them; `work` is then what the thread does."""

    conn: Any  # gunicorn's connection
    deadline: float
    arrived: bytearray = field(default_factory=bytearray)
    head: Head | None = None
    held: int = 0
    work: Future[Any] | None = None  # Any: gunicorn's answer

    def take(self, more: bytes) -> bool:
        """Add what came; whether no thread would have to wait in the loop's stead."""
        searched = len(self.arrived)
        self.arrived += more
        self.held += len(more)
        if self.head is None:
            self.head = head_of(self.arrived, searched)
            if self.head is None:
                return len(self.arrived) > bounds.HEAD_BYTES
            self.deadline = time.monotonic() + bounds.BODY_S
        else:
            self.deadline += len(more) / bounds.WHOLE_BYTES_A_S
        return self.head.long or len(self.arrived) >= self.head.bytes + (self.head.body_bytes or 0)

    def handed_over(self) -> bytes:
        """What has come, for the thread to keep."""
        arrived = bytes(self.arrived)
        self.arrived = bytearray()
        return arrived

    @property
    def long(self) -> bool:
        """Whether a thread has to wait for its body."""
        return self.head is not None and self.head.long

    @property
    def large(self) -> bool:
        """Whether it is here and takes much memory."""
        return not self.long and self.held > bounds.LARGE_BYTES

    @property
    def is_part_of_upload(self) -> bool:
        """Whether some of a photo's bytes are here, which are worth keeping though the rest does not come."""
        return self.head is not None and len(self.arrived) > self.head.bytes and bool(_UPLOAD.match(self.arrived))

    @property
    def asks_for_health(self) -> bool:
        """Whether it is answered apart from all others."""
        return not self.long and bool(_HEALTH.match(self.arrived))


class Places:
    """Few requests of a kind are with threads at a time; some more wait, in the order in which they came."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._inside: set[Arriving] = set()
        self.waiting: deque[Arriving] = deque()

    def enter(self, arriving: Arriving) -> bool:
        """Whether there was a place."""
        if len(self._inside) >= self._number:
            return False
        self._inside.add(arriving)
        return True

    def leave(self, arriving: Arriving) -> Arriving | None:
        """It is done; whoever takes its place, which is taken already."""
        if arriving not in self._inside:
            return None
        self._inside.remove(arriving)
        if not self.waiting:
            return None
        following = self.waiting.popleft()
        self._inside.add(following)
        return following
