"""Beginning to work with a company's data, as every command and the server do: first nobody may be restoring, then the
key is read, then it has to be the database's."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from server import company_key
from server.application import create_app
from server.database import db, migrate_to_newest, write
from server.language import text
from server.own_files import close_to_others
from server.presence import Lock, locks_of
from server.secret_key import UnusableSecret
from server.settings import Places, Settings

if TYPE_CHECKING:
    from apiflask import APIFlask


@contextmanager
def at_work() -> Iterator[Settings]:
    """An app context on the newest schema; until the block ends nobody restores. Raises UnusableSecret."""
    with prepared() as app, app.app_context():
        found = app.extensions["undercroft"].settings
        assert isinstance(found, Settings)
        yield found


@contextmanager
def prepared() -> Iterator[APIFlask]:
    """The application, with the newest schema and without a connection; until the block ends nobody restores.

    Waits for a restore that is under way. Raises UnusableSecret: `another`, `missing`, `in_use`, and what
    server.secret_key raises.
    """
    places = Places.read()
    with locks_of(places) as locks:
        with ExitStack() as beginning:
            for lock in locks:
                beginning.enter_context(lock.beginning())
            app = create_app(_settings(places, locks))
            with app.app_context():
                settings = app.extensions["undercroft"].settings
                migrate_to_newest()
                write(lambda connection: company_key.note(connection, settings))
                _say_what_is_open(settings)
                db.engine.dispose()
        yield app


def _settings(places: Places, locks: Sequence[Lock]) -> Settings:
    """The settings, once all locks are shared and the database belongs to their key.

    A key takes the place of a former one only where nobody else is at work, who would know the former one alone.
    """
    while True:
        for lock in locks:
            lock.share(_say_that_it_waits)
        known = company_key.look(places)
        settings = company_key.settings_for(known)
        if not company_key.takes_over(known, settings):
            return settings
        if not all(lock.alone() for lock in locks):
            raise UnusableSecret("in_use")
        company_key.note_anew(places, settings)


def _say_what_is_open(settings: Settings) -> None:
    for path in close_to_others(settings):
        click.echo(text(settings.language, "start-open-to-others", path=str(path)), err=True)


def _say_that_it_waits() -> None:
    click.echo(text(os.environ.get("UNDERCROFT_LANGUAGE", Settings.language), "start-waits"), err=True)
