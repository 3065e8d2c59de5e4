"""A batch as long as one may be, all on one order: what others do meanwhile waits, and is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import pytest
import requests

from server.api.sync import MAX_LINES
from server.sync import exchange
from server.sync.taking import take_line
from tests.conftest import PASSWORD, People
from tests.databases import PATIENCE_S
from tests.races.gates import note
from tests.reference_client import Client
from tests.server.sync.conftest import Office

FEW: Final = 3


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
    people: People, office: Office, live_server: str, has_begun: threading.Event
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
        assert has_begun.wait(PATIENCE_S)
        answers = [threads.submit(phone.exchange) for phone in others]
        statuses = [threads.submit(ask) for ask in (page("/inbox"), page(f"/orders/{order}"), sign_in)]
        assert not batch.done()
        came = [[each["status"] for each in answer.result()["outcomes"]] for answer in answers]
        assert [status.result() for status in statuses] == [200, 200, 303]
        assert [each["status"] for each in batch.result()["outcomes"]] == ["applied"] * (MAX_LINES - 1)
    assert came == [["applied"], ["applied"]]
