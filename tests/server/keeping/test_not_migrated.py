"""A backup of before whose rows the migration to types of documents cannot take is refused as a backup."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from server.commands.restoring import bring_back
from server.keeping.archive import part_of
from server.keeping.opening import open_backup
from server.keeping.refusing import BadBackup
from server.settings import Settings
from tests.server.keeping.test_earlier_schema import EARLIER
from tests.server.keeping.test_refused_restores import other, rewritten, state  # noqa: F401  # a fixture


def _an_id_of_two_documents(parts: dict[str, bytes]) -> None:
    rows = gzip.decompress(parts[part_of("document")]).splitlines()
    twice = next(row for row in rows if b'"work_order"' in row[:20])
    parts[part_of("document")] = gzip.compress(
        b"\n".join([*rows, twice.replace(b'"work_order"', b'"lamp"', 1)]) + b"\n"
    )


def _an_order_without_its_document(parts: dict[str, bytes]) -> None:
    rows = gzip.decompress(parts[part_of("document")]).splitlines()
    left = [row for row in rows if json.loads(row)[0] != "work_order"]
    parts[part_of("document")] = gzip.compress(b"\n".join(left) + b"\n")


@pytest.mark.parametrize("change", [_an_id_of_two_documents, _an_order_without_its_document])
def test_rows_that_break_the_new_constraints_are_told_as_the_backups(
    other: Settings,  # noqa: F811
    tmp_path: Path,
    change: Callable[[dict[str, bytes]], None],
) -> None:
    file = tmp_path / "odd.backup"
    file.write_bytes((EARLIER / "company-0016.undercroft-backup").read_bytes())
    rewritten(file, change)
    before = state(other)
    with pytest.raises(BadBackup) as problem:
        bring_back(other, open_backup(file), True, "en")
    assert problem.value.code == "not_migrated"
    assert state(other) == before
