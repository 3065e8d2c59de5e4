"""docs/proofs/asvs.md names files and tests that there are, and says of each row what it is."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "proofs" / "asvs.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([\d., ]+) \| ([^|]+) \| ([^|]+) \| ([^|]*)\|$", re.MULTILINE)
STATUS = {"met", "open", "not met", "not looked at", "does not apply"}


def test_every_file_and_test_that_the_page_names_is_there() -> None:
    named = re.findall(r"`((?:server|tests|docs)/[\w./]+)(?:::(\w+))?`", PAGE)
    assert len(named) > 40
    for file, test in named:
        assert (ROOT / file).is_file(), file
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8") if test else True, test


def test_every_row_says_what_it_is_and_by_what() -> None:
    rows = ROW.findall(PAGE)
    assert len(rows) == len(re.findall(r"^\| \d", PAGE, re.MULTILINE))
    assert len({number for number, *_ in rows}) == len(rows)
    for number, _, status, why in rows:
        assert status in STATUS, number
        assert why.strip() or status == "not looked at", number
        assert "`" in why if status == "met" else True, number
