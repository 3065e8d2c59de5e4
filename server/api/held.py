"""What the server kept without applying it, waiting for a supervisor."""

from __future__ import annotations

import json
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Dict, Integer, List, Nested, String
from sqlalchemy import select

from server.api.paging import AnyRow, Page, PageQuery, page, read_cursor
from server.api.schemas import PersonShown, writer
from server.database import reading
from server.models import REVIEWER_ROLES, HeldLine, JournalLine, Person
from server.problems import Problem
from server.web import security

blueprint = APIBlueprint("held", __name__, url_prefix="/api/v1", tag="Held")


class HeldEntry(Schema):
    """One operation that waits."""

    operation = String(allow_none=True)
    device = String()
    seq = Integer()
    person = Nested(PersonShown)
    line = String(metadata={"description": "The line as it came."})
    reason = String(metadata={"description": "Why it waits now."})
    detail = Dict(keys=String())
    received_at = String()


class HeldShown(Schema):
    """A page of what waits, the oldest first."""

    items = List(Nested(HeldEntry))
    next = String(allow_none=True)


@blueprint.get("/held")
@blueprint.input(PageQuery, location="query")
@blueprint.output(HeldShown)
@blueprint.doc(responses=[400, 401, 404])
def list_held(query_data: dict[str, Any]) -> Page:  # Any: PageQuery
    """List what is held

    For supervisors, managers and administrators.
    """
    caller = security.require_person()
    if caller.role not in REVIEWER_ROLES:
        raise Problem("not_found")
    after = read_cursor(query_data["cursor"], int)
    query = (
        select(
            JournalLine.position,
            JournalLine.operation_id,
            JournalLine.device_id,
            JournalLine.seq,
            JournalLine.person_id,
            JournalLine.bytes,
            JournalLine.received_at,
            HeldLine.reason,
            HeldLine.detail,
            Person.username,
            Person.name,
            Person.role,
        )
        .join(HeldLine, HeldLine.position == JournalLine.position)
        .outerjoin(Person, Person.id == JournalLine.person_id)
        .where(HeldLine.state == "waiting")
        .order_by(HeldLine.position)
        .limit(query_data["limit"] + 1)
    )
    if after is not None:
        query = query.where(HeldLine.position > after[0])
    with reading() as connection:
        found = connection.execute(query).all()
    return page(found, query_data["limit"], _entry, lambda row: [row.position])


def _entry(row: AnyRow) -> dict[str, Any]:  # Any: JSON of HeldEntry
    return {
        "operation": row.operation_id,
        "device": row.device_id,
        "seq": row.seq,
        "person": writer(row),
        "line": row.bytes.decode("utf-8", "replace"),
        "reason": row.reason,
        "detail": json.loads(row.detail),
        "received_at": row.received_at.isoformat(),
    }
