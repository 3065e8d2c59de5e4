"""How a search folds what people type and what is looked through. The phone does the same (rules/search.js).

Widths, case, and traditional and simplified signs are alike; blanks and punctuation say nothing; a Chinese sign is
found by itself, by its pinyin without tones, or by as much of the beginning of that as was typed. Words may stand
in any order, each within one text. A whole telephone number is one word, however it is written (rules/telephones.py).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from server.rules.telephones import plain, telephones_in, texts_of, without, without_country

TABLE: Final = Path(__file__).resolve().parents[2] / "pwa" / "static" / "app" / "rules" / "signs.json"
NARROWS_BY: Final = 10
"""So many letters of a word say enough to a database; with more a crafted text could make the expression slow."""

_SAYS_SOMETHING: Final = frozenset("LNM")
_ENTERED: Final = "(?:[^;\n]*/)?"
# Between a number's digits and those that are dialled within its area: no word has it.
_OR_LOCAL: Final = "="


@cache
def _table() -> tuple[dict[int, str], dict[str, str]]:
    """What a sign is folded to, and the readings of a sign, each with a slash before it."""
    table = json.loads(TABLE.read_text("utf-8"))
    pairs = table["simplified"]
    readings: dict[str, str] = {}
    for reading, signs in table["readings"].items():
        for sign in signs:
            readings[sign] = f"{readings.get(sign, '')}/{reading}"
    return str.maketrans(dict(zip(pairs[::2], pairs[1::2], strict=True)) | {"ü": "v"}), readings


def folded(text: str) -> str:
    """The letters, digits and signs of a text as they are compared."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower()).translate(_table()[0])
    return "".join(letter for letter in plain if unicodedata.category(letter)[0] in _SAYS_SOMETHING)


def findable(texts: Iterable[object]) -> str:
    """What is looked through for these texts, a line each: a semicolon before each sign, a slash before each of its
    readings (tests/vectors/findable.json). None and empty ones say nothing."""
    return "\n".join(line for text in texts if text and (line := _line(str(text))))


@lru_cache(maxsize=4096)
def _line(text: str) -> str:
    """Of one text; kept, because the same names come with every line of a job."""
    readings = _table()[1]
    return "".join(f";{letter}{readings.get(letter, '')}" for letter in folded(text))


def words_of(typed: str) -> list[str] | None:
    """The words that were typed, folded, each once; None where something was typed and none of it can be looked for.

    A telephone number with its area's code is `7732822222=2822222`: found within a text by what stands before the
    mark, and by what stands after it where that is a whole text.
    """
    text = plain(typed)
    numbers = telephones_in(text)
    pieces = without(text, numbers).split()
    called = [_OR_LOCAL.join(filter(None, (each.telephone.digits, each.telephone.local))) for each in numbers]
    words = list(dict.fromkeys([*(word for piece in pieces if (word := folded(without_country(piece)))), *called]))
    return words if words or not pieces else None


def finds(words: Iterable[str] | None, text: str) -> bool:
    """Whether every word is found in what `findable` gave."""
    if words is None:
        return False
    lines = [[unit.split("/") for unit in line[1:].split(";")] for line in text.split("\n")]
    return all(_found(word, lines) for word in words)


def _found(word: str, lines: list[list[list[str]]]) -> bool:
    within, _, local = word.partition(_OR_LOCAL)
    return any(_stands_in(within, line) or (local and [*map(list, local)] == line) for line in lines)


def _stands_in(word: str, line: Iterable[list[str]]) -> bool:
    """Whether the word is found in a line of units, each a letter or sign and its readings.

    Goes through the line once, with every place in the word that may have been reached by then: no text makes it slow.
    """
    reached: set[int] = set()
    for unit in line:
        now: set[int] = set()
        for place in (0, *reached):
            for way in unit:
                length = 0
                while length < len(way) and place + length < len(word) and way[length] == word[place + length]:
                    length += 1
                    now.add(place + length)
        if len(word) in now:
            return True
        reached = now
    return False


def ways(word: str) -> list[str]:
    """By what a database may find a word: one of these stands there."""
    return word.split(_OR_LOCAL)


def pattern(way: str) -> str:
    """A regular expression for a database over what `findable` gave: what it does not match is not found this way."""
    further = f"(?:[^;\n]*;{_ENTERED})?"
    return f";{_ENTERED}{further.join(way[:NARROWS_BY])}"


def texts_of_order(body: Mapping[str, Any]) -> list[str | None]:  # Any: JSON of a work order's document
    """By what a work order is found."""
    texts = [body.get(name) for name in ("number", "fault", "requests", "diagnosis")]
    for name in ("customer", "site", "asset", "contact"):
        held = body.get(name) or {}
        texts += [held.get(key) for key in ("name", "number", "address")]
        texts += texts_of(held.get("phone"))
        texts += [held.get(key) for key in ("serial", "model", "brand")]
    return texts


def texts_of_customer(row: Mapping[str, Any]) -> list[str | None]:  # Any: column values
    """By what a customer is found."""
    return [*(row.get(name) for name in ("number", "name", "contact_name")), *texts_of(row.get("phone"))]


def texts_of_site(row: Mapping[str, Any]) -> list[str | None]:  # Any: column values
    """By what the customer of a site is found."""
    return [row.get(name) for name in ("number", "name", "address")]


def texts_of_asset(row: Mapping[str, Any]) -> list[str | None]:  # Any: column values
    """By what the customer of an asset is found."""
    return [row.get(name) for name in ("number", "name", "brand", "model", "serial")]


def texts_of_part(body: Mapping[str, Any]) -> list[str | None]:  # Any: JSON of a part
    """By what a part is found."""
    return [body.get("number"), body.get("name")]
