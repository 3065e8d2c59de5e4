"""Answers that refuse: they leave a moment later, and no thread waits for that."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from server.connections import bounds


class Refusing:
    """Answers that are held back, in the order in which they were made; `answer` then lets one leave.

    Who is refused and asks again at once would take from others what each request costs.
    """

    def __init__(self, answer: Callable[[Any, Future[Any]], None]) -> None:  # Any: gunicorn's connection and answer
        self._answer = answer
        self._held: deque[tuple[float, Any, Future[Any]]] = deque()

    def hold(self, conn: Any, done: Future[Any]) -> None:
        """The thread is done with it. Where too many are held, the first of them leaves."""
        self._held.append((time.monotonic() + bounds.REFUSED_S, conn, done))
        if len(self._held) > bounds.REFUSED:
            self._let_first_leave()

    def wait(self) -> float:
        """Seconds until the next one may leave, infinite where none is held."""
        return max(0.0, self._held[0][0] - time.monotonic()) if self._held else float("inf")

    def let_leave(self) -> None:
        """Those whose moment has come."""
        while self.wait() == 0:
            self._let_first_leave()

    def _let_first_leave(self) -> None:
        _, conn, done = self._held.popleft()
        conn.sock.refuses = False
        self._answer(conn, done)
