"""Lengths as they are told: no finer than the accuracy that they were measured with.

The same rule as the phone's (pwa/static/app/rules/lengths.js); the verdicts are reckoned with what was measured.
"""

from __future__ import annotations

import math


def told_length(length_m: float, accuracy_m: float | None) -> int:
    """A length in whole metres, tens, hundreds: the largest of them that is no more than half of the accuracy."""
    step = 1
    while accuracy_m is not None and math.isfinite(accuracy_m) and step * 20 <= accuracy_m:
        step *= 10
    return _in_steps(length_m, step)


def told_accuracy(accuracy_m: float) -> int:
    """An accuracy in whole metres, from a hundred on with two figures."""
    step = 1
    while step * 100 <= accuracy_m:
        step *= 10
    return _in_steps(accuracy_m, step)


def _in_steps(length_m: float, step: int) -> int:
    return math.floor(length_m / step + 0.5) * step
