"""What the loop does while threads work: what counts until they are done, and answers that are read slowly."""

from __future__ import annotations

import errno
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from server.connections import PatientWorker, bounds
from server.connections.patient_socket import PatientSocket
from server.connections.worker import Answering
from tests.server.test_connections import Listener, listener, worker

__all__ = ["listener", "worker"]  # fixtures

ANSWER = bytes(range(256)) * 8192  # 2 MiB: more than a socket pair takes
PATIENCE_S = 10


class Threads:
    """The threads of a worker: each waits at a gate, and then answers with what `answer` sends."""

    def __init__(self, worker: PatientWorker, number: int) -> None:
        self.worker, self.gate, self.begun = worker, threading.Event(), threading.Semaphore(0)
        self.answer: Callable[[PatientSocket], None] = lambda _: None
        worker.handle = self._handle
        worker.tpool = ThreadPoolExecutor(number)
        worker.method_queue.init()
        worker.poller.register(worker.method_queue.fileno(), 1, worker.method_queue.run_callbacks)

    def _handle(self, conn: Any) -> bool:
        self.begun.release()
        assert self.gate.wait(PATIENCE_S)
        conn.parser.unreader.take_buffered()
        self.answer(conn.sock)
        return True

    def run_until(self, so: Callable[[], bool]) -> None:
        """Let the loop turn until something is so."""
        until = time.monotonic() + PATIENCE_S
        while not so():
            assert time.monotonic() < until
            self.worker.wait_for_and_dispatch_events(0.01)


@pytest.fixture
def threads(worker: PatientWorker) -> Iterator[Threads]:
    made = Threads(worker, 1)
    yield made
    made.gate.set()
    worker.tpool.shutdown()
    for answering in [*worker.answering.values()]:
        worker._stop_answering(answering)


def sends(worker: PatientWorker, listener: Listener, size: int) -> socket.socket:
    """A whole request of so many bytes comes in; returns the client's end."""
    worker.accept(listener)
    head = b"PUT / HTTP/1.1\r\nContent-Length: %7d\r\n\r\n"
    head = head % (size - len(head % 0))
    arriving = next(reversed(worker.arriving))
    worker._take(arriving, head.ljust(size, b"a"))
    return listener.others[-1]


def is_ended(client: socket.socket) -> bool:
    """Whether the server has hung up."""
    client.settimeout(0)
    try:
        return client.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def test_a_body_counts_until_its_thread_is_done(worker: PatientWorker, listener: Listener, threads: Threads) -> None:
    for size in (300, 400):
        sends(worker, listener, size)
    assert worker.held_bytes == 700
    threads.gate.set()
    threads.run_until(lambda: not worker.handed)
    assert worker.held_bytes == 0


def test_of_bodies_that_wait_for_a_thread_the_largest_makes_room(
    worker: PatientWorker, listener: Listener, threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "HELD_BYTES", 2000)
    at_work = sends(worker, listener, 900)
    assert threads.begun.acquire(timeout=PATIENCE_S)
    large = sends(worker, listener, 700)
    small = sends(worker, listener, 500)
    assert worker.held_bytes == 1400
    threads.run_until(lambda: is_ended(large))
    assert not is_ended(small) and not is_ended(at_work)
    threads.gate.set()
    threads.run_until(lambda: not worker.handed)
    assert worker.held_bytes == 0


def test_few_large_bodies_are_with_threads_at_a_time_and_small_ones_do_not_wait_for_them(
    worker: PatientWorker, listener: Listener, threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "LARGE_BYTES", 1000)
    for size in [2000] * (bounds.LARGE_AT_ONCE + 1) + [500]:
        sends(worker, listener, size)
    assert len(worker.handed) == bounds.LARGE_AT_ONCE + 1
    assert [each.held for each in worker.large.waiting] == [2000]
    assert worker.held_bytes == 2000 * (bounds.LARGE_AT_ONCE + 1) + 500
    threads.gate.set()
    threads.run_until(lambda: not worker.handed)
    assert worker.held_bytes == 0


def test_what_a_reader_does_not_take_leaves_the_thread_and_arrives_all_the_same(
    worker: PatientWorker, listener: Listener, threads: Threads
) -> None:
    def answer(sock: PatientSocket) -> None:
        with tempfile.TemporaryFile() as file:
            file.write(ANSWER)
            file.flush()
            sock.sendall(b"first")
            sock.sendfile(file, 5, 1_000_000)
            sock.sendall(ANSWER)

    threads.answer = answer
    threads.gate.set()
    client = sends(worker, listener, 300)
    threads.run_until(lambda: bool(worker.answering))
    assert not worker.handed
    expected = b"first" + ANSWER[5:1_000_005] + ANSWER
    client.settimeout(0)
    came = bytearray()

    def all_came() -> bool:
        with suppress(BlockingIOError):
            came.extend(client.recv(100_000))
        return len(came) == len(expected)

    threads.run_until(all_came)
    assert came == expected
    threads.run_until(lambda: not worker.answering)
    assert (worker.nr_conns, len(worker.keepalived_conns)) == (1, 1)


@pytest.mark.parametrize("status", [b"400", b"401", b"403", b"413", b"422", b"429"])
def test_a_refusal_leaves_later_and_no_thread_waits_for_that(
    worker: PatientWorker, listener: Listener, threads: Threads, monkeypatch: pytest.MonkeyPatch, status: bytes
) -> None:
    monkeypatch.setattr(bounds, "REFUSED_S", 3600)
    monkeypatch.setattr(bounds, "REFUSED", 2)
    answers = [b"HTTP/1.1 %s No\r\n\r\n" % status, b"why", ANSWER]
    threads.answer = lambda sock: [sock.sendall(part) for part in answers] and None
    threads.gate.set()
    clients = [sends(worker, listener, 300) for _ in range(2)]
    threads.run_until(lambda: not worker.handed)
    for client in clients:
        client.settimeout(0)
        with pytest.raises(BlockingIOError):
            client.recv(1)
    assert 0 < worker.refusing.wait() <= 3600

    # Of too many the first leaves at once, whole.
    sends(worker, listener, 300)
    came = bytearray()

    def all_came() -> bool:
        with suppress(BlockingIOError):
            came.extend(clients[0].recv(100_000))
        return len(came) == sum(map(len, answers))

    threads.run_until(all_came)
    assert came == b"".join(answers)
    with pytest.raises(BlockingIOError):
        clients[1].recv(1)


def test_what_is_refused_leaves_by_itself_and_the_connection_goes_on(
    worker: PatientWorker, listener: Listener, threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "REFUSED_S", 0.05)
    threads.gate.set()
    threads.answer = lambda sock: sock.sendall(b"HTTP/1.1 401 No\r\n\r\n")
    client = sends(worker, listener, 300)
    threads.run_until(lambda: len(worker.keepalived_conns) == 1)
    assert client.recv(100) == b"HTTP/1.1 401 No\r\n\r\n"
    monkeypatch.setattr(bounds, "REFUSED_S", 3600)
    for everyday in (b"200", b"302", b"404", b"409", b"423", b"460", b"503"):
        threads.answer = lambda sock, everyday=everyday: sock.sendall(b"HTTP/1.1 %s So\r\n\r\n" % everyday)  # type: ignore[misc]
        worker.keepalived_conns[0].sock.setblocking(False)
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        threads.run_until(lambda: not worker.keepalived_conns)
        threads.run_until(lambda: len(worker.keepalived_conns) == 1)
        assert client.recv(100).startswith(b"HTTP/1.1 " + everyday)


def test_who_reads_nothing_of_an_answer_is_ended_and_leaves_no_file_open(
    worker: PatientWorker, listener: Listener, threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(sock: PatientSocket) -> None:
        with tempfile.TemporaryFile() as file:
            file.write(ANSWER)
            file.flush()
            sock.sendfile(file, 0, len(ANSWER))

    threads.answer = answer
    threads.gate.set()
    client = sends(worker, listener, 300)
    threads.run_until(lambda: bool(worker.answering))
    before = len(os.listdir("/proc/self/fd"))
    worker.murder_pending()
    assert worker.answering
    monkeypatch.setattr(bounds, "ANSWER_S", 0)
    monkeypatch.setattr(bounds, "time_to_read", lambda size: 0)
    worker.swept_at = 0
    worker.murder_pending()
    assert not worker.answering and worker.nr_conns == 0
    assert len(os.listdir("/proc/self/fd")) == before - 2
    client.close()


def test_a_phone_on_the_thinnest_link_has_the_time_for_a_document_and_who_reads_hardly_anything_has_not() -> None:
    class Conn:
        sock = PatientSocket()

    answering = Answering(Conn(), None, begun=1000.0)  # type: ignore[arg-type]
    assert answering.deadline == 1000 + bounds.ANSWER_S
    # 9 kbit/s: at every moment the phone has read more than it must have.
    for second in range(0, 200, 10):
        Conn.sock.outgoing.gone = second * 9000 // 8
        assert answering.deadline > 1000 + second
    Conn.sock.outgoing.gone = 200
    assert answering.deadline < 1000 + bounds.ANSWER_S + 1
    Conn.sock.close()


def test_answers_that_are_read_slowly_stay_within_their_memory(
    worker: PatientWorker, listener: Listener, threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "ANSWER_BYTES", 5 * len(ANSWER) // 2)
    sizes = iter((2, 1, 1))
    threads.answer = lambda sock: sock.sendall(ANSWER * next(sizes))
    threads.gate.set()
    largest, *_others = [sends(worker, listener, 300) for _ in range(3)]
    threads.run_until(lambda: not worker.handed)
    assert (len(worker.answering), worker.nr_conns) == (2, 2)
    assert len(b"".join(iter(lambda: largest.recv(65536), b""))) < 2 * len(ANSWER)


def test_of_too_many_readers_the_one_who_is_most_behind_is_ended(
    worker: PatientWorker, listener: Listener, threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "ANSWERING", 2)
    threads.answer = lambda sock: sock.sendall(ANSWER)
    threads.gate.set()
    for _ in range(2):
        sends(worker, listener, 300)
    threads.run_until(lambda: len(worker.answering) == 2)
    behind = next(reversed(worker.answering.values()))
    behind.begun -= 10
    sends(worker, listener, 300)
    threads.run_until(lambda: behind not in worker.answering.values())
    assert len(worker.answering) == 2


def test_sending_waits_for_nobody_and_ends_where_the_reader_is_gone() -> None:
    reader, served = socket.socketpair()
    patient = PatientSocket(fileno=served.detach())
    patient.setblocking(True)
    patient.sendall(ANSWER)
    assert patient.outgoing.held > 0
    assert patient.gettimeout() == PatientSocket.LONGEST_SILENCE_S
    reader.close()
    with pytest.raises(ConnectionError):
        patient.sendall(b"more")
    patient.close()
    assert not patient.outgoing


@pytest.mark.parametrize("how", ["all of it", "gone"])
def test_who_gave_a_file_hears_when_it_is_sent_or_will_not_be(how: str) -> None:
    reader, served = socket.socketpair()
    heard: list[str] = []
    with tempfile.TemporaryFile() as file, reader, PatientSocket(fileno=served.detach()) as patient:
        file.write(ANSWER)
        file.flush()
        file.until_sent = lambda: lambda: heard.append("sent")  # type: ignore[attr-defined]  # as a made file has it
        patient.setblocking(True)
        patient.sendfile(file, 0, len(ANSWER))
        assert patient.outgoing and heard == []
        if how == "gone":
            patient.close()
        while patient.outgoing:
            reader.recv(1 << 20)
            patient.setblocking(False)
            patient.outgoing.leave(patient, 1 << 20)
        assert heard == ["sent"]


def test_a_file_that_became_shorter_ends_the_answer() -> None:
    reader, served = socket.socketpair()
    with reader, PatientSocket(fileno=served.detach()) as patient, tempfile.TemporaryFile() as file:
        file.write(b"short")
        file.flush()
        with pytest.raises(ConnectionAbortedError):
            patient.sendfile(file, 0, 10)


def test_where_no_more_files_may_be_open_somebody_who_has_said_nothing_makes_room(
    worker: PatientWorker, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.accept(listener)

    def full(_self: Listener) -> tuple[socket.socket, tuple[str, int]]:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(Listener, "accept", full)
    worker.accept(listener)
    assert not worker.arriving and listener.others[0].recv(1) == b""
    begun = time.monotonic()
    worker.accept(listener)
    assert time.monotonic() - begun > 0.005  # the loop does not turn without end
