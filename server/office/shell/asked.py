"""What the query of an address asks for, which anybody can write: a day, a moment, a piece of text."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from typing import Final

# A day before or after it, or midnight of it in any zone, is a day of the calendar too.
YEARS: Final = range(1900, 9000)


def day(text: str | None) -> date | None:
    """The date that `text` names; None for none, and for what no calendar of ours reaches."""
    try:
        named = date.fromisoformat(unicodedata.normalize("NFKC", text or "").strip())
    except ValueError:
        return None
    return named if named.year in YEARS else None


def moment(text: str | None) -> datetime | None:
    """The moment that `text` names with its zone, in UTC; None for anything else."""
    try:
        named = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return named.astimezone(UTC) if named.tzinfo is not None and named.year in YEARS else None


def can_be_found(text: str) -> bool:
    """Whether a database can be asked for `text`: it holds no NUL, and no half of a surrogate pair."""
    return "\0" not in text and not any(0xD800 <= ord(character) <= 0xDFFF for character in text)
