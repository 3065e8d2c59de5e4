"""Small helpers over the bodies of documents of any type."""

from __future__ import annotations

from typing import Any


def mark_of(operation_id: str) -> str:
    """How a document's `contains` names an operation: the last 12 hex digits of its id. They are random, and enough
    to tell the operations of one document apart; a place in a ledger would not be, since a phone that was put back
    gives it to another line."""
    return operation_id[-12:]


def find(items: list[dict[str, Any]], key: str, value: str) -> dict[str, Any] | None:  # Any: JSON
    """The first item whose `key` is `value`."""
    return next((item for item in items if item.get(key) == value), None)
