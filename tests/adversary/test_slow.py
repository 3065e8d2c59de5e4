"""Somebody without a password holds connections open, against the real server process."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

import pytest
import requests

from tests.adversary.results import result
from tests.browser.company import serving

PATIENCE_S = 10
HEAD = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("slow")) as found:
        yield found


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
