"""What photos, arrivals and signatures need to know beside their document, whatever its type."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.documents.needs import Asked, Content, EditsOf, FirstDrawn, Found, Need, Sightings
from server.evidence.photo_hints import photo_hints
from server.evidence.reasons import utc_text
from server.evidence.signing import strokes_digest

Inputs = dict[str, Any]  # JSON


def of_photo(asked: Asked) -> Sequence[Need]:
    """photo.add: what the server has of the content."""
    return (Content(asked.data["sha256"], asked.actor.id, with_facts=True),)


def photo_inputs(asked: Asked, found: Found) -> Inputs:
    """`photo`: what the server has of the content that a new photo record names, as far as its author may draw on it;
    hints on the record where the content is stored."""
    fields, facts = found[Content(asked.data["sha256"], asked.actor.id, with_facts=True)]
    content = dict(fields)
    if content.get("state") == "stored":
        content["hints"] = record_hints(
            facts, asked.data, asked.body, asked.bounds.earliest, asked.bounds.latest, asked.zone
        )
    return {"photo": content} if content else {}


def record_hints(
    facts: dict[str, Any] | None,  # Any: JSON of ImageFacts
    photo: dict[str, Any],  # Any: JSON of a record
    body: dict[str, Any],  # Any: JSON of a document
    earliest: datetime | None,
    latest: datetime,
    zone: ZoneInfo,
) -> list[dict[str, Any]]:
    """What a stored photo says of itself against a record of it, made between these times, on a document: hints as
    documents hold them. They speak of this record alone: that the photo is on another document too is not in them."""
    if facts is None:
        return []
    found = photo_hints(facts, body.get("site"), photo["position"], earliest, latest, zone)
    return [hint.as_json() for hint in found]


def of_arrival(asked: Asked, edits: str) -> Sequence[Need]:
    """arrival.record: earlier positions, and who says where the site is. `edits`: the kind that edits this type."""
    position = asked.data["position"]
    if position is None:
        return ()
    seen = Sightings(position["latitude"], position["longitude"])
    return (seen, EditsOf(edits, "site.position")) if _site_position(asked) is not None else (seen,)


def arrival_inputs(asked: Asked, found: Found, edits: str) -> Inputs:
    """`sightings`: the person's latest positions, oldest first, before them the latest with the same digits.
    `corrected`: by whom the site's position had come to be what it is, where that was somebody in the field."""
    position = asked.data["position"]
    if position is None:
        return {}
    inputs: Inputs = {"sightings": found[Sightings(position["latitude"], position["longitude"])]}
    here = _site_position(asked)
    corrected = None if here is None else _corrected(found[EditsOf(edits, "site.position")], here)
    return inputs | ({"corrected": corrected} if corrected else {})


def _site_position(asked: Asked) -> Inputs | None:
    position: Inputs | None = (asked.body.get("site") or {}).get("position")
    return position


def _corrected(edits: Any, position: Inputs) -> Inputs | None:  # Any: as EditsOf says
    """The latest edit that says what the position of this document's site is now, unless the office wrote it: what it
    was before, what it is, since when. None where no edit says so."""
    for change, of_office, received_at in edits:
        if not _same_place(change["now"], position):
            continue
        if of_office:
            return None
        return {"was": change["was"], "now": change["now"], "at": utc_text(received_at)}
    return None


def _same_place(one: Any, other: Inputs) -> bool:  # Any: JSON
    names = ("latitude", "longitude", "datum")
    return isinstance(one, dict) and [one.get(name) for name in names] == [other.get(name) for name in names]


def of_signature(asked: Asked) -> Sequence[Need]:
    """signature.record: when strokes like these were drawn first."""
    digest = strokes_digest(asked.data["strokes"])
    return () if digest is None else (FirstDrawn(digest),)


def signature_inputs(asked: Asked, found: Found) -> Inputs:
    """`signature`: the digest of its strokes, None where they are too few, and when the first was drawn like it."""
    digest = strokes_digest(asked.data["strokes"])
    if digest is None:
        return {"signature": {"digest": None, "drawn_before": None}}
    first = found[FirstDrawn(digest)]
    return {"signature": {"digest": digest, "drawn_before": None if first is None else utc_text(first)}}
