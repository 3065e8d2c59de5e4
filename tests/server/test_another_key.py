"""Another secret key: what the former one made is still known, and the office goes on writing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from cryptography.fernet import InvalidToken
from sqlalchemy import select

from server.application import create_app
from server.commands.run_keeping import run_backup, run_restore
from server.database import db, reading, write, writing
from server.keeping.archive import FORMER
from server.keeping.opening import open_backup
from server.models import Device, Document
from server.secret_key import FORMER_FILE, FORMER_SETTING, SETTING
from server.services import services, utc_now
from server.settings import Settings
from server.starting import warnings
from server.sync.exchange import office_ledger
from server.sync.exchange.office_ledger import NewOperation
from server.sync.ledgers.anchors import AnchorMint
from server.sync.ledgers.office_keys import KeyVault, renew_all
from server.sync.ledgers.seal import Sealer
from server.sync.store.people import add_person
from server.web import known_browser
from tests.conftest import PASSWORD
from tests.databases import environment
from tests.reference_client import uuid7

OLD, NEW = "short", "a key that was drawn by chance, of today"
BODY = {"id": "x", "fault": "水泵漏水"}


@contextmanager
def running(settings: Settings) -> Iterator[APIFlask]:
    """The server with these settings, until it stops."""
    app = create_app(settings)
    with app.app_context():
        yield app
        db.engine.dispose()


@pytest.fixture
def old(settings: Settings, password_hash: str) -> tuple[Settings, dict[str, str]]:
    """A company whose key is too short by now: its settings, and what was made under that key."""
    before = replace(settings, secret_key=OLD)
    with running(before) as app:
        with writing() as connection:
            admin = add_person(connection, "admin", "管理员", "admin", password_hash, utc_now())
        made = {"admin": admin, "order": open_order(admin), "anchor": services().anchors.mint(utc_now())}
        with reading() as connection:
            made["seal"] = connection.scalar(select(Document.seal).where(Document.id == made["order"])) or ""
        browser = app.test_client()
        browser.post("/office/sign-in", data={"username": "admin", "password": PASSWORD})
        cookie = browser.get_cookie(known_browser.COOKIE, path=known_browser.PATH)
        assert cookie is not None
        made["cookie"] = cookie.value
    return before, made


def open_order(author: str) -> str:
    """An order that the office opens; its id."""
    order = uuid7()
    operation = NewOperation("order.open", order, {"kind": "repair", "fault": "水泵漏水"})
    [outcome] = write(
        lambda connection: office_ledger.write(connection, services().pen, author, [operation], utc_now())
    )
    assert outcome.status == "applied", outcome
    return order


def test_what_a_former_key_made_is_known_and_the_office_goes_on(old: tuple[Settings, dict[str, str]]) -> None:
    before, made = old
    with running(replace(before, secret_key=NEW, former_keys=(OLD,))):
        assert services().anchors.read(made["anchor"]) is not None
        with reading() as connection:
            stored: Any = connection.execute(select(Document).where(Document.id == made["order"])).one()
        sealed = services().sealer
        assert sealed.fits(sealed.seal("work_order", "x", 1, BODY), "work_order", "x", 1, BODY)
        assert stored.seal == made["seal"] != ""
        assert sealed.fits(made["seal"], "work_order", stored.id, stored.version, json.loads(stored.body))
        open_order(made["admin"])
        assert warnings(services().settings) == []
    with running(replace(before, secret_key=NEW)):
        open_order(made["admin"])  # Its key is sealed with the new one by now.
        assert services().anchors.read(made["anchor"]) is None
        assert warnings(services().settings) == []


def test_nothing_is_made_under_a_former_key() -> None:
    former = AnchorMint(OLD)
    assert former.read(AnchorMint(NEW, OLD).mint(utc_now())) is None
    assert Sealer.of(NEW, OLD).seal("work_order", "x", 1, BODY) == Sealer.of(NEW).seal("work_order", "x", 1, BODY)
    assert not Sealer.of(NEW, OLD).fits(
        Sealer.of("another").seal("work_order", "x", 1, BODY), "work_order", "x", 1, BODY
    )
    _, sealed = KeyVault(NEW, OLD).new_key()
    with pytest.raises(InvalidToken):
        KeyVault(OLD).open(sealed)


def test_a_cookie_that_a_former_key_has_signed_is_nothing(old: tuple[Settings, dict[str, str]]) -> None:
    before, made = old
    with running(replace(before, secret_key=NEW, former_keys=(OLD,))) as app:
        headers = {"Cookie": f"{known_browser.COOKIE}={made['cookie']}"}
        with app.test_request_context(headers=headers) as here:
            assert known_browser.read(here.request) is None


def test_a_start_with_another_key_alone_says_whose_ledgers_it_does_not_open(
    old: tuple[Settings, dict[str, str]],
) -> None:
    before, made = old
    with running(replace(before, secret_key=NEW, language="en")):
        (warning,) = warnings(services().settings)
        assert FORMER_SETTING in warning
        with pytest.raises(InvalidToken):
            open_order(made["admin"])
    with running(before):
        open_order(made["admin"])


def test_two_starts_at_once_seal_a_key_once(old: tuple[Settings, dict[str, str]]) -> None:
    before, _ = old
    with running(replace(before, secret_key=NEW, former_keys=(OLD,))) as app:

        def start(_: int) -> tuple[int, bytes]:
            with app.app_context():
                lost = len(write(lambda connection: renew_all(connection, services().vault)))
                with reading() as connection:
                    sealed = connection.execute(select(Device.sealed_key).where(Device.kind == "office")).scalar_one()
            assert sealed is not None
            return lost, sealed

        with ThreadPoolExecutor(4) as threads:
            [(lost, sealed)] = set(threads.map(start, range(4)))
        assert lost == 0
        KeyVault(NEW).open(sealed)


def test_a_backup_carries_former_keys_and_a_restore_keeps_them_beside_the_new_one(
    old: tuple[Settings, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, made = old
    if not before.database_url.startswith("sqlite"):
        pytest.skip("a restore replaces SQLite's files alone")
    for name, value in environment(before).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(SETTING, NEW)
    monkeypatch.setenv(FORMER_SETTING, OLD)
    file = tmp_path / "company.backup"
    run_backup(file, None)
    assert open_backup(file).former == (OLD,)
    monkeypatch.delenv(SETTING)
    monkeypatch.delenv(FORMER_SETTING)
    data = tmp_path / "restored"
    monkeypatch.setenv("UNDERCROFT_DATA", str(data))
    monkeypatch.delenv("UNDERCROFT_DATABASE_URL")
    run_restore(file, False, None)
    assert FORMER == FORMER_FILE and (data / FORMER_FILE).read_text() == f"{OLD}\n{NEW}\n"
    assert (data / FORMER_FILE).stat().st_mode & 0o777 == 0o600
    restored = Settings.read()
    assert (restored.secret_key, restored.former_keys) == (NEW, (OLD,))
    with running(restored):
        assert services().anchors.read(made["anchor"]) is not None
