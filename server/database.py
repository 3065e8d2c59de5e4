"""The database at the edge: one engine, and transactions with a name.

SQLite is opened so that a commit is on the disk before anything is acknowledged (WAL with synchronous=FULL),
foreign keys hold, and a transaction that will write takes the write lock at its beginning: what it read is
then still true when it writes.

PostgreSQL keeps a commit as safe. A transaction that reads sees one moment (REPEATABLE READ); one that writes
sees what others have committed (READ COMMITTED) and locks the rows that it decides upon. Waiting for a lock is
bounded, and a transaction that the database makes give way is run again.
"""

from __future__ import annotations

import logging
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any, Final, TypeVar

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from psycopg import Error as PostgresqlError
from psycopg import OperationalError as PostgresqlOperationalError
from sqlalchemy import Connection, Engine, event, func, inspect, select, text
from sqlalchemy.exc import DataError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from server import presence, security_log
from server.file_lock import one_process
from server.models import Base
from server.settings import THREADS
from server.turns import NoTurn, Turns

log = logging.getLogger(__name__)
db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate()

T = TypeVar("T")

# By database: a process that serves has one.
_turns: Final[dict[str, Turns]] = {}

BUSY_TIMEOUT_MS: Final = 30_000
# What nobody waits for waits this long itself.
PATIENCE_MS: Final = 50
MIGRATION_LOCK: Final = 0x756E646572

# Of one server process. Eight processes at most have 80, of the 100 that PostgreSQL allows unless told otherwise.
CONNECTIONS: Final = 10
CONNECTION_WAIT_S: Final = 10
# Who writes may have to wait for others and keeps its connection meanwhile; so many remain for who reads.
FOR_READERS: Final = 4
_WRITERS: Final = BoundedSemaphore(CONNECTIONS - FOR_READERS)
BOUNDS: Final = {
    "lock_timeout": "10s",
    "statement_timeout": "30s",
    # A process that hangs, or a machine that is gone, does not keep its locks.
    "idle_in_transaction_session_timeout": "5min",
}

TRIES: Final = 5
PAUSE_S: Final = 0.05
# SQLSTATEs (PostgreSQL, appendix A). deadlock_detected, serialization_failure, and unique_violation: another was
# first to write what was not there when this transaction looked, and will be seen now.
GIVES_WAY: Final = ("40P01", "40001", "23505")
# lock_not_available, query_canceled, and the class insufficient_resources with too_many_connections.
TOO_BUSY: Final = ("40P01", "40001", "55P03", "57014", "53")
DISK_FULL: Final = "53100"
# The class connection_exception, and admin_shutdown, crash_shutdown, cannot_connect_now.
AWAY: Final = ("08", "57P")


def engine_options(database_url: str) -> dict[str, Any]:  # Any: arguments of create_engine
    """How many connections a server process keeps; what was to be written is in no error, and so in no log."""
    if database_url.startswith("sqlite"):
        return {"pool_size": THREADS, "hide_parameters": True}
    return {
        "hide_parameters": True,
        "pool_size": CONNECTIONS,
        "max_overflow": 0,
        "pool_timeout": CONNECTION_WAIT_S,
        # A server that was restarted meanwhile is noticed before a request is lost to it.
        "pool_pre_ping": True,
    }


def prepare_engine(engine: Engine, key_check: str | None) -> None:
    """Set the rules above on every connection of `engine`. With `key_check`, the value of the own key, PostgreSQL's
    connections are for work beside others: while nobody restores, on a database that belongs to that key."""
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _prepare_postgresql(engine, key_check)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:  # Any: DBAPI connection, untyped upstream
        assert isinstance(connection, sqlite3.Connection)
        # The driver must not begin transactions of its own; SQLAlchemy's "begin" below does it.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("undercroft_writes", False):
            connection.exec_driver_sql("BEGIN")
        elif not options.get("undercroft_soon", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {PATIENCE_MS}")
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def _prepare_postgresql(engine: Engine, key_check: str | None) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:  # Any: DBAPI connection, untyped upstream
        with connection.cursor() as cursor:
            for name, value in BOUNDS.items():
                cursor.execute("SELECT set_config(%s, %s, false)", (name, value))
            cursor.execute(
                "SELECT set_config('synchronous_commit', 'on', false)"
                " WHERE current_setting('synchronous_commit') = 'off'"
            )
        why_not = None if key_check is None else presence.why_not_beside_others(connection, key_check)
        connection.commit()
        if why_not is not None:
            connection.close()
            log.error("no work with the database: %s", why_not)
            raise PostgresqlOperationalError(why_not)


@contextmanager
def writing(first: bool = False) -> Iterator[Connection]:
    """One write transaction: committed when the block ends, undone when it raises.

    Where it may have to wait for others in two places, use `write`. `first`: before others who wait for SQLite.
    """
    options = {"undercroft_writes": True} | _isolation("READ COMMITTED", read_only=False)
    with (
        _turn(first),
        db.engine.connect().execution_options(**options) as connection,
        security_log.telling_once_committed(connection),
        connection.begin(),
    ):
        yield connection


@contextmanager
def _turn(first: bool) -> Iterator[None]:
    """A turn to write. Raises sqlalchemy's TimeoutError where none comes, as a pool does that is used up.

    SQLite has one writer at a time and lets those who wait sleep for up to a tenth of a second, whoever came first.
    Here they come one after the other: in a process by turns, between processes by a lock on a file, and one patience
    is for both. PostgreSQL has many writers; what they may not do is to take all connections.
    """
    engine = db.engine
    if engine.dialect.name != "sqlite":
        with _one_of_the_writers():
            yield
        return
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    try:
        with (
            _turns.setdefault(str(engine.url), Turns()).one(BUSY_TIMEOUT_MS / 1000, first),
            one_process(f"{engine.url.database}.writing", max(0.0, until - time.monotonic())),
        ):
            yield
    except NoTurn as busy:
        raise PoolTimeout("others are writing") from busy


@contextmanager
def _one_of_the_writers() -> Iterator[None]:
    if not _WRITERS.acquire(timeout=CONNECTION_WAIT_S):
        raise PoolTimeout(f"{CONNECTIONS - FOR_READERS} others write or wait to write")
    try:
        yield
    finally:
        _WRITERS.release()


@contextmanager
def reading() -> Iterator[Connection]:
    """One read transaction: everything read inside the block is from one moment."""
    options = _isolation("REPEATABLE READ", read_only=True)
    with db.engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _isolation(level: str, read_only: bool) -> dict[str, Any]:  # Any: SQLAlchemy's execution options
    """SQLite's transactions are serializable as they are."""
    if db.engine.dialect.name == "sqlite":
        return {}
    return {"isolation_level": level, "postgresql_readonly": read_only}


def write_first(work: Callable[[Connection], T]) -> T:
    """As `write`, but before others of this process who wait: phones do not wait for sign-ins and photos."""
    return write(work, first=True)


def write(work: Callable[[Connection], T], first: bool = False) -> T:
    """What `work` returns, once the write transaction that it ran in is committed.

    Where the database made the transaction give way to another, it is undone and `work` runs again, so it must
    leave no trace but in the database.
    """
    for attempt in range(1, TRIES):
        try:
            with writing(first) as connection:
                return work(connection)
        except DBAPIError as error:
            if not _sqlstate(error).startswith(GIVES_WAY):
                raise
        # The one that it gave way to should be through by then, and another that did the same not come at once.
        time.sleep(random.uniform(0.5, 1.5) * PAUSE_S * attempt)
    with writing(first) as connection:
        return work(connection)


def write_if_free(work: Callable[[Connection], object]) -> bool:
    """Run `work` in a write transaction, unless others keep it waiting: then it is left, for the next time. Whether it
    was done. For what may as well be written later, so that who only reads never waits for who writes."""
    options = {"undercroft_writes": True, "undercroft_soon": True} | _isolation("READ COMMITTED", read_only=False)
    try:
        with db.engine.connect().execution_options(**options) as connection, connection.begin():
            if connection.dialect.name != "sqlite":
                connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE_MS}ms'"))
            work(connection)
    except SQLAlchemyError as error:
        if not was_too_busy(error):
            raise
        return False
    return True


def was_too_busy(error: SQLAlchemyError) -> bool:
    """Whether the database had no fault but too much to do: the same may succeed a little later."""
    if isinstance(error, PoolTimeout):
        return True
    if isinstance(error, DBAPIError) and isinstance(error.orig, sqlite3.OperationalError):
        return error.orig.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return _sqlstate(error).startswith(TOO_BUSY)


def is_out_of_room(error: SQLAlchemyError) -> bool:
    """Whether the disk of the database is full: nothing was written, and the same may succeed once there is room."""
    if isinstance(error, DBAPIError) and isinstance(error.orig, sqlite3.Error):
        # The second: the index of the write-ahead log could not grow.
        code = getattr(error.orig, "sqlite_errorcode", None)
        return code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)
    return _sqlstate(error) == DISK_FULL


def is_away(error: SQLAlchemyError) -> bool:
    """Whether the database did not answer, or went away in between, as when it is started again."""
    if not isinstance(error, OperationalError) or not isinstance(error.orig, PostgresqlError):
        return False
    return error.orig.sqlstate is None or error.orig.sqlstate.startswith(AWAY)


def is_no_text(error: SQLAlchemyError) -> bool:
    """Whether a text was asked for, or was to be written, that PostgreSQL cannot hold: one with a NUL. Its driver says
    so without a code, the server as character_not_in_repertoire."""
    if not isinstance(error, DataError) or not isinstance(error.orig, PostgresqlError):
        return False
    return error.orig.sqlstate in (None, "22021")


def _sqlstate(error: SQLAlchemyError) -> str:
    """PostgreSQL's code of what went wrong, "" where there is none."""
    if not isinstance(error, DBAPIError) or not isinstance(error.orig, PostgresqlError):
        return ""
    return error.orig.sqlstate or ""


def without_bounds(connection: Connection) -> None:
    """Let this transaction wait, and each of its statements run, as long as it takes."""
    if connection.dialect.name != "sqlite":
        for name in BOUNDS:
            connection.execute(text("SELECT set_config(:name, '0', true)"), {"name": name})


class SchemaTooNew(ValueError):
    """The database has the schema of a later version, which this program would read wrongly."""


def migrate_to_newest() -> None:
    """Bring the schema to the newest migration; needs an app context. Safe to call at every start, by several
    processes at once: one migrates, the others wait for it. Raises SchemaTooNew; then nothing was touched."""
    from flask_migrate import upgrade

    with _one_at_a_time(db.engine):
        present = _schema()
        if present is not None and not knows_schema(present):
            raise SchemaTooNew(present)
        upgrade()


def _schema() -> str | None:
    """The name of the schema that the database has; None of one that has none yet."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def knows_schema(revision: str) -> bool:
    """Whether a migration of this program has exactly this name; needs an app context."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(migrate.get_config())
    return any(script.revision == revision for script in scripts.walk_revisions())


def make_schema(revision: str) -> None:
    """Give a database in which nobody works yet the schema of an earlier (or this) version; needs an app context.

    Raises LookupError for a version that this program does not know. What the tables hold is gone afterwards.
    """
    from flask_migrate import downgrade, upgrade

    if not knows_schema(revision):
        raise LookupError(revision)
    with _one_at_a_time(db.engine):
        downgrade(revision="base")
        upgrade(revision=revision)


@contextmanager
def _one_at_a_time(engine: Engine) -> Iterator[None]:
    """Hold the lock of whoever migrates: a file beside SQLite's, an advisory lock in PostgreSQL."""
    if engine.dialect.name == "sqlite":
        with one_process(f"{engine.url.database}.migrating"):
            yield
        return
    with engine.connect() as connection, connection.begin():
        without_bounds(connection)
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        yield
