"""What Undercroft keeps is closed to others on the machine."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.commands.cli import main
from tests.conftest import PASSWORD


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def run(*arguments: str, typed: str | None = None) -> None:
    done = CliRunner().invoke(main, arguments, input=typed)
    assert done.exit_code == 0, done.output


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("UNDERCROFT_DATABASE_URL", "UNDERCROFT_PHOTOS_URL", "UNDERCROFT_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UNDERCROFT_DATA", str(tmp_path / "data"))
    run("add-person", "qian", "--role", "technician", typed=f"{PASSWORD}\n")
    return tmp_path / "data"


def test_nobody_else_on_the_machine_reads_what_is_kept(data: Path, tmp_path: Path) -> None:
    files = [each for each in data.rglob("*") if each.is_file()]
    assert data / "undercroft.sqlite3" in files
    assert {mode_of(each) for each in files} == {0o600}
    assert {mode_of(each) for each in [data, *(each for each in data.rglob("*") if each.is_dir())]} == {0o700}
    run("backup", str(tmp_path / "all.backup"))
    assert mode_of(tmp_path / "all.backup") == 0o600


def test_what_an_older_version_left_open_is_closed(data: Path) -> None:
    photos = data / "photos"
    photos.mkdir(exist_ok=True)
    for path, mode in ((data, 0o755), (data / "undercroft.sqlite3", 0o644), (photos, 0o755)):
        path.chmod(mode)
    run("check")
    assert [mode_of(path) for path in (data, data / "undercroft.sqlite3", photos)] == [0o700, 0o600, 0o700]


def test_a_folder_that_holds_other_things_too_stays_as_it_is(data: Path) -> None:
    (data / "accounts.ods").touch(0o644)
    for path, mode in ((data, 0o755), (data / "undercroft.sqlite3", 0o644), (data / "accounts.ods", 0o644)):
        path.chmod(mode)
    run("check")
    found = [mode_of(path) for path in (data, data / "undercroft.sqlite3", data / "accounts.ods")]
    assert found == [0o755, 0o600, 0o644]


def test_a_link_leads_nowhere_else(data: Path, tmp_path: Path) -> None:
    others = tmp_path / "others.txt"
    others.touch(0o644)
    others.chmod(0o644)
    (data / "undercroft.sqlite3-old").symlink_to(others)
    run("check")
    assert mode_of(others) == 0o644


def test_of_a_database_elsewhere_only_its_own_files_are_closed(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "srv"
    elsewhere.mkdir(mode=0o755)
    monkeypatch.setenv("UNDERCROFT_DATABASE_URL", f"sqlite:///{elsewhere / 'company'}")
    (elsewhere / "company").touch()
    (elsewhere / "company.ods").touch()
    for path, mode in ((elsewhere, 0o755), (elsewhere / "company", 0o644), (elsewhere / "company.ods", 0o644)):
        path.chmod(mode)
    run("check")
    assert [mode_of(path) for path in (elsewhere, elsewhere / "company", elsewhere / "company.ods")] == [
        0o755,
        0o600,
        0o644,
    ]
