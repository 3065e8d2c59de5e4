"""By which Chinese names are found as they are typed on a telephone's keyboard: the first letter of each sign."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=4096)
def initials_of(text: str) -> str:
    """Pinyin initials with the text's own letters and digits, in lower case ("dxssb"); kept, because the same names
    come again and again."""
    letters = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
    return "".join(letter for letter in letters.lower() if letter.isalnum())
