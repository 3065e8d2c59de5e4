"""Every fault of planted.py is found, each in servers of its own (`make planted-run`)."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from typing import Final

import pytest

from tests.databases import Databases
from tests.races.random_run.planted import FAULTS
from tests.races.random_run.run import Wish, run
from tests.races.random_run.story import Wrong

MOST_RUNS: Final = 8
SECONDS: Final = 20


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(databases: Databases, tmp_path: Path, seed: int, fault: str) -> None:
    began = time.monotonic()
    for number in itertools.count(1):
        assert number <= MOST_RUNS, "it was not found"
        try:
            run(databases, tmp_path / str(number), Wish(seed + number, SECONDS, restores=False, fault=fault))
        except Wrong as wrong:
            print(f"{fault}: run {number}, after {time.monotonic() - began:.0f} s: {str(wrong)[:300]}")
            return
