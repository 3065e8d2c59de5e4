"""Who may be at work at the same time: servers and commands with one key beside each other, a restore alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest
from click import ClickException
from click.testing import CliRunner
from sqlalchemy import select

from server import company_key
from server.application import create_app
from server.at_work import at_work, prepared
from server.commands.cli import main
from server.commands.run_keeping import run_backup, run_restore
from server.database import db, reading, write
from server.models import Device
from server.presence import alone, locks_of
from server.secret_key import FILE, FORMER_FILE, FORMER_SETTING, SETTING, UnusableSecret
from server.services import services, utc_now
from server.settings import Places, Settings
from server.sync.exchange import office_ledger
from server.sync.exchange.office_ledger import NewOperation
from server.sync.ledgers.secrets import check_value
from server.sync.store.people import add_person
from tests.databases import PATIENCE_S, Databases, environment
from tests.reference_client import uuid7

KEY: Final = "the key of this company, drawn by chance"
OTHER: Final = "another key that was drawn by chance, too"

Here = Callable[[Settings], None]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    """Lets the commands of this process work with these settings, but for the key: that is in the data folder."""

    def be(settings: Settings) -> None:
        for name, value in environment(settings).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("UNDERCROFT_LANGUAGE", "en")
        monkeypatch.delenv(SETTING)
        monkeypatch.delenv(FORMER_SETTING, raising=False)

    return be


@pytest.fixture
def company(settings: Settings, here: Here) -> Settings:
    """A company with an administrator, whose key is KEY."""
    here(settings)
    have(settings, KEY)
    with at_work():
        write(lambda connection: add_person(connection, "admin", "管理员", "admin", "x", utc_now()))
        db.engine.dispose()
    return settings


def have(settings: Settings, key: str, *former: str) -> None:
    """Let these keys be in the data folder."""
    (settings.data / FILE).write_text(key)
    (settings.data / FORMER_FILE).write_text("".join(f"{each}\n" for each in former))


def begin() -> str:
    """Begin to work, as every command does; the key with which that goes. Raises UnusableSecret."""
    with at_work() as settings:
        with reading() as connection:
            assert company_key.look(Places.read()).check == check_value(settings.secret_key)
            assert connection is not None
        db.engine.dispose()
    return settings.secret_key


def refused() -> str:
    """Why nobody may begin."""
    with pytest.raises(UnusableSecret) as why:
        begin()
    return why.value.code


def test_who_has_waited_for_a_restore_reads_the_key_that_it_brought(company: Settings) -> None:
    waits = threading.Event()
    with ThreadPoolExecutor(1) as threads, pytest.MonkeyPatch.context() as patched:
        patched.setattr("server.at_work._say_that_it_waits", waits.set)
        with alone(Places.read()):
            key = threads.submit(begin)
            assert waits.wait(PATIENCE_S)
            have(company, OTHER)
            company_key.note_anew(company.places, Settings.read())
        assert key.result(PATIENCE_S) == OTHER


def test_nobody_restores_while_a_command_is_at_work(company: Settings, tmp_path: Path) -> None:
    file = tmp_path / "company.backup"
    run_backup(file, None)
    with prepared(), pytest.raises(ClickException, match="at work with this data"):
        run_restore(file, True, None)


@pytest.mark.usefixtures("on_postgresql")
def test_nobody_restores_while_another_machine_is_connected_with_the_database(
    company: Settings, databases: Databases, here: Here, tmp_path: Path
) -> None:
    file = tmp_path / "company.backup"
    run_backup(file, None)
    db_of_app = create_app(Settings.read())
    with databases.bare(tmp_path / "there") as there:
        here(there)
        with at_work():
            with reading():
                pass
            here(Settings(tmp_path / "elsewhere", there.database_url, "", KEY))
            with pytest.raises(ClickException, match="at work with this data"):
                run_restore(file, False, None)
            db.engine.dispose()
        run_restore(file, False, None)
    with db_of_app.app_context():
        db.engine.dispose()


@pytest.mark.usefixtures("on_postgresql")
def test_a_server_whose_database_has_come_to_belong_to_another_key_is_not_ready(company: Settings) -> None:
    app = create_app(Settings.read())
    assert app.test_client().get("/readyz").status_code == 200
    with app.app_context():
        db.engine.dispose()
    have(company, OTHER)
    company_key.note_anew(company.places, Settings.read())
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json and answer.json["code"]) == (503, "not_ready")


def test_while_somebody_restores_nobody_connects(company: Settings, on_postgresql: None) -> None:
    app = create_app(Settings.read())
    with alone(Places.read()):
        assert app.test_client().get("/readyz").status_code == 503
    assert app.test_client().get("/readyz").status_code == 200
    with app.app_context():
        db.engine.dispose()


def test_a_second_server_with_another_key_is_refused_and_told_what_to_do(company: Settings) -> None:
    have(company, OTHER)
    assert refused() == "another"
    said = CliRunner().invoke(main, ["check"])
    assert said.exit_code == 1 and FORMER_SETTING in said.output
    have(company, KEY)
    assert begin() == KEY


def test_a_key_takes_the_place_of_a_former_one_and_not_the_other_way_round(company: Settings) -> None:
    have(company, OTHER, KEY)
    assert begin() == OTHER
    have(company, KEY)
    assert refused() == "another"
    have(company, KEY, OTHER)
    assert begin() == KEY


def test_a_key_is_changed_only_where_nobody_who_may_not_know_it_is_at_work(company: Settings) -> None:
    with prepared():
        have(company, OTHER, KEY)
        assert refused() == "in_use"
    assert begin() == OTHER


def test_servers_that_begin_at_once_with_a_new_key_all_begin(company: Settings) -> None:
    have(company, OTHER, KEY)
    with ThreadPoolExecutor(3) as threads:
        assert set(threads.map(lambda _: begin(), range(3))) == {OTHER}


def test_of_servers_that_begin_at_once_with_keys_of_their_own_one_has_the_database(
    settings: Settings, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    here(settings)
    keys = {f"{number} {KEY}" for number in range(3)}
    given = iter(keys)
    read = Settings.read.__func__  # type: ignore[attr-defined]  # a class method
    turn = threading.Lock()

    def read_own(*arguments: object, **named: object) -> Settings:
        with turn:
            monkeypatch.setenv(SETTING, next(given))
            found = read(Settings, *arguments, **named)
        assert isinstance(found, Settings)
        return found

    monkeypatch.setattr(Settings, "read", read_own)

    def outcome(_: int) -> str:
        try:
            return begin()
        except UnusableSecret as problem:
            return problem.code

    with ThreadPoolExecutor(3) as threads:
        outcomes = sorted(threads.map(outcome, range(3)))
    assert outcomes[1:] == ["another", "another"] and outcomes[0] in keys


def test_of_two_who_note_a_key_at_once_the_first_is_right(settings: Settings, here: Here) -> None:
    here(settings)
    app = create_app(Settings.read(), restoring=True)
    both = threading.Barrier(2)

    def note(key: str) -> str:
        with app.app_context():
            both.wait(PATIENCE_S)
            try:
                write(lambda connection: company_key.note(connection, Settings.read({SETTING: key})))
            except UnusableSecret as problem:
                return problem.code
        return "noted"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(note, (KEY, OTHER))) == ["another", "noted"]
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def without_a_key(company: Settings) -> Iterator[Settings]:
    """The company, whose key somebody has removed."""
    (company.data / FILE).unlink()
    yield company


def test_no_key_is_made_beside_a_company_that_has_one(without_a_key: Settings) -> None:
    assert refused() == "missing"
    assert not (without_a_key.data / FILE).exists()
    (without_a_key.data / FORMER_FILE).write_text(f"{KEY}\n")
    assert begin() not in (KEY, OTHER)


def test_a_company_whose_key_is_lost_goes_on_once_somebody_says_so(company: Settings) -> None:
    with at_work():
        with reading() as connection:
            admin = connection.scalar(company_key.select(company_key.Person.id))
        assert admin is not None
        open_order(admin)
        db.engine.dispose()
    have(company, OTHER)
    with prepared_by(KEY, company):
        assert CliRunner().invoke(main, ["accept-key"]).exit_code == 1
    have(company, OTHER)
    said = CliRunner().invoke(main, ["accept-key"])
    assert (said.exit_code, "1 office ledger was ended" in said.output) == (0, True), said.output
    assert begin() == OTHER
    with at_work():
        open_order(admin)
        with reading() as connection:
            ended = connection.scalars(select(Device.revoked_at).where(Device.kind == "office")).all()
        assert len(ended) == 2 and ended.count(None) == 1
        db.engine.dispose()


def prepared_by(key: str, settings: Settings):  # type: ignore[no-untyped-def]  # a context manager
    """Somebody at work with this key."""
    have(settings, key)
    return prepared()


def open_order(author: str) -> None:
    """An order that the office opens."""
    operation = NewOperation("order.open", uuid7(), {"kind": "repair", "fault": "水泵漏水"})
    [outcome] = write(
        lambda connection: office_ledger.write(connection, services().pen, author, [operation], utc_now())
    )
    assert outcome.status == "applied", outcome


def test_two_data_folders_with_one_database_of_sqlite_see_each_other(
    company: Settings, tmp_path: Path, on_sqlite: None
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with locks_of(Places(elsewhere, company.database_url)) as locks:
        for lock in locks:
            lock.share(lambda: None)
        with pytest.raises(BlockingIOError), alone(company.places):
            pass
