"""A server's clocks in a test's hands: the wall clock alone, or time that really passes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from apiflask import APIFlask

from server.clock_witness import load
from server.housekeeping import look
from server.services import Services, services, utc_now
from server.steady_clock import SteadyClock, running_s


@dataclass
class Clock:
    """`ahead`: by how much the wall clock is wrong. `passed`: how much time went by that the machine ran."""

    app: APIFlask
    boot: str = "first"
    ahead: timedelta = timedelta(0)
    passed: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        self.start()

    def start(self, boot: str | None = None) -> None:
        """The server starts, on a machine that was started anew where `boot` names another run of it."""
        self.boot = boot or self.boot
        here: Services = self.app.extensions["undercroft"]
        clock = SteadyClock(load, lambda: running_s() + self.passed.total_seconds(), self.boot)
        self.app.extensions["undercroft"] = replace(here, now=lambda: utc_now() + self.passed + self.ahead, clock=clock)
        with self.app.app_context():
            look()

    def set_ahead(self, by: timedelta) -> None:
        """Set the wall clock."""
        self.ahead = by

    def run(self, by: timedelta) -> None:
        """So much time passes, and the server looks at its clocks."""
        with self.app.app_context():
            self.passed += by
            look()

    def is_in_doubt(self) -> bool:
        """Whether the server doubts its clock."""
        with self.app.app_context():
            return services().times().in_doubt
