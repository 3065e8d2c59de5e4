"""The loop that collects requests: what a thread gets, and when a connection ends."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator

import pytest
from gunicorn.config import Config

from server.connections import PatientWorker, bounds
from server.connections.arriving import Arriving, head_of
from server.connections.patient_socket import PatientSocket

PHONE = ("203.0.113.7", 5000)
PROXY = ("127.0.0.1", 5000)


class Listener(socket.socket):
    """Gives connections that seem to come from `client`."""

    client = PHONE

    def accept(self) -> tuple[socket.socket, tuple[str, int]]:
        ours, theirs = socket.socketpair()
        theirs.settimeout(5)
        self.others.append(theirs)
        return ours, self.client

    def __init__(self) -> None:
        super().__init__()
        self.others: list[socket.socket] = []


@pytest.fixture
def worker() -> Iterator[PatientWorker]:
    made = PatientWorker(0, 0, [], None, 30, Config(), None)
    made.poller = selectors.DefaultSelector()
    yield made
    for waiting in [*made.arriving]:
        made._drop(waiting)
    made.poller.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as made:
        yield made
        for each in made.others:
            each.close()


@pytest.mark.parametrize(
    ("arrived", "head"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r", None),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", (27, 0)),
        (b"PUT / HTTP/1.1\r\ncontent-LENGTH: 12\r\n\r\nab", (38, 12)),
        (b"PUT / HTTP/1.1\r\nContent-Length: many\r\n\r\n", (40, 0)),
        (b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", (46, None)),
        (b"PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", (59, None)),
    ],
)
def test_a_head_says_how_much_has_to_come(arrived: bytes, head: tuple[int, int | None] | None) -> None:
    found = head_of(bytearray(arrived))
    assert (found and (found.bytes, found.body_bytes)) == head


def test_a_request_is_whole_with_its_last_byte_however_it_is_cut() -> None:
    request = b"PUT / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
    arriving = Arriving(None, 0)
    assert [arriving.take(bytes([byte])) for byte in request] == [False] * (len(request) - 1) + [True]


def test_a_head_without_an_end_is_not_collected_for_ever() -> None:
    assert Arriving(None, 0).take(b"a" * (bounds.HEAD_BYTES + 1))


def test_bytes_of_a_body_give_time_at_the_rate_of_the_thinnest_link() -> None:
    arriving = Arriving(None, 0)
    arriving.take(b"PUT / HTTP/1.1\r\nContent-Length: 300000\r\n\r\n")
    at_first = arriving.deadline
    assert at_first == pytest.approx(time.monotonic() + bounds.BODY_S, abs=5)
    arriving.take(b"a")
    assert arriving.deadline - at_first < 0.01
    arriving.take(b"a" * 262_144)
    assert arriving.deadline - at_first == pytest.approx(256, abs=0.1)


def test_a_long_body_that_only_trickles_ends_the_connection() -> None:
    slow, served = socket.socketpair()
    with slow, PatientSocket(fileno=served.detach()) as patient:
        patient.setblocking(True)
        patient.deadline = time.monotonic() + 60
        slow.sendall(b"a")
        assert patient.recv(1) == b"a"
        assert patient.gettimeout() == PatientSocket.LONGEST_SILENCE_S
        patient.deadline = time.monotonic()
        slow.sendall(b"a")
        with pytest.raises(ConnectionResetError):
            patient.recv(1)


def test_what_has_not_come_in_its_time_is_ended(
    worker: PatientWorker, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.accept(listener)
    monkeypatch.setattr(bounds, "HEAD_S", 0)
    worker.accept(listener)
    worker.murder_pending()
    assert listener.others[1].recv(1) == b""
    assert (len(worker.arriving), worker.nr_conns, worker.of_address[PHONE[0]]) == (1, 1, 1)


def test_one_address_cannot_take_every_connection_but_the_proxy_may(worker: PatientWorker, listener: Listener) -> None:
    for _ in range(bounds.OF_ONE_ADDRESS + 5):
        worker.accept(listener)
    assert worker.nr_conns == bounds.OF_ONE_ADDRESS
    listener.client = PROXY
    for _ in range(bounds.OF_ONE_ADDRESS + 5):
        worker.accept(listener)
    assert worker.nr_conns == 2 * bounds.OF_ONE_ADDRESS + 5


def test_who_comes_when_all_places_are_taken_gets_the_place_of_who_has_not_said_what_they_want(
    worker: PatientWorker, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "ARRIVING", 2)
    worker.accept(listener)
    next(iter(worker.arriving)).take(b"PUT / HTTP/1.1\r\nContent-Length: 3\r\n\r\n")
    worker.accept(listener)
    worker.accept(listener)
    assert listener.others[1].recv(1) == b""
    assert [each.head is None for each in worker.arriving] == [False, True]


def test_bodies_that_are_held_together_stay_within_their_bound(
    worker: PatientWorker, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "HELD_BYTES", 1000)
    for size in (300, 600, 200):
        worker.accept(listener)
        listener.others[-1].sendall(b"PUT / HTTP/1.1\r\nContent-Length: 9000\r\n\r\n".ljust(size, b"a"))
        worker.wait_for_and_dispatch_events(0)
    assert sorted(len(each.arrived) for each in worker.arriving) == [200, 300]
    assert worker.held_bytes == 500


def test_a_proxy_on_this_machine_is_not_bounded_where_ipv6_writes_its_address(
    worker: PatientWorker, listener: Listener
) -> None:
    listener.client = ("::ffff:127.0.0.1", 5000)
    for _ in range(bounds.OF_ONE_ADDRESS + 5):
        worker.accept(listener)
    assert worker.nr_conns == bounds.OF_ONE_ADDRESS + 5
