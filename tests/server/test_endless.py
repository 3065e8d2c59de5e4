"""What has no end, and what is read only forwards, named in the place of a file: refused in little memory, at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from server.commands.cli import main
from server.commands.run_import_ledger import _opened
from server.problems import Problem
from server.settings import Settings
from tests.adversary.test_bombs import BACKUPS, BEGIN, EXPORT_FILES, MEMORY_BYTES, SPREADSHEETS, codes
from tests.databases import environment

ZEROS: Final = Path("/dev/zero")
PASSWORD: Final = """
from server.commands.accounts import typed_password
bound()
print(len(typed_password("en")))
"""
SECRET: Final = """
from server.secret_key import UnusableSecret, read_secret
bound()
try:
    read_secret({}, Path(sys.argv[2]))
except UnusableSecret as problem:
    print(problem.code)
"""


@pytest.mark.parametrize(
    "program, code",
    [(SPREADSHEETS, "file_too_large"), (EXPORT_FILES, "export_damaged"), (BACKUPS, "not_a_backup")],
    ids=["spreadsheet", "export file", "backup"],
)
def test_a_device_without_end_is_no_file(program: str, code: str) -> None:
    assert codes(program, ZEROS) == [code]


def test_a_key_file_without_end_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "secret.key").symlink_to(ZEROS)
    assert codes(SECRET, tmp_path) == ["damaged"]


def test_a_password_without_end_is_read_as_far_as_it_is_too_long() -> None:
    with ZEROS.open("rb") as zeros:
        done = subprocess.run(
            [sys.executable, "-c", BEGIN + PASSWORD, str(MEMORY_BYTES)], stdin=zeros, capture_output=True, timeout=60
        )
    assert done.stdout == b"1027\n", done.stderr


def test_a_pipe_is_no_export_file_and_no_backup(tmp_path: Path, settings: Settings) -> None:
    receiving, sending = os.pipe()
    try:
        with pytest.raises(Problem) as problem:
            _opened(Path(f"/dev/fd/{receiving}"))
        assert problem.value.code == "export_damaged"
        done = CliRunner(env=environment(settings)).invoke(main, ["restore", f"/dev/fd/{receiving}"])
        assert done.exit_code == 1 and "Traceback" not in done.output
    finally:
        os.close(receiving)
        os.close(sending)


def test_an_export_file_that_may_not_be_read_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(Problem) as problem:
        _opened(tmp_path)
    assert problem.value.code == "export_damaged"
