"""Connections that cost a thread only once their request is here: slow senders wait in a loop, not in the pool.

gunicorn hands a connection to a thread with its first byte, and the thread then waits for the rest. Here the worker's
own loop collects head and body; docs/decisions/0032-slow-connections.md gives the figures and their reasons.
"""

from __future__ import annotations

import errno
import re
import socket
import time
from collections import Counter, deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from ipaddress import IPv6Address, ip_address
from selectors import EVENT_READ
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_S: Final = 10.0
HEAD_BYTES: Final = 32 * 1024
# A piece of a photo (256 KiB) and every batch fit; what is longer is read by a thread, few at a time.
WHOLE_BYTES: Final = 4 * 1024 * 1024
BODY_S: Final = 20.0
# GPRS in its weakest coding carries 9 kbit/s; what takes a thread meanwhile has to come faster.
WHOLE_BYTES_A_S: Final = 1024
LONG_BYTES_A_S: Final = 32 * 1024
LONG_AT_ONCE: Final = 16
# Of one process.
HELD_BYTES: Final = 128 * 1024 * 1024
ARRIVING: Final = 500
KEPT_ALIVE: Final = 300
WAITING: Final = 100
LEAVING: Final = 100
OF_ONE_ADDRESS: Final = 100
LEAVING_S: Final = 2.0
LEAVING_BYTES: Final = 64 * 1024
SWEEP_S: Final = 0.25
RECEIVE_BYTES: Final = 64 * 1024

_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*$", re.IGNORECASE | re.MULTILINE)
_UNKNOWN_LENGTH: Final = re.compile(rb"^(?:transfer-encoding|expect):", re.IGNORECASE | re.MULTILINE)
_UPLOAD: Final = re.compile(rb"(?:PATCH|POST) /api/v1/uploads")
_HEALTH: Final = re.compile(rb"(?:GET|HEAD) /(?:healthz|readyz)[ ?]")


class PatientSocket(socket.socket):
    """A connection that waits for the next byte so long and no longer, and for bytes at a rate.

    `deadline` is a moment of `time.monotonic()`: from then on nothing more is received. What comes moves it on.
    """

    LONGEST_SILENCE_S: Final = 20.0
    deadline: float = float("inf")

    def setblocking(self, flag: bool) -> None:
        """Blocking means: with patience."""
        self.settimeout(self.LONGEST_SILENCE_S if flag else 0.0)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """As of every socket; a silence that is too long ends like a connection that broke."""
        patience = self.gettimeout()
        if patience == 0:
            return super().recv(size, flags)
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise ConnectionResetError(errno.ECONNRESET, "it took too long altogether")
        self.settimeout(min(left, self.LONGEST_SILENCE_S))
        try:
            came = super().recv(size, flags)
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "nothing came for too long") from error
        finally:
            self.settimeout(patience)
        self.deadline += len(came) / LONG_BYTES_A_S
        return came

    def sendall(self, data: Any, flags: int = 0) -> None:  # Any: whatever has bytes
        """As of every socket, but it waits so long for each part to leave, and not for all of them together."""
        left = memoryview(data).cast("B")
        while left:
            left = left[self.send(left, flags) :]


@dataclass(frozen=True)
class Head:
    """What the loop has to know of a request: its bytes with the empty line, and of its body; None is not said."""

    bytes: int
    body_bytes: int | None

    @property
    def long(self) -> bool:
        """Whether a thread has to wait for the body."""
        return self.body_bytes is None or self.body_bytes > WHOLE_BYTES


def head_of(arrived: bytearray, searched: int = 0) -> Head | None:
    """The head of the request that begins `arrived`, None while it is not whole; `searched` bytes hold no end.

    Whether it is a good one gunicorn decides: it gets the same bytes.
    """
    end = arrived.find(_END, max(0, searched - len(_END) + 1))
    if end < 0:
        return None
    lines = bytes(arrived[:end]).replace(b"\r\n", b"\n")
    if _UNKNOWN_LENGTH.search(lines):
        return Head(end + len(_END), None)
    length = _LENGTH.search(lines)
    return Head(end + len(_END), int(length[1]) if length else 0)


@dataclass(eq=False)
class Arriving:
    """A connection in the loop: what has come of its request, and until when (monotonic) the next part has to."""

    conn: Any  # gunicorn's connection
    deadline: float
    arrived: bytearray = field(default_factory=bytearray)
    head: Head | None = None

    def take(self, more: bytes) -> bool:
        """Add what came; whether no thread would have to wait in the loop's stead."""
        searched = len(self.arrived)
        self.arrived += more
        if self.head is None:
            self.head = head_of(self.arrived, searched)
            if self.head is None:
                return len(self.arrived) > HEAD_BYTES
            self.deadline = time.monotonic() + BODY_S
        else:
            self.deadline += len(more) / WHOLE_BYTES_A_S
        return self.head.long or len(self.arrived) >= self.head.bytes + (self.head.body_bytes or 0)

    @property
    def long(self) -> bool:
        """Whether a thread has to wait for its body."""
        return self.head is not None and self.head.long

    @property
    def is_part_of_upload(self) -> bool:
        """Whether some of a photo's bytes are here, which are worth keeping though the rest does not come."""
        return self.head is not None and len(self.arrived) > self.head.bytes and bool(_UPLOAD.match(self.arrived))


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's worker with threads, which get whole requests; few of them wait for long bodies."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as gunicorn calls it
        super().__init__(*args, **kwargs)
        self.max_keepalived = KEPT_ALIVE
        # Both in the order in which they began.
        self.arriving: dict[Arriving, None] = {}
        self.leaving: dict[Any, float] = {}  # Any: gunicorn's connection
        self.waiting: deque[Arriving] = deque()
        self.long: set[Any] = set()
        self.held_bytes = 0
        self.of_address: Counter[str] = Counter()
        self.swept_at = 0.0

    def init_process(self) -> None:
        """Called in the new process; returns when it ends."""
        self.health_pool = ThreadPoolExecutor(1, "health")
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        """Called by the loop for a new connection."""
        try:
            accepted, client = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EMFILE, errno.ENFILE):
                raise
            return
        address = client[0] if isinstance(client, tuple) else ""
        if self.of_address[address] >= OF_ONE_ADDRESS and not _is_proxy(address):
            accepted.close()
            return
        self.nr_conns += 1
        self.of_address[address] += 1
        conn = TConn(self.cfg, PatientSocket(fileno=accepted.detach()), client, listener.getsockname())
        self._await(conn)

    def _await(self, conn: Any, already: bytes = b"") -> None:
        """Collect the next request of a connection in the loop, of which `already` has come."""
        waiting = Arriving(conn, time.monotonic() + HEAD_S)
        if len(self.arriving) >= ARRIVING:
            # Who has said what they want is let be for as long as somebody else has not.
            vague = (each for each in self.arriving if each.head is None)
            self._drop(next(vague, next(iter(self.arriving))))
        self.arriving[waiting] = None
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, EVENT_READ, partial(self._on_bytes, waiting))
        if already:
            self._take(waiting, already)

    def _on_bytes(self, waiting: Arriving, sock: PatientSocket) -> None:
        if waiting not in self.arriving:
            return
        try:
            more = sock.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        if more:
            self._take(waiting, more)
        else:
            self._drop(waiting)

    def _take(self, waiting: Arriving, more: bytes) -> None:
        self.held_bytes += len(more)
        if waiting.take(more):
            self._forget(waiting)
            if not waiting.long or len(self.long) < LONG_AT_ONCE:
                self._hand_over(waiting)
            elif len(self.waiting) < WAITING:
                self.waiting.append(waiting)
            else:
                self._close(waiting.conn)
        while self.held_bytes > HELD_BYTES and self.arriving:
            self._drop(max(self.arriving, key=lambda each: len(each.arrived)))

    def _forget(self, waiting: Arriving) -> None:
        """Take it out of the loop; the connection stays open."""
        del self.arriving[waiting]
        self.held_bytes -= len(waiting.arrived)
        self.poller.unregister(waiting.conn.sock)

    def _drop(self, waiting: Arriving) -> None:
        """End it. Of a piece of a photo what has come is kept: a thread takes it, and finds that no more comes."""
        self._forget(waiting)
        if waiting.is_part_of_upload:
            with suppress(OSError):
                waiting.conn.sock.shutdown(socket.SHUT_RD)  # what is read after what came is an end
            self._hand_over(waiting, broken_off=True)
        else:
            self._close(waiting.conn)

    def _hand_over(self, waiting: Arriving, broken_off: bool = False) -> None:
        """Give it to a thread, which waits for nothing unless the body is a long one."""
        conn = waiting.conn
        now = time.monotonic()
        conn.sock.deadline = now
        if waiting.long:
            self.long.add(conn)
        if waiting.long or broken_off:
            conn.sock.deadline = now + BODY_S
        conn.init()
        conn.parser.unreader.unread(bytes(waiting.arrived))
        pool = self.health_pool if _HEALTH.match(waiting.arrived) and not waiting.long else self.tpool
        pool.submit(self.handle, conn).add_done_callback(
            lambda done: self.method_queue.defer(self.finish_request, conn, done)
        )

    def finish_request(self, conn: Any, done: Future[Any]) -> None:  # Any: gunicorn's connection and answer
        """Called by the loop after a thread is done with a request."""
        if conn in self.long:
            self.long.remove(conn)
            if self.waiting:
                self._hand_over(self.waiting.popleft())
        if done.cancelled() or done.exception() is not None or not done.result():
            self._leave(conn)
        elif already := conn.parser.unreader.take_buffered():
            self._await(conn, already)
        else:
            super().finish_request(conn, done)

    def on_client_socket_readable(self, conn: Any, client: PatientSocket) -> None:  # Any: gunicorn's connection
        """Called by the loop when a connection that was kept alive says something, or goes."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await(conn)

    def _leave(self, conn: Any) -> None:
        """Close so that the answer still arrives, without keeping the loop waiting for the other side."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
        except OSError:
            self._close(conn)
            return
        if len(self.leaving) >= LEAVING:
            self._gone(next(iter(self.leaving)))
        self.leaving[conn] = time.monotonic() + LEAVING_S
        self.poller.register(conn.sock, EVENT_READ, partial(self._on_rest, conn, [LEAVING_BYTES]))

    def _on_rest(self, conn: Any, left: list[int], sock: PatientSocket) -> None:
        if conn not in self.leaving:
            return
        try:
            rest = sock.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            rest = b""
        left[0] -= len(rest)
        if not rest or left[0] < 0:
            self._gone(conn)

    def _gone(self, conn: Any) -> None:
        del self.leaving[conn]
        self.poller.unregister(conn.sock)
        self._close(conn)

    def _close(self, conn: Any) -> None:
        self.nr_conns -= 1
        self._count_out(conn)
        conn.close()

    def _count_out(self, conn: Any) -> None:
        address = conn.client[0] if isinstance(conn.client, tuple) else ""
        self.of_address[address] -= 1
        if not self.of_address[address]:
            del self.of_address[address]

    def murder_keepalived(self, force: bool = False) -> None:
        """Called by the loop on each round: end connections that were kept alive for long enough."""
        before = list(self.keepalived_conns)
        super().murder_keepalived(force)
        for conn in before[: len(before) - len(self.keepalived_conns)]:
            self._count_out(conn)

    def murder_pending(self) -> None:
        """Called by the loop on each round: end what has not come in its time."""
        now = time.monotonic()
        if now < self.swept_at + SWEEP_S:
            return
        self.swept_at = now
        for waiting in [each for each in self.arriving if each.deadline <= now]:
            self._drop(waiting)
        for waiting in [each for each in self.waiting if each.deadline <= now]:
            self.waiting.remove(waiting)
            self._close(waiting.conn)
        for conn in [each for each, until in self.leaving.items() if until <= now]:
            self._gone(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """Called once when the worker stops: who has said nothing yet does not keep it from that."""
        super()._cap_keepalive(deadline)
        for waiting in self.arriving:
            if not waiting.arrived:
                waiting.deadline = min(waiting.deadline, deadline)


def _is_proxy(address: str) -> bool:
    """Whether it may speak for many people: only a proxy on this machine does."""
    if not address:
        return True
    known = ip_address(address)
    mapped = known.ipv4_mapped if isinstance(known, IPv6Address) else None
    return (mapped or known).is_loopback
