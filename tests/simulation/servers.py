"""The two servers of a simulated history: two processes, each with its own engine and clocks, on one database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from apiflask import APIFlask

from server.clock_witness import load
from server.database import db
from server.housekeeping import look
from server.services import Services, services, utc_now
from server.steady_clock import SteadyClock

RIGHT: Final = timedelta(0)
# By how much a wall clock that somebody sets is wrong. No history lasts as long as the least of them.
JUMPS: Final = (RIGHT, timedelta(days=150), timedelta(hours=-5), timedelta(days=400), timedelta(days=-2), RIGHT)


@dataclass
class Server:
    """One process. `ahead`: by how much the wall clock of its machine is wrong; `boot` names the machine's run."""

    app: APIFlask
    boot: str
    ahead: timedelta = RIGHT

    def start(self) -> None:
        """The process starts, and knows nothing but what the database says."""
        here: Services = self.app.extensions["undercroft"]
        self.app.extensions["undercroft"] = replace(here, now=self._now, clock=SteadyClock(load, boot=self.boot))

    def _now(self) -> datetime:
        return utc_now() + self.ahead

    def set_clock(self, jump: int) -> None:
        """Somebody, or something, sets the machine's clock; the process notices at its next hourly look."""
        self.ahead = JUMPS[jump % len(JUMPS)]
        self.look()

    def look(self) -> None:
        """What the process does every hour and, once, every day."""
        with self.app.app_context():
            look()

    def forget_connections(self) -> None:
        """The database's file is about to be another one."""
        with self.app.app_context():
            db.engine.dispose()

    @contextmanager
    def at_work(self) -> Iterator[Services]:
        """Inside this process."""
        with self.app.app_context():
            yield services()


@dataclass
class Pair:
    """Both; `way` says which one is reached: 0 the first, 1 the second, 2 each in turn."""

    servers: tuple[Server, Server]
    way: int = 0
    reached: int = 0

    def next(self) -> Server:
        """Whichever is reached now."""
        if self.way == 2:
            self.reached += 1
        return self.servers[(self.reached if self.way == 2 else self.way) % 2]

    def start(self) -> None:
        """Both start, on clocks that are right."""
        for server in self.servers:
            server.ahead = RIGHT
            server.start()

    def start_anew(self) -> None:
        """Both processes end and start, on clocks as they are."""
        for server in self.servers:
            server.start()

    def forget_connections(self) -> None:
        """As each."""
        for server in self.servers:
            server.forget_connections()
