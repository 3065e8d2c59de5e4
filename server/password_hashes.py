"""Passwords: argon2id with the parameters that the OWASP Password Storage Cheat Sheet recommends.

Each hash takes 19 MiB and a core. A process makes `AT_ONCE` at a time, in threads of their own: memory that was used
for one hash serves the next, whichever request asks. Others wait in a queue with an end. Where cores are short these
threads give way: a phone's exchange does not wait for strangers' passwords.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.passwords import LONGEST
from server.problems import BUSY_S, Problem

T = TypeVar("T")

HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
AT_ONCE: Final = 2
# Niceness: a tenth of what others get where all cores are busy.
GIVING_WAY: Final = 10
PATIENCE_S: Final = 3.0


class Places:
    """A number of places; who finds none free is told so at once and does not wait for one."""

    def __init__(self, number: int) -> None:
        self._free = BoundedSemaphore(number)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Holds one place; raises Problem `busy`."""
        if not self._free.acquire(blocking=False):
            raise Problem("busy", retry_after_s=BUSY_S)
        try:
            yield
        finally:
            self._free.release()


# Of a process's 64 threads; the others stay for the phones' exchanges.
QUEUE: Final = Places(16)


def _threads() -> ThreadPoolExecutor:
    # Linux counts niceness by thread, and argon2 works without Python's lock: nobody waits for what these hold.
    return ThreadPoolExecutor(AT_ONCE, "passwords", lambda: os.nice(GIVING_WAY) and None)


def _begin_anew() -> None:
    """A forked process has the threads of its parent no more."""
    global HASHING
    HASHING = _threads()


HASHING = _threads()


os.register_at_fork(after_in_child=_begin_anew)


def hash_password(password: str) -> str:
    """The PHC string to keep for `password`.

    Raises ValueError where it is longer than `LONGEST` characters, and Problem `busy`.
    """
    if len(password) > LONGEST:
        raise ValueError(f"a password has at most {LONGEST} characters")
    return _in_turn(lambda: HASHER.hash(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether `password` belongs to the hash; without a hash it works as long and says no.

    What is too long belongs to no hash and is not hashed. Raises Problem `busy`.
    """
    if len(password) > LONGEST:
        return False
    try:
        _in_turn(lambda: HASHER.verify(password_hash or _nobodys_hash(), password))
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return password_hash is not None


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


def _in_turn(work: Callable[[], T]) -> T:
    """What `work` gives; raises Problem `busy` where its turn does not come within `PATIENCE_S`."""
    with QUEUE.taken():
        turn: Future[T] = HASHING.submit(work)
        try:
            return turn.result(PATIENCE_S)
        except TimeoutError:
            if turn.cancel():
                raise Problem("busy", retry_after_s=BUSY_S) from None
            return turn.result()  # it has begun and is done in a moment


@cache
def _nobodys_hash() -> str:
    return HASHER.hash("nobody has this password")


_nobodys_hash()  # made when the module loads: the first unknown name must not take longer than the next
