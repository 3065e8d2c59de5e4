"""What the server remembers of itself: the epoch, and numbers given out."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from uuid_utils import uuid7

from server.models import Counter, ServerFact

# Made once: to put a statement together costs more than to run it.
FACT: Final = select(ServerFact.value).where(ServerFact.name == bindparam("of_name"))


def fact(connection: Connection, name: str) -> str | None:
    """A remembered fact, or None."""
    return connection.execute(FACT, {"of_name": name}).scalar_one_or_none()


def remember(connection: Connection, name: str, value: str) -> None:
    """Set a fact, replacing what was remembered under its name."""
    upsert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = upsert(ServerFact).values(name=name, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=[ServerFact.name], set_={"value": value}))


def remember_first(connection: Connection, name: str, value: str) -> str:
    """Set a fact unless something is remembered under its name; returns what is. Of two at once the first is right."""
    upsert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(upsert(ServerFact).values(name=name, value=value).on_conflict_do_nothing())
    return str(connection.execute(FACT, {"of_name": name}).scalar_one())


def epoch(connection: Connection) -> str:
    """The name of this unbroken history; the first migration writes it."""
    found = fact(connection, "epoch")
    if found is None:
        raise LookupError("the database has no epoch: it was not migrated")
    return found


def new_epoch() -> str:
    """A fresh name for a history."""
    return str(uuid7())


def next_number(connection: Connection, name: str) -> int:
    """The next number under `name`, from 1; two writers never get the same."""
    taken = update(Counter).where(Counter.name == name).values(value=Counter.value + 1).returning(Counter.value)
    value = connection.execute(taken).scalar_one_or_none()
    if value is not None:
        return int(value)
    connection.execute(insert(Counter).values(name=name, value=1))
    return 1
