"""gunicorn's worker with a loop of our own: whole requests in, answers out at whatever pace they are read."""

from __future__ import annotations

import errno
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker

from server.connections import bounds
from server.connections.arriving import Arriving, Places
from server.connections.leaving import Leaving
from server.connections.patient_socket import PatientSocket
from server.connections.refusing import Refusing
from server.loopback import is_loopback

OUT_OF_FILES: Final = (errno.EMFILE, errno.ENFILE)
PAUSE_S: Final = 0.01


@dataclass(eq=False)
class Answering:
    """A connection whose answer is being read, and until when (monotonic) more of it has to be; `done` is the work."""

    conn: Any  # gunicorn's connection
    done: Future[Any]  # Any: gunicorn's answer
    begun: float

    @property
    def deadline(self) -> float:
        """Later by what has been read."""
        return self.begun + bounds.ANSWER_S + bounds.time_to_read(self.conn.sock.outgoing.gone)

    @property
    def held(self) -> int:
        """Bytes of memory."""
        held: int = self.conn.sock.outgoing.held
        return held


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's worker with threads, which get whole requests and wait for no reader; few of them wait for long
    bodies."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as gunicorn calls it
        super().__init__(*args, **kwargs)
        self.max_keepalived = bounds.KEPT_ALIVE
        # In the order in which they began; the connections are gunicorn's.
        self.arriving: dict[Arriving, None] = {}
        self.answering: dict[Any, Answering] = {}
        self.leaving = Leaving(lambda: self.poller, self._close)
        self.refusing = Refusing(self._answer)
        self.handed: dict[Any, Arriving] = {}
        self.long = Places(bounds.LONG_AT_ONCE)
        self.large = Places(bounds.LARGE_AT_ONCE)
        self.held_bytes = 0
        self.of_address: Counter[str] = Counter()
        self.swept_at = 0.0

    def init_process(self) -> None:
        """Called in the new process; returns when it ends."""
        self.health_pool = ThreadPoolExecutor(1, "health")
        super().init_process()

    # Connections come

    def accept(self, listener: socket.socket) -> None:
        """Called by the loop for a new connection."""
        try:
            accepted, client = listener.accept()
        except OSError as error:
            if error.errno in OUT_OF_FILES:
                self._free_a_file()
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED):
                raise
            return
        address = _address_of(client)
        if self.of_address[address] >= bounds.OF_ONE_ADDRESS and not _is_proxy(address):
            accepted.close()
            return
        self.nr_conns += 1
        self.of_address[address] += 1
        with suppress(OSError):  # not every kind of connection has it
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, bounds.UNSENT_BYTES)
        self._await(TConn(self.cfg, PatientSocket(fileno=accepted.detach()), client, listener.getsockname()))

    def _free_a_file(self) -> None:
        """Who waits to be accepted makes the loop turn at once: without a file it would do so without end."""
        if self.arriving:
            self._drop(self._least_wanted())
        else:
            time.sleep(PAUSE_S)

    def _least_wanted(self) -> Arriving:
        """Who has said what they want is let be for as long as somebody else has not."""
        vague = (each for each in self.arriving if each.head is None)
        return next(vague, next(iter(self.arriving)))

    # Requests come

    def _await(self, conn: Any, already: bytes = b"") -> None:
        """Collect the next request of a connection in the loop, of which `already` has come."""
        arriving = Arriving(conn, time.monotonic() + bounds.HEAD_S)
        # Where few files may be open there are fewer connections, and those that arrive may not take all of them.
        if len(self.arriving) >= min(bounds.ARRIVING, self.worker_connections // 4):
            self._drop(self._least_wanted())
        self.arriving[arriving] = None
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, EVENT_READ, partial(self._on_bytes, arriving))
        if already:
            self._take(arriving, already)

    def _on_bytes(self, arriving: Arriving, sock: PatientSocket) -> None:
        if arriving not in self.arriving:
            return
        try:
            more = sock.recv(bounds.RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        if more:
            self._take(arriving, more)
        else:
            self._drop(arriving)

    def _take(self, arriving: Arriving, more: bytes) -> None:
        self.held_bytes += len(more)
        if arriving.take(more):
            self._forget(arriving)
            self._find_a_place(arriving)
        while self.held_bytes > bounds.HELD_BYTES:
            largest = max(self._not_begun(), key=lambda each: each.held, default=None)
            if largest is None:
                break
            self._give_up(largest)

    def _find_a_place(self, arriving: Arriving) -> None:
        places = self._places_for(arriving)
        if places is None or places.enter(arriving):
            self._hand_over(arriving)
        elif len(places.waiting) < bounds.WAITING:
            places.waiting.append(arriving)
        else:
            self._end(arriving)

    def _places_for(self, arriving: Arriving) -> Places | None:
        if arriving.long:
            return self.long
        return self.large if arriving.large else None

    def _not_begun(self) -> Iterator[Arriving]:
        """Whose bytes no thread is looking at yet."""
        queued = (each for each in self.handed.values() if each.work and not each.work.running() and each.held)
        return chain(self.arriving, self.long.waiting, self.large.waiting, queued)

    def _give_up(self, arriving: Arriving) -> None:
        """End it for its memory, wherever it waits."""
        if arriving in self.arriving:
            self._forget(arriving)
            self._end(arriving)
        elif arriving.work is None:
            for places in (self.long, self.large):
                with suppress(ValueError):
                    places.waiting.remove(arriving)
            self._end(arriving)
        else:
            if arriving.work.cancel():  # the loop hears of that as of every end
                arriving.conn.parser.unreader.take_buffered()
            self._release(arriving)

    def _forget(self, arriving: Arriving) -> None:
        """Take it out of the loop; the connection stays open."""
        del self.arriving[arriving]
        self.poller.unregister(arriving.conn.sock)

    def _release(self, arriving: Arriving) -> None:
        """Its bytes are no longer held."""
        self.held_bytes -= arriving.held
        arriving.held = 0

    def _end(self, arriving: Arriving) -> None:
        self._release(arriving)
        self._close(arriving.conn)

    def _drop(self, arriving: Arriving) -> None:
        """End it. Of a piece of a photo what has come is kept: a thread takes it, and finds that no more comes."""
        self._forget(arriving)
        if arriving.is_part_of_upload:
            with suppress(OSError):
                arriving.conn.sock.shutdown(socket.SHUT_RD)  # what is read after what came is an end
            self._hand_over(arriving, broken_off=True)
        else:
            self._end(arriving)

    # Threads work

    def _hand_over(self, arriving: Arriving, broken_off: bool = False) -> None:
        """Give it to a thread, which waits for nothing unless the body is a long one."""
        conn = arriving.conn
        conn.sock.deadline = time.monotonic() + (bounds.BODY_S if arriving.long or broken_off else 0)
        conn.sock.outgoing.gone = 0
        conn.init()
        pool = self.health_pool if arriving.asks_for_health else self.tpool
        conn.parser.unreader.unread(arriving.handed_over())
        self.handed[conn] = arriving
        arriving.work = pool.submit(self.handle, conn)
        arriving.work.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))

    def finish_request(self, conn: Any, done: Future[Any]) -> None:  # Any: gunicorn's connection and answer
        """Called by the loop after a thread is done with a request."""
        arriving = self.handed.pop(conn)
        self._release(arriving)
        for places in (self.long, self.large):
            if following := places.leave(arriving):
                self._hand_over(following)
        if conn.sock.refuses:
            self.refusing.hold(conn, done)
        else:
            self._answer(conn, done)

    def _answer(self, conn: Any, done: Future[Any]) -> None:
        if conn.sock.outgoing:
            self._let_read(conn, done)
        else:
            self._go_on(conn, done)

    def _go_on(self, conn: Any, done: Future[Any]) -> None:
        """The answer has left: on to the next request, or to the end."""
        if done.cancelled() or done.exception() is not None or not done.result():
            self.leaving.begin(conn)
        elif already := conn.parser.unreader.take_buffered():
            self._await(conn, already)
        else:
            super().finish_request(conn, done)

    def on_client_socket_readable(self, conn: Any, client: PatientSocket) -> None:  # Any: gunicorn's connection
        """Called by the loop when a connection that was kept alive says something, or goes."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await(conn)

    # Answers leave

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Called by the loop on each round: it turns again when the next refusal may leave."""
        super().wait_for_and_dispatch_events(min(timeout, self.refusing.wait()))
        self.refusing.let_leave()

    def _let_read(self, conn: Any, done: Future[Any]) -> None:
        """Send the rest of the answer as it is read."""
        if len(self.answering) >= bounds.ANSWERING:
            self._stop_answering(min(self.answering.values(), key=lambda each: each.deadline))
        answering = Answering(conn, done, time.monotonic())
        self.answering[conn] = answering
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, EVENT_WRITE, partial(self._on_room, answering))
        while sum(each.held for each in self.answering.values()) > bounds.ANSWER_BYTES:
            self._stop_answering(max(self.answering.values(), key=lambda each: each.held))

    def _on_room(self, answering: Answering, sock: PatientSocket) -> None:
        conn = answering.conn
        if conn not in self.answering:
            return
        try:
            sock.outgoing.leave(sock, bounds.PORTION_BYTES)
        except OSError:
            self._stop_answering(answering)
            return
        if not sock.outgoing:
            del self.answering[conn]
            self.poller.unregister(sock)
            self._go_on(conn, answering.done)

    def _stop_answering(self, answering: Answering) -> None:
        del self.answering[answering.conn]
        self.poller.unregister(answering.conn.sock)
        self._close(answering.conn)

    # Connections go

    def _close(self, conn: Any) -> None:
        self.nr_conns -= 1
        self._count_out(conn)
        conn.close()

    def _count_out(self, conn: Any) -> None:
        address = _address_of(conn.client)
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
        """Called by the loop on each round: end what has not come, or not been read, in its time."""
        now = time.monotonic()
        if now < self.swept_at + bounds.SWEEP_S:
            return
        self.swept_at = now
        for arriving in [each for each in self.arriving if each.deadline <= now]:
            self._drop(arriving)
        for places in (self.long, self.large):
            for arriving in [each for each in places.waiting if each.deadline <= now]:
                places.waiting.remove(arriving)
                self._end(arriving)
        for answering in [each for each in self.answering.values() if each.deadline <= now]:
            self._stop_answering(answering)
        self.leaving.sweep(now)

    def _cap_keepalive(self, deadline: float) -> None:
        """Called once when the worker stops: who has said nothing yet does not keep it from that."""
        super()._cap_keepalive(deadline)
        for arriving in self.arriving:
            if not arriving.arrived:
                arriving.deadline = min(arriving.deadline, deadline)


def _address_of(client: object) -> str:
    """Of gunicorn's client; "" for one of this machine without an address."""
    return str(client[0]) if isinstance(client, tuple) else ""


def _is_proxy(address: str) -> bool:
    """Whether it may speak for many people: only a proxy on this machine does."""
    return not address or is_loopback(address)
