"""Connections that end: the other side gets a moment to read the answer, and nobody waits for it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from functools import partial
from selectors import EVENT_READ, BaseSelector
from typing import Any

from server.connections import bounds
from server.connections.patient_socket import PatientSocket


class Leaving:
    """Connections that say nothing more and wait until the other side hangs up; `close` then closes one."""

    def __init__(self, poller: Callable[[], BaseSelector], close: Callable[[Any], None]) -> None:  # Any: gunicorn's
        self._poller, self._close = poller, close
        # In the order in which they began, each with the moment (monotonic) at which it ends.
        self._until: dict[Any, float] = {}

    def begin(self, conn: Any) -> None:
        """Close so that the answer still arrives, without keeping the loop waiting for the other side."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
        except OSError:
            self._close(conn)
            return
        if len(self._until) >= bounds.LEAVING:
            self._gone(next(iter(self._until)))
        self._until[conn] = time.monotonic() + bounds.LEAVING_S
        self._poller().register(conn.sock, EVENT_READ, partial(self._on_rest, conn, [bounds.LEAVING_BYTES]))

    def sweep(self, now: float) -> None:
        """End those whose time is over."""
        for conn in [each for each, until in self._until.items() if until <= now]:
            self._gone(conn)

    def _on_rest(self, conn: Any, left: list[int], sock: PatientSocket) -> None:
        if conn not in self._until:
            return
        try:
            rest = sock.recv(bounds.RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            rest = b""
        left[0] -= len(rest)
        if not rest or left[0] < 0:
            self._gone(conn)

    def _gone(self, conn: Any) -> None:
        del self._until[conn]
        self._poller().unregister(conn.sock)
        self._close(conn)
