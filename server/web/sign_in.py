"""Checking who signs in, and slowing down whoever guesses.

Tries are counted in the database, so that every process counts the same. A try is charged before the password
is looked at and given back when it was right: two requests at once cannot both be the last one allowed. It is
charged under all of its keys or under none: whoever is refused unread does not use up what others may try. No
transaction is open while the password is hashed.

Strangers share the account's tries. What has been signed in as this person before has tries of its own, so that
strangers who hammer an account do not keep its owner out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Row, case, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server import password_hashes
from server.database import reading, write, writing
from server.models import Device, Person, SignInAttempt
from server.passwords import LONGEST
from server.problems import Problem
from server.security_log import tell
from server.web import addresses, wrong_passwords
from server.web.known_browser import KnownBrowser

WINDOW: Final = timedelta(minutes=15)
TRIES_PER_USERNAME: Final = 10
TRIES_PER_ADDRESS: Final = 60
TRIES_PER_KNOWN: Final = 10
# A device's id and public key stand in evidence bundles: whoever collects them gets so many tries more, not ten each.
TRIES_PER_DEVICES_TOGETHER: Final = 30
LONGEST_USERNAME: Final = 256

# Of a process's 64 threads: waiting for the database counts as waiting too.
SIGN_INS: Final = password_hashes.Places(16)


@dataclass(frozen=True)
class KnownPerson:
    """Somebody whose password was right. `sign_in_version` is as it was then: a session begins only while it is."""

    id: str
    username: str
    name: str
    role: str
    sign_in_version: int


@dataclass(frozen=True)
class Asking:
    """From where a sign-in comes: the client's address, and what may have been signed in as this person before.

    `device` is a device's id with its public key as kept; `browser` is read from a cookie that only this server can
    write; `session` is the `token_id` of the session in which its own person gives the password once more.
    """

    address: str
    device: tuple[str, str] | None = None
    browser: KnownBrowser | None = None
    session: str | None = None


def check_password(username: str, password: str, asking: Asking, now: datetime) -> KnownPerson:
    """Who `username` is, if the password is theirs. Opens its own transactions: call it outside of any.

    Raises Problem `bad_credentials` (unknown, inactive or wrong: indistinguishable), and without having looked at
    the password, counted nowhere: `too_many_tries` and `busy`, both with `retry_after_s`.
    """
    name = username.strip().lower()
    if len(password) > LONGEST or len(name) > LONGEST_USERNAME:
        with _telling_refusals(asking):
            raise Problem("bad_credentials")
    with SIGN_INS.taken(), _telling_refusals(asking) as whose:
        found = _find(name)
        whose.person_id = found.id if found is not None else None
        keys = _keys(name, found, asking)
        # Looked at first without the write lock: whoever is refused again and again costs a read.
        _refuse_too_many(keys, now)
        write(lambda connection: _charge(connection, keys, now))
        try:
            right = password_hashes.matches(found.password_hash if found else None, password)
        except Problem:
            write(lambda connection: _uncharge(connection, list(keys)))
            raise
        if found is None or not right:
            if found is not None:
                write(lambda connection: wrong_passwords.note(connection, found.id, asking.address, now))
            raise Problem("bad_credentials")
        write(lambda connection: _give_back(connection, list(keys)))
        _renew(found, password)
    return KnownPerson(found.id, found.username, found.name, found.role, found.sign_in_version)


def _renew(found: Row[str, str, str, str, str, int], password: str) -> None:
    """A hash that was made with other parameters than today's is made anew, unless there is no time for it now."""
    if not password_hashes.outdated(found.password_hash):
        return
    try:
        renewed = password_hashes.hash_password(password)
    except Problem:
        return
    with writing() as connection:
        same = (Person.id == found.id) & (Person.password_hash == found.password_hash)  # not changed meanwhile
        connection.execute(update(Person).where(same).values(password_hash=renewed))


def _keys(name: str, found: Row[str, str, str, str, str, int] | None, asking: Asking) -> dict[str, int]:
    """Under which keys a try counts, each with the tries that it allows; the first is forgotten by a right one."""
    browser = None if found is None else _known_browser(found, asking)
    if found is not None and browser is not None:
        return {
            _key("browser", f"{found.id}/{browser}"): TRIES_PER_KNOWN,
            _key("browsers", found.id): TRIES_PER_DEVICES_TOGETHER,
        }
    if found is not None and asking.device is not None and _is_known(found.id, *asking.device):
        return {
            _key("device", f"{found.id}/{asking.device[0]}"): TRIES_PER_KNOWN,
            _key("devices", found.id): TRIES_PER_DEVICES_TOGETHER,
        }
    return {_key("username", name): TRIES_PER_USERNAME, _key("address", asking.address): TRIES_PER_ADDRESS}


def _known_browser(found: Row[str, str, str, str, str, int], asking: Asking) -> str | None:
    """What names a session of theirs, or a browser in which they signed in since their sessions were last ended."""
    if asking.session is not None:
        return asking.session
    read = asking.browser
    counts = read is not None and (read.person_id, read.sign_in_version) == (found.id, found.sign_in_version)
    return read.name if read is not None and counts else None


def _is_known(person_id: str, device_id: str, public_key: str) -> bool:
    own = (
        (Device.id == device_id)
        & (Device.person_id == person_id)
        & (Device.kind == "phone")
        & (Device.known_by == "session")
    )
    with reading() as connection:
        kept = connection.scalar(select(Device.public_key).where(own, Device.revoked_at.is_(None)))
    return kept is not None and json.loads(kept) == json.loads(public_key)


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


@dataclass
class _Whose:
    """Whose account a sign-in names, as far as that is known."""

    person_id: str | None = None


@contextmanager
def _telling_refusals(asking: Asking) -> Iterator[_Whose]:
    """Around one sign-in: the security log is told what refused it."""
    whose = _Whose()
    try:
        yield whose
    except Problem as problem:
        where = addresses.as_told(asking.address)
        tell("sign_in_refused", reason=problem.code, person=whose.person_id, address=where)
        raise


def _key(what: str, value: str) -> str:
    """Hashed: people type passwords into the field above."""
    return f"{what}:{hashlib.sha256(value.encode(errors='surrogatepass')).hexdigest()}"


def _refuse_too_many(keys: dict[str, int], now: datetime) -> None:
    """Raise Problem `too_many_tries` where one of the keys has no try left."""
    current = SignInAttempt.window_start > now - WINDOW
    wanted = select(SignInAttempt.key, SignInAttempt.failures, SignInAttempt.window_start)
    with reading() as connection:
        found = connection.execute(wanted.where(SignInAttempt.key.in_(list(keys)), current)).all()
    if any(row.window_start > now for row in found):
        write(lambda connection: _begin_now(connection, keys, now))
    _refuse([row.window_start for row in found if row.failures >= keys[row.key]], now)


def _begin_now(connection: Connection, keys: dict[str, int], now: datetime) -> None:
    """A clock that was ahead began these windows: they begin now, or whoever is refused would be until then."""
    for key in sorted(keys):
        ahead = (SignInAttempt.key == key) & (SignInAttempt.window_start > now)
        connection.execute(update(SignInAttempt).where(ahead).values(window_start=now))


def _charge(connection: Connection, keys: dict[str, int], now: datetime) -> None:
    """Count one try under every key; raises Problem `too_many_tries`, which takes the whole charge back."""
    connection.execute(delete(SignInAttempt).where(SignInAttempt.window_start <= now - WINDOW))
    full = []
    for key in sorted(keys):  # in one order, so that two at once do not wait for each other
        failures, window_start = _count(connection, key, now)
        if failures > keys[key]:
            full.append(window_start)
    _refuse(full, now)


def _refuse(full: list[datetime], now: datetime) -> None:
    waits = [max(1, int((min(window_start, now) + WINDOW - now).total_seconds()) + 1) for window_start in full]
    if waits:
        raise Problem("too_many_tries", retry_after_s=max(waits))


def _count(connection: Connection, key: str, now: datetime) -> tuple[int, datetime]:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    over = SignInAttempt.window_start <= now - WINDOW
    to_begin = or_(over, SignInAttempt.window_start > now)
    statement = insert(SignInAttempt).values(key=key, window_start=now, failures=1)
    counted = statement.on_conflict_do_update(
        index_elements=[SignInAttempt.key],
        set_={
            "failures": case((over, 1), else_=SignInAttempt.failures + 1),
            "window_start": case((to_begin, now), else_=SignInAttempt.window_start),
        },
    ).returning(SignInAttempt.failures, SignInAttempt.window_start)
    failures, window_start = connection.execute(counted).one()
    return failures, window_start


def _give_back(connection: Connection, keys: list[str]) -> None:
    """The right password forgets the failures of its first key; the others only get this one try back."""
    connection.execute(delete(SignInAttempt).where(SignInAttempt.key == keys[0]))
    _uncharge(connection, keys[1:])


def _uncharge(connection: Connection, keys: list[str]) -> None:
    for key in sorted(keys):
        connection.execute(
            update(SignInAttempt)
            .where(SignInAttempt.key == key, SignInAttempt.failures > 0)
            .values(failures=SignInAttempt.failures - 1)
        )
