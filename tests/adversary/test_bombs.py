"""Somebody hands in a file that is small and asks for everything: it is refused at once, in little memory."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from server.export_files.reading import DEVICE, LEDGER, MAX_LEDGER_BYTES, SIGNATURE
from server.keeping import archive
from server.keeping.archive import part_of
from tests.adversary.results import result
from tests.server.export_files.files import parts_of as parts_of_phone
from tests.server.keeping.crafted import before_end, header, parts_of, tarred, whole
from tests.server.sync.phone import Phone

# What reading a file may take beside the program itself, as it is once everything is loaded.
MEMORY_BYTES: Final = 128 << 20
BOMB_BYTES: Final = 2 * MEMORY_BYTES
BEGIN: Final = """
import resource, sys
from pathlib import Path
def bound():
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
"""
SPREADSHEETS: Final = """
from server.imports import bounds
from server.imports.findings import FileProblem
from server.imports.reading import read_file
bounds.TAG_LIMITS[b"worksheet"] //= 100
bound()
for file in sys.argv[2:]:
    try:
        read_file(Path(file))
    except FileProblem as problem:
        print(problem.code)
"""
EXPORT_FILES: Final = """
from server.export_files.reading import open_export
from server.problems import Problem
bound()
for file in sys.argv[2:]:
    try:
        with open(file, "rb") as content, open_export(content):
            print("open")
    except Problem as problem:
        print(problem.code)
"""
BACKUPS: Final = """
from server.keeping.opening import check_rows, open_backup
from server.keeping.refusing import BadBackup
bound()
for file in sys.argv[2:]:
    try:
        check_rows(open_backup(Path(file)))
        print("open")
    except BadBackup as problem:
        print(problem.code)
"""
TEXTS: Final = (b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">', b"<si><t/></si>")
ROWS: Final = (b"<worksheet><sheetData>", b"<row/>")
STYLES: Final = (b"<styleSheet><cellXfs>", b"<xf/>")


def codes(program: str, *files: Path, memory: int = MEMORY_BYTES) -> list[str]:
    """What reading each file is refused with, by a process that may have so much memory more than it has."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + program, str(memory), *map(str, files)],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def pieces(begin: bytes, again: bytes, times: int) -> Iterator[bytes]:
    """The same many times."""
    yield begin
    for _ in range(times // 10_000):
        yield again * 10_000


def zip_of(file: Path, **parts: Iterator[bytes]) -> Path:
    """A zip with these parts."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name, content in parts.items():
            with made.open(name, "w", force_zip64=True) as out:
                for piece in content:
                    out.write(piece)
    return file


def gzip_of(content: Iterator[bytes]) -> bytes:
    """A gzip of it."""
    packer = zlib.compressobj(1, wbits=31)
    return b"".join([*map(packer.compress, content), packer.flush()])


@result("proven false")
def test_a_workbook_holds_millions_of_texts_rows_or_formats(tmp_path: Path) -> None:
    texts = zip_of(tmp_path / "texts.xlsx", **{"xl/sharedStrings.xml": pieces(*TEXTS, times=1_340_000)})
    rows = zip_of(tmp_path / "rows.xlsx", **{"xl/rows": pieces(*ROWS, times=130_000)})
    styles = zip_of(tmp_path / "styles.xlsx", **{"xl/styles.xml": pieces(*STYLES, times=410_000)})
    assert codes(SPREADSHEETS, texts, rows, styles) == ["too_many_cells"] * 3


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
    assert codes(SPREADSHEETS, with_entity(tmp_path, b"<!ENTITY a 'a name'>")) == []
    assert codes(SPREADSHEETS, with_entity(tmp_path, entity)) == ["not_a_spreadsheet"]


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
    assert codes(SPREADSHEETS, file) == [code]


@result("proven false")
def test_an_export_file_unpacks_to_more_than_the_memory(tmp_path: Path) -> None:
    device = parts_of_phone(Phone("00000000-0000-7000-8000-000000000001"))[DEVICE]
    bombs = {
        "device": ({DEVICE: pieces(b"", b"[", BOMB_BYTES)}, "export_too_large"),
        "ledger": ({LEDGER: pieces(b"", b"x", BOMB_BYTES)}, "export_too_large"),
        "lines": ({LEDGER: pieces(b"", b"\n", MAX_LEDGER_BYTES)}, "export_too_many_lines"),
        "signature": ({SIGNATURE: pieces(b"", b"x", BOMB_BYTES)}, "export_too_large"),
    }
    files = []
    for name, (parts, _) in bombs.items():
        whole_file = {DEVICE: iter([device]), LEDGER: iter([b"{}\n"]), SIGNATURE: iter([b"x"])} | parts
        files.append(zip_of(tmp_path / name, **whole_file))
    assert codes(EXPORT_FILES, *files) == [code for _, code in bombs.values()]


@result("proven false")
def test_a_table_of_a_backup_unpacks_to_more_than_the_memory(tmp_path: Path) -> None:
    line = b'["' + b"x" * (1 << 20) + b'",1]\n'
    bombs = {
        "one line without end": (gzip_of(pieces(b'["', b"x", BOMB_BYTES)), "wrong_row"),
        "nested without end": (gzip_of(pieces(b"", b"[", BOMB_BYTES)), "wrong_row"),
        "line ends": (gzip_of(pieces(b"", b"\n", BOMB_BYTES)), "wrong_row"),
        "long rows": (gzip_of(line for _ in range(BOMB_BYTES >> 20)), "open"),
        "a list of lists": (gzip_of(iter([b"[[]" + b",[]" * (5 << 20) + b"]\n"])), "wrong_row"),
    }
    files = []
    for name, (content, _) in bombs.items():
        files.append(tmp_path / name.replace(" ", "-"))
        files[-1].write_bytes(tarred(whole(parts_of({"feed": content}))))
    assert codes(BACKUPS, *files) == [code for _, code in bombs.values()]


@result("proven false")
def test_a_backup_says_that_a_small_part_is_larger_than_the_memory(tmp_path: Path) -> None:
    kinds = {"end": (archive.END, tarfile.REGTYPE), "header": ("x", tarfile.XHDTYPE), "name": ("x", b"L")}
    files = []
    for file, (name, kind) in kinds.items():
        files.append(tmp_path / file)
        begun = before_end(parts_of()) + header(name, BOMB_BYTES, kind)
        with files[-1].open("wb") as out:
            out.write(begun)
            out.truncate(len(begun) + BOMB_BYTES)  # nothing of it is on the disk
    assert codes(BACKUPS, *files) == ["too_large", "strange_part", "strange_part"]


@result("proven false")
def test_a_backup_has_members_without_number(tmp_path: Path) -> None:
    empty = header("photos/original/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    many = tmp_path / "many"
    many.write_bytes(before_end(parts_of()) + empty * 60_000)
    tables = tmp_path / "tables"
    members = (header(part_of(f"t{number}")) for number in range(50_000))
    tables.write_bytes(before_end(parts_of()) + b"".join(members))
    assert codes(BACKUPS, many, tables, memory=MEMORY_BYTES // 4) == ["cut_off", "strange_part"]
