"""What of a work order's evidence a supervisor may have to look at: arrivals, photos, signatures, one row each.

Follows from the document alone, so that rows can be written with it and made again from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

Body = Mapping[str, Any]  # Any: a work order's document as JSON

KINDS: Final = ("arrival", "photo", "signature", "refusal")

# Reasons that speak for an arrival, or say nothing of how far it can be believed.
_IN_FAVOUR: Final = frozenset(
    {"inside", "on_time", "late", "no_deadline", "elapsed_agrees", "gps_agrees", "clock_moved_elsewhere"}
)
# Reasons that only explain: by themselves they have cost no arrival its proof.
_BY_THE_WAY: Final = frozenset({"elapsed_shorter", "gps_older", "gps_later"})
_GOOD: Final = {"arrival": ("verified",), "photo": ("stored",), "signature": ("intact",), "refusal": ()}
MOST_REASONS: Final = 240
"""Characters of the joined codes: what the column holds. Ours are far shorter."""


@dataclass(frozen=True)
class EvidenceItem:
    """One arrival, photo, signature or refusal.

    `state` is the verdict (arrival), the content's state (photo), the signature's state, or why nobody signed. `weak`
    says that it is contradicted, unproven, missing, changed or absent; `reasons` are the codes of why, joined by commas
    in a fixed order. `person_id` recorded it, at `at` as far as that is known.
    """

    kind: str
    item_id: str
    person_id: str
    at: datetime
    state: str
    weak: bool
    reasons: str


def evidence_items(body: Body) -> Iterator[EvidenceItem]:
    """Every item of the document; a photo that was taken back is none."""
    for arrival in body.get("arrivals", ()):
        weak = arrival["verdict"] not in _GOOD["arrival"]
        yield _item("arrival", arrival, arrival["time"]["best"], arrival["verdict"], _against(arrival) if weak else ())
    for photo in body.get("photos", ()):
        if not photo["removed"]:
            why = photo.get("rejected_because")
            yield _item("photo", photo, photo.get("at") or photo["taken_at"], photo["state"], (why,) if why else ())
    for signature in body.get("signatures", ()):
        yield _item("signature", signature, signature["time"]["best"], signature["state"], signature["differs"])
    for refusal in body.get("refusals", ()):
        yield _item("refusal", refusal, refusal["time"]["best"], refusal["reason"], ())


def _item(kind: str, record: Mapping[str, Any], at: str, state: str, reasons: Any) -> EvidenceItem:  # Any: JSON
    joined = ",".join(sorted(dict.fromkeys(str(reason) for reason in reasons)))[:MOST_REASONS]
    return EvidenceItem(kind, record["id"], record["by"], _moment(at), state, state not in _GOOD[kind], joined)


def _against(arrival: Mapping[str, Any]) -> list[str]:  # Any: JSON
    """The codes of what keeps an arrival from being verified."""
    codes = [str(reason["code"]) for reason in arrival["reasons"]]
    against = [code for code in codes if code not in _IN_FAVOUR | _BY_THE_WAY]
    if not against and arrival["time"]["grade"] == "claimed":
        against = ["time_claimed"]
    return against


def _moment(text: str) -> datetime:
    """A moment of the document in UTC; the beginning of all time where a phone wrote what is none."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime(1970, 1, 1, tzinfo=UTC)
