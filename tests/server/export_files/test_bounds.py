"""Hostile export files are refused before anything is written, and an answer stays short."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile

import pytest
from sqlalchemy import func, select

from server.commands.run_import_ledger import told
from server.database import reading
from server.export_files import bounds
from server.export_files.taking import NAMED, import_file
from server.export_files.wiring import this_server
from server.models import Device, JournalLine
from server.problems import Problem
from tests.conftest import People
from tests.server.export_files.conftest import Import
from tests.server.export_files.files import Parts, parts_of, zipped
from tests.server.sync.phone import Phone, new_id


def note(phone: Phone) -> None:
    phone.write("note.add", new_id(), {"note": new_id(), "text": "x"})


def rows() -> tuple[int, int]:
    with reading() as connection:
        lines, devices = (
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (JournalLine, Device)
        )
    return lines, devices


def refused(parts: Parts) -> Problem:
    """The problem that a compressed file is refused with; no line and no device was written."""
    before = rows()
    with pytest.raises(Problem) as problem:
        import_file(zipped(parts, zipfile.ZIP_DEFLATED), this_server())
    assert rows() == before
    return problem.value


def test_a_hundred_thousand_line_ends_are_refused_unwritten_in_little_memory(zhang: Phone) -> None:
    note(zhang)
    parts = parts_of(zhang)
    tracemalloc.start()
    try:
        problem = refused(parts | {"ledger.ndjson": b"\n" * (8 << 20)})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (problem.code, problem.figures["most"]) == ("export_too_many_lines", 20_000)
    assert 20_000 < problem.figures["lines"] < 200_000, "the rest need not be unpacked"
    assert peak < 16 << 20


def test_an_empty_line_is_named_and_nothing_is_written(zhang: Phone) -> None:
    note(zhang)
    parts = parts_of(zhang)
    for content, at in ((b"\n", 1), (parts["ledger.ndjson"] + b"\n", 2), (b"\n" + parts["ledger.ndjson"], 1)):
        problem = refused(parts | {"ledger.ndjson": content})
        assert (problem.code, problem.figures) == ("export_empty_line", {"line": at})


@pytest.mark.parametrize("signature", [b"", b"x" * 86])
def test_an_unsigned_file_makes_no_unknown_device_known(people: People, signature: bytes) -> None:
    phone = Phone(people.zhang.id)
    note(phone)
    assert refused(parts_of(phone) | {"signature": signature}).code == "export_unsigned"


def test_of_a_known_device_only_few_unsigned_lines_come_in_held(
    zhang: Phone, take_in: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MAX_UNSIGNED_LINES", 2)
    for _ in range(3):
        note(zhang)
    problem = refused(parts_of(zhang) | {"signature": b""})
    assert (problem.code, problem.figures) == ("export_unsigned", {"lines": 3, "most": 2})
    zhang.lines.pop()
    imported = take_in(parts_of(zhang) | {"signature": b""})
    assert [came.outcome.reason for came in imported.operations] == ["bad_signature"] * 2


def test_two_files_are_not_taken_in_at_once(zhang: Phone, take_in: Import) -> None:
    note(zhang)
    with bounds.one_at_a_time():
        assert refused(parts_of(zhang)).code == "export_busy"
    assert len(take_in(parts_of(zhang)).operations) == 1, "and after a refusal the next comes in"


def test_the_command_names_ten_of_what_was_not_applied_and_counts_the_rest(zhang: Phone, take_in: Import) -> None:
    for _ in range(NAMED + 3):
        note(zhang)
    lines = told(take_in(parts_of(zhang)), "en")
    assert sum("Line " in line for line in lines) == NAMED
    assert "  and 3 more" in lines


def test_no_zip_leaves_the_way_free_for_the_next(zhang: Phone, take_in: Import) -> None:
    with pytest.raises(Problem):
        import_file(io.BytesIO(b""), this_server())
    note(zhang)
    assert json.loads(parts_of(zhang)["device.json"])["id"] == zhang.id
    assert len(take_in(parts_of(zhang)).operations) == 1
