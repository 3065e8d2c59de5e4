"""Databases for tests, one suite for each kind: what a test gets is migrated, empty and its own."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Protocol
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import text

from server.application import create_app
from server.database import db, migrate_to_newest, reading
from server.settings import Settings

PATIENCE_S: Final = 30
# How long one of two waits for the other to wait, and whether it must: where a lock is left out (planting.py)
# the other may go through, and what comes of that is for the test to see.
WAITS_S = PATIENCE_S
MUST_WAIT = True


class Databases(Protocol):
    """Makes databases, and removes them when the block ends."""

    def migrated(self, folder: Path) -> AbstractContextManager[Settings]:
        """Settings of an empty company with the newest schema, which keeps its files in `folder`."""

    def bare(self, folder: Path) -> AbstractContextManager[Settings]:
        """The same, before its first start: a database without any table."""


def settings_in(folder: Path, database_url: str | None = None) -> Settings:
    """Settings of a server that keeps its files in `folder`, and its SQLite database where none is named."""
    folder.mkdir(parents=True, exist_ok=True)
    return Settings(
        data=folder,
        database_url=database_url or f"sqlite:///{folder / 'undercroft.sqlite3'}",
        photos_url=f"file:{folder / 'photos'}",
        secret_key="a secret for tests only, not for a server",
    )


def environment(settings: Settings) -> dict[str, str]:
    """The variables from which a process reads these settings."""
    return {
        "UNDERCROFT_DATA": str(settings.data),
        "UNDERCROFT_DATABASE_URL": settings.database_url,
        "UNDERCROFT_SECRET_KEY": settings.secret_key,
    }


def migrate(settings: Settings) -> None:
    """Give the database the newest schema, and leave no connection behind."""
    with create_app(settings).app_context():
        migrate_to_newest()
        db.engine.dispose()


class SqliteDatabases:
    """One file, migrated once in `folder` and copied for every test."""

    def __init__(self, folder: Path) -> None:
        settings = settings_in(folder)
        migrate(settings)
        self._template = folder / "undercroft.sqlite3"
        connection = sqlite3.connect(self._template)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    @contextmanager
    def migrated(self, folder: Path) -> Iterator[Settings]:
        """See Databases.migrated."""
        settings = settings_in(folder)
        shutil.copyfile(self._template, folder / "undercroft.sqlite3")
        yield settings

    @contextmanager
    def bare(self, folder: Path) -> Iterator[Settings]:
        """See Databases.bare."""
        yield settings_in(folder)


class PostgresqlDatabases:
    """A database of the server at `address`, migrated once with its files in `folder` and copied for every test."""

    def __init__(self, folder: Path, address: str) -> None:
        self._address = address
        self._template = self._create("template1")
        migrate(settings_in(folder, self._url(self._template)))

    @contextmanager
    def migrated(self, folder: Path) -> Iterator[Settings]:
        """See Databases.migrated."""
        with self._copy_of(self._template) as name:
            yield settings_in(folder, self._url(name))

    @contextmanager
    def bare(self, folder: Path) -> Iterator[Settings]:
        """See Databases.bare."""
        with self._copy_of("template1") as name:
            yield settings_in(folder, self._url(name))

    def close(self) -> None:
        """Remove the migrated database."""
        self._drop(self._template)

    @contextmanager
    def _copy_of(self, template: str) -> Iterator[str]:
        name = self._create(template)
        try:
            yield name
        finally:
            self._drop(name)

    def _create(self, template: str) -> str:
        name = f"undercroft_{uuid4().hex}"
        statement = SQL("CREATE DATABASE {} TEMPLATE {}")
        with psycopg.connect(self._address, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.format(Identifier(name), Identifier(template)))
        return name

    def _drop(self, name: str) -> None:
        with psycopg.connect(self._address, dbname="postgres", autocommit=True) as connection:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def _url(self, name: str) -> str:
        kind, _, rest = self._address.partition("://")
        server, _, options = rest.partition("?")
        return f"{kind}+psycopg://{server.rstrip('/')}/{name}" + (f"?{options}" if options else "")


def wait_until_somebody_waits() -> None:
    """Returns when a transaction of the app's PostgreSQL waits for another."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    deadline = time.monotonic() + WAITS_S
    while True:
        with reading() as connection:
            if connection.execute(waiting).scalar_one():
                return
        if time.monotonic() >= deadline:
            assert not MUST_WAIT, "nobody waits"
            return
        time.sleep(0.01)
