"""A lock between processes of a machine: on a file, and with patience.

The system wakes whoever waits as soon as the lock is free, but has no wait that ends by itself. So a thread waits for
it in the place of whoever has patience; one who comes after somebody has given up takes over that one's thread.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import Final

from server.turns import NoTurn


class _Waiting:
    """A thread that waits for the lock; `taken` is set once it is this process's. Whoever gives up while it waits on
    leaves it for the next; where nobody has come for it when the lock is free, it lets go."""

    def __init__(self, file: str) -> None:
        self.taken = Event()
        self._file = file
        self._descriptor = _opened(file)
        self._mutex = Lock()
        self._given_up = False
        Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        with self._mutex:
            if self._given_up:
                _left.pop(self._file, None)
                _let_go(self._descriptor)
            else:
                self.taken.set()

    def lock(self, patience_s: float) -> int:
        """The descriptor that has the lock; raises NoTurn where it does not come in time."""
        if not self.taken.wait(patience_s):
            with self._mutex:
                if not self.taken.is_set():  # in this very moment
                    self._given_up = True
                    _left[self._file] = self
                    raise NoTurn
        return self._descriptor

    def taken_over(self) -> bool:
        """Whether it still waited, and waits now for whoever asked."""
        with self._mutex:
            if _left.pop(self._file, None) is not self:
                return False
            self._given_up = False
            return True


# By file: who waits on though nobody has the patience any more.
_left: Final[dict[str, _Waiting]] = {}


@contextmanager
def one_process(file: str, patience_s: float | None = None) -> Iterator[None]:
    """The only process that does what this file stands for. Of the threads of one process one may ask at a time where
    they have patience.

    Raises NoTurn where others do not let it in within `patience_s`; None waits for as long as it takes.
    """
    descriptor = _locked(file, patience_s)
    try:
        yield
    finally:
        _let_go(descriptor)


def _locked(file: str, patience_s: float | None) -> int:
    left = _left.get(file)
    if patience_s is not None and left is not None and left.taken_over():
        return left.lock(patience_s)
    descriptor = _opened(file)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if patience_s is None else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return _Waiting(file).lock(patience_s or 0)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _opened(file: str) -> int:
    # Read only: whoever made the file, whoever may read it can lock it.
    return os.open(file, os.O_RDONLY | os.O_CREAT, 0o644)


def _let_go(descriptor: int) -> None:
    # By name, not by closing alone: a process that was begun meanwhile may have the file open too.
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)
