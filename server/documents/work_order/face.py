"""What lists, searches and counts need of a work order (server.models.WorkOrder)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, or_

from server.documents.document_type import Face
from server.documents.operation import Body
from server.documents.work_order.derived import needs_decision
from server.models import WorkOrder
from server.rules.initials import initials_of
from server.rules.search import findable, texts_of_order
from server.rules.stages import ENDS


def complete(body: Body) -> None:
    """Write down the pinyin initials of what people search by: number, fault, customer and site ("dxssb")."""
    site, customer = body["site"] or {}, body["customer"] or {}
    names = (body["fault"], customer.get("name", ""), site.get("name", ""), site.get("address", ""))
    body["initials"] = " ".join(map(initials_of, names)).strip()


def columns(body: Body, now: datetime) -> dict[str, Any]:  # Any: column values
    """The row, but for its id."""
    window = body["window"] or {}
    return {
        "number": body["number"],
        "kind": body["kind"],
        "state": body["state"],
        "stage": body["stage"],
        "disposition": body["disposition"],
        "priority": body["priority"],
        "review": body["review"]["state"],
        "customer_id": (body["customer"] or {}).get("id"),
        "site_id": (body["site"] or {}).get("id"),
        "asset_id": (body["asset"] or {}).get("id"),
        "reported_at": _moment(body["reported_at"]),
        "window_start": _moment(window.get("start")),
        "window_end": _moment(window.get("end")),
        "arrive_by": _moment(body["deadlines"]["arrive_by"]),
        "needs_decision": needs_decision(body),
        "changed_at": now,
        "words": findable(texts_of_order(body)),
    }


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


FACE: Final = Face(
    table=cast(Table, WorkOrder.__table__),
    columns=columns,
    number=WorkOrder.__table__.c.number,
    closed=or_(WorkOrder.stage.in_(ENDS), WorkOrder.disposition == "cancelled"),
)
