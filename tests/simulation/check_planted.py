"""Every planted fault is found: without this, histories that find nothing say nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.simulation.planted import PLANTED, Plant
from tests.simulation.test_histories import FIRST_SEED, NewWorld, run

MOST: int = int(os.environ.get("UNDERCROFT_PLANTED_HISTORIES", "600"))


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(new_world: NewWorld, plant: Plant) -> None:
    begun: list[int] = []
    with plant(), pytest.raises(BaseException) as found:
        run(new_world, MOST, FIRST_SEED, begun, shrinks=False)
    assert not isinstance(found.value, KeyboardInterrupt | SystemExit)
    note(plant.__name__, len(begun), found.value)


def note(name: str, histories: int, found: BaseException) -> None:
    """Write down how soon it was found, where somebody wants to know (docs/proofs/simulation.md)."""
    file = os.environ.get("UNDERCROFT_PLANTED_NOTES")
    if file:
        said = " ".join(str(found).split())[:120]
        with Path(file).open("a") as out:
            out.write(f"{name}\t{histories}\t{type(found).__name__}: {said}\n")
