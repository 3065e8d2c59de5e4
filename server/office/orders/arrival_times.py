"""The times of one arrival on one line, to scale: what was planned, what is proven, what is only said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from server.office.shell.drawing import Band, Tick, TimeAxis, band
from server.office.shell.reader import Reader

NARROWEST: Final = 4.0
"""Seconds of corroborated time are drawn this wide, or nobody would see them."""
FAR: Final = timedelta(hours=18)
"""What lies farther from the likeliest time than this is told in words, and drawn at the edge."""
SHORTEST: Final = timedelta(minutes=10)
STEPS_MIN: Final = (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720)
MOST_TICKS: Final = 5


@dataclass(frozen=True)
class Mark:
    """A moment on the axis; `beyond` where it lies outside and stands at the edge."""

    x: float
    beyond: bool


@dataclass(frozen=True)
class ArrivalTimes:
    """The drawing: two rows of the plan and of what is known, in the units of `axis`.

    `proven` is where the arrival must lie (cut at the start where nothing proves a beginning), `bounds` the narrower
    stretch that is corroborated (`tight`) or the same; `denied`: what is claimed cannot be. `label` says all of
    it in words.
    """

    axis: TimeAxis
    ticks: list[Tick]
    window: Band | None
    deadline: Mark | None
    proven: Band | None
    bounds: Band | None
    tight: bool
    denied: bool
    best: Mark
    claimed: Mark | None
    fix: Mark | None
    label: str


def arrival_times(arrival: dict[str, Any], window: dict[str, str] | None, reader: Reader) -> ArrivalTimes:  # Any: JSON
    """Draw an arrival of a document beside the order's `window`, as it stands in the plan now."""
    time = arrival["time"]
    best, latest = _moment(time["best"]), _moment(time["latest"])
    earliest, claimed = _maybe(time["earliest"]), _maybe(time.get("claimed"))
    not_before, not_after = _maybe(time.get("not_before")), _maybe(time.get("not_after")) or latest
    deadline, fix = _maybe(arrival.get("arrive_by")), _maybe((arrival["position"] or {}).get("fixed_at"))
    start, end = (_maybe((window or {}).get(name)) for name in ("start", "end"))
    said = [earliest, latest, not_before, not_after, claimed, deadline, fix, start, end]
    axis = _axis(best, [moment for moment in said if moment is not None])
    # Where nothing proves that it was not earlier, the band is open to the left.
    before_all = axis.start - timedelta(days=1)
    return ArrivalTimes(
        axis=axis,
        ticks=_ticks(axis, reader),
        window=band(axis, start, end) if start and end and start <= end else None,
        deadline=_mark(axis, deadline),
        proven=band(axis, not_before or before_all, max(not_after, not_before or not_after), NARROWEST),
        bounds=band(axis, earliest or before_all, latest, NARROWEST),
        tight=time["grade"] == "corroborated",
        denied=time["grade"] == "contradicted",
        best=Mark(axis.x(best), not axis.holds(best)),
        claimed=_mark(axis, claimed),
        fix=_mark(axis, fix),
        label=_label(arrival, window, reader),
    )


def _label(arrival: dict[str, Any], window: dict[str, str] | None, reader: Reader) -> str:  # Any: JSON
    """Everything that is drawn, in words."""
    time, best = arrival["time"], arrival["time"]["best"]
    fix = _maybe((arrival["position"] or {}).get("fixed_at"))
    parts = [
        reader.say("office-times-window", span=reader.span(window["start"], window["end"], best)) if window else None,
        arrival.get("arrive_by") and reader.say("office-told-arrive-by", time=reader.clock(arrival["arrive_by"], best)),
        reader.say("office-times-best", time=reader.second(best, best)),
        _between(time["earliest"], time["latest"], best, reader),
        time.get("claimed") and reader.say("office-claims", claimed=reader.second(time["claimed"], best)),
        fix and reader.say("office-times-fix", time=reader.second(fix, best)),
    ]
    return reader.say("office-times", marks=reader.say("office-clause-sign").join(part for part in parts if part))


def _between(earliest: str | None, latest: str, best: str, reader: Reader) -> str:
    until = reader.second(latest, best)
    if earliest is None:
        return reader.say("office-provable-until", latest=until)
    return reader.say("office-provable-between", earliest=reader.second(earliest, best), latest=until)


def _axis(best: datetime, moments: list[datetime]) -> TimeAxis:
    """From the first to the last of what lies near the likeliest time, with some room on both sides."""
    near = [best, *(moment for moment in moments if abs(moment - best) <= FAR)]
    first, last = min(near), max(near)
    missing = max(SHORTEST - (last - first), timedelta(0)) / 2
    room = max(last - first, SHORTEST) / 20
    return TimeAxis(first - missing - room, last + missing + room)


def _ticks(axis: TimeAxis, reader: Reader) -> list[Tick]:
    """At most five round times of the company's clock."""
    length_min = (axis.end - axis.start) / timedelta(minutes=1)
    step_min = next((step for step in STEPS_MIN if length_min / step <= MOST_TICKS), STEPS_MIN[-1])
    local = reader.local(axis.start)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    step = timedelta(minutes=step_min)
    at = midnight - (midnight - local) // step * step
    ticks = []
    while at <= axis.end:
        ticks.append(Tick(axis.x(at), at))
        at += step
    return ticks


def _mark(axis: TimeAxis, at: datetime | None) -> Mark | None:
    return None if at is None else Mark(axis.x(at), not axis.holds(at))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _maybe(text: str | None) -> datetime | None:
    """None for none, and for what a phone wrote that is no moment."""
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
