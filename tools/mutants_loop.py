"""Tries mutants in one run of pytest, which has read the tests once: `-p tools.mutants_loop`, for tools/mutants.py.

mutmut's own runner lets pytest begin anew for every mutant, which takes longer than the tests. Here each mutant gets a
fork of the process that has everything in its memory. Of the tests that reach its function those are run first that are
named after its module, and of these the quickest.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NoReturn, TextIO

import pytest
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.format_utils import mangled_name_from_mutant_name

# In the folder of the mutants, where this runs. Which functions each test reaches, and how long it takes:
REACHED: Final = Path("reached.json")
# What is to be tried, and how many at once.
WANTED: Final = Path("wanted.json")
# What came of it, a mutant a line; and what was called while the modules were imported.
RESULTS: Final = Path("results.jsonl")
EARLY: Final = Path("early.json")
NO_TESTS: Final = 33
TIMEOUT: Final = 36
# How much longer than without a mutant the tests may take, and at least; in seconds of the processor and of the wall.
PATIENCE: Final = 15
AT_LEAST: Final = 10
BUSY: Final = 10


failed: list[str] = []
early: set[str] = set()
tries = False


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """A mutant is found as soon as a test fails: to put the failure into words takes longer than the test."""
    if call.excinfo is None or call.excinfo.errisinstance(pytest.skip.Exception) or item.get_closest_marker("xfail"):
        return
    if tries:
        os._exit(1)
    failed.append(f"{item.nodeid}: {call.excinfo.exconly()}")


def pytest_collection_finish() -> None:
    early.update(state()._stats)
    state()._stats.clear()


def pytest_runtestloop(session: pytest.Session) -> bool:
    if session.testsfailed:
        stop(session, "the tests cannot be read")
    EARLY.write_text(json.dumps(sorted(early)))
    wanted = json.loads(WANTED.read_text())
    if wanted["quick"]:
        session.items[:] = [item for item in session.items if not has_database(item)]
    reached = which_reach_what(session)
    set_mutant_under_test("")
    warm_up(session)
    if failed:
        stop(session, f"without a mutant they fail: {failed}")
    by_function: dict[str, list[pytest.Item]] = {}
    for item in sorted(session.items, key=lambda item: reached[item.nodeid]["seconds"]):
        for function in reached[item.nodeid]["functions"]:
            by_function.setdefault(function, []).append(item)
    gc.collect()
    gc.freeze()
    with RESULTS.open("a") as results:
        running: dict[int, str] = {}
        for name in wanted["mutants"]:
            function = mangled_name_from_mutant_name(name)
            module = function.split(".")[-2]
            tests = sorted(by_function.get(function, []), key=lambda item: module not in item.path.stem)[
                : wanted["most"]
            ]
            if not tests:
                if not wanted["quick"]:
                    tell(results, name, NO_TESTS)
                continue
            while len(running) >= wanted["children"]:
                wait(running, results)
            seconds = sum(reached[item.nodeid]["seconds"] for item in tests)
            running[try_one(session, name, tests, seconds)] = name
        while running:
            wait(running, results)
    return True


def stop(session: pytest.Session, why: str) -> NoReturn:
    """End the run, and say why: no reporter does."""
    print(why, file=sys.stderr)
    raise session.Interrupted(why)


def which_reach_what(session: pytest.Session) -> dict[str, Any]:  # Any: JSON
    """Run the tests of which it is not known yet, without a mutant."""
    known = json.loads(REACHED.read_text()) if REACHED.exists() else {}
    texts = {path: sha256(path.read_bytes()).hexdigest() for path in {item.path for item in session.items}}
    reached = {}
    for item in session.items:
        before = known.get(item.nodeid)
        if before is None or before["text"] != texts[item.path]:
            begun = time.process_time()
            run(session, item)
            before = {
                "text": texts[item.path],
                "seconds": time.process_time() - begun,
                "functions": sorted(state()._stats),
            }
            state()._stats.clear()
        reached[item.nodeid] = before
        if failed:
            break
    else:
        REACHED.write_text(json.dumps(known | reached))
    return reached


def warm_up(session: pytest.Session) -> None:
    """Make what tests share, before processes are split off: a database to copy."""
    item = next(filter(has_database, session.items), None)
    if item is not None:
        run(session, item)


def has_database(item: pytest.Item) -> bool:
    """Whether a test works on a database."""
    return "databases" in getattr(item, "fixturenames", ())


def run(session: pytest.Session, item: pytest.Item) -> None:
    """One test. What the session's tests share stays, and nothing else: as if the session itself came next."""
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=session)


def try_one(session: pytest.Session, name: str, tests: list[pytest.Item], seconds: float) -> int:
    """Run these tests with a mutant until one fails, in a process of its own; returns its number."""
    process = os.fork()
    if process:
        return process
    global tries
    tries = True
    try:
        set_mutant_under_test(name)
        limit = int(AT_LEAST + PATIENCE * seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (limit + int(time.process_time()), resource.RLIM_INFINITY))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, limit * BUSY)
        for item in tests:
            run(session, item)
        os._exit(0)
    except BaseException:  # a mutant that lets pytest itself fall is noticed
        os._exit(1)


def wait(running: dict[int, str], results: TextIO) -> None:
    """Wait until one of them has ended."""
    process, status = os.wait()
    if process in running:
        code = os.waitstatus_to_exitcode(status)
        tell(results, running.pop(process), TIMEOUT if code in (-signal.SIGALRM, -signal.SIGXCPU) else code)


def tell(results: TextIO, name: str, code: int) -> None:
    """Write down what came of a mutant, in mutmut's numbers."""
    results.write(json.dumps([name, code]) + "\n")
    results.flush()
