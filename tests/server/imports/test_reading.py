"""Files that are no spreadsheets, or made to do harm: each a sentence, never a traceback."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.imports import bounds, reading
from server.imports.findings import FileProblem
from server.imports.reading import read_file
from tests.server.imports.conftest import CUSTOMERS, SERVICE_DESK, MakeWorkbook


def code_of(file: Path) -> str:
    with pytest.raises(FileProblem) as problem:
        read_file(file)
    for language in ("zh-CN", "en"):
        assert file.name in problem.value.sentence(language)
    return problem.value.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n ", "file_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_or_locked_workbook"),
        (b"PK\x03\x04 and then nothing", "not_a_spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_a_spreadsheet"),
        (b"\xff\xff\xff\xff", "unknown_encoding"),
        (b"hello\nworld\n", "nothing_recognised"),
        (b"%PDF-1.7\n%", "nothing_recognised"),
        ("配件号,名称\n".encode() + b'"' + b"x" * 200_000, "broken_csv"),
        ('配件号,名称\nP1,"a\nP2,b\n'.encode(), "broken_csv"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_a_sentence(tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "table.xlsx"
    file.write_bytes(content)
    assert code_of(file) == code


def test_a_file_that_is_not_there_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    assert code_of(tmp_path / "none.xlsx") == "file_missing"
    assert code_of(tmp_path) == "file_unreadable"


def test_a_zip_without_a_workbook_is_no_spreadsheet(tmp_path: Path) -> None:
    file = tmp_path / "archive.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "not a workbook")
    assert code_of(file) == "not_a_spreadsheet"


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(bounds.UNPACKED_LIMIT_BYTES + 1))
    assert file.stat().st_size < 1024 * 1024
    assert code_of(file) == "file_too_large"


def test_too_many_rows_and_too_many_bytes_are_refused(
    make_workbook: MakeWorkbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make_workbook({"客户": [CUSTOMERS, *[(f"K{n}", "甲", None, None) for n in range(6)]]})
    monkeypatch.setattr(reading, "ROW_LIMIT", 5)
    assert code_of(file) == "too_many_rows"
    monkeypatch.setattr(reading, "FILE_LIMIT_BYTES", 100)
    assert code_of(file) == "file_too_large"


def test_empty_rows_between_and_after_are_no_rows_and_keep_their_numbers(make_workbook: MakeWorkbook) -> None:
    rows = [CUSTOMERS, ("K1", "甲", None, None), (None, "  ", None, None), (), ("K2", "乙", None, None), ()]
    (sheet,) = read_file(make_workbook({"客户": rows})).sheets
    assert [row.number for row in sheet.rows] == [2, 5]


def test_a_wrong_declared_size_of_a_sheet_hides_no_rows(tmp_path: Path) -> None:
    source = zipfile.ZipFile(SERVICE_DESK)
    file = tmp_path / "declared.xlsx"
    with zipfile.ZipFile(file, "w") as target:
        for member in source.namelist():
            content = source.read(member)
            if member.startswith("xl/worksheets/"):
                content = content.replace(b'<dimension ref="A1:H43"', b'<dimension ref="A1:B2"')
            target.writestr(member, content)
    (customers, *_) = read_file(file).sheets
    assert (len(customers.rows), len(customers.headings)) == (42, 8)


def test_a_damaged_workbook_is_read_or_refused_never_a_traceback(tmp_path: Path) -> None:
    source = SERVICE_DESK.read_bytes()
    members = {
        name: zipfile.ZipFile(io.BytesIO(source)).read(name) for name in zipfile.ZipFile(SERVICE_DESK).namelist()
    }
    file = tmp_path / "damaged.xlsx"

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(sorted(members)), st.floats(0, 1), st.sampled_from([b"", b"<", b'"', b"\x00", b"9"]))
    def damage(member: str, where: float, content: bytes) -> None:
        whole = members[member]
        cut = int(where * (len(whole) - 1))
        with zipfile.ZipFile(file, "w") as archive:
            for name, kept in members.items():
                archive.writestr(name, whole[:cut] + content + whole[cut + 1 :] if name == member else kept)
        try:
            read_file(file)
        except FileProblem as problem:
            assert problem.code in ("not_a_spreadsheet", "nothing_recognised")

    damage()
