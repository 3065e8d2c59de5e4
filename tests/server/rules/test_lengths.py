"""Lengths are told no finer than they were measured; the phone runs the same cases."""

from __future__ import annotations

import pytest

from server.rules.lengths import told_accuracy, told_length
from tests.vector_cases import cases


@pytest.mark.parametrize(("given", "expected"), cases("lengths"))
def test_a_length_is_told_as_finely_as_it_was_measured(given: dict[str, float], expected: dict[str, int]) -> None:
    length, accuracy = given["length_m"], given["accuracy_m"]
    told = {"length_m": told_length(length, accuracy), "accuracy_m": told_accuracy(accuracy)}
    assert told == expected


def test_without_an_accuracy_a_length_is_told_in_metres() -> None:
    assert told_length(1234.5, None) == 1235
