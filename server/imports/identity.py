"""Ids of what comes from files: made from the number in the file, so that a second load finds the first."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid5

NAMESPACE: Final = UUID("6a1f3f0e-5b0c-5d57-9f0a-7d3f6a2c9e41")


def identify(table: str, number: str) -> str:
    """The id of the row that has `number` in `table` (names as in tables.py)."""
    return str(uuid5(NAMESPACE, f"{table}:{number}"))
