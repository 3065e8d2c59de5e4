"""The list of work orders as it is read: narrowed, sorted, counted, and given out in pages by key.

Sorting and narrowing look at the searchable faces alone; the documents of one page are read afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from server.models import DocumentPerson, WorkOrder
from server.office.queries.queries import OrderRow, is_overdue, orders_by_id
from server.office.shell import asked
from server.office.shell.words import may_stand_in
from server.rules import search

PAGE: Final = 50
SCAN: Final = 400
"""Orders looked at at once while looking for words."""
COUNTED_AT_MOST: Final = 1000
"""Hits of words are counted one by one: with more the list says that there are more."""

# By what a list is sorted; with a minus before it, the other way round.
SORTS: Final[dict[str, InstrumentedAttribute[Any]]] = {  # Any: a text or a moment
    "changed": WorkOrder.changed_at,
    "number": WorkOrder.number,
    "window": WorkOrder.window_start,
    "due": WorkOrder.arrive_by,
    "state": WorkOrder.state,
}
USUAL: Final = "-changed"
MOMENTS: Final = ("changed", "window", "due")
# Of which date `start` and `end` speak.
DATES: Final = ("window", "due", "reported")


@dataclass(frozen=True)
class OrderFilter:
    """What the list of orders is narrowed to; empty texts narrow nothing. `overdue_before` only lists overdue ones.
    `start` and `end` are moments, of which the second is not in it any more."""

    words: str = ""
    stage: str = ""
    review: str = ""
    kind: str = ""
    person: str = ""
    customer: str = ""
    overdue_before: datetime | None = None
    date: str = "window"
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class Sorting:
    """By which of SORTS, and whether the last comes first."""

    name: str
    descending: bool

    def __str__(self) -> str:
        return f"-{self.name}" if self.descending else self.name


@dataclass(frozen=True)
class Page:
    """Rows of a list and the keys of the next page, None at the end."""

    rows: list[OrderRow]
    next: str | None


@dataclass(frozen=True)
class Count:
    """How many orders there are; `more`: at least so many."""

    orders: int
    more: bool


@dataclass(frozen=True)
class _Place:
    """Where a page begins: after the order `id`, whose value is `value`; those without one come last."""

    value: str | datetime | None
    id: str


def sorting(text: str | None) -> Sorting:
    """What `?sort=` asks for; the usual one for anything that is not known."""
    name = (text or "").removeprefix("-")
    if text is None or name not in SORTS:
        return Sorting(USUAL.removeprefix("-"), True)
    return Sorting(name, text.startswith("-"))


def find_orders(
    connection: Connection, wanted: OrderFilter, order: Sorting, after: str | None, size: int | None = None
) -> Page:
    """A page of orders. `after` is a page's `next`; one that is not understood begins from the start."""
    words, size = search.words_of(wanted.words), size or PAGE
    if words is None:
        return Page([], None)
    found = []
    for face in _faces(connection, wanted, words, order, _place(order, after), SCAN if words else size + 1):
        found.append(face)
        if len(found) > size:
            break
    shown = found[:size]
    documents = orders_by_id(connection, [face.id for face in shown])
    rows = [documents[face.id] for face in shown if face.id in documents]
    return Page(rows, _next(order, shown[-1]) if len(found) > size else None)


def all_orders(connection: Connection, wanted: OrderFilter, order: Sorting) -> list[str]:
    """The ids of everything that the list gives out, in its order, as it stands in this transaction."""
    words = search.words_of(wanted.words)
    return [] if words is None else [face.id for face in _faces(connection, wanted, words, order, None, SCAN)]


def count_orders(connection: Connection, wanted: OrderFilter) -> Count:
    """How many orders `find_orders` would give out altogether."""
    words = search.words_of(wanted.words)
    if words is None:
        return Count(0, False)
    if not words:
        statement = select(func.count()).select_from(WorkOrder).where(*_conditions(wanted, words))
        return Count(connection.execute(statement).scalar_one(), False)
    found = 0
    for _ in _faces(connection, wanted, words, sorting(USUAL), None, SCAN):
        found += 1
        if found > COUNTED_AT_MOST:
            return Count(COUNTED_AT_MOST, True)
    return Count(found, False)


def _faces(
    connection: Connection, wanted: OrderFilter, words: list[str], order: Sorting, place: _Place | None, size: int
) -> Iterator[Any]:  # Any: rows of id, value and words
    """The faces from `place` on, read `size` at a time: those with a value in its order, then those without."""
    column = SORTS[order.name]
    statement = select(WorkOrder.id, column.label("value"), WorkOrder.words).where(*_conditions(wanted, words))
    ordered = (column.desc(), WorkOrder.id.desc()) if order.descending else (column, WorkOrder.id)
    for has_value in (True, False):
        if has_value and place is not None and place.value is None:
            continue
        part = statement.where(column.is_not(None) if has_value else column.is_(None)).order_by(*ordered).limit(size)
        if not has_value and not column.nullable:
            continue
        at = place if place is not None and (place.value is not None) is has_value else None
        while True:
            rows = connection.execute(part if at is None else part.where(_beyond(order, at))).all()
            yield from (row for row in rows if search.finds(words, row.words))
            if len(rows) < size:
                break
            at = _Place(rows[-1].value, rows[-1].id)


def _beyond(order: Sorting, place: _Place) -> ColumnElement[bool]:
    column = SORTS[order.name]
    if place.value is None:
        return WorkOrder.id < place.id if order.descending else WorkOrder.id > place.id
    key, last = tuple_(column, WorkOrder.id), (place.value, place.id)
    return key < last if order.descending else key > last


def _next(order: Sorting, face: Any) -> str:  # Any: a row of _faces
    value = face.value
    return f"{value.isoformat() if isinstance(value, datetime) else value or ''}~{face.id}"


def _place(order: Sorting, after: str | None) -> _Place | None:
    """Where a page's `next` leads; None for what is not understood."""
    text, _, order_id = (after or "").rpartition("~")
    if not order_id or not asked.can_be_found(order_id + text):
        return None
    if order.name not in MOMENTS:
        return _Place(text, order_id)
    at = asked.moment(text) if text else None
    return _Place(at, order_id) if at is not None or (not text and SORTS[order.name].nullable) else None


def _conditions(wanted: OrderFilter, words: Iterable[str]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for column, value in (
        (WorkOrder.stage, wanted.stage),
        (WorkOrder.review, wanted.review),
        (WorkOrder.kind, wanted.kind),
        (WorkOrder.customer_id, wanted.customer),
    ):
        if value:
            conditions.append(column == value)
    if wanted.person == "none":
        conditions.append(~exists().where(_is_assignee()))
    elif wanted.person:
        conditions.append(exists().where(_is_assignee(), DocumentPerson.person_id == wanted.person))
    if wanted.overdue_before is not None:
        conditions.append(is_overdue(wanted.overdue_before))
    conditions.extend(_dates(wanted))
    conditions.extend(may_stand_in(WorkOrder.words, word) for word in words)
    return conditions


def _dates(wanted: OrderFilter) -> Iterator[ColumnElement[bool]]:
    first, last = {
        "due": (WorkOrder.arrive_by, WorkOrder.arrive_by),
        "reported": (WorkOrder.reported_at, WorkOrder.reported_at),
    }.get(wanted.date, (WorkOrder.window_start, WorkOrder.window_end))
    if wanted.start is not None:
        start = wanted.start.astimezone(UTC)
        yield last > start if last is WorkOrder.window_end else last >= start
    if wanted.end is not None:
        yield first < wanted.end.astimezone(UTC)


def _is_assignee() -> ColumnElement[bool]:
    return and_(DocumentPerson.document_id == WorkOrder.id, DocumentPerson.assignee)
