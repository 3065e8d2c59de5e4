"""Numbers, degrees and lengths in the forms in which people and spreadsheets write them. What may mean two things is
read as neither."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from server.imports.vocabulary import vocabulary

Axis = Literal["latitude", "longitude"]

_WORDS: Final = vocabulary()["measures"]
_NORTH: Final[tuple[Axis, int]] = ("latitude", 1)
_SOUTH: Final[tuple[Axis, int]] = ("latitude", -1)
_EAST: Final[tuple[Axis, int]] = ("longitude", 1)
_WEST: Final[tuple[Axis, int]] = ("longitude", -1)
_SIDES: Final = (
    dict.fromkeys(_WORDS["north"], _NORTH)
    | dict.fromkeys(_WORDS["south"], _SOUTH)
    | dict.fromkeys(_WORDS["east"], _EAST)
    | dict.fromkeys(_WORDS["west"], _WEST)
)
_LENGTHS: Final = dict.fromkeys(_WORDS["metre"], 1) | dict.fromkeys(_WORDS["kilometre"], 1000)
_SIDE: Final = "|".join(sorted(map(re.escape, _SIDES), key=len, reverse=True))
_SECOND: Final = "|".join(map(re.escape, _WORDS["second"]))
_DEGREES: Final = re.compile(
    rf"(?P<before>{_SIDE})?:?\s*(?P<degrees>[+-]?\d+(?:\.\d+)?)\s*(?P<mark>[{_WORDS['degree']}])?\s*"
    rf"(?:(?P<minutes>\d+(?:\.\d+)?)\s*[{_WORDS['minute']}]\s*"
    rf"(?:(?P<seconds>\d+(?:\.\d+)?)\s*(?P<second>{_SECOND})?)?)?\s*(?P<after>{_SIDE})?"
)
_LENGTH: Final = re.compile(rf"(?P<figure>.*?)\s*(?P<unit>{'|'.join(map(re.escape, _LENGTHS))})?", re.DOTALL)
_THOUSANDS: Final = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_COMMA: Final = re.compile(r"(?<=\d),(?=\d)")
# What widths would be folded to otherwise: a degree's sign to an o, a second's mark to two of a minute.
_MARKS: Final = str.maketrans({"º": "°", "˚": "°", "″": '"', "´": "'"})
_PLACES: Final = Decimal("1e-9")
MOST_SIGNS: Final = 18


class NotAMeasure(ValueError):
    """A cell that cannot be read for certain."""


class OtherAxis(NotAMeasure):
    """A longitude where a latitude belongs, or the other way round."""


@dataclass(frozen=True)
class _Angle:
    degrees: Decimal
    minutes: Decimal
    seconds: Decimal

    @property
    def value(self) -> Decimal:
        return self.degrees + self.minutes / 60 + self.seconds / 3600


def read_number(written: str) -> Decimal:
    """A decimal number: commas part thousands where they stand as such, and one that cannot is the decimal point.

    Raises NotAMeasure.
    """
    figure = re.sub(r"\s", "", unicodedata.normalize("NFKC", written))
    if _THOUSANDS.fullmatch(figure):
        figure = figure.replace(",", "")
    elif figure.count(",") == 1 and "." not in figure:
        figure = _COMMA.sub(".", figure)
    return _decimal(figure)


def read_degrees(written: str, axis: Axis) -> Decimal:
    """Degrees with a sign, of a decimal number or degrees, minutes and seconds, with or without the side of the world.

    No degree has thousands: a comma is the decimal point. Whole degrees with their mark and nothing more are not read:
    they name no place. Raises NotAMeasure, of which OtherAxis says that the side belongs to the other axis.
    """
    plain = unicodedata.normalize("NFKC", written.translate(_MARKS)).strip().lower()
    if plain.count(",") == 1 and "." not in plain:
        plain = _COMMA.sub(".", plain)
    found = _DEGREES.fullmatch(plain)
    if found is None or (found["before"] and found["after"]) or (found["minutes"] and not found["mark"]):
        raise NotAMeasure
    # Seconds without their mark, and then an s: these seconds, or the south?
    if found["seconds"] and not found["second"] and found["after"]:
        raise NotAMeasure
    angle = _Angle(*(_decimal(found[part] or "0") for part in ("degrees", "minutes", "seconds")))
    _check(found, angle)
    side = found["before"] or found["after"]
    if side is None:
        return angle.value.quantize(_PLACES) if found["minutes"] else angle.degrees
    if _SIDES[side][0] != axis:
        raise OtherAxis
    return (angle.value * _SIDES[side][1]).quantize(_PLACES)


def _check(found: re.Match[str], angle: _Angle) -> None:
    """Raises NotAMeasure for what nobody means by these parts."""
    parts = [found[part] for part in ("degrees", "minutes", "seconds") if found[part] is not None]
    signed = found["degrees"][0] in "+-"
    marked = found["mark"] or found["before"] or found["after"]
    if any("." in part for part in parts[:-1]) or angle.minutes >= 60 or angle.seconds >= 60:
        raise NotAMeasure
    # A sign belongs to a decimal number; beside a side of the world or minutes it may mean either.
    if signed and (len(parts) > 1 or found["before"] or found["after"]):
        raise NotAMeasure
    if marked and len(parts) == 1 and "." not in parts[0]:
        raise NotAMeasure


def read_metres(written: str) -> Decimal:
    """A length in metres, its unit written or not. Raises NotAMeasure."""
    plain = unicodedata.normalize("NFKC", written).strip().lower()
    found = _LENGTH.fullmatch(plain)
    assert found is not None
    return read_number(found["figure"]) * (_LENGTHS[found["unit"]] if found["unit"] else 1)


def _decimal(figure: str) -> Decimal:
    # More signs, or a power of ten, is nobody's measure, and arithmetic with it would stop the whole load.
    if len(figure) > MOST_SIGNS or "e" in figure.lower():
        raise NotAMeasure
    try:
        read = Decimal(figure)
    except InvalidOperation:
        raise NotAMeasure from None
    if not read.is_finite():
        raise NotAMeasure
    return read
