"""Transactions of several at once: what each sees, who gives way, and that nobody gets an error for it."""

from __future__ import annotations

import fcntl
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update

from server import database
from server.application import create_app
from server.database import db, reading, write, writing
from server.models import Counter, Device, Person
from server.settings import Settings
from server.sync.store.facts_store import next_number
from server.web import errors
from tests.conftest import PASSWORD, People
from tests.databases import PATIENCE_S, wait_until_somebody_waits
from tests.server.conftest import Beside


@pytest.fixture(autouse=True)
def in_app(app: APIFlask) -> Iterator[None]:
    with app.app_context():
        yield


def test_a_reader_sees_one_moment(people: People) -> None:
    count = select(func.count()).select_from(Counter)
    with reading() as reader:
        assert reader.execute(count).scalar_one() == 0
        write(lambda connection: next_number(connection, "a"))
        assert reader.execute(count).scalar_one() == 0
    with reading() as reader:
        assert reader.execute(count).scalar_one() == 1


def test_a_reader_writes_nothing_on_postgresql(on_postgresql: None) -> None:
    with pytest.raises(database.DBAPIError, match="read-only"), reading() as reader:
        next_number(reader, "a")


def test_two_writers_who_wait_for_each_other_both_succeed(on_postgresql: None, people: People, beside: Beside) -> None:
    both_have_one = threading.Barrier(2)
    tries = []

    def rename(first: str, second: str) -> None:
        def work(connection: database.Connection) -> None:
            tries.append(first)
            connection.execute(update(Person).where(Person.id == first).values(name="first"))
            if len(tries) <= 2:
                both_have_one.wait(PATIENCE_S)
            connection.execute(update(Person).where(Person.id == second).values(name="second"))

        write(work)

    zhang, li = people.zhang.id, people.li.id
    for done in [beside(lambda: rename(zhang, li)), beside(lambda: rename(li, zhang))]:
        done.result(PATIENCE_S)
    assert len(tries) == 3


def test_two_who_write_the_same_first_row_both_succeed(on_postgresql: None, beside: Beside) -> None:
    with writing() as connection:
        assert next_number(connection, "a") == 1
        second = beside(lambda: write(lambda other: next_number(other, "a")))
        wait_until_somebody_waits()
    assert second.result(PATIENCE_S) == 2


@contextmanager
def _locked(person_id: str) -> Iterator[None]:
    with writing() as connection:
        connection.execute(select(Person.id).where(Person.id == person_id).with_for_update()).all()
        connection.execute(select(Device.id).where(Device.person_id == person_id).with_for_update()).all()
        yield


def test_whoever_waits_too_long_is_told_to_come_again(
    settings: Settings, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    monkeypatch.setitem(database.BOUNDS, "lock_timeout", "50ms")
    impatient = create_app(settings)
    wang = {"username": "wang", "password": PASSWORD}
    client: FlaskClient = impatient.test_client()
    assert client.post("/office/sign-in", data=wang).status_code == 303
    with _locked(people.wang.id):
        answer = client.post("/office/sign-in", data=wang, headers={"Accept": "application/problem+json"})
    assert answer.status_code == 503 and answer.json is not None
    assert answer.json["code"] == "busy" and answer.headers["Retry-After"] == str(errors.BUSY_S)
    assert client.post("/office/sign-in", data=wang).status_code == 303
    with impatient.app_context():
        db.engine.dispose()


def test_a_database_that_is_away_is_no_fault_of_ours(
    on_postgresql: None, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_more: object) -> None:
        raise psycopg.OperationalError("connection refused")

    db.engine.dispose()
    monkeypatch.setattr(db.engine.dialect, "connect", refuse)
    answer = client.get("/api/v1/session", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 503 and answer.json is not None and answer.json["code"] == "not_ready"


def test_what_a_list_is_ordered_by_compares_bytes_on_postgresql(on_postgresql: None) -> None:
    found = text(
        "SELECT table_name || '.' || column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND collation_name = 'C'"
    )
    with reading() as connection:
        names = set(connection.execute(found).scalars())
    lists = {"customer.number", "site.number", "asset.number", "part.number", "person.username", "person.name"}
    assert names >= lists


@pytest.mark.parametrize("kind", ["postgres", "postgresql", "postgresql+psycopg"])
def test_an_address_of_postgresql_needs_no_driver(kind: str, tmp_path: Path) -> None:
    environ = {"UNDERCROFT_DATA": str(tmp_path), "UNDERCROFT_DATABASE_URL": f"{kind}://u:p@host/name"}
    assert Settings.read(environ).database_url == "postgresql+psycopg://u:p@host/name"


def test_on_sqlite_a_writer_waits_for_one_of_another_process_and_goes_on_at_once(
    on_sqlite: None, people: People, beside: Beside
) -> None:
    with open(f"{db.engine.url.database}.writing", "w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        done = beside(lambda: write(lambda connection: next_number(connection, "a")))
        with pytest.raises(TimeoutError):
            done.result(0.2)
        fcntl.flock(other, fcntl.LOCK_UN)
        assert done.result(PATIENCE_S) == 1


def test_on_sqlite_who_waits_too_long_for_other_writers_is_told_to_come_again(
    on_sqlite: None, people: People, beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 10)
    with writing():
        done = beside(lambda: write(lambda connection: next_number(connection, "a")))
        with pytest.raises(database.PoolTimeout) as busy:
            done.result(PATIENCE_S)
    assert database.was_too_busy(busy.value)


@pytest.fixture
def stopped_process(on_sqlite: None) -> Iterator[Callable[[], None]]:
    """Another process that stands still while it writes; called, it goes on."""
    file = f"{db.engine.url.database}.writing"
    holding = "import fcntl, sys; file = open(sys.argv[1], 'w'); fcntl.flock(file, fcntl.LOCK_EX); print(flush=True)"
    program = [sys.executable, "-c", f"{holding}; sys.stdin.read()", file]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline()
        process.send_signal(signal.SIGSTOP)

        def goes_on() -> None:
            process.send_signal(signal.SIGCONT)
            process.communicate()

        yield goes_on
        goes_on()


def test_on_sqlite_who_waits_too_long_for_a_process_that_stands_still_is_told_to_come_again(
    settings: Settings, people: People, stopped_process: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    client: FlaskClient = create_app(settings).test_client()
    wang, wants_json = {"username": "wang", "password": PASSWORD}, {"Accept": "application/problem+json"}
    threads = threading.active_count()
    for _ in range(3):
        answer = client.post("/office/sign-in", data=wang, headers=wants_json)
        assert answer.status_code == 503 and answer.json is not None and answer.json["code"] == "busy"
        assert answer.headers["Retry-After"] == str(errors.BUSY_S)
    assert threading.active_count() <= threads + 1
    monkeypatch.undo()
    stopped_process()
    assert client.post("/office/sign-in", data=wang).status_code == 303


def test_on_sqlite_who_gave_up_waiting_keeps_no_other_process_waiting(
    people: People, stopped_process: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    with pytest.raises(database.PoolTimeout):
        write(lambda connection: next_number(connection, "a"))
    stopped_process()
    with open(f"{db.engine.url.database}.writing", "w") as other:
        until = time.monotonic() + PATIENCE_S
        while not _locks(other):
            assert time.monotonic() < until
            time.sleep(0.01)


def _locks(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
