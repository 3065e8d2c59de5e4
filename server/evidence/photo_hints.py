"""Hints that a photo's own words do not fit the operation that recorded it (evidence.md, "Photos").

EXIF proves nothing, and nothing here is a verdict: a camera's clock may be set badly, a phone may write the place
where it last knew one, and an editor may only have turned the picture. Each hint says what differs, and by how much.
Where EXIF says nothing there is nothing to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from server.evidence.datum import interpretations
from server.evidence.likeness import BITS
from server.evidence.place import WALKING_MPS, judge_place
from server.evidence.reasons import Figure, Reason, utc_text

# A phone's camera shows the phone's clock and the record follows within seconds. A camera that stands by itself is
# set by hand: some minutes off is what its owner does not notice, an hour is what they do.
TIME_TOLERANCE: Final = timedelta(minutes=10)
# EXIF names no accuracy. Camera apps write the last fix that they have, which indoors comes from the network.
EXIF_ACCURACY_M: Final = 100.0
# Before there were digital cameras a date is one that was never set.
FIRST_YEAR: Final = 1990

_EDITORS: Final = Path(__file__).with_name("editors.txt")


def _editors() -> re.Pattern[str]:
    """The names in editors.txt, where a word begins."""
    lines = _EDITORS.read_text("utf-8").splitlines()
    names = [re.escape(line).replace(r"\#", r"\d") for line in lines if line and not line.startswith("#")]
    return re.compile(rf"(?<![a-z])(?:{'|'.join(names)})", re.IGNORECASE)


_EDITOR: Final = _editors()


def photo_hints(
    facts: Mapping[str, object],
    site: Mapping[str, object] | None,
    position: Mapping[str, object] | None,
    earliest: datetime | None,
    latest: datetime,
    zone: ZoneInfo,
) -> list[Reason]:
    """All hints about one record of a photo; empty where nothing is odd or EXIF says nothing.

    `facts` are those of ImageFacts. `site` has `position` and `radius_m` as a document holds them, `position` is the
    record's own (WGS-84). The record was written between `earliest` and `latest`; `earliest` is the claimed time
    where no bound is known. `zone` is the company's.
    """
    taken_at, software = facts.get("taken_at"), facts.get("software")
    found = [exif_time_differs(taken_at if isinstance(taken_at, str) else None, earliest, latest, zone)]
    found += exif_place_differs(facts, site, position)
    found.append(edited_by(software if isinstance(software, str) else None))
    return [reason for reason in found if reason is not None]


def exif_time_differs(
    taken_at: str | None, earliest: datetime | None, latest: datetime, zone: ZoneInfo
) -> Reason | None:
    """The camera's time lies more than TIME_TOLERANCE outside the bounds on the record's time.

    `taken_at` is ISO 8601; without an offset it is read in `zone`, and `zone` of the reason says `assumed`. A clock
    time that the zone has twice is read as the nearer one. `minutes` is the distance to the bounds, `amount` the same
    in the `unit` that people would use (minutes, hours, days).
    """
    times = [] if taken_at is None else _times(taken_at, zone)
    if not times:
        return None
    gap, moment = min(((_outside(each, earliest, latest), each) for each in times), key=lambda pair: abs(pair[0]))
    if abs(gap) <= TIME_TOLERANCE:
        return None
    figures: dict[str, Figure] = {
        "taken_at": utc_text(moment),
        "zone": "assumed" if datetime.fromisoformat(str(taken_at)).tzinfo is None else "stated",
        "direction": "before" if gap < timedelta(0) else "after",
        "minutes": round(abs(gap) / timedelta(minutes=1)),
    }
    return Reason("exif_time_differs", figures | _amount(abs(gap)))


def exif_place_differs(
    facts: Mapping[str, object], site: Mapping[str, object] | None, position: Mapping[str, object] | None
) -> list[Reason]:
    """The camera's place lies clearly outside the site's circle (`against` is `site`), or clearly away from the
    record's own position (`position`): farther than the circle or the accuracy, and EXIF_ACCURACY_M, explain.

    `distance_m` is to the centre, `amount` the same in the `unit` that people would use (m, km), `allowed_m` what would
    have been near enough. Some phones in mainland China write
    GCJ-02 without saying so, so a place there is read in every datum, and the nearest counts. A position without an
    accuracy is compared with nothing.
    """
    cameras = interpretations({name: facts.get(name) for name in ("latitude", "longitude")})
    if not cameras or all(cameras[0][name] == 0 for name in ("latitude", "longitude")):  # 0, 0: no fix, on no land
        return []
    found = []
    if site is not None:
        centre, radius = site.get("position"), _number(site.get("radius_m"))
        found.append(_away(cameras, "site", centre if isinstance(centre, Mapping) else None, radius))
    accuracy = None if position is None else _number(position.get("accuracy_m"))
    if position is not None and accuracy is not None:
        walked = WALKING_MPS * (_number(position.get("age_s")) or 0.0)
        found.append(_away(cameras, "position", {**position, "datum": "WGS-84"}, accuracy + walked))
    return [reason for reason in found if reason is not None]


def edited_by(software: str | None) -> Reason | None:
    """EXIF names an editor (editors.txt) as what wrote the file; `software` in its own words."""
    if software is None or not _EDITOR.search(software):
        return None
    return Reason("edited_by", {"software": software})


def reused(number: str, at: str) -> Reason:
    """The same bytes are on another order, of this number, recorded there `at` (RFC 3339)."""
    return Reason("reused", {"number": number, "at": at})


def similar(number: str, at: str, bits: int) -> Reason:
    """A photo that looks the same (likeness.py) is on another order; `bits` of likeness.BITS differ."""
    return Reason("similar", {"number": number, "at": at, "bits": bits, "of": BITS})


def _times(taken_at: str, zone: ZoneInfo) -> list[datetime]:
    try:
        moment = datetime.fromisoformat(taken_at)
    except ValueError:
        return []
    if moment.year < FIRST_YEAR or moment.year > 9000:
        return []
    if moment.tzinfo is not None:
        return [moment]
    return [moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]


def _outside(moment: datetime, earliest: datetime | None, latest: datetime) -> timedelta:
    """How far before (negative) or after the bounds; nothing inside them."""
    if earliest is not None and moment < earliest:
        return moment - earliest
    return max(moment - latest, timedelta(0))


def _amount(gap: timedelta) -> dict[str, Figure]:
    minutes = gap / timedelta(minutes=1)
    if minutes < 120:
        return {"amount": round(minutes), "unit": "minutes"}
    hours = minutes / 60
    return {"amount": round(hours), "unit": "hours"} if hours < 48 else {"amount": round(hours / 24), "unit": "days"}


def _away(
    cameras: Sequence[Mapping[str, object]], against: str, centre: Mapping[str, object] | None, radius_m: float | None
) -> Reason | None:
    places = [judge_place({**camera, "accuracy_m": EXIF_ACCURACY_M}, centre, radius_m) for camera in cameras]
    known = [place for place in places if place is not None]
    if not known or any(place.answer != "outside" for place in known):
        return None
    nearest = min(known, key=lambda place: place.distance_m)
    radius = next(reason.figures["radius_m"] for reason in nearest.reasons if "radius_m" in reason.figures)
    assert isinstance(radius, float)
    figures: dict[str, Figure] = {
        "against": against,
        "distance_m": round(nearest.distance_m),
        "allowed_m": round(radius + EXIF_ACCURACY_M),
    }
    return Reason("exif_place_differs", figures | _length(nearest.distance_m))


def _length(metres: float) -> dict[str, Figure]:
    return {"amount": round(metres), "unit": "m"} if metres < 10_000 else {"amount": round(metres / 1000), "unit": "km"}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
