"""undercroft import-ledger: the same as the office's page, as text."""

from __future__ import annotations

from pathlib import Path

import pytest
from apiflask import APIFlask
from click.testing import CliRunner

from server.commands.import_ledger import import_ledger
from server.settings import Settings
from tests.server.export_files.start import EXPORT, make_company


@pytest.fixture(autouse=True)
def in_app() -> None:
    """The command makes its own app."""


@pytest.fixture
def run(app: APIFlask, settings: Settings, password_hash: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs the command on the company of the kept file."""
    with app.app_context():
        make_company(app, password_hash)
    monkeypatch.setenv("UNDERCROFT_DATA", str(settings.data))
    monkeypatch.setenv("UNDERCROFT_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("UNDERCROFT_SECRET_KEY", settings.secret_key)
    return CliRunner()


def test_a_file_is_taken_in_and_told(run: CliRunner) -> None:
    done = run.invoke(import_ledger, [str(EXPORT), "--language", "en"])
    assert done.exit_code == 0, done.output
    assert "Only the file says that it is 李伟’s" in done.stdout
    assert "0 applied, 0 merged, 0 in conflict, 10 held" in done.stdout
    assert "Arrival · Held" in done.stdout and "Safe on the server" in done.stdout
    again = run.invoke(import_ledger, [str(EXPORT), "--language", "zh-CN"])
    assert again.exit_code == 0 and "以前已收到" in again.stdout and "其中新的 0 行" in again.stdout


def test_what_is_no_export_file_is_told_in_words(run: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"nothing")
    done = run.invoke(import_ledger, [str(tmp_path / "x.zip"), "--language", "en"])
    assert done.exit_code == 2 and "This is no export file" in done.stderr
    assert run.invoke(import_ledger, [str(EXPORT), "--language", "xx"]).exit_code == 2
