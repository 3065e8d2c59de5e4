"""Somebody hands in a file that is small and asks for everything: it is refused at once, in little memory."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from tests.adversary.results import result

# The program itself takes about a third of it.
MEMORY_BYTES: Final = 768 * 1024 * 1024
READ: Final = """
import resource, sys
from pathlib import Path
from server.imports.findings import FileProblem
from server.imports.reading import read_file
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
for file in sys.argv[2:]:
    try:
        read_file(Path(file))
    except FileProblem as problem:
        print(problem.code)
"""
TEXTS: Final = (b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">', b"<si><t/></si>")
ROWS: Final = (b"<worksheet><sheetData>", b"<row/>")
STYLES: Final = (b"<styleSheet><cellXfs>", b"<xf/>")


def codes(*files: Path) -> list[str]:
    """What reading each file is refused with, by a process that may have MEMORY_BYTES."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(MEMORY_BYTES), *map(str, files)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def workbook(file: Path, part: str, begin: bytes, again: bytes, times: int) -> Path:
    """A zip with one part that says the same many times."""
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(part, "w", force_zip64=True) as out,
    ):
        out.write(begin)
        for _ in range(times // 10_000):
            out.write(again * 10_000)
    return file


@result("proven false")
def test_a_workbook_holds_millions_of_texts_rows_or_formats(tmp_path: Path) -> None:
    texts = workbook(tmp_path / "texts.xlsx", "xl/sharedStrings.xml", *TEXTS, times=2_000_000)
    rows = workbook(tmp_path / "rows.xlsx", "xl/rows", *ROWS, times=13_000_000)
    styles = workbook(tmp_path / "styles.xlsx", "xl/styles.xml", *STYLES, times=500_000)
    assert codes(texts, rows, styles) == ["too_many_cells"] * 3


# What an entity names is either nothing that a workbook holds, or too much of it.
ENTITIES: Final = {
    "another file": b'<!ENTITY a SYSTEM "file:///etc/hostname">',
    "another server": b'<!ENTITY a SYSTEM "http://127.0.0.1:1/">',
    "itself ten thousand million times": b"<!ENTITY b0 'x'>"
    + b"".join(b"<!ENTITY b%d '%s'>" % (n + 1, b"&b%d;" % n * 10) for n in range(10))
    + b"<!ENTITY a '&b10;'>",
}


def with_entity(folder: Path, entity: bytes) -> Path:
    """A workbook of one customer, whose name is the entity `a`."""
    good, changed = folder / "good.xlsx", folder / "changed.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["客户编号", "客户名称"], ["K1", "ENTITY"]):
        book.active.append(row)
    book.save(good)
    with zipfile.ZipFile(good) as whole, zipfile.ZipFile(changed, "w") as out:
        for name in whole.namelist():
            content = whole.read(name)
            if b"ENTITY" in content:
                sheet = content[content.index(b"<worksheet") :].replace(b"ENTITY", b"&a;")
                content = b"<!DOCTYPE worksheet [" + entity + b"]>" + sheet
            out.writestr(name, content)
    return changed


@result("proven false")
@pytest.mark.parametrize("entity", ENTITIES.values(), ids=ENTITIES)
def test_a_workbook_has_an_entity_that_names_a_file_or_grows(tmp_path: Path, entity: bytes) -> None:
    assert codes(with_entity(tmp_path, b"<!ENTITY a 'a name'>")) == []
    assert codes(with_entity(tmp_path, entity)) == ["not_a_spreadsheet"]


@result("proven false")
@pytest.mark.parametrize(
    "content, code",
    [
        (lambda: b"\n" * 5 + b"a,b" + b"\n" * 2_000_000, "too_many_lines"),
        (lambda: b"a," * 600_000, "line_too_long"),
        (lambda: b"a," * 20_000 + b"\n", "too_many_columns"),
    ],
    ids=["lines", "length", "columns"],
)
def test_a_csv_file_holds_millions_of_lines_or_columns(tmp_path: Path, content: Callable[[], bytes], code: str) -> None:
    file = tmp_path / "customers.csv"
    # The heading's first rows are looked at before the others are counted.
    file.write_bytes("客户编号,客户名称\n".encode() + content())
    assert codes(file) == [code]
