"""A batch as long as one may be, all on one order: what others do meanwhile waits, and is answered.

How long that takes depends on what else the machine does; so patience is not limited here, and the work itself is: by
the time that it keeps a processor busy.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import pytest
import requests

from server import database
from server.api.sync import MAX_LINES
from server.sync.exchange import exchange
from server.sync.exchange.exchange import take_in
from server.sync.exchange.taking import take_line
from tests import reference_client
from tests.conftest import PASSWORD, People
from tests.races.gates import note
from tests.reference_client import Client
from tests.server.sync.conftest import Office

FEW: Final = 3
LONG_S: Final = 300
# The shortest patience of anybody who waits for a lock.
LIMIT_S: Final = float(database.BOUNDS["lock_timeout"].removesuffix("s"))


@pytest.fixture(autouse=True)
def all_are_patient(in_app: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine is."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", LONG_S * 1000)
    monkeypatch.setattr(reference_client, "PATIENCE_S", LONG_S)
    for name in ("lock_timeout", "statement_timeout"):
        monkeypatch.setitem(database.BOUNDS, name, f"{LONG_S}s")
    database.db.engine.dispose()  # connections take their bounds as they are made


@pytest.fixture
def busy_s(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """For how many seconds each batch, as it was taken in, kept a processor busy."""
    busy: list[float] = []

    def taking(*given: Any, **named: Any) -> Any:  # Any: of take_in
        begun = time.thread_time()
        taken = take_in(*given, **named)
        busy.append(time.thread_time() - begun)
        return taken

    monkeypatch.setattr(exchange, "take_in", taking)
    return busy


@pytest.fixture
def has_begun(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set once some lines of a batch are in its transaction."""
    begun, taken = threading.Event(), [0]

    def taking(*given: Any, **named: Any) -> Any:  # Any: of take_line
        outcome = take_line(*given, **named)
        taken[0] += 1
        if taken[0] == FEW:
            begun.set()
        return outcome

    monkeypatch.setattr(exchange, "take_line", taking)
    return begun


def phone_of(server: str, username: str) -> Client:
    phone = Client(server)
    phone.sign_in(username, PASSWORD)
    phone.sync()
    return phone


def test_while_the_longest_batch_comes_in_others_are_answered(
    people: People, office: Office, live_server: str, has_begun: threading.Event, busy_s: list[float]
) -> None:
    """Each is asked once, as a person or a phone asks; none is told to come again."""
    order, elsewhere = office.open(people.zhang.id, people.li.id), office.open(people.li.id)
    long, others = phone_of(live_server, "zhang"), [phone_of(live_server, "li") for _ in range(2)]
    desk = requests.Session()
    desk.post(f"{live_server}/office/sign-in", data={"username": "wang", "password": PASSWORD}).raise_for_status()
    for number in range(MAX_LINES - 1):  # and a time mark
        long.write("note.add", order, note(f"看过了 {number}"))
    for phone, target in zip(others, (order, elsewhere), strict=True):
        phone.write("note.add", target, note("meanwhile"))

    def page(path: str) -> Callable[[], int]:
        return lambda: desk.get(f"{live_server}/office{path}", allow_redirects=False).status_code

    chen = {"username": "chen", "password": PASSWORD}

    def sign_in() -> int:
        return requests.post(f"{live_server}/office/sign-in", data=chen, allow_redirects=False).status_code

    with ThreadPoolExecutor() as threads:
        batch = threads.submit(long.exchange)
        assert has_begun.wait(LONG_S)
        answers = [threads.submit(phone.exchange) for phone in others]
        statuses = [threads.submit(ask) for ask in (page("/inbox"), page(f"/orders/{order}"), sign_in)]
        assert not batch.done()
        came = [[each["status"] for each in answer.result()["outcomes"]] for answer in answers]
        assert [status.result() for status in statuses] == [200, 200, 303]
        assert [each["status"] for each in batch.result()["outcomes"]] == ["applied"] * (MAX_LINES - 1)
    assert came == [["applied"], ["applied"]]
    assert max(busy_s) < LIMIT_S
