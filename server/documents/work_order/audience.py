"""Who sees a work order, and whose it is."""

from __future__ import annotations

from typing import Final

from server.documents.document_type import REASSIGNED, Audience
from server.documents.operation import Body

CANCELLED: Final = "cancelled"


def audience(body: Body) -> Audience:
    """Assignees, but for an order cancelled before anybody set off; the opener until the office plans it."""
    assignees = tuple(body["assignees"])
    left_because = CANCELLED if body["disposition"] == CANCELLED else REASSIGNED
    if body["disposition"] == CANCELLED and body["stage"] in ("new", "accepted"):
        return Audience(frozenset(), None, assignees, left_because)
    planned = len(body["plans"]) > 1 and any(plan["assignees"] for plan in body["plans"])
    opener = None if assignees or planned else str(body["opened"]["by"])
    return Audience(frozenset(assignees), opener, assignees, left_because)
