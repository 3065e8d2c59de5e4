"""Who is at work with a company's data: servers and commands beside each other, a restore alone.

A folder's files are kept by a lock on a file in it, which ends with the last process that holds it. A database of
PostgreSQL is kept for whoever is connected with it, by an advisory lock of each connection: a machine that is gone
keeps nobody waiting.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Final, Protocol

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import create_engine

from server.settings import Places

AT_WORK_FILE: Final = "serving.lock"
BEGINNING_FILE: Final = "starting.lock"
AT_WORK: Final = 0x756E646573
BEGINNING: Final = 0x756E646574
KEY_FACT: Final = "key_check"


class Lock(Protocol):
    """Held by many at once or by one alone, until this process ends or lets it go."""

    def share(self, waits: Callable[[], None]) -> None:
        """Hold it beside others; where somebody holds it alone, `waits` is called, and it takes as long as that."""

    def alone(self) -> bool:
        """Hold it alone from now on, if nobody else holds it; whether that is so. Where it is not, it is let go."""

    def beginning(self) -> AbstractContextManager[None]:
        """While nobody else begins."""


class FileLock:
    """The lock of a folder on this machine; one that is inherited by a process that was forked is held on by it."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        # Closed and never unlocked: a worker that ends must not let go what its server holds.
        self._file: IO[str] = stack.enter_context((folder / AT_WORK_FILE).open("a"))
        self._folder = folder

    def share(self, waits: Callable[[], None]) -> None:
        """See Lock.share."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            waits()
            fcntl.flock(self._file, fcntl.LOCK_SH)

    def alone(self) -> bool:
        """See Lock.alone."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    @contextmanager
    def beginning(self) -> Iterator[None]:
        """See Lock.beginning."""
        with (self._folder / BEGINNING_FILE).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


class PostgresqlLock:
    """The lock of a database, held by a connection of its own."""

    def __init__(self, database_url: str, stack: ExitStack) -> None:
        engine = create_engine(database_url, hide_parameters=True)
        arguments, named = engine.dialect.create_connect_args(engine.url)
        self._connection = psycopg.connect(*arguments, **named, autocommit=True)
        self._connection.execute("SELECT set_config('lock_timeout', '0', false)")
        self._shared = self._alone = False
        stack.callback(self._close, os.getpid())

    def _close(self, opened_by: int) -> None:
        # A worker that ends must not end what its server holds.
        if os.getpid() == opened_by:
            self._connection.close()

    def share(self, waits: Callable[[], None]) -> None:
        """See Lock.share."""
        if not self._ask("pg_try_advisory_lock_shared", AT_WORK):
            waits()
            self._ask("pg_advisory_lock_shared", AT_WORK)
        self._shared = True
        if self._alone:
            self._alone = not self._ask("pg_advisory_unlock", AT_WORK)

    def alone(self) -> bool:
        """See Lock.alone."""
        if self._shared:
            self._shared = not self._ask("pg_advisory_unlock_shared", AT_WORK)
        self._alone = bool(self._ask("pg_try_advisory_lock", AT_WORK))
        return self._alone

    @contextmanager
    def beginning(self) -> Iterator[None]:
        """See Lock.beginning."""
        self._ask("pg_advisory_lock", BEGINNING)
        try:
            yield
        finally:
            self._ask("pg_advisory_unlock", BEGINNING)

    def _ask(self, function: str, lock: int) -> Any:  # Any: what the function returns
        row = self._connection.execute(SQL("SELECT {}(%s)").format(Identifier(function)), (lock,)).fetchone()
        assert row is not None
        return row[0]


def why_not_beside_others(connection: psycopg.Connection[Any], key_check: str) -> str | None:
    """Hold the database's lock with a connection that is to work with it, until it is closed; or say why it must not:
    somebody restores, or the database has come to belong to another key since this process has begun."""
    if connection.execute("SELECT pg_try_advisory_lock_shared(%s)", (AT_WORK,)).fetchone() != (True,):
        return "it is being restored"
    if connection.execute("SELECT to_regclass('server_fact') IS NULL").fetchone() == (True,):
        return None
    noted = connection.execute("SELECT value FROM server_fact WHERE name = %s", (KEY_FACT,)).fetchone()
    return None if noted in (None, (key_check,)) else "it belongs to another key; start again with that one"


@contextmanager
def locks_of(places: Places) -> Iterator[list[Lock]]:
    """The locks of the data folder and of the database, in the order in which all take them; none is held yet."""
    folders = {places.data}
    with ExitStack() as stack:
        if places.sqlite_file is not None and places.sqlite_file.parent.is_dir():
            folders.add(places.sqlite_file.parent)
        locks: list[Lock] = [FileLock(folder, stack) for folder in sorted(folders)]
        if places.database_url.startswith("postgresql"):
            locks.append(PostgresqlLock(places.database_url, stack))
        yield locks


@contextmanager
def alone(places: Places) -> Iterator[None]:
    """While nobody else works with this data; raises BlockingIOError where somebody does."""
    with locks_of(places) as locks:
        if not all(lock.alone() for lock in locks):
            raise BlockingIOError("somebody else is at work")
        yield
