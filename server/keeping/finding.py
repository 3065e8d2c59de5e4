"""What the check finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something that does not fit: the sentence is `check-<code>`, with these figures."""

    code: str
    figures: dict[str, str | int]
