"""Work orders as they stand, what happened to them, and the report that the customer signed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import AwareDateTime, Dict, Integer, List, Nested, String
from flask import jsonify, request
from marshmallow.validate import Length
from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select
from werkzeug.wrappers import Response as AnyResponse

from server.api.paging import AnyRow, AnySelect, Page, PageQuery, page, read_cursor
from server.api.schemas import DocumentShown, PersonShown, Text, writer
from server.database import reading
from server.models import OFFICE_ROLES, Document, DocumentPerson, HeldLine, JournalLine, Person, WorkOrder
from server.models.journal import HELD_STATES
from server.problems import Problem
from server.sync.ledgers.kinds import is_about
from server.sync.operations.held import seen_by
from server.sync.store.visibility import may_see, sees_clause
from server.web import security

blueprint = APIBlueprint("work_orders", __name__, url_prefix="/api/v1", tag="Work orders")

WORK_ORDER = "work_order"


class WorkOrdersQuery(PageQuery):
    """Which work orders."""

    state = Text(load_default=None, validate=Length(max=32))
    assignee = Text(load_default=None, validate=Length(max=64), metadata={"description": "A person's id."})
    customer = Text(load_default=None, validate=Length(max=64), metadata={"description": "A customer's id."})
    changed_after = AwareDateTime(load_default=None, metadata={"description": "RFC 3339 with an offset."})


class WorkOrderShown(DocumentShown):
    """A work order as its document."""


class WorkOrdersShown(Schema):
    """A page of work orders, the longest unchanged first."""

    items = List(Nested(DocumentShown))
    next = String(allow_none=True)


class DecidedShown(Schema):
    """Who decided on a held operation, by their id; null where it was applied by itself."""

    by = String(allow_none=True)
    at = String()
    comment = String(allow_none=True)


class HistoryEntry(Schema):
    """One operation on a work order, with what came of it."""

    operation = String(allow_none=True)
    device = String()
    seq = Integer()
    kind = String(allow_none=True)
    person = Nested(PersonShown)
    line = String(metadata={"description": "The line as the ledger holds it."})
    status = String(metadata={"enum": ["applied", "merged", "conflict", "held"]})
    reason = String(allow_none=True)
    detail = Dict(keys=String())
    version = Integer(allow_none=True, metadata={"description": "The work order's version after it."})
    written_at = String(allow_none=True, metadata={"description": "By the device's clock, which may be wrong."})
    received_at = String()
    state = String(
        allow_none=True,
        metadata={
            "description": "Of an operation that was held, what has become of it; its `status` stays the first answer.",
            "enum": [*HELD_STATES, None],
        },
    )
    decided = Nested(DecidedShown, allow_none=True)


class HistoryShown(Schema):
    """A page of a history, in the order in which the server took it in."""

    items = List(Nested(HistoryEntry))
    next = String(allow_none=True)


@blueprint.get("/work-orders")
@blueprint.input(WorkOrdersQuery, location="query")
@blueprint.output(WorkOrdersShown)
@blueprint.doc(responses=[400, 401])
def list_work_orders(query_data: dict[str, Any]) -> Page:  # Any: WorkOrdersQuery
    """List work orders

    A technician gets those that their feed shows. In the order of their last change: read on with the cursor,
    and with `changed_after` later.
    """
    caller = security.require_person()
    query = _chosen(_documents(), query_data)
    if caller.role not in OFFICE_ROLES:
        query = query.where(sees_clause(WorkOrder.id, caller.person_id))
    after = read_cursor(query_data["cursor"], str, str)
    if after is not None:
        query = query.where(_comes_after(_moment(after[0]), after[1]))
    limit = query_data["limit"]
    ordered = query.order_by(WorkOrder.changed_at, WorkOrder.id).limit(limit + 1)
    with reading() as connection:
        found = connection.execute(ordered).all()
    return page(found, limit, _document, lambda row: [row.changed_at.isoformat(), row.id])


def _documents() -> AnySelect:
    return select(WorkOrder.id, WorkOrder.changed_at, Document.version, Document.body).join(
        Document, (Document.type == WORK_ORDER) & (Document.id == WorkOrder.id)
    )


def _chosen(query: AnySelect, wanted: dict[str, Any]) -> AnySelect:  # Any: WorkOrdersQuery
    if wanted["state"] is not None:
        query = query.where(WorkOrder.state == wanted["state"])
    if wanted["customer"] is not None:
        query = query.where(WorkOrder.customer_id == wanted["customer"])
    if wanted["changed_after"] is not None:
        query = query.where(WorkOrder.changed_at > _in_utc(wanted["changed_after"]))
    if wanted["assignee"] is not None:
        assigned = exists().where(
            DocumentPerson.document_id == WorkOrder.id,
            DocumentPerson.person_id == wanted["assignee"],
            DocumentPerson.assignee,
        )
        query = query.where(assigned)
    return query


def _in_utc(moment: datetime) -> datetime:
    """The same moment; raises Problem `invalid_request` where the calendar has no such day."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise Problem("invalid_request", fields=[{"field": "changed_after", "message": "Out of range."}]) from error


def _comes_after(changed_at: datetime, identity: str) -> ColumnElement[bool]:
    same_moment = and_(WorkOrder.changed_at == changed_at, WorkOrder.id > identity)
    return or_(WorkOrder.changed_at > changed_at, same_moment)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise Problem("bad_cursor")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Problem("bad_cursor") from error


def _document(row: AnyRow) -> dict[str, Any]:  # Any: JSON
    return {"type": WORK_ORDER, "id": row.id, "version": row.version, "body": json.loads(row.body)}


def visible_document(connection: Connection, caller: security.Caller, work_order_id: str) -> AnyRow:
    """Id, version and body of a work order; raises Problem `not_found` where the caller does not see it."""
    if not may_see(connection, caller.person_id, caller.role, work_order_id):
        raise Problem("not_found")
    return connection.execute(_documents().where(WorkOrder.id == work_order_id)).one()


@blueprint.get("/work-orders/<uuid:work_order_id>")
@blueprint.output(WorkOrderShown)
@blueprint.doc(responses=[304, 401, 404])
def show_work_order(work_order_id: object) -> AnyResponse:
    """One work order"""
    caller = security.require_person()
    with reading() as connection:
        row = visible_document(connection, caller, str(work_order_id))
    response = jsonify(_document(row))
    # Weak, because the same document is sent with different compressions.
    response.set_etag(str(row.version), weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


@blueprint.get("/work-orders/<uuid:work_order_id>/history")
@blueprint.input(PageQuery, location="query")
@blueprint.output(HistoryShown)
@blueprint.doc(responses=[400, 401, 404])
def show_history(work_order_id: object, query_data: dict[str, Any]) -> Page:  # Any: PageQuery
    """Every operation on a work order

    What is held, waiting or dismissed, only its author gets, and supervisors, managers and administrators.
    """
    caller = security.require_person()
    after = read_cursor(query_data["cursor"], int)
    query = (
        select(
            JournalLine,
            Person.username,
            Person.name,
            Person.role,
            HeldLine.state,
            HeldLine.decided_by,
            HeldLine.decided_at,
            HeldLine.comment,
        )
        .outerjoin(Person, Person.id == JournalLine.person_id)
        .outerjoin(HeldLine, HeldLine.position == JournalLine.position)
        .where(
            is_about(str(work_order_id)),
            JournalLine.repeated.is_(False),
            seen_by(caller.person_id, caller.role),
        )
        .order_by(JournalLine.position)
        .limit(query_data["limit"] + 1)
    )
    if after is not None:
        query = query.where(JournalLine.position > after[0])
    with reading() as connection:
        visible_document(connection, caller, str(work_order_id))
        found = connection.execute(query).all()
    return page(found, query_data["limit"], _entry, lambda row: [row.position])


def _entry(row: AnyRow) -> dict[str, Any]:  # Any: JSON of HistoryEntry
    line = row.bytes.decode("utf-8", "replace")
    decided = None
    if row.decided_at is not None:
        decided = {"by": row.decided_by, "at": row.decided_at.isoformat(), "comment": row.comment}
    return {
        "operation": row.operation_id,
        "device": row.device_id,
        "seq": row.seq,
        "kind": row.kind,
        "person": writer(row),
        "line": line,
        "status": row.status,
        "reason": row.reason,
        "detail": json.loads(row.detail),
        "version": row.document_version,
        "written_at": written_at(line),
        "received_at": row.received_at.isoformat(),
        "state": row.state,
        "decided": decided,
    }


def written_at(line: str) -> str | None:
    """The wall clock inside a line's text, None where it cannot be read."""
    try:
        wall = json.loads(line)["at"]["wall"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return wall if isinstance(wall, str) else None
