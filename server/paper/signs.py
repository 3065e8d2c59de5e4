"""Which signs the paper can show: those of the fonts that come with it. What none of them has is written as its code.

A box in place of a sign says nothing; its code can be looked up. What was signed stays as it was: this is about the
drawing alone.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Final

FONTS: Final = Path(__file__).resolve().parent / "fonts"
# Where a sign has no shape of its own, nobody misses it: what joins, parts, or chooses a variant.
_SHAPELESS: Final = ("Cf", "Zl", "Zp")
_QUOTED: Final = re.compile(r'`"(.*?)"` (?:could not be displayed|$)', re.MULTILINE)
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
_VARIANTS: Final = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0), range(0x180B, 0x1810))


class Drawn:
    """Texts as they can be set: control characters but for line ends and tabs are left out, and what no font has, or
    what is in `without`, is written as its code, such as [U+1F44D]; so is every mark upon a letter without `marks`.
    `codes` are those that were written."""

    def __init__(self, without: Collection[str] = (), marks: bool = True) -> None:
        self._without = without
        self._marks = marks
        self.codes: list[str] = []

    def text(self, text: str) -> str:
        """One text so."""
        return "".join(self._sign(sign) for sign in text.replace("\r\n", "\n"))

    def _sign(self, sign: str) -> str:
        if sign in "\n\t":
            return sign
        category = unicodedata.category(sign)
        if category == "Cc":
            return ""
        if sign not in self._without and (self._marks or category[0] != "M") and _has_shape(sign, category):
            return sign
        code = f"[U+{ord(sign):04X}]"
        self.codes.append(code)
        return code


def refused(problem: str) -> frozenset[str]:
    """The signs that Typst says it had no shape for: of a letter with its mark the mark, since letters it has."""
    quoted = "".join(_QUOTED.findall(problem))
    signs = {chr(int(code, 16)) for code in _ESCAPED.findall(quoted)} | set(_ESCAPED.sub("", quoted))
    marks = {sign for sign in signs if unicodedata.category(sign)[0] in "MC"}
    return frozenset(marks or {sign for sign in signs if not sign.isascii()})


def _has_shape(sign: str, category: str) -> bool:
    """The PDF standard has no place for what is private or half a sign, whatever a font shows."""
    if category in ("Cs", "Co"):
        return False
    shapeless = category in _SHAPELESS or any(ord(sign) in variants for variants in _VARIANTS)
    return shapeless or ord(sign) in all_signs()


@cache
def all_signs() -> frozenset[int]:
    """What the fonts here have, all together."""
    return frozenset().union(*(signs_of(path) for path in sorted(FONTS.iterdir()) if path.suffix in (".ttf", ".otf")))


def signs_of(font: Path, face: int = 0) -> frozenset[int]:
    """The signs that a font file has a shape for, from its `cmap` (OpenType 1.9, formats 4 and 12)."""
    data = font.read_bytes()
    begin = struct.unpack_from(">L", data, 12 + 4 * face)[0] if data.startswith(b"ttcf") else 0
    (count,) = struct.unpack_from(">H", data, begin + 4)
    entries = range(begin + 12, begin + 12 + 16 * count, 16)
    tables = {data[at : at + 4]: struct.unpack_from(">L", data, at + 8)[0] for at in entries}
    cmap = tables[b"cmap"]
    (parts,) = struct.unpack_from(">H", data, cmap + 2)
    found: set[int] = set()
    for part in range(parts):
        platform, encoding, offset = struct.unpack_from(">HHL", data, cmap + 4 + 8 * part)
        if (platform, encoding) in ((0, 3), (0, 4), (3, 1), (3, 10)):
            found |= _mapped(data, cmap + offset)
    return frozenset(found)


def _mapped(data: bytes, at: int) -> set[int]:
    (form,) = struct.unpack_from(">H", data, at)
    if form == 12:
        (groups,) = struct.unpack_from(">L", data, at + 12)
        spans = [struct.unpack_from(">LLL", data, at + 16 + 12 * group) for group in range(groups)]
        return {sign for first, last, glyph in spans for sign in range(first + (glyph == 0), last + 1)}
    return _mapped_by_segments(data, at) if form == 4 else set()


def _mapped_by_segments(data: bytes, at: int) -> set[int]:
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{count}H", data, at + 14 + row * 2 * count + (2 if row else 0)) for row in range(4)
    )
    found: set[int] = set()
    for segment in range(count):
        start, end, offset = starts[segment], ends[segment], offsets[segment]
        where = at + 16 + 6 * count + 2 * segment + offset
        for sign in range(start, min(end, 0xFFFE) + 1):
            glyph = struct.unpack_from(">H", data, where + 2 * (sign - start))[0] if offset else sign
            if glyph and (glyph + deltas[segment]) & 0xFFFF:
                found.add(sign)
    return found
