"""A random run, of seconds; half an hour of them with `--soak` (docs/proofs/random-run.md)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from tests.databases import Databases
from tests.races.random_run.run import Wish, run

SECONDS: Final = 20
SOAK_S: Final = 1800
ONE_RUN_S: Final = 60


def test_what_was_promised_holds_under_all_trouble_at_once(
    databases: Databases, tmp_path: Path, seed: int, soak: bool
) -> None:
    until = time.monotonic() + (SOAK_S if soak else 0)
    seconds = ONE_RUN_S if soak else SECONDS
    while True:
        done = run(databases, tmp_path / str(seed), Wish(seed, seconds))
        assert done.lines > 0
        if time.monotonic() >= until:
            return
        seed += 1
