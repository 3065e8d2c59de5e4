"""A checklist's words in both languages, where both are known: from the sheet itself, or as they are shipped."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

from server.rules.scripts import language_of

FILE: Final = Path(__file__).with_name("checklist_words.json")


@cache
def _shipped() -> dict[str, str]:
    """The English of the norms' own words."""
    items: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8"))["items"]
    return items


def both_languages(text: str, translation: str | None) -> dict[str, str] | None:
    """The text by its languages; None where it is known in one alone. What the sheet says goes first."""
    other = translation or _shipped().get(text.replace("\uff0c", ","))
    if other is None or language_of(other) == language_of(text):
        return None
    return {language_of(text): text, language_of(other): other}
