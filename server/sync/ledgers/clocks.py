"""The readings of a ledger's clocks that judging the time of its next line needs, as JSON in the device's row."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from server.evidence.stamps import said_age_s, stamp_of
from server.evidence.time_bounds import Anchor, Reading, Receipt, TimeBounds, received_in_doubt, time_bounds
from server.sync.ledgers.line import Line, Unreadable, reading

# In a line's inputs: its fix is compared with the server's time too, not with the phone's clock alone.
FIXES: Final = {"fixes": "by_both_clocks"}


def reading_json(value: Reading) -> dict[str, Any]:  # Any: JSON
    """A reading as lines have it."""
    return {"wall": value.wall.isoformat(), "mono": value.mono_ms, "run": value.run}


@dataclass
class LedgerClocks:
    """Where a ledger stands: its newest anchor, and the reading of its last line."""

    anchor: Anchor | None = None
    last: Reading | None = None

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> LedgerClocks:  # Any: JSON of our own making
        """The clocks that `as_json` wrote."""
        anchor = value.get("anchor")
        last = value.get("last")
        return cls(
            Anchor(datetime.fromisoformat(anchor["server_time"]), reading(anchor["received"])) if anchor else None,
            reading(last) if last else None,
        )

    def as_json(self) -> dict[str, Any]:  # Any: JSON
        """As kept in the device's row, and in the inputs of the lines judged by it."""
        return {
            "anchor": self.anchor
            and {
                "server_time": self.anchor.server_time.isoformat(),
                "received": reading_json(self.anchor.received),
            },
            "last": self.last and reading_json(self.last),
        }

    def saw_anchor(self, line: Line, server_time: datetime) -> None:
        """Take in an anchor line; raises ValueError, KeyError or TypeError for a bad `received`.

        A token older than one before it proves nothing more.
        """
        received = reading(line.data["received"]) if "received" in line.data else line.at
        if self.anchor is None or server_time > self.anchor.server_time:
            self.anchor = Anchor(server_time, received)

    def forget_the_future(self, now: datetime) -> None:
        """An anchor that is later than the server's clock as its lines come in was made while that was ahead: it
        proves nothing, and the next one takes its place."""
        if self.anchor is not None and self.anchor.server_time > now:
            self.anchor = None


@dataclass(frozen=True)
class Arrival:
    """When lines came in, and what the device's clocks showed then (None: it does not say). `latest`: the server's own
    clock was in doubt, and it was no later than this; then it is compared with nothing."""

    received_at: datetime
    sent: Reading | None
    latest: datetime | None = None

    @property
    def not_after(self) -> datetime:
        """What comes in now was not written later."""
        return self.latest or self.received_at

    @property
    def receipts(self) -> list[Receipt]:
        """The reading of both clocks at one moment, where there is one to be believed."""
        return [] if self.sent is None or self.latest is not None else [Receipt(self.received_at, self.sent)]

    def as_inputs(self) -> dict[str, str]:
        """What the journal keeps of it beside each line, so that it is judged alike again."""
        return {} if self.latest is None else {"latest": self.latest.isoformat()}


def bounds_of(line: Line, clocks: LedgerClocks, arrival: Arrival, fixes_by_both: bool = True) -> TimeBounds:
    """When `line` was written, by the clocks before it and the exchange that brought it."""
    position = line.data.get("position")
    position = position if isinstance(position, dict) else {}
    bounds = time_bounds(
        line.at,
        clocks.anchor,
        arrival.receipts,
        arrival.not_after,
        fix_at=stamp_of(position),
        fix_age_s=said_age_s(position) if fixes_by_both else None,
        chain_previous=clocks.last,
    )
    return bounds if arrival.latest is None else received_in_doubt(bounds)


def how_judged(line: Line | Unreadable) -> dict[str, str]:
    """What the journal keeps beside a line of how its fix is judged. Without it, it was judged as before."""
    return FIXES if isinstance(line, Line) and isinstance(line.data.get("position"), dict) else {}


def judged_by(inputs: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
    """Those of a line's inputs that its time was judged by as it came in."""
    return {name: inputs[name] for name in ("clocks", "latest", *FIXES) if name in inputs}


def bounds_as_judged(line: Line, inputs: dict[str, Any], sent: str, received_at: datetime) -> TimeBounds:  # Any: JSON
    """The same for a line of the journal, from what is kept beside it: `inputs` of the line, `sent` of its batch."""
    sent_at, latest = json.loads(sent), inputs.get("latest")
    arrival = Arrival(
        received_at,
        reading(sent_at) if sent_at else None,
        datetime.fromisoformat(latest) if latest else None,
    )
    clocks = LedgerClocks.from_json(inputs.get("clocks") or {})
    return bounds_of(line, clocks, arrival, fixes_by_both=FIXES.items() <= inputs.items())
