"""Whether what photo records say of their content is so, and which of them still wait for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, select

from server.documents.parts.photos import awaits_content
from server.keeping.finding import Finding
from server.models import Person, PhotoContent, PhotoDelivery, PhotoLink, WorkOrder
from server.sync.store.wanted import overdue

_DELIVERED: Final = and_(PhotoDelivery.sha256 == PhotoLink.sha256, PhotoDelivery.person_id == PhotoLink.person_id)
_OF_ORDER: Final = (
    select(PhotoLink.photo_id, PhotoLink.awaited_since, PhotoContent.state, PhotoDelivery.person_id.label("by"))
    .outerjoin(PhotoContent, PhotoContent.sha256 == PhotoLink.sha256)
    .outerjoin(PhotoDelivery, _DELIVERED)
    .where(PhotoLink.document_id == bindparam("work_order"))
)


def check_content(connection: Connection, order: str, body: Any) -> Iterator[Finding]:  # Any: JSON of a document
    """The order's photo records agree with what is here: none calls missing what its author has delivered, none calls
    stored what is not here, and exactly those are asked for that wait."""
    if not body.get("photos"):
        return
    links = {row.photo_id: row for row in connection.execute(_OF_ORDER, {"work_order": order})}
    for photo in body["photos"]:
        link = links.get(photo["id"])
        if link is None:
            continue  # whoever recorded it is not known to this server
        where: dict[str, str | int] = {"order": order, "photo": photo["sha256"]}
        if photo["state"] in ("missing", "preview") and link.state is not None and link.by is not None:
            yield Finding("content-unsaid", where)
        elif photo["state"] == "stored" and link.state != "stored":
            yield Finding("content-not-here", where)
        if (link.awaited_since is not None) != awaits_content(photo):
            yield Finding("content-not-asked", where)


def awaited_content(connection: Connection, now: datetime) -> Iterator[Finding]:
    """Records whose content has not come for long. It is no damage of this server's: a phone may still have it, and is
    asked; whether it is lost is for a person to say."""
    statement = (
        select(WorkOrder.number, PhotoLink.sha256, PhotoLink.awaited_since, Person.name)
        .join(WorkOrder, WorkOrder.id == PhotoLink.document_id)
        .join(Person, Person.id == PhotoLink.person_id)
        .where(overdue(now))
        .order_by(PhotoLink.awaited_since, PhotoLink.document_id, PhotoLink.photo_id)
    )
    for row in connection.execute(statement):
        figures: dict[str, str | int] = {"order": row.number, "photo": row.sha256, "name": row.name}
        yield Finding("content-awaited", figures | {"since": row.awaited_since.date().isoformat()})
