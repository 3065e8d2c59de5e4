"""Bringing a backup back, as the beginning of a new history."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Table, delete, func, insert, inspect, select, text, update
from sqlalchemy import column as light_column
from sqlalchemy import table as light_table
from sqlalchemy.exc import DataError, IntegrityError

from server.keeping import archive
from server.keeping.backup import Progress
from server.keeping.opening import Opened
from server.keeping.refusing import BadBackup
from server.models import WRITTEN_HERE, Base, Device, Person, SessionToken
from server.photos import PhotoStore
from server.sync.store.facts_store import new_epoch, remember
from server.sync.store.feeds import number_anew


def restore_rows(connection: Connection, opened: Opened, now: datetime, progress: Progress) -> str:
    """Replace what is in the database, whose schema is that of the backup, by the backup; returns the new epoch.

    In the caller's transaction. The office's ledgers and the server's own begin anew under other ids, since their
    numbers after the backup were given out once; phones go on with theirs. Raises BadBackup: wrong_row, does_not_fit
    where the database refuses a row.
    """
    _check_columns(connection, opened)
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in opened.end.columns or table.name in archive.LEFT_OUT:
            connection.execute(delete(table))
    for table, content in opened.tables():
        _fill(connection, table, opened, content, progress)
    _go_on_counting(connection, opened)
    written_here = select(Device.id).where(Device.kind.in_(WRITTEN_HERE))
    connection.execute(delete(SessionToken).where(SessionToken.kind == "office"))
    connection.execute(
        update(Device).where(Device.id.in_(written_here), Device.revoked_at.is_(None)).values(revoked_at=now)
    )
    number_anew(connection)
    epoch = new_epoch()
    remember(connection, "epoch", epoch)
    return epoch


def restore_photos(photos: PhotoStore, opened: Opened, progress: Progress) -> None:
    """Put the backup's photo content beside what is there; content is known by its hash and replaces nothing.
    Raises BadBackup damaged where the file has changed since it was read through."""
    total = opened.end.photos
    progress(archive.PHOTOS, 0, total)
    for done, (room, sha256, content) in enumerate(opened.photos(), start=1):
        with tempfile.NamedTemporaryFile() as file:
            found = hashlib.sha256()
            while piece := content.read(1 << 20):
                found.update(piece)
                file.write(piece)
            file.flush()
            if found.hexdigest() != sha256:
                raise BadBackup("damaged", names=f"{archive.PHOTOS}/{room}/{sha256}")
            photos.put(room, sha256, Path(file.name))
        progress(archive.PHOTOS, done, total)


def is_empty(connection: Connection) -> bool:
    """Whether nobody works with this database yet."""
    return connection.execute(select(func.count()).select_from(Person)).scalar_one() == 0


def _check_columns(connection: Connection, opened: Opened) -> None:
    """Raise BadBackup does_not_fit where the schema that the backup names has no such table or column."""
    found = inspect(connection)
    for table in archive.readable_tables():
        names = set(opened.end.columns.get(table.name, ()))
        if names and not found.has_table(table.name):
            raise BadBackup("does_not_fit", table=table.name)
        if names and not names <= {column["name"] for column in found.get_columns(table.name)}:
            raise BadBackup("does_not_fit", table=table.name)


def _fill(connection: Connection, table: Table, opened: Opened, content: IO[bytes], progress: Progress) -> None:
    # The table as the backup knew it: a newer version's columns are filled by the migrations that follow.
    names = opened.end.columns[table.name]
    kinds = {column.name: column.type for column in table.columns}
    then = light_table(table.name, *(light_column(name, kinds.get(name)) for name in names))
    progress(table.name, 0, 1)
    try:
        for batch in opened.rows(table, content):
            connection.execute(insert(then), batch)
    except (IntegrityError, DataError) as error:
        raise BadBackup("does_not_fit", table=table.name) from error
    progress(table.name, 1, 1)


def _go_on_counting(connection: Connection, opened: Opened) -> None:
    """Let PostgreSQL's counters begin after the rows that came; SQLite looks at the rows themselves. Tables that the
    backup does not know may not be there yet, and count from the beginning."""
    if connection.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        column: Any = table.autoincrement_column  # Any: a column or None
        if column is None or table.name not in opened.end.columns:
            continue
        statement = text(
            f"SELECT setval(pg_get_serial_sequence(:table, :column),"
            f" (SELECT COALESCE(MAX({column.name}), 0) + 1 FROM {table.name}), false)"
        )
        if connection.execute(
            text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name}
        ).scalar_one():
            try:
                connection.execute(statement, {"table": table.name, "column": column.name})
            except DataError as error:  # the last number that there is
                raise BadBackup("does_not_fit", table=table.name) from error
