"""Secrets that somebody outside could guess: passwords, the server's key, the demonstration's accounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from apiflask import APIFlask
from click.testing import CliRunner
from sqlalchemy import update

from server.application import create_app
from server.commands.cli import main
from server.database import db, writing
from server.demo.people import PASSWORD as PUBLIC
from server.demo.public import remember_public_accounts
from server.models import Person
from server.password_hashes import hash_password
from server.secret_key import FILE, SETTING
from server.services import services, utc_now
from server.settings import Settings
from server.starting import warnings
from server.sync.ledgers.anchors import AnchorMint
from server.sync.ledgers.seal import Sealer
from server.sync.store.people import add_person
from tests.adversary.results import result
from tests.conftest import People

NOTICE = "Everybody knows the password"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a company that was never started, named in the environment."""
    monkeypatch.setenv("UNDERCROFT_DATA", str(tmp_path / "own"))
    monkeypatch.setenv("UNDERCROFT_LANGUAGE", "en")
    monkeypatch.delenv(SETTING, raising=False)
    return tmp_path / "own"


def add_liwei(password: str) -> tuple[int, str]:
    """The exit code and the sentence of adding liwei with this password."""
    added = CliRunner().invoke(main, ["add-person", "liwei", "--role", "technician"], input=password + "\n")
    return added.exit_code, added.stderr


@pytest.mark.usefixtures("own")
@result("proven false")
def test_a_password_that_everybody_tries_first_is_not_taken() -> None:
    for password in ("12345678", "password1234", " " * 8, PUBLIC, "undercroft-2026", "liwei-2026-liwei"):
        code, said = add_liwei(password)
        assert code == 1 and "four or more words" in said, password


@result("proven false")
def test_a_key_that_can_be_guessed_starts_nothing(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "a")
    code, said = add_liwei("lake cane fuss over")
    assert code == 1 and "openssl rand" in said and not any(own.iterdir())


@result("proven false")
def test_an_emptied_key_file_is_no_empty_key(own: Path) -> None:
    own.mkdir()
    (own / FILE).write_text("")
    code, said = add_liwei("lake cane fuss over")
    assert code == 1 and "emptied" in said and [file.name for file in own.iterdir()] == [FILE]


@result("not detectable")
def test_a_former_key_that_can_be_guessed_makes_time_anchors_and_seals(settings: Settings) -> None:
    body, then = {"fault": "?"}, utc_now() - timedelta(days=1)
    anchor, seal = AnchorMint("a").mint(then), Sealer.of("a").seal("work_order", "x", 1, body)
    with create_app(replace(settings, former_keys=("a",))).app_context():
        assert services().anchors.read(anchor) == then and services().sealer.fits(seal, "work_order", "x", 1, body)
        db.engine.dispose()
    with create_app(settings).app_context():
        assert services().anchors.read(anchor) is None and not services().sealer.fits(seal, "work_order", "x", 1, body)
        db.engine.dispose()


@result("hinted")
def test_the_public_password_opens_an_account_beside_real_ones(
    app: APIFlask, settings: Settings, people: People
) -> None:
    client, english = app.test_client(), {"Accept-Language": "en"}
    with app.app_context():
        assert warnings(settings) == []
        with writing() as connection:
            add_person(connection, "liuna", "Liu Na", "service_desk", hash_password(PUBLIC), utc_now())
            remember_public_accounts(connection)
        (warning,) = warnings(settings)
        assert "liuna" in warning and people.chen.username not in warning
        assert NOTICE in client.get("/office/sign-in", headers=english).text
        assert client.get("/api/v1/company").json == {"is_demonstration": True}
        with writing() as connection:
            changed = update(Person).where(Person.username == "liuna").values(password_hash=hash_password("another"))
            connection.execute(changed)
        assert NOTICE not in client.get("/office/sign-in", headers=english).text and warnings(settings) == []
