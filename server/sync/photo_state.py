"""What becomes of photo records when content arrives, is refused, or a preview comes first."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from server.models import Document, PhotoLink
from server.sync.feeds import Publication, publish
from server.sync.locks import lock_work_orders
from server.sync.lookups import photo_state
from server.sync.seal import Sealer
from server.sync.work_order_store import write_work_order


def content_arrived(
    connection: Connection,
    sha256: str,
    person_id: str,
    now: datetime,
    sealer: Sealer,
    hints: list[dict[str, Any]] | None = None,  # Any: JSON
) -> None:
    """The original is stored: this person's records of it say `stored`, with the hints of its inspection."""
    _set_state(connection, sha256, person_id, photo_state("stored", None) | {"hints": hints or []}, now, sealer)


def content_rejected(
    connection: Connection, sha256: str, person_id: str, reason: str, now: datetime, sealer: Sealer
) -> None:
    """The content is no photo: the records say so and why; the bytes are kept aside."""
    _set_state(connection, sha256, person_id, photo_state("rejected", reason), now, sealer)


def preview_arrived(connection: Connection, sha256: str, person_id: str, now: datetime, sealer: Sealer) -> None:
    """A preview is there while the original is missing."""
    _set_state(connection, sha256, person_id, {"state": "preview"}, now, sealer, only_missing=True)


def _set_state(
    connection: Connection,
    sha256: str,
    person_id: str,
    fields: dict[str, Any],  # Any: JSON
    now: datetime,
    sealer: Sealer,
    only_missing: bool = False,
) -> None:
    """Knowing a hash gives nobody a photo: only records by the person who delivered the content change."""
    orders = (
        connection.execute(
            select(PhotoLink.work_order_id)
            .where(PhotoLink.sha256 == sha256, PhotoLink.person_id == person_id)
            .distinct()
        )
        .scalars()
        .all()
    )
    lock_work_orders(connection, orders)
    publications: list[Publication] = []
    for work_order_id in orders:
        row = connection.execute(
            select(Document.version, Document.body).where(Document.type == "work_order", Document.id == work_order_id)
        ).one()
        body = json.loads(row.body)
        changed = False
        for photo in body["photos"]:
            mine = photo["sha256"] == sha256 and photo["by"] == person_id
            if mine and not (only_missing and photo["state"] != "missing") and not fields.items() <= photo.items():
                photo.update(fields)
                changed = True
        if changed:
            publications += write_work_order(connection, work_order_id, row.version + 1, body, now, sealer)
    publish(connection, publications)
