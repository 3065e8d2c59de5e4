"""The time as far as it can be trusted. What ends or goes for its age is measured by it.

A machine's wall clock may jump: somebody sets it, a battery is flat, a virtual machine comes back from a picture. Its
running clock only runs, also while the machine sleeps, and knows no date. The steady time is the wall clock while it
moves as the running clock does, and goes on by the running clock where the wall clock jumped.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

# A clock that is set by the network moves by less, and between two looks none drifts so far.
ALLOWED: Final = timedelta(minutes=10)
# Nobody knows how long a machine was off. A long weekend is believed, and nothing that is kept for weeks goes by it.
OFF_AT_MOST: Final = timedelta(days=3)
# A wall clock that is ahead is believed once it has moved with the running clock for so long.
HELD_FOR_S: Final = 24 * 3600.0
# The witness is renewed so often.
LOOK_EVERY_S: Final = 3600.0
# In doubt, a process looks so often whether another, or an administrator, knows better.
ASK_EVERY_S: Final = 10.0
BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Reading:
    """What the clocks showed: the wall clock (aware), and the seconds that the machine has run since `boot`."""

    wall: datetime
    running_s: float
    boot: str


@dataclass(frozen=True)
class Known:
    """`steady`: the time that was trusted when the clocks showed `at`. Where the two differ the wall clock is in
    doubt, and has moved with the running clock for `held_s` seconds since."""

    steady: datetime
    at: Reading
    held_s: float = 0.0

    @property
    def in_doubt(self) -> bool:
        """Whether the wall clock is not believed."""
        return self.steady != self.at.wall


@dataclass(frozen=True)
class Times:
    """One moment. `wall` is what the server's clock says, `steady` what it is as far as known: deadlines are made from
    it. They differ only while the clock is in doubt."""

    wall: datetime
    steady: datetime

    @property
    def ended_by(self) -> datetime:
        """What lies before this has ended: both say so."""
        return min(self.wall, self.steady)

    @property
    def in_doubt(self) -> bool:
        """Whether the clock says something else than can be believed."""
        return self.wall != self.steady

    @property
    def apart_s(self) -> float:
        """By how many seconds the clock is ahead of what is believed (negative: behind)."""
        return (self.wall - self.steady).total_seconds()


def later(known: Known, now: Reading) -> Known:
    """What is known now, from what was known before.

    A clock that is ahead is believed once it has held for a day of running; one that is behind never by itself,
    because nothing suffers while it is in doubt, and the database has seen later times.
    """
    same_run = now.boot == known.at.boot and now.running_s >= known.at.running_s
    passed = timedelta(seconds=now.running_s - known.at.running_s if same_run else 0)
    reach = ALLOWED if same_run else OFF_AT_MOST
    steady = known.steady + passed
    if -ALLOWED <= now.wall - steady <= reach:
        return Known(now.wall, now)
    agreed = -ALLOWED <= now.wall - known.at.wall - passed <= reach
    held_s = known.held_s + passed.total_seconds() if agreed else 0.0
    if now.wall > steady and held_s >= HELD_FOR_S:
        return Known(now.wall, now)
    return Known(steady, now, held_s)


def vouches(stored: Known, now: Reading) -> bool:
    """Whether the witness believes what the wall clock says now: somebody who knows better has written it."""
    if stored.in_doubt:
        return False
    if stored.at.boot == now.boot:
        return not later(stored, now).in_doubt
    return abs(now.wall - stored.steady) <= timedelta(seconds=LOOK_EVERY_S) + ALLOWED


def running_s() -> float:
    """The seconds that this machine has run, asleep too."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def boot_id() -> str:
    """What names this run of the machine; "" where nothing does."""
    try:
        return BOOT_ID.read_text("ascii").strip()
    except OSError:
        return ""


class SteadyClock:
    """A process's own. `load` reads the witness that the database keeps, if there is one; the wall clock's time is
    given to it, for a database that has none yet."""

    def __init__(
        self,
        load: Callable[[datetime], Known | None],
        running: Callable[[], float] = running_s,
        boot: str | None = None,
    ) -> None:
        self._load = load
        self._running = running
        self._boot = boot_id() if boot is None else boot
        self._known: Known | None = None
        self._asked_s = -ASK_EVERY_S
        self._told = False

    def times(self, wall: datetime) -> Times:
        """The wall clock's time and the steady one. May read the database: call it outside of any transaction."""
        found = self._find(Reading(wall, self._running(), self._boot))
        self._tell(found)
        return Times(wall, found.steady)

    def apart_s(self, wall: datetime) -> float:
        """By how many seconds the wall clock is ahead of what this process believes (negative: behind), without asking
        the database."""
        if self._known is None:
            return 0.0
        return (wall - later(self._known, Reading(wall, self._running(), self._boot)).steady).total_seconds()

    def latest(self, wall: datetime) -> datetime | None:
        """How late it can be at most while the wall clock shows this and is in doubt: it is right, or what was believed
        before; None where it is believed. Without asking the database, as far as `times` was asked before."""
        apart_s = self.apart_s(wall)
        return None if apart_s == 0 else max(wall, wall - timedelta(seconds=apart_s))

    def advance(self, wall: datetime) -> Known:
        """What is known now, to be kept as the witness; to be called every `LOOK_EVERY_S`."""
        self._known = found = self._find(Reading(wall, self._running(), self._boot))
        self._tell(found)
        return found

    def confirm(self, wall: datetime) -> Known:
        """Somebody says that the wall clock is right: what is known from now on, to be kept as the witness."""
        self._known = found = Known(wall, Reading(wall, self._running(), self._boot))
        self._tell(found)
        return found

    def _find(self, now: Reading) -> Known:
        if self._known is None:
            stored = self._load(now.wall)
            self._known = Known(now.wall, now) if stored is None else later(stored, now)
        found = later(self._known, now)
        if found.in_doubt and now.running_s >= self._asked_s + ASK_EVERY_S:
            self._asked_s = now.running_s
            stored = self._load(now.wall)
            if stored is not None and vouches(stored, now):
                self._known = found = Known(now.wall, now)
        return found

    def _tell(self, found: Known) -> None:
        """Log once that a doubt began, and once that it has ended."""
        if found.in_doubt == self._told:
            return
        self._told = found.in_doubt
        said = found.at.wall.isoformat(timespec="seconds")
        if not found.in_doubt:
            log.warning("the server's clock is believed again: %s", said)
            return
        log.warning(
            "the server's clock says %s, and by all that is known it is %s: until that is settled nothing is ended, "
            "archived or deleted by what it says",
            said,
            found.steady.isoformat(timespec="seconds"),
        )
