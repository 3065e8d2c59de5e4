"""Rows that may be there already."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase


def insert_if_absent(connection: Connection, table: type[DeclarativeBase], row: dict[str, object]) -> bool:
    """Insert a row unless its key is taken, also by a transaction that runs beside this one."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table).values(**row).on_conflict_do_nothing()
    # Asked for outright: where a table numbers its rows, PostgreSQL's driver does not tell how many there are.
    return connection.execute(insert.returning(*table.__table__.primary_key)).first() is not None
