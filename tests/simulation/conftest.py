"""The company in which every simulated history begins."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from sqlalchemy import event

from server.application import create_app
from server.database import db
from server.settings import Settings
from tests.conftest import People
from tests.simulation.servers import Pair, Server
from tests.simulation.world import world_on


@pytest.fixture
def in_app(app: APIFlask) -> Iterator[None]:
    """Every history runs inside the app's context."""
    with app.app_context():
        yield


@pytest.fixture
def pair(app: APIFlask, settings: Settings) -> Iterator[Pair]:
    """Two servers on one database."""
    made = Pair((Server(app, "one"), Server(create_app(settings), "other")))
    for server in made.servers:
        with server.at_work():
            event.listen(db.engine, "connect", _without_waiting_for_the_disk)
    yield made
    made.forget_connections()


def _without_waiting_for_the_disk(connection: sqlite3.Connection, _record: object) -> None:
    """Here processes die and no machine does: what was written is there whether or not it is on the disk."""
    connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture
def new_world(in_app: None, pair: Pair, people: People, settings: Settings, tmp_path: Path) -> object:
    """Makes a fresh company for one history: a context manager that gives its World."""
    pair.start()
    for server in pair.servers:
        server.look()
    pair.forget_connections()
    database = settings.data / "undercroft.sqlite3"
    template = tmp_path / "template.sqlite3"
    shutil.copyfile(database, template)

    def make() -> object:
        return world_on(pair, people, database, template, tmp_path / "world")

    return make
