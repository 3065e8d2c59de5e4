"""What happens to sign-ins, accounts and rights, as lines of a log: a stable code each, ids, and nothing that anybody
typed.

`event=sign_in_refused reason=bad_credentials person=… address=…`. A value that is no id, code or number is written
as `?`, so that no line can be forged. Of an address only a keyed hash is told. How many lines a minute may hold is
bounded: what is more is counted and told when the minute is over.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection

Event = Literal[
    "sign_in", "sign_out", "session_moved", "sign_in_refused", "password_changed", "account_added", "password_set",
    "account_closed", "account_opened", "sessions_ended", "device_revoked", "request_refused", "input_refused",
    "line_held", "person_adopted",
]  # fmt: skip
Fact = str | int | None

log = logging.getLogger(__name__)

SAFE: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}", re.ASCII)
WAITING: Final = "security_events"
MINUTE_S: Final = 60.0


@dataclass(frozen=True)
class Most:
    """How many lines of one event a process writes in a minute: about one person or address, and altogether."""

    of_one: int
    together: int


# Whoever is refused may be anybody, as often as they like; for everything else somebody needs a password.
REFUSALS: Final = frozenset({"sign_in_refused", "request_refused", "input_refused", "line_held"})
OF_REFUSALS: Final = Most(5, 20)
OF_OTHERS: Final = Most(5, 300)


class SecurityLog:
    """Writes events within bounds. `later` is asked once for each minute in which something was left out, to call
    `flush` when that is over."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, later: Callable[[Callable[[], None]], None] | None = None
    ) -> None:
        self._clock = clock
        self._later = later or _in_a_minute
        self._lock = threading.Lock()
        self._over_at = 0.0
        self._written: Counter[str] = Counter()
        self._of_one: Counter[tuple[str, str]] = Counter()
        self._left_out: Counter[str] = Counter()

    def tell(self, event: Event, **facts: Fact) -> None:
        """Write one line, or count it where the minute has no more room for it."""
        who = str(facts.get("person") or facts.get("address") or "")
        with self._lock:
            before = self._begin_anew() if self._clock() >= self._over_at else []
            has_room = self._has_room(event, who)
            first = not has_room and not self._left_out
            if not has_room:
                self._left_out[event] += 1
        _write(before)
        if has_room:
            log.info("%s", line(event, facts))
        if first:
            self._later(self.flush)

    def flush(self) -> None:
        """Tell what was left out, where the minute is over; one that began meanwhile is told by its own end."""
        with self._lock:
            before = self._begin_anew() if self._clock() >= self._over_at else []
        _write(before)

    def _begin_anew(self) -> list[str]:
        before = [line(event, {"left_out": count}) for event, count in sorted(self._left_out.items())]
        self._over_at = self._clock() + MINUTE_S
        for counted in (self._written, self._of_one, self._left_out):
            counted.clear()
        return before

    def _has_room(self, event: str, who: str) -> bool:
        most = OF_REFUSALS if event in REFUSALS else OF_OTHERS
        if self._written[event] >= most.together or self._of_one[event, who] >= most.of_one:
            return False
        self._written[event] += 1
        self._of_one[event, who] += 1
        return True


def line(event: str, facts: dict[str, Fact]) -> str:
    """`event=… name=value …`, without what is None."""
    told = {"event": event} | facts
    return " ".join(f"{name}={_safe(value)}" for name, value in told.items() if value is not None)


def _safe(value: Fact) -> str:
    text = str(value)
    return text if SAFE.fullmatch(text) else "?"


def _write(lines: list[str]) -> None:
    for one in lines:
        log.info("%s", one)


def _in_a_minute(work: Callable[[], None]) -> None:
    timer = threading.Timer(MINUTE_S, work)
    timer.daemon = True
    timer.start()


OURS: Final = SecurityLog()


def speak() -> None:
    """Let events be heard; commands, whose standard error somebody reads at a terminal, stay silent."""
    log.setLevel(logging.INFO)


def tell(event: Event, **facts: Fact) -> None:
    """An event that has happened, whatever becomes of a transaction."""
    OURS.tell(event, **facts)


def tell_once_committed(connection: Connection, event: Event, **facts: Fact) -> None:
    """An event that has happened if this write transaction is committed."""
    connection.info.setdefault(WAITING, []).append((event, facts))


@contextmanager
def telling_once_committed(connection: Connection) -> Iterator[None]:
    """Around one transaction: tells at its end what waited for it, and nothing where it raises."""
    connection.info.pop(WAITING, None)
    try:
        yield
    except BaseException:
        connection.info.pop(WAITING, None)
        raise
    for event, facts in connection.info.pop(WAITING, []):
        OURS.tell(event, **facts)
