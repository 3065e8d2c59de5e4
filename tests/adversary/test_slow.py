"""Somebody holds connections open, against the real server process."""

from __future__ import annotations

import hashlib
import select
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlsplit

import pytest
import requests

from server.connections import bounds
from tests.adversary.results import result
from tests.browser.company import PASSWORD, load_demo, serving
from tests.reference_client import Client, uuid7
from tests.server.api.photo_help import SMALL, record_photo

PATIENCE_S = 10
SLOW = 500
EXCHANGES = 5
HEAD = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("slow")
    load_demo(folder)
    with serving(folder) as found:
        yield found


@pytest.fixture(scope="module")
def phones(address: str) -> list[Client]:
    made = [Client(address) for _ in range(2)]
    for phone, username in zip(made, ("liwei", "wanggang"), strict=True):
        phone.sign_in(username, PASSWORD)
        phone.sync()
    return made


def phones_exchange_beside(address: str, phones: list[Client]) -> None:
    """All phones write and exchange several times, each of which is answered 200, and so is health in between."""

    def work(phone: Client) -> None:
        order = next(iter(phone.held_documents("work_order")))
        for number in range(EXCHANGES):
            phone.write("note.add", order, {"note": uuid7(), "text": f"{number}"})
            phone.exchange()
            assert phone.acknowledged == len(phone.ledger.lines)
            assert requests.get(f"{address}/healthz", timeout=PATIENCE_S).status_code == 200

    with ThreadPoolExecutor(len(phones)) as pool:
        list(pool.map(work, phones))


@contextmanager
def held_open(address: str, first: list[bytes], then: bytes) -> Iterator[None]:
    """`SLOW` connections, as long as the block runs: each sends one of `first`, and again and again `then`, or takes a
    few bytes where that is empty; what the server ends begins anew."""
    over = threading.Event()
    held = [_connected(address, first[number % len(first)]) for number in range(SLOW)]

    def go_on() -> None:
        while not over.wait(0.5):
            for number, connection in enumerate(held):
                try:
                    _trickle(connection, then)
                except OSError:
                    connection.close()
                    with suppress(OSError):
                        held[number] = _connected(address, first[number % len(first)])

    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(go_on)
        try:
            yield
        finally:
            over.set()
            going.result()
            for each in held:
                each.close()


def _connected(address: str, first: bytes) -> socket.socket:
    where = urlsplit(address)
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.settimeout(PATIENCE_S)
    made.connect((where.hostname or "", where.port or 0))
    made.sendall(first)
    return made


def _trickle(connection: socket.socket, then: bytes) -> None:
    if then:
        connection.sendall(then)
    elif select.select([connection], [], [], 0)[0] and not connection.recv(16):
        raise ConnectionResetError


def answers_beside(address: str, beginning: bytes, connections: int) -> None:
    """Health and pages answer while so many connections have sent no more than `beginning` and one byte at a time."""
    where = urlsplit(address)
    with ExitStack() as stack:
        slow = [
            stack.enter_context(socket.create_connection((where.hostname or "", where.port or 0)))
            for _ in range(connections)
        ]
        for byte in (beginning, b"a", b"b"):
            for each in slow:
                with suppress(ConnectionError):  # The server may end it at any time.
                    each.sendall(byte)
            for path in ("/healthz", "/readyz", "/app/"):
                assert requests.get(address + path, timeout=PATIENCE_S).ok


@result("stopped")
def test_five_hundred_heads_that_come_a_byte_at_a_time(address: str) -> None:
    answers_beside(address, b"GET /app/ HTTP/1.1\r\nX: ", 500)


@result("stopped")
def test_five_hundred_bodies_that_come_a_byte_at_a_time(address: str) -> None:
    answers_beside(address, HEAD + b"Content-Length: 2000\r\n\r\n", 500)


@result("stopped")
def test_two_hundred_bodies_that_do_not_say_how_long_they_are(address: str) -> None:
    answers_beside(address, HEAD + b"Transfer-Encoding: chunked\r\n\r\n7d0\r\n", 200)


@result("stopped")
def test_connections_that_are_answered_and_not_hung_up(address: str) -> None:
    where = urlsplit(address)
    with ExitStack() as stack:
        for _ in range(40):
            held = stack.enter_context(socket.create_connection((where.hostname or "", where.port or 0)))
            held.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert requests.get(f"{address}/healthz", timeout=PATIENCE_S).ok


@result("stopped")
def test_who_is_refused_and_asks_again_at_once_waits_for_each_answer(address: str, phones: list[Client]) -> None:
    over, waited = threading.Event(), list[float]()

    def ask_again() -> None:
        session, begun = requests.Session(), time.monotonic()
        while not over.is_set():
            asked = time.monotonic()
            assert session.get(f"{address}/api/v1/session", timeout=PATIENCE_S).status_code == 401
            waited.append(time.monotonic() - asked)
            assert time.monotonic() - begun < 60

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(ask_again) for _ in range(8)]
        phones_exchange_beside(address, phones)
        over.set()
        for each in asking:
            each.result()
    assert waited and min(waited) >= bounds.REFUSED_S


@result("stopped")
def test_five_hundred_heads_and_bodies_trickle_while_phones_exchange(address: str, phones: list[Client]) -> None:
    beginnings = [b"GET /app/ HTTP/1.1\r\nX: ", HEAD + b"Content-Length: 2000\r\n\r\n"]
    with held_open(address, beginnings, b"a"):
        phones_exchange_beside(address, phones)


@result("stopped")
def test_five_hundred_readers_take_a_photo_a_few_bytes_at_a_time_while_phones_exchange(
    address: str, phones: list[Client]
) -> None:
    photo = SMALL + bytes(3_000_000)
    phones[0].upload(photo, "image/jpeg")
    record_photo(phones[0], next(iter(phones[0].held_documents("work_order"))), photo)
    path = f"/api/v1/photos/{hashlib.sha256(photo).hexdigest()}"
    assert phones[0].call("GET", path).content == photo
    asked = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {phones[0].token}\r\n\r\n".encode()
    with held_open(address, [asked], b""):
        phones_exchange_beside(address, phones)
