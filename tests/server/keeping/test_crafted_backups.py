"""Whatever a backup's file holds, it comes back whole or is refused by name, before anything is touched."""

from __future__ import annotations

import gzip
import json
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from server.keeping import archive
from server.keeping.archive import part_of
from server.keeping.members import members
from server.keeping.opening import check_rows, open_backup
from server.keeping.refusing import BadBackup
from server.keeping.rows import AT_A_TIME, MAX_ROW_BYTES
from server.secret_key import LONGEST
from tests.server.keeping.crafted import (
    MANIFEST,
    SECRET,
    Parts,
    at,
    before_end,
    columns_of,
    end_of,
    header,
    packed,
    parts_of,
    tarred,
    whole,
)

DEEP: Final = b"[" * 50_000


def code_of(file: Path) -> str:
    """What the file is refused with, "" where it could be brought back."""
    try:
        check_rows(open_backup(file))
    except BadBackup as problem:
        return problem.code
    return ""


def with_end(raw: bytes) -> Parts:
    return [*parts_of(), (archive.END, raw)]


def ending(**other: Any) -> Parts:
    return whole(parts_of(), **other)


def with_manifest(raw: bytes) -> Parts:
    return [(archive.MANIFEST, raw), *whole(parts_of())[1:]]


def with_rows(*rows: list[Any], table: str = "feed") -> Parts:
    return whole(parts_of({table: packed(*rows)}))


def with_content(content: bytes) -> Parts:
    return whole(parts_of({"feed": content}))


def with_line(line: bytes) -> Parts:
    return with_content(gzip.compress(line, 1))


def empty_row(table: str, **values: Any) -> list[Any]:
    return [values.get(name) for name in columns_of(table)]


PARTS: Final[dict[str, tuple[str, Callable[[], Parts]]]] = {
    "whole": ("", lambda: whole(parts_of())),
    "as an older version wrote it": ("", lambda: whole(parts_of({"feed": packed()}, {"version": "0.0.1"}))),
    "rows as counted": ("", lambda: ending(rows={"feed": 2})),
    "no member": ("not_a_backup", list),
    "no end": ("cut_off", parts_of),
    "no secret": ("damaged", lambda: whole([part for part in parts_of() if part[0] != archive.SECRET])),
    "no manifest": ("not_a_backup", lambda: whole(parts_of())[1:]),
    "no table that the end names": ("damaged", lambda: [*parts_of({}), whole(parts_of())[-1]]),
    "a table that the end does not name": ("damaged", lambda: [*parts_of(), whole(parts_of({}))[-1]]),
    "end is no JSON": ("damaged", lambda: with_end(b"{")),
    "end is no object": ("damaged", lambda: with_end(b"[]")),
    "end is not UTF-8": ("damaged", lambda: with_end(b'{"columns": "\xff"}')),
    "end nests without end": ("damaged", lambda: with_end(DEEP)),
    "end has a number of 10,000 digits": ("damaged", lambda: with_end(b'{"photos": ' + b"9" * 10_000 + b"}")),
    "end counts photos below zero": ("damaged", lambda: ending(photos=-1)),
    "end counts photos that are not there": ("damaged", lambda: ending(photos=1)),
    "end counts photos by half": ("damaged", lambda: ending(photos=0.5)),
    "end counts rows that are not there": ("damaged", lambda: ending(rows={"feed": 3})),
    "end counts fewer rows": ("damaged", lambda: ending(rows={"feed": 1})),
    "end has a column of odd name": ("damaged", lambda: ending(columns={"feed": ["name", 'head"; DROP']})),
    "end names a column twice": ("damaged", lambda: ending(columns={"feed": ["name", "name"]})),
    "end has columns of no table": ("damaged", lambda: ending(columns={"feed": ["name", "head"], "part": ["id"]})),
    "end is too large": ("too_large", lambda: with_end(b" " * (2 << 20))),
    "secret is too large": (
        "too_large",
        lambda: [(name, bytes(LONGEST + 1) if name == archive.SECRET else c) for name, c in whole(parts_of())],
    ),
    "secret is not UTF-8": (
        "damaged", lambda: whole([(name, b"\xff" if name == archive.SECRET else c) for name, c in parts_of()]),
    ),
    "manifest is no JSON": ("not_a_backup", lambda: with_manifest(b"{")),
    "manifest is a list": ("not_a_backup", lambda: with_manifest(b"[1]")),
    "manifest nests without end": ("not_a_backup", lambda: with_manifest(DEEP)),
    "manifest is not UTF-8": ("not_a_backup", lambda: with_manifest(b"\xff")),
    "manifest is too large": ("too_large", lambda: with_manifest(b" " * (1 << 20))),
    "manifest has a revision that steers": (
        "not_a_backup", lambda: with_manifest(json.dumps(MANIFEST | {"revision": "heads:base"}).encode()),
    ),
    "manifest has a time that steers a terminal": (
        "not_a_backup", lambda: with_manifest(json.dumps(MANIFEST | {"taken_at": "\x1b[2J"}).encode()),
    ),
    "format of tomorrow": ("unknown_format", lambda: with_manifest(b'{"format": 2, "else": 1}')),
    "format without a number": ("not_a_backup", lambda: with_manifest(b'{"format": true}')),
    "manifest twice": ("strange_part", lambda: [parts_of()[0], *whole(parts_of())]),
    "table twice": ("strange_part", lambda: [*parts_of(), parts_of()[-1]]),
    "end twice": ("more_after_end", lambda: [*whole(parts_of()), whole(parts_of())[-1]]),
    "a part after the end": ("more_after_end", lambda: [*whole(parts_of()), ("tables/part.ndjson.gz", b"")]),
    "a photo under another hash": ("damaged", lambda: whole([*parts_of(), ("photos/original/" + "0" * 64, b"x")])),
    "too many tables": (
        "strange_part", lambda: [*parts_of({}), *((part_of(f"t{n}"), b"") for n in range(archive.MAX_TABLES))],
    ),
    "rows are no gzip": ("wrong_row", lambda: with_content(b"[]\n")),
    "rows are cut off": ("wrong_row", lambda: with_content(packed(["all", 1])[:-10])),
    "garbage after rows": ("wrong_row", lambda: with_content(packed(["all", 1]) + b"garbage")),
    "rows with a wrong sum": ("wrong_row", lambda: with_content(packed(["all", 1])[:-8] + bytes(8))),
    "rows in two pieces": ("", lambda: with_content(packed(["all", 1]) + packed(["p", 2]))),
    "a row that is too long": ("wrong_row", lambda: with_line(b'["' + b"x" * MAX_ROW_BYTES + b'",1]\n')),
    "a row that nests": ("wrong_row", lambda: with_line(b'[["all"],1]\n')),
    "a row that nests without end": ("wrong_row", lambda: with_line(DEEP + b"\n")),
    "a row that is an object": ("wrong_row", lambda: with_line(b'{"name":"all"}\n')),
    "a row with an object": ("wrong_row", lambda: with_line(b'["all",{}]\n')),
    "an empty line": ("wrong_row", lambda: with_line(b"\n")),
    "no line end": ("wrong_row", lambda: with_line(b'["all",1]')),
    "a value too few": ("wrong_row", lambda: with_rows(["all"])),
    "a value too many": ("wrong_row", lambda: with_rows(["all", 1, 2])),
    "text not in UTF-8": ("wrong_row", lambda: with_line(b'["\xff",1]\n')),
    "text in UTF-16": ("wrong_row", lambda: with_line('["all",1]\n'.encode("utf-16"))),
    "text with NUL": ("wrong_row", lambda: with_rows(["a\0", 1])),
    "text with half a sign": ("wrong_row", lambda: with_line(b'["\\ud800",1]\n')),
    "text for a number": ("wrong_row", lambda: with_rows(["all", "1"])),
    "number for a text": ("wrong_row", lambda: with_rows([1, 1])),
    "truth for a number": ("wrong_row", lambda: with_rows(["all", True])),
    "a number of 10,000 digits": ("wrong_row", lambda: with_line(b'["all",' + b"9" * 10_000 + b"]\n")),
    "a number of 20 digits": ("wrong_row", lambda: with_rows(["all", 10**19])),
    "a number without bounds": ("wrong_row", lambda: with_line(b'["all",1e400]\n')),
    "not a number": ("wrong_row", lambda: with_line(b'["all",NaN]\n')),
    "a place at no number": (
        "wrong_row",
        lambda: whole(parts_of({"site": packed(empty_row("site", latitude=float("inf")))})),
    ),
    "a time that is none": ("wrong_row", lambda: with_rows(empty_row("person", created_at="soon"), table="person")),
    "a time without a zone": (
        "wrong_row", lambda: with_rows(empty_row("person", created_at="2026-11-29T08:00:00"), table="person"),
    ),
    "a time before all times": (
        "wrong_row", lambda: with_rows(empty_row("person", created_at="0001-01-01T00:00:00+14:00"), table="person"),
    ),
    "a day that is none": (
        "wrong_row", lambda: with_rows(empty_row("customer", file_opened_on="2026-02-30"), table="customer"),
    ),
    "bytes that are none": ("wrong_row", lambda: with_rows(empty_row("photo_look", details="§"), table="photo_look")),
    "a text for truth": ("wrong_row", lambda: with_rows(empty_row("person", active="yes"), table="person")),
    "a table of a later version": ("", lambda: whole([*parts_of(), (part_of("later"), b"?")])),
}  # fmt: skip
"""Parts of a file, and the code with which they are refused, "" for none."""


@pytest.mark.parametrize("case", PARTS)
def test_parts_that_backup_does_not_write_are_refused_by_name(tmp_path: Path, case: str) -> None:
    code, parts = PARTS[case]
    assert code_of(at(tmp_path, tarred(parts()))) == code


NAMES: Final = (
    "../secret.key", "/etc/passwd", "tables/../../x.ndjson.gz", "tables/.ndjson.gz", "tables/feed.ndjson.gz/",
    "photos/original/../../../x", "photos/thumb/" + "0" * 64, "photos/original/" + "A" * 64, "PHOTOS", "\x1b[2J",
    "x" * 99,
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_in_no_backup_is_refused_and_written_nowhere(tmp_path: Path, name: str) -> None:
    content = before_end(parts_of()) + header(name, 1) + b"x".ljust(512, b"\0")
    with pytest.raises(BadBackup) as problem:
        open_backup(at(tmp_path, content))
    assert problem.value.code == "strange_part"
    assert str(problem.value.figures["name"]).isprintable()
    assert [file.name for file in tmp_path.iterdir()] == ["crafted.backup"]


KINDS: Final = (
    tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE,
    tarfile.CONTTYPE, tarfile.GNUTYPE_SPARSE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XGLTYPE, b"Z",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_plain_file_is_refused(tmp_path: Path, kind: bytes) -> None:
    member = header(part_of("part"), 0, kind, linkname="/etc/passwd")
    assert code_of(at(tmp_path, before_end(parts_of()) + member)) == "strange_part"


EXTENDED: Final = (
    b"20 path=../x\n",
    b"18 size=-5\n",
    b"30 GNU.sparse.size=99\n",
    b"x" * 2000,
    b"",
    b"12 size=9999" * 9,
)


@pytest.mark.parametrize("said", EXTENDED)
def test_of_an_extended_header_only_a_size_is_understood(tmp_path: Path, said: bytes) -> None:
    member = header("PaxHeader", len(said), tarfile.XHDTYPE) + said.ljust(-(-len(said) // 512) * 512, b"\0")
    content = before_end(parts_of()) + member + header(part_of("part"))
    assert code_of(at(tmp_path, content)) == "strange_part"


def test_an_extended_header_of_many_megabytes_is_not_read(tmp_path: Path) -> None:
    size = 256 << 20
    file = at(tmp_path, before_end(parts_of()) + header("PaxHeader", size, tarfile.XHDTYPE))
    with file.open("r+b") as out:
        out.truncate(file.stat().st_size + size)
    assert code_of(file) == "strange_part"


def test_a_part_of_more_than_eight_gibibytes_is_found_and_what_follows_it(tmp_path: Path) -> None:
    size = 9 << 30
    member = tarfile.TarInfo("photos/original/" + "0" * 64)
    member.size = size
    start = member.tobuf(tarfile.PAX_FORMAT)
    file = at(tmp_path, start)
    with file.open("r+b") as out:
        out.seek(len(start) + size)
        out.write(header("after", 3) + b"abc".ljust(512, b"\0"))
    with file.open("rb") as source:
        found = [(name, content.seek(0, 2), content.seek(0), content.read(3)) for name, content in members(source)]
    assert found == [(member.name, size, 0, bytes(3)), ("after", 3, 0, b"abc")]


def test_a_size_that_lies_is_refused(tmp_path: Path) -> None:
    begun = before_end(parts_of())
    assert code_of(at(tmp_path, begun + header(part_of("part"), 1 << 33))) == "cut_off"
    below = bytearray(header(part_of("part"), 1))
    below[124:136] = b"\xff" * 12  # minus one, in base 256
    below[148:156] = b" " * 8
    below[148:156] = b"%06o\0 " % sum(struct.unpack("512B", below))
    assert code_of(at(tmp_path, begun + bytes(below))) == "not_a_backup"


def test_a_file_is_refused_wherever_it_was_cut_off(tmp_path: Path) -> None:
    content = tarred(whole(parts_of()))
    last = content.rstrip(b"\0")
    for length in (0, 1, 511, 512, 513, 1024, 2000, 3000, len(last) - 1):
        assert code_of(at(tmp_path, content[:length])) in {"cut_off", "not_a_backup"}, length
    assert code_of(at(tmp_path, content + bytes(2000))) == ""


@pytest.mark.parametrize("more", [b"x", b"\0" * 100_000 + b"x", header("x")])
def test_what_follows_the_end_is_refused(tmp_path: Path, more: bytes) -> None:
    assert code_of(at(tmp_path, tarred(whole(parts_of())) + more)) == "more_after_end"


def test_every_row_of_a_large_table_is_read_some_at_a_time(tmp_path: Path) -> None:
    count = 3 * AT_A_TIME + 1
    parts = parts_of({"feed": packed(*([f"feed {number}", number] for number in range(count)))})
    opened = open_backup(at(tmp_path, tarred(whole(parts, rows={"feed": count}))))
    table, content = next(tables := opened.tables())
    batches = list(opened.rows(table, content))
    assert list(tables) == []
    assert [len(batch) for batch in batches] == [AT_A_TIME] * 3 + [1]
    assert batches[-1] == [{"name": f"feed {count - 1}", "head": count - 1}]


def test_the_first_wrong_row_is_named_by_its_number(tmp_path: Path) -> None:
    parts = parts_of({"feed": packed(*([f"feed {number}", number] for number in range(700)), ["last", "x"])})
    with pytest.raises(BadBackup) as problem:
        check_rows(open_backup(at(tmp_path, tarred(whole(parts)))))
    assert problem.value.figures == {"table": "feed", "row": 701}


def test_the_end_of_a_whole_backup_is_read_as_it_was_written(tmp_path: Path) -> None:
    opened = open_backup(at(tmp_path, tarred(whole(parts_of(), rows={"feed": 2}))))
    assert opened.end.as_bytes() == json.dumps(end_of(parts_of(), rows={"feed": 2}), indent=1).encode()
    assert opened.secret == SECRET
