"""What stands on the screens, by the catalogue's ids: tests find things as people do, in any language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from server.language import text

FIGURE = 987_654_321
"""A number that no screen shows, put in for a figure that a test does not know."""


@dataclass(frozen=True)
class Words:
    """The texts of one language."""

    language: str

    def __call__(self, message_id: str, **figures: object) -> str:
        """The text, with these figures."""
        return text(self.language, message_id, **figures)

    def like(self, message_id: str, *figures: str, **known: object) -> re.Pattern[str]:
        """A pattern for the whole text, whatever the figures named in `figures` are."""
        shown = text(self.language, message_id, **dict.fromkeys(figures, FIGURE), **known)
        # Escaped as JavaScript wants it: the browser's driver hands the pattern on as /…/.
        escaped = re.sub(r"([.*+?^${}()|\[\]\\/])", r"\\\1", shown)
        return re.compile(escaped.replace(f"{FIGURE:,}", ".+"))
