"""Checking who signs in, and slowing down whoever guesses.

Tries are counted in the database, so that every process counts the same. A try is charged before the password
is looked at and given back when it was right: two requests at once cannot both be the last one allowed. No
transaction is open while the password is hashed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Row, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.api import passwords
from server.database import reading, write, writing
from server.models import Person, SignInAttempt
from server.problems import Problem

WINDOW: Final = timedelta(minutes=15)
TRIES_PER_USERNAME: Final = 10
TRIES_PER_ADDRESS: Final = 60


@dataclass(frozen=True)
class KnownPerson:
    """Somebody whose password was right. `sign_in_version` is as it was then: a session begins only while it is."""

    id: str
    username: str
    name: str
    role: str
    sign_in_version: int


def check_password(username: str, password: str, address: str, now: datetime) -> KnownPerson:
    """Who `username` is, if the password is theirs. Opens its own transactions: call it outside of any.

    Raises Problem `bad_credentials` (unknown, inactive or wrong: indistinguishable) or `too_many_tries` with
    `retry_after_s`.
    """
    name = username.strip().lower()
    keys = {_key("username", name): TRIES_PER_USERNAME, _key("address", address): TRIES_PER_ADDRESS}
    wait = write(lambda connection: _charge(connection, keys, now))
    if wait is not None:
        raise Problem("too_many_tries", retry_after_s=wait)
    found = _find(name)
    right = passwords.matches(found.password_hash if found else None, password)
    if found is None or not right:
        raise Problem("bad_credentials")
    write(lambda connection: _give_back(connection, *keys))
    if passwords.outdated(found.password_hash):
        renewed = passwords.hash_password(password)
        with writing() as connection:
            same = (Person.id == found.id) & (Person.password_hash == found.password_hash)  # not changed meanwhile
            connection.execute(update(Person).where(same).values(password_hash=renewed))
    return KnownPerson(found.id, found.username, found.name, found.role, found.sign_in_version)


def _find(username: str) -> Row[str, str, str, str, str, int] | None:
    wanted = select(
        Person.id, Person.username, Person.name, Person.role, Person.password_hash, Person.sign_in_version
    ).where(Person.username == username, Person.active)
    try:
        username.encode()
    except UnicodeEncodeError:
        return None
    if "\0" in username:
        return None
    with reading() as connection:
        return connection.execute(wanted).first()


def _key(what: str, value: str) -> str:
    """Hashed: people type passwords into the field above."""
    return f"{what}:{hashlib.sha256(value.encode(errors='surrogatepass')).hexdigest()}"


def _charge(connection: Connection, keys: dict[str, int], now: datetime) -> int | None:
    """Count one try under every key; seconds to wait if one of them has had too many in its window."""
    connection.execute(delete(SignInAttempt).where(SignInAttempt.window_start <= now - WINDOW))
    waits = []
    for key, allowed in keys.items():
        failures, window_start = _count(connection, key, now)
        if failures > allowed:
            waits.append(max(1, int((window_start + WINDOW - now).total_seconds()) + 1))
    return max(waits, default=None)


def _count(connection: Connection, key: str, now: datetime) -> tuple[int, datetime]:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    over = SignInAttempt.window_start <= now - WINDOW
    statement = insert(SignInAttempt).values(key=key, window_start=now, failures=1)
    counted = statement.on_conflict_do_update(
        index_elements=[SignInAttempt.key],
        set_={
            "failures": case((over, 1), else_=SignInAttempt.failures + 1),
            "window_start": case((over, now), else_=SignInAttempt.window_start),
        },
    ).returning(SignInAttempt.failures, SignInAttempt.window_start)
    failures, window_start = connection.execute(counted).one()
    return failures, window_start


def _give_back(connection: Connection, username_key: str, address_key: str) -> None:
    """The right password forgets the name's failures; the address only gets this one try back."""
    connection.execute(delete(SignInAttempt).where(SignInAttempt.key == username_key))
    connection.execute(
        update(SignInAttempt)
        .where(SignInAttempt.key == address_key, SignInAttempt.failures > 0)
        .values(failures=SignInAttempt.failures - 1)
    )
