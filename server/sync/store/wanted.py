"""Photos that records name and whose content is not here: whose phones are asked for it, and which have waited long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, bindparam, select

from server.models import PhotoLink

# An exchange asks for so many at most: some 7 kB that compress to half.
MOST_ASKED: Final = 100
# Until then a photo may just be on its way from a phone without a network.
OVERDUE_AFTER: Final = timedelta(days=1)
# Made once: to put a statement together costs more than to run it, and every exchange runs it.
WANTED: Final = (
    select(PhotoLink.sha256)
    .where(PhotoLink.person_id == bindparam("person"), PhotoLink.awaited_since.is_not(None))
    .order_by(PhotoLink.awaited_since, PhotoLink.document_id, PhotoLink.photo_id)
    .offset(bindparam("start"))
    .limit(bindparam("most"))
)


def wanted_of(connection: Connection, person_id: str, start: int) -> tuple[list[str], int | None]:
    """The SHA-256 of content that this person's own records name and that is missing, the longest first, from the
    `start`th on; and where the next page begins, None where this is the last.

    Nobody is asked for what others recorded: whoever does not know a hash does not learn it here.
    """
    found = connection.execute(WANTED, {"person": person_id, "start": start, "most": MOST_ASKED + 1}).scalars().all()
    asked = list(dict.fromkeys(found[:MOST_ASKED]))
    return asked, start + MOST_ASKED if len(found) > MOST_ASKED else None


def overdue(now: datetime) -> ColumnElement[bool]:
    """A condition on PhotoLink: its content has been missing for so long that somebody should ask."""
    return PhotoLink.awaited_since < now - OVERDUE_AFTER
