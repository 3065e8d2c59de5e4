"""Taking turns in a process: one at a time, in the order in which they came, and some before others."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock
from typing import Final

PASSED_OVER: Final = 3


class NoTurn(Exception):
    """The turn did not come in time."""


class Turns:
    """One at a time. Who comes first has the first turn, but who is told to go first goes before the others who wait,
    except that every fourth turn is theirs: however many go first, everybody's turn comes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = False
        self._first: deque[Event] = deque()
        self._others: deque[Event] = deque()
        self._passed_over = 0

    @contextmanager
    def one(self, patience_s: float, first: bool = False) -> Iterator[None]:
        """While it is this thread's turn; raises NoTurn where that does not come within `patience_s`."""
        self._wait(self._first if first else self._others, patience_s)
        try:
            yield
        finally:
            self._pass_on()

    def _wait(self, queue: deque[Event], patience_s: float) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            turn = Event()
            queue.append(turn)
        if turn.wait(patience_s):
            return
        with self._lock:
            if turn.is_set():  # in this very moment
                return
            queue.remove(turn)
        raise NoTurn

    def _pass_on(self) -> None:
        with self._lock:
            queue = self._next()
            if queue:
                queue.popleft().set()
            else:
                self._taken = False

    def _next(self) -> deque[Event]:
        if not self._others or (self._first and self._passed_over < PASSED_OVER):
            self._passed_over = self._passed_over + 1 if self._others else 0
            return self._first
        self._passed_over = 0
        return self._others
