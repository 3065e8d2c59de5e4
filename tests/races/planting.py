"""A plugin of pytest that leaves locks out (`make planted`): each test of FOUND_BY runs once for each place that it is
named for, without the lock that is asked for there, and has to fail.

    python -m pytest -p tests.races.planting --database postgresql <files>

With `--places-to FILE` nothing is left out, and each test writes down which places it comes by.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any, Final

import pytest
from flask import has_app_context
from sqlalchemy import Engine, event

from tests.races.found_by import FOUND_BY
from tests.races.left_out import Place, left_out, places_asked_at
from tests.server.sync.lost_history import findings

PLACE: Final = pytest.StashKey[Place]()
TRIED: Final = os.environ.get("UNDERCROFT_LOCKS_TRIED")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of this plugin."""
    parser.addoption("--places-to", metavar="FILE", help="write down which test comes by which lock")


def named_for() -> dict[str, list[Place]]:
    """The places for which each test is named; of a file of --places-to where UNDERCROFT_LOCKS_TRIED names one."""
    if TRIED:
        lines = [json.loads(line) for line in Path(TRIED).read_text("utf-8").splitlines()]
        return {line["test"]: [Place(*each) for each in line["places"]] for line in lines}
    tests: dict[str, list[Place]] = {}
    for place, test in FOUND_BY.items():
        tests.setdefault(test, []).append(place)
    return tests


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each place."""
    if metafunc.config.getoption("--places-to"):
        return
    named = named_for().get(metafunc.definition.nodeid, [])
    metafunc.fixturenames.append("without")
    metafunc.parametrize("without", named, ids=str)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that are named for nothing say nothing here."""
    if config.getoption("--places-to"):
        return
    for item in items:
        place = getattr(item, "callspec").params.get("without")  # noqa: B009  # a function's item has one
        if isinstance(place, Place):
            item.stash[PLACE] = place
    items[:] = [item for item in items if PLACE in item.stash]


@pytest.fixture
def without() -> None:
    """Nothing, where nothing is left out."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Run the test without the lock. Where nobody misses it, that is the failure."""
    file = item.config.getoption("--places-to")
    if file:
        return (yield from _writing_down(item, Path(file)))
    begun = time.monotonic()
    with left_out(item.stash[PLACE]) as done:
        try:
            yield
            missed = findings() if has_app_context() else []
        except Exception as error:
            missed = [f"{type(error).__name__}: {error}"]
    assert done, "the test does not come by this place"
    _note(item, time.monotonic() - begun, missed)
    assert missed, "nobody misses this lock"
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """What a missing lock has left behind does not fit, as it was found to."""
    try:
        return (yield)
    except Exception:
        if PLACE not in item.stash:
            raise
        return None


def _writing_down(item: pytest.Item, file: Path) -> Generator[None, Any, Any]:
    found: set[Place] = set()

    def see(_c: object, _u: object, statement: str, _p: object, context: Any, _m: object) -> None:
        found.update(places_asked_at(statement, context))

    event.listen(Engine, "before_cursor_execute", see)
    try:
        return (yield)
    finally:
        event.remove(Engine, "before_cursor_execute", see)
        with file.open("a", encoding="utf-8") as out:
            test = item.nodeid.partition("[")[0]
            out.write(json.dumps({"test": test, "places": _as_lists(found)}) + "\n")


def _as_lists(found: Iterable[Place]) -> list[list[str]]:
    return [[place.file, place.where, place.how] for place in sorted(found)]


def _note(item: pytest.Item, seconds: float, missed: list[str]) -> None:
    file = os.environ.get("UNDERCROFT_PLANTED_NOTES")
    if file:
        test = item.nodeid.partition("[")[0].rpartition("::")[2]
        said = " ".join("; ".join(missed).split())[:120] or "nobody misses it"
        with Path(file).open("a", encoding="utf-8") as out:
            out.write(f"{item.stash[PLACE]}\t{test}\t{seconds:.1f} s\t{said}\n")
