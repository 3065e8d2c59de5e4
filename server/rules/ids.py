"""Identifiers as the protocol has them."""

from __future__ import annotations

from uuid import UUID


def is_id(value: object) -> bool:
    """Whether `value` is a UUID in lower case with hyphens (protocol.md)."""
    if not isinstance(value, str) or len(value) != 36:
        return False
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False
