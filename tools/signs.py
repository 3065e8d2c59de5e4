"""Writes the table of Chinese signs by which search folds: `python -m tools.signs`, or with `--check` compares it.

The server and the phone read the same file (decision 0053). It is made from what requirements-dev.lock pins: the
simplified sign for a traditional one by OpenCC, the readings by pypinyin.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, Final

from opencc import OpenCC
from pypinyin.contrib.tone_convert import to_normal
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

FILE: Final = Path(__file__).resolve().parents[1] / "pwa" / "static" / "app" / "rules" / "signs.json"
ABOUT: Final = (
    "Made by tools/signs.py. `simplified`: pairs of a traditional sign and the simplified one, from OpenCC "
    "(Apache-2.0, https://github.com/BYVoid/OpenCC). `readings`: the signs that are read so, without tones, from "
    "pypinyin and pinyin-data (MIT, Copyright (c) 2016 mozillazg and contributors, "
    "https://github.com/mozillazg/python-pinyin)."
)
UNIFIED: Final = range(0x4E00, 0xA000)
# Before the others by what people are called and where they live: national standard, Taiwan and Hong Kong.
IN_USE: Final = ("gb2312", "big5", "big5hkscs")
TYPED_OTHERWISE: Final = {"lve": "lue", "nve": "nue"}


def made() -> dict[str, Any]:  # Any: JSON
    """The table as the pinned packages give it."""
    simplified = _simplified()
    signs = sorted((_in_use() | set(simplified.values())) - simplified.keys())
    spoken = _spoken()
    readings: dict[str, list[str]] = defaultdict(list)
    for sign in signs:
        for reading in _readings(sign, spoken[sign]):
            readings[reading].append(sign)
    return {
        "about": ABOUT,
        "simplified": "".join(one + other for one, other in sorted(simplified.items())),
        "readings": {reading: "".join(signs) for reading, signs in sorted(readings.items())},
    }


def _simplified() -> dict[str, str]:
    convert = OpenCC("t2s").convert
    return {sign: plain for sign in map(chr, UNIFIED) if (plain := convert(sign)) != sign}


def _in_use() -> set[str]:
    said = {sign for phrase in phrases_dict for sign in phrase}
    return {sign for sign in map(chr, UNIFIED) if sign in said or any(_encodes(sign, name) for name in IN_USE)}


def _encodes(sign: str, name: str) -> bool:
    try:
        return bool(sign.encode(name))
    except UnicodeEncodeError:
        return False


def _spoken() -> dict[str, Counter[str]]:
    """By sign, in how many phrases it is read how: the rare readings of dictionaries would find too much."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, readings in phrases_dict.items():
        if len(phrase) == len(readings):
            for sign, (reading, *_) in zip(phrase, readings, strict=True):
                found[sign][to_normal(reading)] += 1
    return found


def _readings(sign: str, spoken: Counter[str]) -> list[str]:
    """The usual reading and those of phrases, letters of the Latin alphabet alone."""
    usual = pinyin_dict.get(ord(sign), "").split(",")[0]
    every = dict.fromkeys([to_normal(usual), *(reading for reading, _ in spoken.most_common())])
    every |= dict.fromkeys(TYPED_OTHERWISE[one] for one in list(every) if one in TYPED_OTHERWISE)
    return [reading for reading in every if reading.isascii() and reading.isalpha()]


def text() -> str:
    """The file's text."""
    return json.dumps(made(), ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """Write the file, or with `--check` say whether it is another."""
    if "--check" not in sys.argv[1:]:
        FILE.write_text(text(), "utf-8")
        return 0
    same = FILE.read_text("utf-8") == text()
    print("signs.json is what the pinned packages give" if same else "signs.json is not: python -m tools.signs")
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
