"""Reading spreadsheet files into sheets of named cells: .xlsx, and CSV in UTF-8, UTF-16 or GB18030.

What a file is, its content says, not its name. Sizes are bounded, so that a file made to exhaust memory is
refused with a sentence.
"""

from __future__ import annotations

import csv
import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Final, cast
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException

from server.imports.bounds import bounded_lines, check_columns, check_workbook
from server.imports.findings import FileProblem, Finding
from server.imports.tables import Table, plain_heading, recognise

CellValue = str | int | float | bool | datetime | date | time | timedelta | None
Row = tuple[CellValue, ...]

FILE_LIMIT_BYTES: Final = 50 * 1024 * 1024
ROW_LIMIT: Final = 100_000
COLUMN_LIMIT: Final = 200
HEADING_ROWS: Final = 20

ZIP_MAGIC: Final = b"PK\x03\x04"
OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0"
# What zipfile and openpyxl raise for a zip that is no workbook, and for a damaged one.
DAMAGED: Final = (
    AttributeError,
    EOFError,
    InvalidFileException,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True)
class SheetRow:
    """One row: its number as the spreadsheet shows it, and its cells by the names of the table's columns."""

    number: int
    cells: Mapping[str, CellValue]


@dataclass(frozen=True)
class Sheet:
    """A recognised sheet. `headings` holds for each column its heading as the file has it."""

    file: str
    name: str
    table: Table
    headings: Mapping[str, str]
    rows: tuple[SheetRow, ...]
    counts_from_1904: bool = False


@dataclass(frozen=True)
class Contents:
    """What a file holds: recognised sheets, and findings about columns and sheets that were not."""

    file: str
    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...]


def read_file(path: Path) -> Contents:
    """Read and recognise a file.

    Raises FileProblem: file_missing, file_unreadable, file_too_large, file_empty, old_or_locked_workbook,
    not_a_spreadsheet, broken_csv, unknown_encoding, too_many_rows, nothing_recognised;
    of a workbook too_many_cells; of CSV line_too_long, too_many_lines, too_many_columns.
    """
    name = path.name
    content = _bytes(path)
    if content.startswith(OLE_MAGIC):
        raise FileProblem(name, "old_or_locked_workbook")
    if content.startswith(ZIP_MAGIC):
        with warnings.catch_warnings():
            # What openpyxl warns of (styles, validations that it passes over) is nothing that is read here.
            warnings.simplefilter("ignore", UserWarning)
            contents = _workbook(name, content)
    else:
        sheet, findings = _sheet(name, path.stem, _csv_rows(name, content))
        contents = Contents(name, (sheet,) if sheet else (), findings)
    if not contents.sheets and all(finding.code == "unknown_sheet" for finding in contents.findings):
        raise FileProblem(name, "nothing_recognised")
    return contents


def _bytes(path: Path) -> bytes:
    try:
        # What a file says of its size is not asked: a pipe and a device say that they have none.
        with path.open("rb") as file:
            content = file.read(FILE_LIMIT_BYTES + 1)
    except FileNotFoundError:
        raise FileProblem(path.name, "file_missing") from None
    except OSError as error:
        raise FileProblem(path.name, "file_unreadable", why=error.strerror or "") from None
    if len(content) > FILE_LIMIT_BYTES:
        raise FileProblem(path.name, "file_too_large", limit=_mebibytes(FILE_LIMIT_BYTES))
    if not content.strip():
        raise FileProblem(path.name, "file_empty")
    return content


def _mebibytes(size: int) -> str:
    return str(size // (1024 * 1024))


def _workbook(file: str, content: bytes) -> Contents:
    _check_bounds(file, content)
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        from_1904 = workbook.epoch == CALENDAR_MAC_1904
        sheets: list[Sheet] = []
        findings: list[Finding] = []
        for worksheet in workbook.worksheets:
            # A declared size may be wrong in either direction; the rows themselves say how many there are.
            worksheet.reset_dimensions()
            # With values_only and data_only, openpyxl yields plain values; its types also name formulas.
            rows = cast(Iterable[Row], worksheet.iter_rows(values_only=True, max_col=COLUMN_LIMIT))
            sheet, said = _sheet(file, worksheet.title, rows, from_1904)
            findings += said
            if sheet:
                sheets.append(sheet)
        workbook.close()
    except DAMAGED:
        raise FileProblem(file, "not_a_spreadsheet") from None
    return Contents(file, tuple(sheets), tuple(findings))


def _check_bounds(file: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_workbook(file, archive)
    except DAMAGED:
        raise FileProblem(file, "not_a_spreadsheet") from None


def _csv_rows(file: str, content: bytes) -> Iterator[Row]:
    text = _decoded(file, content)
    heading = next(io.StringIO(text.lstrip(), newline=None), "")
    delimiter = max((",", ";", "\t"), key=heading.count)
    # Strictly: a quotation mark that is never closed would swallow the rows after it.
    reader = csv.reader(bounded_lines(file, io.StringIO(text, newline="")), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            check_columns(file, reader.line_num, row)
            yield tuple(cell or None for cell in row[:COLUMN_LIMIT])
    except csv.Error:
        raise FileProblem(file, "broken_csv", line=str(reader.line_num)) from None


def _decoded(file: str, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in content:
        raise FileProblem(file, "not_a_spreadsheet")
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileProblem(file, "unknown_encoding")


def _sheet(
    file: str, name: str, rows: Iterable[Row], from_1904: bool = False
) -> tuple[Sheet | None, tuple[Finding, ...]]:
    """The sheet's table and rows; None where it is not to be read, with a finding unless it is empty."""
    numbered = enumerate(rows, start=1)
    first = list(islice(numbered, HEADING_ROWS))
    head = next((place for place, (_, row) in enumerate(first) if _recognised(row)), None)
    if head is None:
        empty = not any(_filled(cell) for _, row in first for cell in row)
        return None, () if empty else (Finding(file, name, 0, "", "notice", "unknown_sheet"),)
    number, row = first[head]
    found = _recognised(row)
    assert found is not None
    table, places = found
    if not table.supported:
        return None, (Finding(file, name, 0, "", "notice", "not_yet_supported_table"),)
    missing = table.missing(places)
    if missing:
        columns = ", ".join(column.headings[0] for column in missing)
        return None, (Finding(file, name, number, "", "refused", "missing_columns", {"columns": columns}),)
    headings = {column: str(row[place]).strip() for column, place in places.items()}
    sheet_rows = tuple(_named_rows(file, chain(first[head + 1 :], numbered), places))
    findings = _unknown_columns(file, name, number, row, places)
    return Sheet(file, name, table, headings, sheet_rows, from_1904), findings


def _recognised(row: Row) -> tuple[Table, Mapping[str, int]] | None:
    return recognise([plain_heading(cell) for cell in row])


def _filled(cell: CellValue) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _unknown_columns(file: str, name: str, number: int, row: Row, places: Mapping[str, int]) -> tuple[Finding, ...]:
    known = set(places.values())
    return tuple(
        Finding(file, name, number, str(cell).strip(), "notice", "unknown_column")
        for place, cell in enumerate(row)
        if place not in known and _filled(cell)
    )


def _named_rows(file: str, numbered: Iterable[tuple[int, Row]], places: Mapping[str, int]) -> Iterator[SheetRow]:
    taken = 0
    for number, row in numbered:
        if not any(_filled(cell) for cell in row):
            continue
        taken += 1
        if taken > ROW_LIMIT:
            raise FileProblem(file, "too_many_rows", limit=str(ROW_LIMIT))
        yield SheetRow(number, {column: row[place] if place < len(row) else None for column, place in places.items()})
