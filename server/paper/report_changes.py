"""What differs between the report that was signed and what the order says now, line by line, in words of the paper."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from server.evidence.report import report_of
from server.paper.report_sheet import Reader, part_lines
from server.rules.values import Json

Side = Literal["signed", "now", "both"]

LISTS: Final = ("materials", "labour")
# Lines that did not change, before and after one that did.
AROUND: Final = 1
# Comparing takes time by the square of the lines; no report that anybody reads has as many.
MOST: Final = 400


@dataclass(frozen=True)
class Line:
    """A line of one part: as it was `signed`, as it is `now`, or the same on `both` sides."""

    side: Side
    text: str


@dataclass(frozen=True)
class Change:
    """A part of the report, by its name there, with the lines that differ. Without lines where the paper shows the
    same for both, or where it has too many to compare."""

    part: str
    lines: list[Line]


def changes(
    signed: Mapping[str, Json], body: Mapping[str, Json], parts: Iterable[str], reader: Reader, currency: str
) -> list[Change]:
    """The named parts (`differences` in report.py) of a signed report beside those of the order's document now.

    Of what the order says now only those members are shown that the signed report has too: one of another program may
    say less, and nothing has changed by that.
    """
    now = report_of(body, "", {}, currency)
    return [Change(part, list(_compared(*_both(part, signed, now, reader)))) for part in parts]


def _both(
    part: str, signed: Mapping[str, Json], now: Mapping[str, Json], reader: Reader
) -> tuple[list[str], list[str]]:
    alike = dict(now)
    for name in (*LISTS, part):
        alike[name] = _as_much_as(signed.get(name), now.get(name))
    return part_lines(signed, part, reader), part_lines(alike, part, reader)


def _as_much_as(signed: Json, now: Json) -> Json:
    """`now` with the members that `signed` has, lists in its order; all of it where nothing corresponds."""
    if isinstance(signed, dict) and isinstance(now, dict):
        return {key: value for key, value in now.items() if key in signed}
    if not isinstance(signed, list) or not isinstance(now, list):
        return now
    before = {_name(each): (place, each) for place, each in enumerate(signed)}
    ordered = sorted(now, key=lambda each: before.get(_name(each), (len(signed), None))[0])
    return [_as_much_as(before.get(_name(each), (0, None))[1], each) for each in ordered]


def _name(line: Json) -> str:
    """What tells a line of materials or labour from others: its id, else its words."""
    known = line.get("line") or line.get("name") if isinstance(line, dict) else line
    return json.dumps(known, ensure_ascii=False)


def _compared(signed: list[str], now: list[str]) -> Iterator[Line]:
    """The lines that differ with a little around them, in the order of the paper: signed first, then now."""
    if max(len(signed), len(now)) > MOST:
        return
    matcher = difflib.SequenceMatcher(None, signed, now, autojunk=False)
    for group in matcher.get_grouped_opcodes(AROUND):
        for kind, first, last, now_first, now_last in group:
            if kind == "equal":
                yield from (Line("both", text) for text in signed[first:last])
                continue
            yield from (Line("signed", text) for text in signed[first:last])
            yield from (Line("now", text) for text in now[now_first:now_last])
