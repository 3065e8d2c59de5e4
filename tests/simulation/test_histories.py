"""Histories, each with its own faults; see docs/proofs/simulation.md."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.history import History, Step
from tests.simulation.world import World

SHARDS: Final = 4
HISTORIES: Final = int(os.environ.get("UNDERCROFT_HISTORIES") or "1000")
FIRST_SEED: Final = int(os.environ.get("UNDERCROFT_SEED") or "20261124")

# The jump by hours (servers.py).
BEHIND: Final = 2

NewWorld = Callable[[], AbstractContextManager[World]]


def run(new_world: NewWorld, histories: int, first_seed: int, begun: list[int], shrinks: bool = True) -> None:
    """Run histories from a seed on; each adds one to `begun`. Raises what a history found, with its steps."""

    class Counted(History):
        def __init__(self) -> None:
            begun.append(len(begun) + 1)
            self.opened = new_world()
            self.world = self.opened.__enter__()
            super().__init__()

        def teardown(self) -> None:
            try:
                super().teardown()
            finally:
                self.opened.__exit__(None, None, None)

    chosen = settings(
        max_examples=histories,
        stateful_step_count=40,
        deadline=None,
        database=None,
        print_blob=True,
        verbosity=Verbosity.quiet if histories > 5000 else Verbosity.normal,
        phases=(Phase.generate, Phase.shrink)
        if shrinks and not os.environ.get("UNDERCROFT_NO_SHRINK")
        else (Phase.generate,),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(first_seed)(Counted), settings=chosen)


SCRIPTS: Final[dict[str, tuple[dict[str, Any], list[Step]]]] = {  # Any: arguments of History.begin
    "what only a phone still has of an order that has left it since": (
        {"devices": [0, 0], "assignees": 1, "backed_up": True},
        [
            ("office", "note", 0, 0, 0),
            ("field", "note", 0, 0, 0, 0, []),
            ("trouble", "phone_put_back", 0, 0),
            ("field", "note", 1, 0, 0, 0, []),
            ("trouble", "server_put_back", 0, 0),
            ("office", "cancel", 0, 0, 0),
        ],
    ),
    "a phone that was put back hears of the restore as it becomes a new device": (
        {"devices": [0, 0], "assignees": 1, "backed_up": False},
        [
            ("trouble", "back_up", 0, 0),
            ("field", "note", 1, 0, 0, 0, []),
            ("trouble", "copy", 1, 0),
            ("trouble", "server_put_back", 0, 0),
            ("office", "open", 0, 0, 0),
            ("field", "note", 1, 0, 0, 0, []),
            ("trouble", "phone_put_back", 1, 0),
            ("field", "note", 1, 0, 0, 0, None),
        ],
    ),
    "a supervisor decides upon the revocation of a phone that the restored server does not know": (
        {"devices": [0, 1], "assignees": 1, "backed_up": True},
        [
            ("trouble", "shut_out", 0, 0),
            ("field", "answer", 0, 3, 3, 7, []),
            ("trouble", "server_put_back", 0, 0),
            ("trouble", "shut_out", 0, 0),
            ("office", "decide", 0, 0, 0),
        ],
    ),
    "a file of a device that the restored server does not know any more": (
        {"devices": [0, 0], "assignees": 1, "backed_up": True},
        [
            ("trouble", "shut_out", 0, 0),
            ("field", "note", 0, 0, 0, 0, []),
            ("trouble", "shut_out", 0, 0),
            ("field", "note", 0, 0, 0, 0, None),
            ("field", "note", 0, 0, 0, 0, []),
            ("trouble", "server_put_back", 0, 0),
            ("field", "note", 0, 0, 0, 0, None),
        ],
    ),
    "what somebody recorded whom a restore has lost comes in under their account of today": (
        {"devices": [0, 0], "assignees": 1, "backed_up": True},
        [
            ("office", "add_person", 0, 0, 0),
            ("field", "note", 2, 0, 0, 0, []),
            ("field", "open", 2, 0, 0, 0, []),
            ("field", "note", 2, 0, 0, 0, None),
            ("trouble", "server_put_back", 0, 0),
        ],
    ),
    "a phone meets a server whose clock is behind, and then one whose clock is right": (
        {"devices": [0, 0], "assignees": 1, "backed_up": False},
        [
            ("trouble", "server_clock", 0, BEHIND),
            ("field", "note", 0, 0, 0, 0, []),
            ("way", 1),
            ("field", "arrive", 0, 0, 0, 0, []),
        ],
    ),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_history_that_was_wrong_once_heals(new_world: NewWorld, name: str) -> None:
    begin, steps = SCRIPTS[name]
    with new_world() as world:
        history = History.__new__(History)
        history.world = world
        history.__init__()  # type: ignore[misc]  # Hypothesis gives the machine no arguments
        history.begin(**begin)
        way = 0
        for step in steps:
            if step[0] == "way":
                way = step[1]
            else:
                history.next(step=step, way=way)
        history.teardown()


@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_history_heals(new_world: NewWorld, shard: int) -> None:
    histories = HISTORIES // SHARDS
    begun: list[int] = []
    run(new_world, histories, FIRST_SEED + shard, begun)
    assert len(begun) >= histories
