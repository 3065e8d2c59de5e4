"""What somebody meant who typed a figure. The phone reads them alike (rules/figures.js).

What has only one meaning is folded: full-width digits, a Chinese full stop between digits, blanks, the unit that is
the field's own. What may mean two things is not guessed at, and each field has bounds. Programs say figures as the
contract has them; this is for what people type.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True)
class Kind:
    """A kind of figure: at most `places` after the point, from `least` to `most`, or else above zero."""

    places: int
    least: str
    most: str
    above_zero: bool = False


QUANTITY: Final = Kind(6, "0", "99999.99", above_zero=True)
PRICE: Final = Kind(2, "0", "9999999.99")
MEASURE: Final = Kind(6, "-999999999", "999999999")
LATITUDE: Final = Kind(12, "-90", "90")
LONGITUDE: Final = Kind(12, "-180", "180")
LONGEST: Final = 64

_INVISIBLE: Final = "Cf"
_MINUS: Final = str.maketrans({"\u2212": "-", "\u2010": "-", "\u3002": "."})
_SIGNED: Final = re.compile(r"([+-]?) ?([0-9., ]*[0-9][0-9., ]*)(.*)", re.DOTALL)
_GROUPED: Final = re.compile(r"[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(,[0-9]{3}){2,}")
_SPACED: Final = re.compile(r"[0-9]{1,3}( [0-9]{3})+(\.[0-9]*)?")


class NotTaken(ValueError):
    """A figure that is not taken; `code` says why, `figures` are what a sentence about it needs."""

    def __init__(self, code: str, **figures: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.figures = figures


def figure_of(typed: str, kind: Kind, units: Iterable[str] = ()) -> str | None:
    """The decimal string that was meant; None where nothing was typed. `units` are the field's own.

    Raises NotTaken: not_a_number, points, comma, unit, places, above_zero, least, most.
    """
    text = _plain(typed)
    if not text:
        return None
    own = {plain: unit for unit in units if (plain := _plain(unit))}
    found = _SIGNED.fullmatch(_without_unit(text, own)) if len(text) <= LONGEST else None
    if found is None:
        raise NotTaken("not_a_number")
    sign, body, rest = found[1], found[2], found[3]
    if any(letter.isdecimal() for letter in rest):
        raise NotTaken("not_a_number")
    if rest:
        raise NotTaken("unit", unit=next(iter(own.values()), ""))
    whole, fraction = _parts(body)
    return _within(("-" if sign == "-" else "") + _joined(whole, fraction, kind.places), kind)


def _plain(typed: str) -> str:
    """In usual widths, in lower case, with single blanks and nothing that cannot be seen."""
    seen = "".join(letter for letter in typed if unicodedata.category(letter) != _INVISIBLE)
    return " ".join(unicodedata.normalize("NFKC", seen).lower().translate(_MINUS).split())


def _without_unit(text: str, units: Iterable[str]) -> str:
    """Without a unit at its end, and one at its beginning: amounts are written with both."""
    after = next((unit for unit in units if text.endswith(unit)), "")
    text = text.removesuffix(after).rstrip(" ")
    before = next((unit for unit in units if text.startswith(unit)), "")
    return text.removeprefix(before).lstrip(" ")


def _parts(body: str) -> tuple[str, str]:
    """The digits before and after the point."""
    if body.count(".") > 1:
        raise NotTaken("points")
    body = re.sub(r" ?\. ?", ".", body)
    if " " in body:
        if not _SPACED.fullmatch(body):
            raise NotTaken("not_a_number")
        body = body.replace(" ", "")
    if "," in body:
        if not _GROUPED.fullmatch(body):
            raise NotTaken("comma")
        body = body.replace(",", "")
    whole, _, fraction = body.partition(".")
    return whole.lstrip("0") or "0", fraction


def _joined(whole: str, fraction: str, places: int) -> str:
    """Zeros at the end stay, as far as there is room for them: they say how closely something was measured."""
    if len(fraction) > places:
        fraction = fraction[:places] + fraction[places:].rstrip("0")
    if len(fraction) > places:
        raise NotTaken("places", places=places)
    return f"{whole}.{fraction}" if fraction else whole


def _within(value: str, kind: Kind) -> str:
    number = Decimal(value)
    if kind.above_zero and number <= 0:
        raise NotTaken("above_zero")
    if number < Decimal(kind.least):
        raise NotTaken("least", least=kind.least)
    if number > Decimal(kind.most):
        raise NotTaken("most", most=kind.most)
    return value if number else value.removeprefix("-")
