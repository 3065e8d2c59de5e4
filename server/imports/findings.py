"""What an import has to say about a file: refused rows, notices, and files that cannot be read at all."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from server.language import text

Level = Literal["refused", "notice"]
Figure = str | int

BYTE_ORDER_MARK: Final = "\ufeff"


class FileProblem(Exception):
    """A file, or the whole of a load, that cannot be taken in: `code` and the figures of its sentence.

    Nothing of the file has been written when it is raised.
    """

    def __init__(self, file: str, code: str, **figures: Figure) -> None:
        super().__init__(f"{file}: {code}")
        self.file = file
        self.code = code
        self.figures: Mapping[str, Figure] = figures

    def sentence(self, language: str) -> str:
        """The problem as a person reads it, with the file's name before it where there is one."""
        said = text(language, message_id(self.code), **self.figures)
        return f"{self.file}: {said}" if self.file else said


@dataclass(frozen=True)
class Finding:
    """One thing that a person should know of a row.

    `row` counts as the spreadsheet shows it, from 1; 0 speaks of the whole sheet. `column` is the heading
    as it stands in the file, empty where the finding is about the whole row. `refused`: the row was not
    taken in; `notice`: it was, in the way that the sentence says.
    """

    file: str
    sheet: str
    row: int
    column: str
    level: Level
    code: str
    figures: Mapping[str, Figure] = field(default_factory=dict)

    def place(self, language: str) -> str:
        """Where it is: sheet, row and column, as far as they are known."""
        if not self.row and not self.column:
            return text(language, "import-place-sheet", sheet=self.sheet)
        if not self.row:
            return text(language, "import-place-column", sheet=self.sheet, column=self.column)
        if not self.column:
            return text(language, "import-place-row", sheet=self.sheet, row=str(self.row))
        return text(language, "import-place-cell", sheet=self.sheet, row=str(self.row), column=self.column)

    def reason(self, language: str) -> str:
        """Why, in one sentence."""
        return text(language, message_id(self.code), **self.figures)

    def sentence(self, language: str) -> str:
        """Level, place and reason in one line."""
        level = text(language, f"import-level-{self.level}")
        return text(language, "import-finding", level=level, place=self.place(language), reason=self.reason(language))


@dataclass(frozen=True)
class SheetSummary:
    """How many rows of a sheet were new, changed something, changed nothing, or were refused.

    `table` names what the sheet was recognised as (see tables.py), empty where it was not.
    """

    sheet: str
    table: str
    taken: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(frozen=True)
class FileReport:
    """What came of one file."""

    file: str
    sheets: tuple[SheetSummary, ...]
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> int:
        """Rows and sheets that were not taken in."""
        return sum(1 for finding in self.findings if finding.level == "refused")

    @property
    def wrote_something(self) -> bool:
        """Whether the database holds anything new because of this file."""
        return any(sheet.taken or sheet.changed for sheet in self.sheets)


def message_id(code: str) -> str:
    """The id of a code's sentence in import.ftl."""
    return "import-" + code.replace("_", "-")


def shortened(findings: Iterable[Finding], most: int) -> tuple[list[Finding], list[tuple[Finding, int]]]:
    """Every refusal, and the first `most` notices of each kind and column; for the rest one, and how many."""
    kept: list[Finding] = []
    seen: Counter[tuple[str, str, str, str]] = Counter()
    more: Counter[tuple[str, str, str, str]] = Counter()
    first: dict[tuple[str, str, str, str], Finding] = {}
    for finding in findings:
        key = (finding.file, finding.sheet, finding.column, finding.code)
        seen[key] += 1
        first.setdefault(key, finding)
        if seen[key] <= most or finding.level == "refused":
            kept.append(finding)
        else:
            more[key] += 1
    return kept, [(first[key], count) for key, count in more.items()]


def write_findings(file: Path, findings: Iterable[Finding], language: str) -> None:
    """All findings as CSV that a spreadsheet opens as it is (UTF-8 with a byte order mark)."""
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(BYTE_ORDER_MARK)
        writer = csv.writer(out)
        heads = ("file", "sheet", "row", "column", "level", "code", "reason")
        writer.writerow([text(language, f"import-head-{head}") for head in heads])
        for finding in findings:
            level = text(language, f"import-level-{finding.level}")
            where = (finding.file, finding.sheet, finding.row or "", finding.column)
            cells = (*where, level, finding.code, finding.reason(language))
            writer.writerow([harmless(cell) for cell in cells])


def harmless(cell: str | int) -> str | int:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
