"""People: a row to sign in with, and a document in the company's feed that gives everybody the name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select
from uuid_utils import uuid7

from server.models import ROLES, Person
from server.security_log import tell_once_committed
from server.sync.store.feeds import put_document


class UsernameTaken(ValueError):
    """Somebody else signs in with this name."""


def add_person(connection: Connection, username: str, name: str, role: str, password_hash: str, now: datetime) -> str:
    """Make a person known and return their id; `username` is kept in lower case.

    Raises UsernameTaken, and ValueError for a role that there is none of or an empty or too long name.
    """
    username = username.strip().lower()
    name = name.strip()
    if role not in ROLES:
        raise ValueError(f"{role} is not a role")
    if not 0 < len(username) <= 64 or not 0 < len(name) <= 128:
        raise ValueError("a username has 1 to 64 characters, a name 1 to 128")
    if connection.execute(select(Person.id).where(Person.username == username)).first():
        raise UsernameTaken(username)
    identity = str(uuid7())
    connection.execute(
        insert(Person).values(
            id=identity,
            username=username,
            name=name,
            role=role,
            password_hash=password_hash,
            active=True,
            created_at=now,
        )
    )
    shown = {"id": identity, "username": username, "name": name, "role": role}
    put_document(connection, "person", identity, shown, now)
    tell_once_committed(connection, "account_added", person=identity)
    return identity
