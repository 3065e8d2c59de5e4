"""What files call things, from vocabulary.json: another word for a heading or a cell is one more word there."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final, TypedDict, cast

FILE: Final = Path(__file__).with_name("vocabulary.json")


class DateWords(TypedDict):
    """The marks after the parts of a date (any one character of each text), and the parts of a day."""

    year: str
    month: str
    day: str
    hour: str
    minute: str
    second: str
    half: str
    morning: list[str]
    noon: list[str]
    afternoon: list[str]
    night: list[str]


class MeasureWords(TypedDict):
    """Units of length, the marks of degrees and minutes (any one character), of seconds, and the sides of the world."""

    metre: list[str]
    kilometre: list[str]
    degree: str
    minute: str
    second: list[str]
    north: list[str]
    south: list[str]
    east: list[str]
    west: list[str]


class ChecklistWords(TypedDict):
    """Names for checklists by their sheet's name and their languages, and what marks one as an audit's."""

    names: dict[str, dict[str, str]]
    audits: list[str]


class Vocabulary(TypedDict):
    """The shape of vocabulary.json. `headings` by table and column; `words` by kind and their meaning."""

    about: str
    headings: dict[str, dict[str, list[str]]]
    words: dict[str, dict[str, list[str]]]
    dates: DateWords
    measures: MeasureWords
    money: list[str]
    extension: list[str]
    checklists: ChecklistWords


@cache
def vocabulary() -> Vocabulary:
    """The whole vocabulary, read once."""
    return cast(Vocabulary, json.loads(FILE.read_text(encoding="utf-8")))


@cache
def meanings(kind: str) -> dict[str, str]:
    """What the words of a kind (datums, priorities, …) mean, by plain word."""
    return {plain_word(word): meaning for meaning, words in vocabulary()["words"][kind].items() for word in words}


def plain_word(word: str) -> str:
    """A word without what people write differently: width of letters, case, blanks, dashes."""
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", word)).lower().replace("×", "x")
