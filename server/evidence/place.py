"""Whether a position lies at its site, as far as its accuracy can tell (evidence.md, "Where")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from geopy.distance import geodesic

from server.evidence.datum import Point, interpretations
from server.evidence.reasons import Figure, Reason
from server.evidence.stamps import fix_age_s, not_negative

Answer = Literal["inside", "outside", "unclear"]

WALKING_MPS: Final = 1.5
DEFAULT_RADIUS_M: Final = 150.0
# Younger fixes are widened too, but nobody needs to be told.
OLD_FIX_S: Final = 30.0


@dataclass(frozen=True)
class Place:
    """Where a position was in relation to a site.

    `distance_m` to the site's centre (to the nearest place where the site may be), `accuracy_m` of the
    fix with its age: the radius that holds the truth in 95 of 100 cases. Both in metres.
    """

    answer: Answer
    distance_m: float
    accuracy_m: float | None
    reasons: tuple[Reason, ...]

    def as_json(self) -> dict[str, Figure]:
        """The place as documents hold it."""
        return {"answer": self.answer, "distance_m": self.distance_m, "accuracy_m": self.accuracy_m}


def judge_place(
    position: Mapping[str, object] | None,
    site_position: Mapping[str, object] | None,
    radius_m: float | None,
    recorded_at: datetime | None = None,
    corrected: datetime | None = None,
) -> Place | None:
    """Judge a position (`latitude`, `longitude` in WGS-84, `accuracy_m`, `age_s`) against a site.

    `site_position` has `latitude`, `longitude` and `datum`; `radius_m` is the circle in which someone
    counts as arrived (150 m where None). `recorded_at` is the device's clock when the line was written,
    `corrected` the same moment by the server's: with them the fix is at least as old as its own
    `fixed_at` says (server.evidence.stamps). An old fix is less accurate by a walk of 1.5 m/s. With an unknown
    datum all three readings must agree. None without a position or without a site's position.
    """
    here = interpretations({**position, "datum": "WGS-84"}) if position is not None else []
    sites = interpretations(site_position)
    if not here or position is None or not sites:
        return None
    radius = DEFAULT_RADIUS_M if radius_m is None else float(radius_m)
    distances = [distance_m(here[0], site) for site in sites]
    accuracy, reasons = _accuracy(position, fix_age_s(position, recorded_at, corrected))
    answers = {_answer(distance, accuracy, radius) for distance in distances}
    figures: dict[str, Figure] = {
        "distance_m": min(distances), "accuracy_m": accuracy, "radius_m": radius
    }  # fmt: skip
    if len(answers) > 1:
        figures["farthest_m"] = max(distances)
        return Place("unclear", min(distances), accuracy, (Reason("datum_unknown", figures), *reasons))
    answer = answers.pop()
    if accuracy is None:
        return Place(answer, min(distances), None, reasons)
    return Place(answer, min(distances), accuracy, (Reason(answer, figures), *reasons))


def distance_m(one: Point, other: Point) -> float:
    """The geodesic distance on the WGS-84 ellipsoid in metres, to a decimetre (Karney, by geopy)."""
    there = (other["latitude"], other["longitude"])
    return round(float(geodesic((one["latitude"], one["longitude"]), there).meters), 1)


def _answer(distance: float, accuracy: float | None, radius: float) -> Answer:
    if accuracy is None:
        return "unclear"
    if distance + accuracy <= radius:
        return "inside"
    return "outside" if distance - accuracy > radius else "unclear"


def _accuracy(position: Mapping[str, object], age_s: float) -> tuple[float | None, tuple[Reason, ...]]:
    """The fix's accuracy in metres widened by its age; None where it says none."""
    stated = not_negative(position.get("accuracy_m"))
    if stated is None:
        return None, (Reason("no_accuracy"),)
    widened = round(stated + WALKING_MPS * age_s, 1)
    if age_s <= OLD_FIX_S:
        return widened, ()
    old: dict[str, Figure] = {"age_s": round(age_s), "stated_m": stated, "accuracy_m": widened}
    return widened, (Reason("old_fix", old),)
