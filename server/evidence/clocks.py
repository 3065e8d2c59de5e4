"""A device's clocks beside the server's: readings, references, and signs that a clock was moved.

A *reference* is a moment at which the device's clocks and the server's clock are both known, up to the
time that a message was under way. Two references, or two readings of one run of the app, show whether
the wall clock kept step in between (evidence.md, "When").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from server.evidence.reasons import Figure, Reason

Sign = Literal["backwards", "monotonic", "elapsed", "offset"]


@dataclass(frozen=True)
class Reading:
    """What the device's clocks showed: wall clock (aware), monotonic ms since the app's run `run` began."""

    wall: datetime
    mono_ms: float
    run: str


@dataclass(frozen=True)
class Anchor:
    """The server's time in an anchor, and the device's clocks when it came; the answer travelled up to
    `travel_s` seconds between the two."""

    server_time: datetime
    received: Reading
    travel_s: float = 10.0


@dataclass(frozen=True)
class Receipt:
    """The device's clocks when it sent an exchange, and the server's time when that had arrived whole,
    up to `travel_s` seconds later: a full batch takes minutes on a thin link."""

    server_time: datetime
    sent: Reading
    travel_s: float = 120.0


@dataclass(frozen=True)
class Tolerances:
    """How far honest clocks differ: `drift_ppm` of the time between two readings plus `clock_s`;
    `gps_s` between a position fix and the moment it is offered for."""

    drift_ppm: float = 200.0
    clock_s: float = 2.0
    gps_s: float = 30.0

    def allowed_s(self, interval_s: float) -> float:
        """The difference in seconds that drift explains over an interval in seconds."""
        return self.clock_s + abs(interval_s) * self.drift_ppm / 1_000_000


@dataclass(frozen=True)
class Reference:
    """Device and server clocks at one moment: the reading was taken between `early_s` before and
    `late_s` after the server's time."""

    server_time: datetime
    reading: Reading
    early_s: float
    late_s: float

    @classmethod
    def of(cls, known: Anchor | Receipt) -> Reference:
        """An anchor is read after the server wrote it, a receipt is stamped after the device sent it."""
        if isinstance(known, Anchor):
            return cls(known.server_time, known.received, 0.0, known.travel_s)
        return cls(known.server_time, known.sent, known.travel_s, 0.0)

    def offset_s(self) -> tuple[float, float]:
        """The range of (wall − true time) in seconds that the message's travel leaves open."""
        difference = (self.reading.wall - self.server_time).total_seconds()
        return difference - self.late_s, difference + self.early_s


def signs_of_a_moved_clock(
    at: Reading,
    before: Reference | None,
    after: list[Reference],
    chain_previous: Reading | None,
    allow: Tolerances,
) -> list[Reason]:
    """What shows that the wall clock was moved, the largest of each kind.

    `clock_moved` touches the line. `clock_moved_elsewhere` does not: the wall clock kept step with the
    monotonic one from the anchor to the line and was moved later. `how` is the sign, `direction` (back
    or forward) and `seconds` the move.
    """
    earlier = [*([chain_previous] if chain_previous else []), *([before.reading] if before else [])]
    touching = [*_steps_back(at, chain_previous, allow)]
    for reading in earlier:
        touching += _wall_against_mono(reading, at, allow)
    steady = before is not None and before.reading.run == at.run and not touching
    later: list[tuple[Sign, float]] = []
    for known in after:
        later += _wall_against_mono(at, known.reading, allow)
    if before is not None and after:
        later += _offset_changed(before, after[0], allow)
    unconnected: list[tuple[Sign, float]] = []
    for one, other in zip(after, after[1:], strict=False):
        unconnected += _offset_changed(one, other, allow)
    if steady:
        return _reasons("clock_moved_elsewhere", later + unconnected)
    return _reasons("clock_moved", touching + later) + _reasons("clock_moved_elsewhere", unconnected)


def _steps_back(at: Reading, previous: Reading | None, allow: Tolerances) -> Iterator[tuple[Sign, float]]:
    """Along the chain the wall clock never runs backwards, nor does the monotonic one within a run."""
    if previous is None:
        return
    back = (previous.wall - at.wall).total_seconds()
    if back > allow.clock_s:
        yield "backwards", -back
    if previous.run == at.run and previous.mono_ms > at.mono_ms:
        yield "monotonic", (at.mono_ms - previous.mono_ms) / 1000


def _wall_against_mono(earlier: Reading, later: Reading, allow: Tolerances) -> Iterator[tuple[Sign, float]]:
    """More elapsed time than the wall clock shows means that the wall clock was put back. Less is no
    such sign: monotonic clocks may stop while a phone sleeps."""
    if earlier.run != later.run or later.mono_ms < earlier.mono_ms:
        return
    by_mono = (later.mono_ms - earlier.mono_ms) / 1000
    by_wall = (later.wall - earlier.wall).total_seconds()
    if by_mono - by_wall > allow.allowed_s(by_mono):
        yield "elapsed", by_wall - by_mono


def _offset_changed(one: Reference, other: Reference, allow: Tolerances) -> Iterator[tuple[Sign, float]]:
    """The wall clock's offset to the server's at two moments, less what the messages' travel explains."""
    (low, high), (other_low, other_high) = one.offset_s(), other.offset_s()
    change = max(0.0, other_low - high) - max(0.0, low - other_high)
    interval = (other.server_time - one.server_time).total_seconds()
    if abs(change) > allow.allowed_s(interval):
        yield "offset", change


def _reasons(code: str, signs: list[tuple[Sign, float]]) -> list[Reason]:
    largest: dict[Sign, float] = {}
    for how, seconds in signs:
        if abs(seconds) > abs(largest.get(how, 0.0)):
            largest[how] = seconds
    return [Reason(code, _figures(how, seconds)) for how, seconds in largest.items()]


def _figures(how: Sign, seconds: float) -> dict[str, Figure]:
    direction = "forward" if seconds > 0 else "back"
    return {"how": how, "direction": direction, "seconds": round(abs(seconds), 1)}
