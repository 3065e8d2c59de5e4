"""What tests of several transactions at once share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from apiflask import APIFlask

Beside = Callable[[Callable[[], Any]], "Future[Any]"]  # Any: what the work returns


@pytest.fixture
def on_postgresql(pytestconfig: pytest.Config) -> None:
    """Skips the test on SQLite."""
    if pytestconfig.getoption("--database") == "sqlite":
        pytest.skip("SQLite lets one writer in at a time")


@pytest.fixture
def on_sqlite(pytestconfig: pytest.Config) -> None:
    """Skips the test on PostgreSQL."""
    if pytestconfig.getoption("--database") != "sqlite":
        pytest.skip("PostgreSQL lets several writers in")


@pytest.fixture
def beside(app: APIFlask) -> Iterator[Beside]:
    """Starts something in a thread of its own, inside the app's context; what it returns is in the future."""

    def in_context(work: Callable[[], Any]) -> Any:
        with app.app_context():
            return work()

    with ThreadPoolExecutor() as threads:
        yield lambda work: threads.submit(in_context, work)
