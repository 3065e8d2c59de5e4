"""What `make mutants` says of mutants that no test finds: each needs a reason, and each reason a mutant."""

from __future__ import annotations

import inspect
from pathlib import Path
from pkgutil import resolve_name

import pytest

from tools.mutants import REASONS, Mutant, Reason, for_nothing, read_reasons, without_reason

WRITTEN = read_reasons(REASONS.read_text(encoding="utf-8"))
WHERE = "server.sync.operations.merge.merge_text"


def mutant(was: str, now: str) -> Mutant:
    """A mutant of the merging of texts that changes this line."""
    made = Mutant(
        "server.sync.operations.merge.x_merge_text__mutmut_1", Path("server/sync/operations/merge.py"), "survived"
    )
    vars(made)["lines"] = (was, now)
    return made


@pytest.mark.parametrize("reason", WRITTEN, ids=lambda reason: reason.where)
def test_what_a_reason_is_about_stands_in_the_code(reason: Reason) -> None:
    function = resolve_name(reason.where)
    lines = [line.strip() for line in inspect.getsource(inspect.unwrap(function)).splitlines()]
    assert reason.was is None or reason.was in "\n".join(lines)


def test_a_mutant_needs_a_reason_of_its_own() -> None:
    reasons = [Reason(WHERE, "position = 0", frozenset({"position = None"}), "a slice begins at 0 either way")]
    known, other = mutant("position = 0", "position = None"), mutant("position = 0", "position = 1")
    assert without_reason([known, other], reasons) == [other]
    assert for_nothing(reasons, [known, other]) == []


def test_a_reason_for_nothing_is_told() -> None:
    reasons = [
        Reason(WHERE, "position = 0", frozenset({"position = None", "position = 2"}), "one of them is made no more"),
        Reason("server.sync.operations.merge.gone", None, frozenset(), "the function is there no more"),
    ]
    told = for_nothing(reasons, [mutant("position = 0", "position = None")])
    assert told == [f"{WHERE}: position = 0 -> position = 2", "server.sync.operations.merge.gone"]


def test_a_reason_for_a_whole_function_names_no_line() -> None:
    reasons = read_reasons(f'[[reason]]\nwhere = "{WHERE}"\nwhy = "nobody sees it"\n')
    assert without_reason([mutant("position = 0", "position = 1")], reasons) == []
    with pytest.raises(ValueError, match="merge_text"):
        read_reasons(f'[[reason]]\nwhere = "{WHERE}"\nwas = "position = 0"\nwhy = "made into what?"\n')
    with pytest.raises(ValueError, match="merge_text"):
        read_reasons(f'[[reason]]\nwhere = "{WHERE}"\nwhy = " "\n')
