"""The server's key: what is none, and what a command says of it."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.commands.cli import main
from server.secret_key import (
    FILE,
    FORMER_FILE,
    FORMER_SETTING,
    SETTING,
    UnusableSecret,
    is_weak,
    open_to_others,
    read_former,
    read_secret,
)  # fmt: skip
from server.settings import Settings

GOOD = "kept since the first day, by nobody else"


@pytest.mark.parametrize("key", ["a", "a" * 64, "secret" * 8, "changeme" * 4, "abcdefg" * 9 + "a", " " * 40, "x" * 31])
def test_a_key_that_can_be_guessed_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(UnusableSecret) as refused:
        read_secret({SETTING: key}, tmp_path)
    assert refused.value.code == "weak" and not (tmp_path / FILE).exists()


def test_keys_that_were_drawn_by_chance_are_taken() -> None:
    assert not any(is_weak(key) for _ in range(200) for key in (secrets.token_urlsafe(48), secrets.token_hex(16)))


def test_a_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    made = read_secret({}, tmp_path)
    assert read_secret({SETTING: ""}, tmp_path) == made and not is_weak(made)
    assert not open_to_others({}, tmp_path)


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"\x00" * 64, b"\xff\xfe" * 40, GOOD.encode() * 9000])
def test_a_file_without_a_whole_key_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(UnusableSecret) as refused:
        read_secret({}, tmp_path)
    assert refused.value.code == "damaged" and (tmp_path / FILE).read_bytes() == content
    assert read_secret({SETTING: GOOD}, tmp_path) == GOOD


def test_a_file_that_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(UnusableSecret) as refused:
        read_secret({}, tmp_path)
    assert refused.value.code == "unreadable"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_that_others_may_read_or_write_is_noticed(tmp_path: Path, mode: int) -> None:
    read_secret({}, tmp_path)
    (tmp_path / FILE).chmod(mode)
    assert open_to_others({}, tmp_path) == [tmp_path / FILE] and not open_to_others({SETTING: GOOD}, tmp_path)
    (tmp_path / FORMER_FILE).write_text("old\n")
    (tmp_path / FORMER_FILE).chmod(mode)
    assert open_to_others({SETTING: GOOD}, tmp_path) == [tmp_path / FORMER_FILE]


def test_former_keys_come_from_the_environment_and_the_file_and_may_be_weak(tmp_path: Path) -> None:
    assert read_former({}, tmp_path, GOOD) == ()
    (tmp_path / FORMER_FILE).write_text(f"a, with a comma\n\nshort\n{GOOD}\n")
    env = {FORMER_SETTING: " short , another,,"}
    assert read_former(env, tmp_path, GOOD) == ("short", "another", "a, with a comma")
    settings = Settings.read(env | {SETTING: GOOD, "UNDERCROFT_DATA": str(tmp_path)})
    assert settings.former_keys == ("short", "another", "a, with a comma")


def test_a_file_of_former_keys_that_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / FORMER_FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(UnusableSecret) as refused:
        read_former({}, tmp_path, GOOD)
    assert refused.value.code == "unreadable" and "secret.fallbacks" in str(refused.value)


COMMANDS = [
    ["serve", "--port", "0"],
    ["add-person", "qian", "--role", "admin"],
    ["load", "x.csv"],
    ["load-demo"],
    ["backup", "x.backup"],
    ["check"],
    ["evidence", "1", "--to", "x.zip"],
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=[command[0] for command in COMMANDS])
def test_no_command_runs_with_a_key_that_can_be_guessed_and_each_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("UNDERCROFT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("UNDERCROFT_LANGUAGE", "en")
    monkeypatch.setenv(SETTING, "a")
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")  # `serve` sets it; it is put back afterwards
    refused = CliRunner().invoke(main, arguments, input="lake cane fuss over\n")
    assert refused.exit_code == 1 and "openssl rand -base64 48" in refused.stderr
    assert FORMER_SETTING in refused.stderr
    # Only the files by which one knows who else is at work.
    assert {file.suffix for file in (tmp_path / "data").iterdir()} <= {".lock"}


def test_a_token_for_figures_that_can_be_guessed_starts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNDERCROFT_DATA", str(tmp_path))
    monkeypatch.setenv("UNDERCROFT_METRICS_TOKEN", "a")
    refused = CliRunner().invoke(main, ["check"])
    assert refused.exit_code == 1 and "openssl rand -hex 20" in refused.output
    assert Settings.read({"UNDERCROFT_DATA": str(tmp_path), "UNDERCROFT_METRICS_TOKEN": "a" * 20}).metrics_token
