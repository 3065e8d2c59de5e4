"""The verdict on an arrival, and hints that something about its position is odd (evidence.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from server.evidence.datum import interpretations
from server.evidence.place import Place, distance_m
from server.evidence.reasons import Figure, Reason, utc_text
from server.evidence.stamps import fix_age_s
from server.evidence.time_bounds import OnTime, TimeBounds, on_time
from server.rules.instants import instant_of

Verdict = Literal["verified", "contradicted", "unproven"]

# A clock moved by less than this matters only where it decides whether someone was late.
SMALL_MOVE_S: Final = 60.0
FASTEST_KMH: Final = 150.0
# So many positions in a row must show the same before it is odd.
ENOUGH: Final = 5


@dataclass(frozen=True)
class ArrivalVerdict:
    """What the machine says of an arrival; `reasons` hold everything it rests on, time and place."""

    punctual: OnTime
    verdict: Verdict
    reasons: tuple[Reason, ...]

    def as_json(self) -> dict[str, object]:
        """The members that an arrival in a document gets."""
        return {
            "punctual": self.punctual,
            "verdict": self.verdict,
            "reasons": [reason.as_json() for reason in self.reasons],
        }


@dataclass(frozen=True)
class Sighting:
    """An earlier position of the same person: the line's `position`, the best instant of its fix (None where the
    line's time is contradicted), and whether the same device told it."""

    position: Mapping[str, object]
    fixed_at: datetime | None
    same_device: bool = True

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Sighting:  # Any: JSON of our own making
        """The sighting that `as_json` wrote."""
        fixed_at = value["fixed_at"]
        return cls(value["position"], fixed_at and datetime.fromisoformat(fixed_at), value["same_device"])

    def as_json(self) -> dict[str, object]:
        """As kept beside the line that it was compared with."""
        fixed_at = None if self.fixed_at is None else self.fixed_at.isoformat()
        return {"position": dict(self.position), "fixed_at": fixed_at, "same_device": self.same_device}


def judge_arrival(
    bounds: TimeBounds, place: Place | None, why_none: str | None, arrive_by: datetime | None
) -> ArrivalVerdict:
    """`verified`: inside, with a corroborated time that is on time or late (or has no deadline).
    `contradicted`: outside, a claim outside the proven bounds, or a moved clock that matters: by a
    minute or more, or by less where it decides about lateness. Otherwise `unproven`.

    `place` is None without a position (then `why_none` is denied, unavailable, timeout or unusable) or where the
    site has none. `arrive_by` is the deadline that the technician had been told, None for none.
    """
    punctual = on_time(bounds, arrive_by)
    where = place.reasons if place is not None else (_no_place(why_none),)
    reasons = (*_punctuality(punctual, bounds, arrive_by), *where, *bounds.reasons)
    if (place is not None and place.answer == "outside") or _contradicted(bounds, punctual):
        return ArrivalVerdict(punctual, "contradicted", reasons)
    inside = place is not None and place.answer == "inside"
    if inside and bounds.grade == "corroborated" and punctual != "unproven":
        return ArrivalVerdict(punctual, "verified", reasons)
    return ArrivalVerdict(punctual, "unproven", reasons)


def fix_instant(position: Mapping[str, object], bounds: TimeBounds, wall: datetime) -> datetime | None:
    """The best instant of a fix that a line with these bounds carries, `wall` being what the device's clock said when
    the line was written; None where the line's time is contradicted and thus says nothing."""
    if bounds.grade == "contradicted":
        return None
    try:
        return bounds.best - timedelta(seconds=fix_age_s(position, wall, bounds.corrected))
    except OverflowError:
        return None


def hints(
    position: Mapping[str, object] | None, fixed_at: datetime | None, earlier: Sequence[Sighting]
) -> list[Reason]:
    """What is odd about a position beside the person's earlier ones (oldest first): never a verdict.

    `fixed_at` is as in a Sighting. A fix that is offered again, with the time stamp that it had, says nothing new.
    How accurate and how complete positions are is compared among those of the same device only.
    """
    if position is None:
        return []
    found = [*_same_digits(position, earlier), *_too_fast(position, fixed_at, earlier)]
    of_device = [sighting.position for sighting in earlier if sighting.same_device]
    fixes = {str(each.get("fixed_at")): each for each in (*of_device, position)}
    latest = list(fixes.values())[-ENOUGH:]
    if len(latest) < ENOUGH:
        return found
    if len({str(each.get("accuracy_m")) for each in latest}) == 1:
        accuracy = position.get("accuracy_m")
        figure = float(accuracy) if isinstance(accuracy, (int, float)) else None
        found.append(Reason("constant_accuracy", {"accuracy_m": figure, "positions": ENOUGH}))
    if not any(each.get("altitude_m") is not None or each.get("speed_mps") is not None for each in latest):
        found.append(Reason("never_altitude", {"positions": ENOUGH}))
    return found


def site_corrected(
    was: Mapping[str, object] | None, now: Mapping[str, object] | None, corrected_at: datetime
) -> list[Reason]:
    """That the place by which an arrival was judged had been corrected in the field, and by nobody in the office since:
    `was` and `now` are the site's positions (`{"latitude", "longitude", "datum"}`), `corrected_at` the best instant.

    `how` is `moved`, by the distance that is the shortest one where a datum is unknown, or `entered` where there was no
    position before.
    """
    between = [distance_m(one, other) for one in interpretations(was) for other in interpretations(now)]
    figures: dict[str, Figure] = {"how": "moved" if between else "entered", "at": utc_text(corrected_at)}
    return [Reason("site_corrected", figures | ({"distance_m": min(between)} if between else {}))]


def _contradicted(bounds: TimeBounds, punctual: OnTime) -> bool:
    if bounds.grade != "contradicted":
        return False
    outside_bounds = any(reason.code in ("claim_before_anchor", "claim_after_receipt") for reason in bounds.reasons)
    return outside_bounds or bounds.moved_s >= SMALL_MOVE_S or punctual == "unproven"


def _no_place(why_none: str | None) -> Reason:
    if why_none in ("denied", "unavailable", "timeout", "unusable"):
        return Reason("no_position", {"why": why_none})
    return Reason("no_site_position") if why_none is None else Reason("no_position", {"why": "other"})


def _punctuality(punctual: OnTime, bounds: TimeBounds, arrive_by: datetime | None) -> list[Reason]:
    if arrive_by is None:
        return [Reason("no_deadline")]
    minutes = round((bounds.best - arrive_by).total_seconds() / 60)
    if punctual == "unproven":
        return [Reason("time_unproven", {"grade": bounds.grade})]
    return [Reason(punctual, {"minutes": abs(minutes)})]


def _same_digits(position: Mapping[str, object], earlier: Sequence[Sighting]) -> list[Reason]:
    """Two fixes hardly ever agree in every digit, unless one of them was copied or is offered again."""
    for sighting in reversed(earlier):
        other = sighting.position
        if position.get("fixed_at") == other.get("fixed_at"):
            continue
        if all(position.get(name) == other.get(name) for name in ("latitude", "longitude")):
            return [Reason("same_digits", {"fixed_at": _stamp(other)})]
    return []


def _stamp(position: Mapping[str, object]) -> str | None:
    """A fix's own time stamp in UTC."""
    try:
        return utc_text(instant_of(str(position.get("fixed_at"))))
    except ValueError:
        return None


def _too_fast(position: Mapping[str, object], fixed_at: datetime | None, earlier: Sequence[Sighting]) -> list[Reason]:
    """Faster than any vehicle from the last position to this one, between clearly separate circles."""
    if fixed_at is None or not earlier or earlier[-1].fixed_at is None:
        return []
    last = earlier[-1].position
    here = interpretations({**position, "datum": "WGS-84"})
    there = interpretations({**last, "datum": "WGS-84"})
    if not here or not there:
        return []
    apart = distance_m(here[0], there[0]) - _metres(position) - _metres(last)
    hours = abs((fixed_at - earlier[-1].fixed_at).total_seconds()) / 3600
    if apart <= 0 or apart / 1000 <= FASTEST_KMH * hours:
        return []
    kmh: Figure = round(apart / 1000 / hours) if hours > 0 else None
    return [Reason("too_fast", {"kmh": kmh, "km": round(apart / 1000, 1), "minutes": round(hours * 60)})]


def _metres(position: Mapping[str, object]) -> float:
    accuracy = position.get("accuracy_m")
    return float(accuracy) if isinstance(accuracy, (int, float)) else 0.0
