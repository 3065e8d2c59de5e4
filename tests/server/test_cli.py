"""The command line: adding people, and serving with the production server."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from server.commands.cli import main
from server.settings import Places
from tests.conftest import PASSWORD
from tests.databases import Databases, environment
from tests.reference_client import Client, Refused

UNDERCROFT = [sys.executable, "-c", "from server.commands.cli import main; main()"]
START_S = 60


@pytest.fixture
def company(tmp_path: Path, databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The environment of a server that was never started."""
    for name in [name for name in os.environ if name.startswith("UNDERCROFT_")]:
        monkeypatch.delenv(name)
    with databases.bare(tmp_path / "data") as settings:
        # The secret is made by whoever starts first.
        for name, value in (environment(settings) | {"UNDERCROFT_LANGUAGE": "en"}).items():
            if name != "UNDERCROFT_SECRET_KEY":
                monkeypatch.setenv(name, value)
        yield dict(os.environ)


@pytest.fixture
def serving(company: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Two servers begun at once on one empty folder; the address of the first and its process."""
    command = [*UNDERCROFT, "serve", "--port", "0"]
    processes = [
        subprocess.Popen(command, env=company, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        addresses = [address_of(process) for process in processes]
        yield addresses[0], processes[0]
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.communicate(timeout=START_S)


def address_of(process: subprocess.Popen[str]) -> str:
    """What the server says where it serves, once it does."""
    assert process.stdout is not None and process.stderr is not None
    ready, _, _ = select.select([process.stdout], [], [], START_S)
    line = process.stdout.readline() if ready else ""
    found = re.search(r"http://\S+", line)
    assert found, process.stderr.read() if process.poll() is not None else f"no address in {line!r}"
    return found.group()


def test_a_person_who_was_added_can_sign_in_to_the_production_server(
    company: dict[str, str], serving: tuple[str, subprocess.Popen[str]]
) -> None:
    address, process = serving
    command = [*UNDERCROFT, "add-person", "Qian", "--role", "technician", "--name", "钱师傅"]
    added = subprocess.run(command, env=company, input=PASSWORD + "\n", capture_output=True, text=True)
    assert added.returncode == 0, added.stderr
    client = Client(address)
    client.sign_in("qian", PASSWORD)
    assert client.person["id"] == added.stdout.strip() and client.person["name"] == "钱师傅"
    client.sync()
    assert client.held_documents("person")[client.person["id"]]["body"]["name"] == "钱师傅"
    with pytest.raises(Refused) as refused:
        client.call("POST", "/api/v1/sync", data=b"[" * 10_000_000)
    assert (refused.value.status, refused.value.code) == (413, "too_large")
    assert requests.get(f"{address}/readyz", timeout=30).json()["status"] == "ready"
    figures = requests.get(f"{address}/metrics", timeout=30).text
    assert 'undercroft_requests_total{endpoint="session.sign_in",method="POST",status="200"} 1.0' in figures
    process.send_signal(signal.SIGTERM)
    process.wait(START_S)
    assert process.returncode == 0


def test_a_username_is_given_only_once(company: dict[str, str]) -> None:
    arguments = ["add-person", "qian", "--role", "technician"]
    first = CliRunner().invoke(main, arguments, input=PASSWORD + "\n")
    assert first.exit_code == 0 and re.fullmatch(r"[0-9a-f-]{36}\n", first.stdout)
    again = CliRunner().invoke(main, ["add-person", "QIAN", "--role", "admin"], input=PASSWORD + "\n")
    assert again.exit_code == 1 and "QIAN" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "password", "code"),
    [
        (["add-person", "qian", "--role", "technician"], "password", 1),
        (["add-person", "qian", "--role", "technician", "--name", "Violet Hammer"], "violet hammer lake cane", 1),
        (["add-person", "qian", "--role", "plumber"], PASSWORD, 2),
        (["add-person", "q" * 65, "--role", "technician"], PASSWORD, 1),
        (["add-person", " ", "--role", "technician"], PASSWORD, 1),
    ],
    ids=["short password", "their name", "unknown role", "long username", "no username"],
)
def test_a_person_who_cannot_be_added_is_refused(
    company: dict[str, str], arguments: list[str], password: str, code: int
) -> None:
    refused = CliRunner().invoke(main, arguments, input=password + "\n")
    assert refused.exit_code == code and refused.stderr


@pytest.mark.parametrize("command", ["serve", "load", "load-demo", "add-person"])
def test_every_command_explains_itself(command: str) -> None:
    assert CliRunner().invoke(main, [command, "--help"]).exit_code == 0


def test_accounts_are_changed_by_command_and_the_last_administrator_stays(company: dict[str, str]) -> None:
    def run(*arguments: str, password: str | None = None) -> tuple[int, str]:
        done = CliRunner().invoke(main, list(arguments), input=password and f"{password}\n")
        return done.exit_code, done.output

    for name, role in (("boss", "admin"), ("zhao", "technician")):
        assert run("add-person", name, "--role", role, password=PASSWORD)[0] == 0
    assert run("set-password", "zhao", password="three quiet words again")[0] == 0
    for command in ("close-account", "open-account", "end-sessions"):
        assert run(command, "zhao", "--reason", "left")[0] == 0
    assert run("set-password", "boss", password="three quiet words again")[0] == 0
    assert run("close-account", "boss")[0] == 1
    assert run("close-account", "nobody")[0] == 1
    assert run("close-account", "boss", "--by", "zhao")[0] == 1
    assert run("set-password", "zhao", password="short")[0] == 1


def test_a_database_of_a_later_version_is_left_alone(company: dict[str, str]) -> None:
    added = CliRunner().invoke(main, ["add-person", "zhang", "--role", "technician"], input=PASSWORD + "\n")
    assert added.exit_code == 0, added.output
    engine = create_engine(Places.read().database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for command in (["check"], ["add-person", "li", "--role", "technician"], ["serve", "--port", "0"]):
        refused = CliRunner().invoke(main, command, input=PASSWORD + "\n")
        assert refused.exit_code == 1
        assert "by a later version of Undercroft" in refused.output, refused.output
    with engine.begin() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
        assert connection.execute(text("SELECT username FROM person")).scalars().all() == ["zhang"]
    engine.dispose()
