"""The companies of random runs are their own: what the other races make, and look at in the end, is not for here."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def in_app() -> None:
    """No test has an app of its own."""


@pytest.fixture(autouse=True)
def all_fits_in_the_end() -> None:
    """A run looks at all of it by itself."""
