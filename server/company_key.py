"""Which key a company's database belongs to: it remembers a value that tells whether a key is that one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, NullPool, create_engine, inspect, select

from server.models import Person, ServerFact
from server.presence import KEY_FACT
from server.secret_key import UnusableSecret, read_former
from server.settings import Places, Settings
from server.sync.ledgers.secrets import check_value
from server.sync.store.facts_store import fact, remember, remember_first


@dataclass(frozen=True)
class Known:
    """What a database says before anybody works with it: the check value of its key, None where none was noted, and
    whether people are in it."""

    check: str | None
    company: bool


def look(places: Places) -> Known:
    """What the database says; one that is not there says nothing, and is not made."""
    if places.sqlite_file is not None and not places.sqlite_file.exists():
        return Known(None, False)
    with _connected(places) as connection:
        tables = inspect(connection).get_table_names()
        check = fact(connection, KEY_FACT) if ServerFact.__tablename__ in tables else None
        anybody = Person.__tablename__ in tables and connection.scalar(select(Person.id).limit(1)) is not None
    return Known(check, anybody)


def settings_for(known: Known, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings, if their key may work with this database: it is the database's, or that is among the former ones.

    Raises UnusableSecret: `missing` where a key would have to be made beside a company that has one, `another`.
    """
    env = os.environ if environ is None else environ
    former = read_former(env, Places.read(env).data, "")
    settings = Settings.read(env, may_make_key=_may_be_new(known, former))
    own = (settings.secret_key, *settings.former_keys)
    if known.check is not None and not _is_of(known.check, own):
        raise UnusableSecret("another")
    return settings


def _may_be_new(known: Known, former: Sequence[str]) -> bool:
    """Whether the key may be one that is only being made. Of a company from before there were check values nobody
    knows more than that somebody has put a former key there."""
    if known.check is None:
        return bool(former) or not known.company
    return _is_of(known.check, former)


def _is_of(check: str, secrets: Iterable[str]) -> bool:
    return check in map(check_value, secrets)


def takes_over(known: Known, settings: Settings) -> bool:
    """Whether the database belongs to one of the former keys."""
    return known.check not in (None, check_value(settings.secret_key))


def note(connection: Connection, settings: Settings) -> None:
    """Note the key, where none is noted yet. Raises UnusableSecret `another` where another one is."""
    own = check_value(settings.secret_key)
    if remember_first(connection, KEY_FACT, own) != own:
        raise UnusableSecret("another")


def note_anew(places: Places, settings: Settings) -> None:
    """Note the key in the place of another one; nobody else may be at work."""
    with _connected(places) as connection:
        belongs_to(connection, settings.secret_key)


def belongs_to(connection: Connection, secret: str) -> None:
    """From now on the database belongs to this key; in the caller's transaction."""
    remember(connection, KEY_FACT, check_value(secret))


@contextmanager
def _connected(places: Places) -> Iterator[Connection]:
    """A connection that is nobody's presence, with one transaction."""
    engine = create_engine(places.database_url, poolclass=NullPool, hide_parameters=True)
    with engine.begin() as connection:
        yield connection
