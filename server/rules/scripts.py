"""In which of the two languages a text is written (pwa/static/app/rules/scripts.js has the same)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def language_of(text: str) -> str:
    """`zh-CN` where there is a Chinese sign in it, otherwise `en`."""
    return "zh-CN" if _HAN.search(text) else "en"


def read_in(said: Mapping[str, Any], language: str) -> str:  # Any: JSON with `text`, and `texts` by language
    """A text in the reader's language where it is known in that, otherwise as it was written."""
    return str((said.get("texts") or {}).get(language) or said["text"])


def only_in(all_: Iterable[Mapping[str, Any]], language: str) -> str | None:  # Any: as in `read_in`
    """The one language of what cannot be read in the reader's; None where all can."""
    written = (language_of(read_in(said, language)) for said in all_)
    return next((each for each in written if each != language), None)
