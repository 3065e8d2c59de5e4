"""Photos of an order that are on other orders too, as the same file or as one that looks the same.

Looked up when the page is opened, and in no document: a document goes to the technicians of its order, who need not
know that the other order exists. So both orders show it, whichever came first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from server.evidence.photo_hints import reused, similar
from server.evidence.reasons import Reason
from server.models import Document, PhotoAlike, PhotoLink

SHOWN: Final = 6
# Of the records elsewhere that name these photos, so many are read at most.
READ: Final = 60


@dataclass(frozen=True)
class Pair:
    """A photo record of this order beside one of another; `bits` is None for the same file."""

    here: dict[str, Any]  # Any: JSON of the document
    there: dict[str, Any]  # Any: JSON of the other document
    order_id: str
    number: str
    bits: int | None

    @property
    def reason(self) -> Reason:
        """What the two have in common."""
        if self.bits is None:
            return reused(self.number, self.there["at"])
        return similar(self.number, self.there["at"], self.bits)


def pairs(connection: Connection, order_id: str, photos: Iterable[dict[str, Any]]) -> list[Pair]:  # Any: JSON
    """Each stored photo of the order beside each record of it elsewhere: the same files first, then the closest.

    A record counts where it is stored, which takes that its author has delivered the content or sees it elsewhere, and
    is not hidden: knowing a hash proves nothing, and whoever chose the wrong order first has put that right.
    """
    here = [photo for photo in photos if photo["state"] == "stored" and not photo["removed"]]
    if not here:
        return []
    hashes = {photo["sha256"] for photo in here}
    close: dict[str, dict[str, int]] = {sha256: {} for sha256 in hashes}
    for row in connection.execute(
        select(PhotoAlike.sha256, PhotoAlike.other_sha256, PhotoAlike.bits).where(PhotoAlike.sha256.in_(hashes))
    ):
        close[row.sha256][row.other_sha256] = row.bits
    elsewhere = _records(connection, order_id, hashes.union(*close.values()))
    found = [
        Pair(photo, there, other_id, number, close[photo["sha256"]].get(there["sha256"]))
        for photo in here
        for other_id, number, there in elsewhere
        if there["sha256"] == photo["sha256"] or there["sha256"] in close[photo["sha256"]]
    ]
    return sorted(found, key=lambda pair: (-1 if pair.bits is None else pair.bits, pair.there["at"]))


def _records(
    connection: Connection, order_id: str, hashes: Iterable[str]
) -> list[tuple[str, str, dict[str, Any]]]:  # Any: JSON
    """Records of these contents on other orders: the order's id, its number, and the record."""
    links = connection.execute(
        select(PhotoLink.document_id, PhotoLink.photo_id)
        .where(PhotoLink.sha256.in_(sorted(hashes)), PhotoLink.document_id != order_id)
        .order_by(PhotoLink.document_id, PhotoLink.photo_id)
        .limit(READ)
    ).all()
    wanted = {(link.document_id, link.photo_id) for link in links}
    rows = connection.execute(
        select(Document.id, Document.body)
        .where(Document.type == "work_order", Document.id.in_({link.document_id for link in links}))
        .order_by(Document.id)
    )
    found = []
    for row in rows:
        body = json.loads(row.body)
        for photo in body["photos"]:
            if (row.id, photo["id"]) in wanted and photo["state"] == "stored" and not photo["removed"]:
                found.append((row.id, body["number"], photo))
    return found
