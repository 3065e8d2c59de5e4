"""What the office's pages read of work orders, people and the journal: Core selects, a fixed number a page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from server.models import Document, PhotoLink, WorkOrder
from server.office.queries.held_queries import count_waiting
from server.rules.ids import is_id
from server.rules.stages import ENDS
from server.sync.store.wanted import overdue

Body = dict[str, Any]  # Any: a work order's document as JSON (docs: work orders, "The work order's document")


@dataclass(frozen=True)
class OrderRow:
    """A work order's document as read."""

    id: str
    version: int
    body: Body
    changed_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to come, or is there."""
        return self.body["disposition"] != "cancelled" and self.body["stage"] not in ENDS


def _orders() -> Any:  # Any: the column types of a joined Core select say nothing here
    return (
        select(Document.id, Document.version, Document.body, WorkOrder.changed_at)
        .join(WorkOrder, WorkOrder.id == Document.id)
        .where(Document.type == "work_order")
    )


def _rows(connection: Connection, statement: Any) -> list[OrderRow]:  # Any: see _orders
    return [_order_row(row) for row in connection.execute(statement)]


def _order_row(row: Any) -> OrderRow:  # Any: a row of _orders
    return OrderRow(row.id, row.version, json.loads(row.body), row.changed_at)


def order(connection: Connection, order_id: str) -> OrderRow | None:
    """One work order, or None."""
    found = _rows(connection, _orders().where(Document.id == order_id))
    return found[0] if found else None


def orders_by_id(connection: Connection, order_ids: Iterable[str]) -> dict[str, OrderRow]:
    """These work orders, by id."""
    return {row.id: row for row in _rows(connection, _orders().where(Document.id.in_(set(order_ids))))}


def orders_of_day(connection: Connection, start: datetime, end: datetime) -> list[OrderRow]:
    """Work orders whose window or deadline lies in the day from `start` to `end`, but for cancelled untouched ones."""
    in_window = and_(WorkOrder.window_start < end, WorkOrder.window_end > start)
    due = and_(WorkOrder.window_start.is_(None), WorkOrder.arrive_by >= start, WorkOrder.arrive_by < end)
    wanted = or_(WorkOrder.disposition != "cancelled", WorkOrder.stage.not_in(("new", "accepted")))
    statement = _orders().where(or_(in_window, due), wanted)
    in_time = (WorkOrder.window_start.nulls_first(), WorkOrder.arrive_by.nulls_first(), WorkOrder.id)
    return _rows(connection, statement.order_by(*in_time))


def count_overdue(connection: Connection, before: datetime) -> int:
    """Orders still wanted and not ended whose window was over, or whose deadline had passed, by `before`."""
    return connection.execute(select(func.count()).select_from(WorkOrder).where(is_overdue(before))).scalar_one()


def count_to_review(connection: Connection) -> int:
    """How many finished orders nobody has reviewed yet."""
    statement = select(func.count()).select_from(WorkOrder).where(WorkOrder.review == "pending")
    return connection.execute(statement).scalar_one()


def is_overdue(before: datetime) -> ColumnElement[bool]:
    """Whether an order is still wanted and not ended, and its window was over, or its deadline had passed."""
    last = func.coalesce(WorkOrder.window_end, WorkOrder.arrive_by)
    return and_(WorkOrder.disposition == "active", WorkOrder.stage.not_in(ENDS), last < before)


def count_to_decide(connection: Connection, seen: ColumnElement[bool], now: datetime) -> int:
    """How much waits in the inbox: held operations (`seen`: those that the reader may read) and orders that ask for a
    decision."""
    return count_waiting(connection, seen) + count_orders_to_decide(connection, now)


def count_orders_to_decide(connection: Connection, now: datetime) -> int:
    """How many orders ask for a decision."""
    return connection.execute(select(func.count()).select_from(WorkOrder).where(_to_decide(now))).scalar_one()


def _to_decide(now: datetime) -> ColumnElement[bool]:
    """That something of it waits for a person: its document says so, or a photo's content has been missing for long,
    which no document says."""
    lacking = select(PhotoLink.document_id).where(overdue(now))
    return or_(WorkOrder.needs_decision, WorkOrder.id.in_(lacking))


@dataclass(frozen=True)
class Page:
    """Rows of a list and the keys of the next page, None at the end."""

    rows: list[OrderRow]
    next: str | None


def jobs_of_assets(connection: Connection, asset_ids: Iterable[str], each: int = 3) -> dict[str, list[OrderRow]]:
    """The newest `each` work orders of every asset, by asset id."""
    newest_first = (WorkOrder.reported_at.desc().nulls_last(), WorkOrder.id.desc())
    place = func.row_number().over(partition_by=WorkOrder.asset_id, order_by=newest_first)
    numbered = (
        select(WorkOrder.id, WorkOrder.asset_id, place.label("place"))
        .where(WorkOrder.asset_id.in_(list(asset_ids)))
        .subquery()
    )
    jobs: dict[str, list[OrderRow]] = {}
    statement = _orders().join(numbered, numbered.c.id == Document.id).where(numbered.c.place <= each)
    for row in _rows(connection, statement.order_by(numbered.c.place)):
        jobs.setdefault(row.body["asset"]["id"], []).append(row)
    return jobs


CASES: Final = 15
"""Orders that ask for a decision on one page: each comes with everything that is to be decided on it."""


def orders_to_decide(connection: Connection, after: str | None, now: datetime) -> Page:
    """The orders that ask for a decision, the newest first: an order keeps its place while it is decided on."""
    statement = _orders().where(_to_decide(now))
    if is_id(after):
        statement = statement.where(WorkOrder.id < after)
    rows = _rows(connection, statement.order_by(WorkOrder.id.desc()).limit(CASES + 1))
    shown = rows[:CASES]
    return Page(shown, shown[-1].id if len(rows) > CASES else None)


def checklist_items(connection: Connection, checklist_ids: Iterable[str]) -> dict[str, dict[str, Any]]:  # Any: JSON
    """The items of these checklists, by item id."""
    statement = select(Document.body).where(Document.type == "checklist", Document.id.in_(set(checklist_ids)))
    return {
        str(item["id"]): item
        for body in connection.execute(statement).scalars()
        for item in json.loads(body).get("items", [])
    }


def numbers_of(connection: Connection, order_ids: Iterable[str]) -> dict[str, str]:
    """Numbers of work orders by id."""
    statement = select(WorkOrder.id, WorkOrder.number).where(WorkOrder.id.in_(set(order_ids)))
    return {row.id: row.number for row in connection.execute(statement)}
