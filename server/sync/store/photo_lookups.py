"""What applying a photo record needs to know of its content, kept in the journal with the other inputs."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, exists, select

from server.models import PhotoContent, PhotoDelivery, PhotoLink, PhotoPreview
from server.sync.store.locks import lock_photos
from server.sync.store.visibility import sees_clause


def stored_facts(connection: Connection, sha256: str) -> dict[str, Any] | None:  # Any: JSON of ImageFacts
    """What a stored content says of itself; None where it is not stored."""
    stored = select(PhotoContent.facts).where(PhotoContent.sha256 == sha256, PhotoContent.state == "stored")
    facts = connection.execute(stored).scalar_one_or_none()
    return None if facts is None else dict(json.loads(facts))


def of_content(connection: Connection, sha256: str, person_id: str) -> dict[str, Any]:  # Any: JSON
    """The fields of a record of this content by this person; empty where it is missing."""
    lock_photos(connection, [sha256])
    mine = exists().where(PhotoDelivery.sha256 == sha256, PhotoDelivery.person_id == person_id)
    seen = (
        exists()
        .where(PhotoLink.sha256 == sha256)
        .where(PhotoDelivery.sha256 == sha256, PhotoDelivery.person_id == PhotoLink.person_id)
        .where(sees_clause(PhotoLink.document_id, person_id))
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
