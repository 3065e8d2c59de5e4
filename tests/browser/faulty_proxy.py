"""A network between a browser and the server that loses, delays, cuts, repeats and falsifies, as its seed says.

It is an origin of its own: the browser knows only the proxy's address, and the server sees that address as Host.
"""

from __future__ import annotations

import random
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, cast

PATIENCE_S = 60
LONGEST_DELAY_S = 0.4
LONGEST_DARKNESS = 6
PAGE = b"<!doctype html><title>Free Wi-Fi</title><h1>Welcome</h1><p>Please accept our terms.</p>"

Fault = Literal[
    "none", "late", "refused", "request cut", "answer lost", "answer cut", "bad gateway", "gateway timeout",
    "portal", "portal redirect", "twice", "again later", "dark",
]  # fmt: skip
# How often, among 100 requests to the API.
USUAL: dict[Fault, int] = {
    "none": 50, "late": 9, "refused": 6, "request cut": 5, "answer lost": 8, "answer cut": 5, "bad gateway": 3,
    "gateway timeout": 3, "portal": 2, "portal redirect": 1, "twice": 5, "again later": 2, "dark": 1,
}  # fmt: skip
# The files of the app are on the phone; what else is asked for gets through or does not.
ELSEWHERE: dict[Fault, int] = {"none": 80, "late": 10, "refused": 10}
REPEATABLE = (("POST", "/api/v1/sync"), ("PATCH", "/api/v1/uploads/"))
Moment = Literal["arrived", "answered"]


@dataclass(frozen=True)
class Request:
    """One request as the browser sent it, whole."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def is_repeatable(self) -> bool:
        """A network may well deliver it twice, and the protocol says what then happens: nothing."""
        return any(self.method == method and self.path.startswith(path) for method, path in REPEATABLE)


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes


class FaultyProxy:
    """One proxy on one port. It carries faithfully until `trouble`, and again after `heal`."""

    def __init__(self, server: str) -> None:
        host, _, port = server.removeprefix("http://").partition(":")
        self._target = (host, int(port))
        self._listener = _Listener(("127.0.0.1", 0), _Carrier)
        self._listener.proxy = self
        self.address = f"http://127.0.0.1:{self._listener.server_port}"
        self.happened: Counter[Fault] = Counter()
        self._lock = threading.Lock()
        self._healthy = threading.Event()
        self._healthy.set()
        self._chance = random.Random()
        self._dark_for = 0
        self._later: list[Request] = []
        self._watch: tuple[str, Moment, Callable[[], None]] | None = None

    def serve(self) -> None:
        """Carry requests until `close`."""
        self._listener.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        """Take no more connections."""
        self._listener.shutdown()
        self._listener.server_close()

    # What the test decides

    def trouble(self, seed: str) -> None:
        """Faults from now on; the same seed draws the same ones in the same order."""
        with self._lock:
            self._chance = random.Random(seed)
            self._dark_for = 0
            self._later.clear()
            self.happened.clear()
        self._healthy.clear()

    def heal(self) -> None:
        """No faults from now on; what is being delayed goes on at once."""
        self._healthy.set()
        self._watch = None

    def on_next(self, path: str, moment: Moment, call: Callable[[], None] | None) -> None:
        """Call `call` once, in a thread of the proxy, at that moment of the next request to `path`; None: do not."""
        self._watch = None if call is None else (path, moment, call)

    # What carrying asks

    def draw(self, request: Request) -> Fault:
        """What happens to this request."""
        with self._lock:
            if self._healthy.is_set():
                return "none"
            if self._dark_for > 0:
                self._dark_for -= 1
                return "refused"
            odds = USUAL if request.path.startswith("/api/") else ELSEWHERE
            fault = self._chance.choices(list(odds), list(odds.values()))[0]
            if fault in ("twice", "again later") and not request.is_repeatable:
                fault = "none"
            if fault == "dark":
                self._dark_for = self._chance.randint(1, LONGEST_DARKNESS)
            self.happened[fault] += 1
            return fault

    def share(self) -> float:
        """Where in a body it is cut, or how much of the longest delay it takes: 0 to 1."""
        with self._lock:
            return self._chance.random()

    def delay(self) -> None:
        """Let time go by, as a thin link does; no longer than the trouble lasts."""
        self._healthy.wait(LONGEST_DELAY_S * self.share())

    def keep_for_later(self, request: Request) -> None:
        """Deliver a copy of it again, just before the next request of its kind."""
        with self._lock:
            self._later.append(request)

    def deliver_copies(self, request: Request) -> None:
        """Deliver what was kept; nobody waits for those answers."""
        if not request.is_repeatable:
            return
        with self._lock:
            copies, self._later = self._later, []
        for copy in copies:
            with suppress(OSError, HTTPException):
                self.ask(copy)

    def tell(self, request: Request, moment: Moment) -> None:
        """Call whoever watches for this."""
        watch = self._watch
        if watch is not None and request.path.startswith(watch[0]) and moment == watch[1]:
            self._watch = None
            with suppress(RuntimeError):  # two requests at once may both have seen it
                watch[2]()

    def ask(self, request: Request) -> Answer:
        """The server's whole answer."""
        connection = HTTPConnection(*self._target, timeout=PATIENCE_S)
        try:
            self._send_head(connection, request)
            connection.send(request.body)
            answer = connection.getresponse()
            return Answer(answer.status, answer.reason, answer.getheaders(), answer.read())
        finally:
            connection.close()

    def ask_half(self, request: Request) -> None:
        """Send a part of the request's body, and go."""
        connection = HTTPConnection(*self._target, timeout=PATIENCE_S)
        try:
            self._send_head(connection, request)
            connection.send(request.body[: int(len(request.body) * self.share())])
        finally:
            connection.close()

    @staticmethod
    def _send_head(connection: HTTPConnection, request: Request) -> None:
        connection.putrequest(request.method, request.path, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers:
            if name.lower() != "connection":
                connection.putheader(name, value)
        connection.putheader("Connection", "close")
        connection.endheaders()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    proxy: FaultyProxy

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that was killed breaks its connections: nothing to report."""


class _Carrier(BaseHTTPRequestHandler):
    """One connection of the browser."""

    protocol_version = "HTTP/1.1"

    def carry(self) -> None:
        """One request, with whatever happens to it."""
        proxy = cast(_Listener, self.server).proxy
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(self.command, self.path, self.headers.items(), self.rfile.read(length))
        fault = proxy.draw(request)
        proxy.tell(request, "arrived")
        proxy.deliver_copies(request)
        if fault == "late":
            proxy.delay()
        if fault in ("refused", "dark"):
            self._hang_up()
        elif fault == "request cut":
            proxy.ask_half(request)
            self._hang_up()
        elif fault == "bad gateway":
            self._pass_on(Answer(502, "Bad Gateway", [("Content-Type", "text/html")], PAGE))
        elif fault == "portal":
            self._pass_on(Answer(200, "OK", [("Content-Type", "text/html")], PAGE))
        elif fault == "portal redirect":
            self._pass_on(Answer(302, "Found", [("Location", "http://127.0.0.1:9/login")], b""))
        else:
            self._reach(proxy, request, fault)
        proxy.tell(request, "answered")

    do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = do_DELETE = do_OPTIONS = carry

    def _reach(self, proxy: FaultyProxy, request: Request, fault: Fault) -> None:
        """The faults of a request that did reach the server."""
        if fault == "twice":
            proxy.ask(request)
        if fault == "again later":
            proxy.keep_for_later(request)
        answer = proxy.ask(request)
        if fault == "answer lost":
            self._hang_up()
        elif fault == "gateway timeout":
            self._pass_on(Answer(504, "Gateway Timeout", [("Content-Type", "text/html")], PAGE))
        elif fault == "answer cut":
            self._pass_on(answer, share=proxy.share())
        else:
            self._pass_on(answer)

    def _pass_on(self, answer: Answer, share: float = 1) -> None:
        """Send the answer, or that share of its body before the line goes dead."""
        self.send_response_only(answer.status, answer.reason)
        told = len(answer.body)
        for name, value in answer.headers:
            if name.lower() == "content-length" and self.command == "HEAD":
                told = int(value)
            elif name.lower() not in ("connection", "content-length", "transfer-encoding"):
                self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(told))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[: int(len(answer.body) * share)])
        if share < 1:
            self._hang_up()

    def _hang_up(self) -> None:
        """End the connection in the middle of whatever it was at."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:
        """Keeps quiet; `happened` counts."""


@contextmanager
def faulty_proxy(server: str) -> Iterator[FaultyProxy]:
    """A proxy to a server, for as long as the block runs."""
    proxy = FaultyProxy(server)
    thread = threading.Thread(target=proxy.serve, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join()
