"""Ledgers of a few people on a database in memory, without the app: a test takes milliseconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.server.sync.ledger_scene import Scene, Writer, memory, scene


@pytest.fixture(autouse=True)
def in_app() -> None:
    """No test on this scene needs the app."""


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = memory()
    yield made
    made.dispose()


@pytest.fixture
def here(engine: Engine) -> Iterator[Scene]:
    with scene(engine) as made:
        yield made


@pytest.fixture
def wang(here: Scene) -> Writer:
    return here.writer("wang", "supervisor")


@pytest.fixture
def zhang(here: Scene) -> Writer:
    return here.writer("zhang")
