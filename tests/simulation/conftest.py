"""The company in which every simulated history begins."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask

from server.database import db
from server.settings import Settings
from tests.conftest import People
from tests.simulation.world import world_on


@pytest.fixture
def in_app(app: APIFlask) -> Iterator[None]:
    """Every history runs inside the app's context."""
    with app.app_context():
        yield


@pytest.fixture
def new_world(in_app: None, app: APIFlask, people: People, settings: Settings, tmp_path: Path) -> object:
    """Makes a fresh company for one history: a context manager that gives its World."""
    database = settings.data / "undercroft.sqlite3"
    db.engine.dispose()
    template = tmp_path / "template.sqlite3"
    shutil.copyfile(database, template)

    def make() -> object:
        return world_on(app, people, database, template, tmp_path / "world")

    return make
