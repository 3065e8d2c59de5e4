"""How much a spreadsheet may hold, found out by counting and before anything is built from it.

What a workbook costs follows from its elements, not from its size: ten million empty texts are 70 MiB of XML, which
a zip packs into some kilobytes, and minutes of reading.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import IO, Final

from server.imports.findings import FileProblem

UNPACKED_LIMIT_BYTES: Final = 256 * 1024 * 1024
ENTRY_LIMIT: Final = 10_000
# A cell has four to six tags, or their ends, and a text four. Sheets: two million cells at the least, which is a sheet
# of 100,000 rows and 20 columns; texts: one million. Everything else is made into objects whole: styles hold at most
# 65,490 formats in Excel.
TAG_LIMITS: Final = {b"worksheet": 12_000_000, b"sst": 4_000_000}
OTHER_TAG_LIMIT: Final = 400_000
ROOT: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?<(?:\w+:)?(worksheet|sst)[\s>]")
# In UTF-8 or UTF-16.
XML: Final = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")
PIECE_BYTES: Final = 1 << 18

LINE_LIMIT: Final = 1_000_000
LINE_LENGTH_LIMIT: Final = 1_000_000
CSV_COLUMN_LIMIT: Final = 16_384


def check_workbook(file: str, archive: zipfile.ZipFile) -> None:
    """Raises FileProblem file_too_large, too_many_cells (with the `part` of the workbook and the `limit` of tags in
    it), and whatever zipfile raises for a damaged zip. Takes memory for one piece at a time."""
    members = archive.infolist()
    too_large = FileProblem(file, "file_too_large", limit=str(UNPACKED_LIMIT_BYTES >> 20))
    # A member unpacks to no more than the size that the zip announces, so the announced sizes bound it; the same
    # bytes may be announced many times.
    if len(members) > ENTRY_LIMIT or sum(member.file_size for member in members) > UNPACKED_LIMIT_BYTES:
        raise too_large
    tags: dict[bytes, int] = {}
    for member in members:
        with archive.open(member) as content:
            _count(file, member.filename, content, tags)


def _count(file: str, part: str, content: IO[bytes], tags: dict[bytes, int]) -> None:
    """Add the tags of one part to those of its kind, and stop at the limit."""
    piece = content.read(PIECE_BYTES)
    if not XML.match(piece):
        return  # a picture, or macros: never opened
    root = ROOT.match(piece)
    kind = root[1] if root else b""
    limit = TAG_LIMITS.get(kind, OTHER_TAG_LIMIT)
    while piece:
        tags[kind] = tags.get(kind, 0) + piece.count(b"<")
        if tags[kind] > limit:
            raise FileProblem(file, "too_many_cells", part=part[:100], limit=str(limit))
        piece = content.read(PIECE_BYTES)


def bounded_lines(file: str, lines: Iterator[str]) -> Iterator[str]:
    """The lines of a CSV file as they are; raises FileProblem line_too_long, too_many_lines."""
    for number, line in enumerate(lines, start=1):
        if number > LINE_LIMIT:
            raise FileProblem(file, "too_many_lines", limit=str(LINE_LIMIT))
        if len(line) > LINE_LENGTH_LIMIT:
            raise FileProblem(file, "line_too_long", line=str(number), limit=str(LINE_LENGTH_LIMIT))
        yield line


def check_columns(file: str, line: int, row: list[str]) -> None:
    """Raises FileProblem too_many_columns; `line` is where the row ends."""
    if len(row) > CSV_COLUMN_LIMIT:
        raise FileProblem(file, "too_many_columns", line=str(line), limit=str(CSV_COLUMN_LIMIT))
