"""What applying a photo record needs to know of its content, kept in the journal with the other inputs."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, select

from server.documents.operation import Body
from server.evidence.photo_hints import photo_hints
from server.evidence.time_bounds import TimeBounds
from server.models import PhotoContent, PhotoDelivery, PhotoLink, PhotoPreview, WorkOrder
from server.sync.store.company import Company
from server.sync.store.locks import lock_photos
from server.sync.store.visibility import sees_clause


def for_photo(
    connection: Connection,
    data: dict[str, Any],  # Any: JSON
    person_id: str,
    body: Body,
    bounds: TimeBounds,
    company: Company,
) -> dict[str, Any]:
    """What the server has of the content that a new photo record names, as far as this person may draw on it; hints
    on the record where the content is stored."""
    found = of_content(connection, data["sha256"], person_id)
    if found.get("state") == "stored":
        found["hints"] = hints_on(connection, data, body, bounds.earliest, bounds.latest, company)
    return {"photo": found} if found else {}


def hints_on(
    connection: Connection,
    photo: dict[str, Any],  # Any: JSON
    body: Body,
    earliest: datetime | None,
    latest: datetime,
    company: Company,
) -> list[dict[str, Any]]:
    """What a stored photo says of itself against a record of it, made between these times, on an order: hints as
    documents hold them. They speak of this record alone: that the photo is on another order too is not in them."""
    facts = connection.execute(
        select(PhotoContent.facts).where(PhotoContent.sha256 == photo["sha256"], PhotoContent.state == "stored")
    ).scalar_one_or_none()
    if facts is None:
        return []
    found = photo_hints(json.loads(facts), body["site"], photo["position"], earliest, latest, company.zone)
    return [hint.as_json() for hint in found]


def of_content(connection: Connection, sha256: str, person_id: str) -> dict[str, Any]:  # Any: JSON
    """The fields of a record of this content by this person; empty where it is missing."""
    lock_photos(connection, [sha256])
    mine = exists().where(PhotoDelivery.sha256 == sha256, PhotoDelivery.person_id == person_id)
    seen = (
        exists()
        .where(PhotoLink.sha256 == sha256, PhotoLink.document_id == WorkOrder.id)
        .where(PhotoDelivery.sha256 == sha256, PhotoDelivery.person_id == PhotoLink.person_id)
        .where(sees_clause(person_id))
    )
    content = connection.execute(
        select(PhotoContent.state, PhotoContent.reason).where(PhotoContent.sha256 == sha256, mine | seen)
    ).first()
    if content is not None:
        return photo_state(content.state, content.reason)
    preview = connection.execute(
        select(PhotoPreview.sha256).where(PhotoPreview.sha256 == sha256, PhotoPreview.person_id == person_id)
    ).first()
    return {"state": "preview"} if preview else {}


def photo_state(state: str, reason: str | None) -> dict[str, Any]:  # Any: JSON
    """The fields of a photo record for a content's state."""
    return {"state": state} | ({"rejected_because": reason} if reason else {})
