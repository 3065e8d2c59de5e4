"""Telephone numbers as people write them, read by their digits. The phone does the same (rules/telephones.js).

A number without a country's code is one of mainland China: a mobile number, one with an area code, or a service number
(400, 800). What is none of these for certain is not guessed at: it is compared as it is written.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from server.rules.telephone_codes import CODES

HOME: Final = "86"
TRUNKS: Final[dict[str, str]] = {code: trunk for code, _, trunk in (each.partition(":") for each in CODES.split())}
FEWEST_ABROAD, MOST_ABROAD = 6, 13
PIECES: Final = 8
"""Into so many pieces people write a number at most."""
MOST_PIECES: Final = 200
"""So many pieces in a row are read: nobody writes more numbers into one field."""

# What stands between two numbers in one cell; names and other words do so too.
_BETWEEN: Final = re.compile(r"[\u3001,;/|\n]")
_RUN: Final = re.compile(r"[0-9+().\s\u2010-\u2015\u2212-]+")
_DIGIT: Final = re.compile("[0-9]")
_PIECE: Final = re.compile(r"\S+")
_EXTENSION: Final = re.compile(r"[\u2010-\u2015\u2212-][0-9]{1,5}$")
_SPREADSHEET: Final = re.compile(r"(?<![0-9.])([0-9])\.([0-9]+)[eE]\+?([0-9]{1,2})(?![0-9.])")
_MOBILE: Final = re.compile(r"0?(1[3-9][0-9]{9})")
_AREA: Final = re.compile(r"0?(10|2[0-9]|[3-9][0-9]{2})([2-9][0-9]{6,7})")
_SERVICE: Final = re.compile(r"[48]00[0-9]{7}")
_CODED: Final = re.compile(rf"\+(?:{'|'.join(TRUNKS)})|00{HOME}")
_LOCAL: Final = re.compile(r"[2-9][0-9]{6,7}")


@dataclass(frozen=True)
class Telephone:
    """A number: its country's code, its digits within the country without what is dialled before them, and how many
    of these are the area's."""

    country: str
    digits: str
    area: int = 0

    @property
    def local(self) -> str | None:
        """The digits that are dialled within the area; None where there is no area."""
        return self.digits[self.area :] if self.area else None

    @property
    def forms(self) -> list[str]:
        """By what the number is found. The own country's code is in none: everybody's number would be found by it."""
        trunk = TRUNKS[self.country]
        if self.country == HOME:
            return [f"{trunk}{self.digits}" if self.area else self.digits]
        return [f"{self.country}{self.digits}", *([f"{trunk}{self.digits}"] if trunk else [])]


@dataclass(frozen=True)
class Found:
    """A number in a text, with the place of its first sign and of what comes after its last."""

    start: int
    end: int
    telephone: Telephone


def plain(text: str) -> str:
    """The text in usual width; a number that a spreadsheet has written as a power of ten is written out where none of
    its digits is lost."""
    return _SPREADSHEET.sub(_written_out, unicodedata.normalize("NFKC", text))


def _written_out(power: re.Match[str]) -> str:
    first, rest, exponent = power.groups()
    kept, over = rest[: int(exponent)], rest[int(exponent) :]
    return first + kept if len(kept) == int(exponent) and not over.strip("0") else power[0]


def telephones_in(text: str) -> list[Found]:
    """The whole numbers in a text that `plain` gave, from left to right."""
    return [found for run in _runs(text) for found in _in_run(text, run.start(), run.end())]


def _runs(text: str) -> list[re.Match[str]]:
    """Where numbers may stand: the digit is looked for afterwards, so that no text is gone through again and again."""
    return [run for run in _RUN.finditer(text) if _DIGIT.search(run[0])]


def _in_run(text: str, start: int, end: int) -> list[Found]:
    """Of the pieces between blanks, as many as make one number; the first that can is taken as long as it can be."""
    pieces = [(start + piece.start(), start + piece.end()) for piece in _PIECE.finditer(text[start:end])]
    # What hangs together with letters is the number of something else.
    pieces = [place for place in pieces if not (_is_letter(text, place[0] - 1) or _is_letter(text, place[1]))]
    pieces = pieces[:MOST_PIECES]
    found: list[Found] = []
    at = 0
    while at < len(pieces):
        for last in range(min(at + PIECES, len(pieces)), at, -1):
            read = whole(text[pieces[at][0] : pieces[last - 1][1]])
            if read is not None:
                found.append(Found(pieces[at][0], pieces[last - 1][1], read))
                at = last - 1
                break
        at += 1
    return found


def _is_letter(text: str, place: int) -> bool:
    return 0 <= place < len(text) and text[place].isascii() and text[place].isalpha()


@lru_cache(maxsize=4096)
def whole(written: str) -> Telephone | None:
    """The number that this is, with its country's or area's code, or a mobile or service number; None for a part."""
    return _whole(written) or _whole(_EXTENSION.sub("", written))


def _whole(written: str) -> Telephone | None:
    marked = written.replace("(0)", "").lstrip(".(")
    digits = "".join(sign for sign in marked if "0" <= sign <= "9")
    if "+" in marked[1:]:
        return None
    if marked.startswith("+") or digits.startswith("00"):
        return _abroad(digits.removeprefix("00"))
    return _at_home(digits) or (_at_home(digits[len(HOME) :]) if digits.startswith(HOME) else None)


def _abroad(digits: str) -> Telephone | None:
    country = next((digits[:length] for length in (1, 2, 3) if digits[:length] in TRUNKS), None)
    if country is None:
        return None
    rest = digits[len(country) :]
    if country == HOME:
        return _within(rest)
    if TRUNKS[country] == "0":
        rest = rest.removeprefix("0")
    return Telephone(country, rest) if FEWEST_ABROAD <= len(rest) <= MOST_ABROAD else None


def _at_home(digits: str) -> Telephone | None:
    """A number of the own country; with an area only where the nought before that is written or the country is."""
    read = _within(digits)
    return read if read is None or not read.area or digits.startswith("0") else None


def _within(digits: str) -> Telephone | None:
    if mobile := _MOBILE.fullmatch(digits):
        return Telephone(HOME, mobile[1])
    if _SERVICE.fullmatch(digits):
        return Telephone(HOME, digits)
    if area := _AREA.fullmatch(digits):
        return Telephone(HOME, area[1] + area[2], len(area[1]))
    return None


def texts_of(written: str | None) -> list[str]:
    """By what a telephone field is found, which may hold several numbers: the forms of each, and what else it says."""
    texts: list[str] = []
    for piece in _BETWEEN.split(plain(written or "")):
        found = telephones_in(piece)
        texts += [form for each in found for form in each.telephone.forms]
        if any(letter.isalnum() for letter in without(piece, found)):
            texts.append(piece)
    return list(dict.fromkeys(texts))


def forms_of(written: str | None) -> list[str]:
    """By what the whole numbers of a telephone field are found."""
    return [form for each in telephones_in(plain(written or "")) for form in each.telephone.forms]


def without(text: str, found: list[Found]) -> str:
    """The text with a blank for each number that was found in it."""
    for each in reversed(found):
        text = f"{text[: each.start]} {text[each.end :]}"
    return text


def without_country(word: str) -> str:
    """A word that begins a number with its country's code, without that."""
    return _CODED.sub("", word.lstrip("("), count=1) if _CODED.match(word.lstrip("(")) else word


def same_telephone(one: str, other: str) -> bool:
    """Whether two fields name a number in common, however it is written; a number without its area's code may be that
    of any area."""
    whole_one, whole_other = _named(one), _named(other)
    if any(_alike(each, else_) for each in whole_one for else_ in whole_other):
        return True
    return not whole_one and not whole_other and _digits(one) == _digits(other)


def _named(written: str) -> list[Telephone | str]:
    """The whole numbers of a field and those without an area's code."""
    named: list[Telephone | str] = []
    for piece in _BETWEEN.split(plain(written)):
        found = telephones_in(piece)
        named += [each.telephone for each in found]
        named += [run for run in (_digits(each[0]) for each in _runs(without(piece, found))) if _is_local(run)]
    return named


def _is_local(digits: str) -> bool:
    return _LOCAL.fullmatch(digits) is not None


def _digits(written: str) -> str:
    return "".join(sign for sign in plain(written) if "0" <= sign <= "9")


def _alike(one: Telephone | str, other: Telephone | str) -> bool:
    if isinstance(one, str) == isinstance(other, str):
        return one == other
    number, local = (other, one) if isinstance(one, str) else (one, other)
    return isinstance(number, Telephone) and number.local == local
