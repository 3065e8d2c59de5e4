"""What the office reads of evidence: the list of what is weak, and one person's arrivals, photos and signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, select, tuple_

from server.documents.parts.evidence_items import KINDS
from server.models import EvidenceRow
from server.office.shell import asked
from server.rules.ids import is_id

PAGE: Final = 50


@dataclass(frozen=True)
class EvidenceFilter:
    """What the list is narrowed to; an empty text or None narrows nothing. From `since` on, and before `until`."""

    person: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Item:
    """A row of the table: see server.documents.parts.evidence_items."""

    document_id: str
    kind: str
    item_id: str
    person_id: str
    at: datetime
    state: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class EvidencePage:
    """Rows of the list, and the key of the next page; None at the end."""

    rows: list[Item]
    next: str | None


def weak_items(connection: Connection, wanted: EvidenceFilter, after: str | None) -> EvidencePage:
    """What is contradicted, unproven, missing or changed, newest first. `after` is a page's `next`; one that is not
    understood begins from the start."""
    conditions: list[ColumnElement[bool]] = [EvidenceRow.weak.is_(True)]
    if wanted.person:
        conditions.append(EvidenceRow.person_id == wanted.person)
    if wanted.kind:
        conditions.append(EvidenceRow.kind == wanted.kind)
    conditions += _in_period(wanted.since, wanted.until)
    keys = (EvidenceRow.at, EvidenceRow.document_id, EvidenceRow.kind, EvidenceRow.item_id)
    place = _place(after)
    if place is not None:
        conditions.append(tuple_(*keys) < place)
    statement = select(EvidenceRow).where(*conditions).order_by(*(key.desc() for key in keys)).limit(PAGE + 1)
    found = [_item(row) for row in connection.execute(statement)]
    shown = found[:PAGE]
    if len(found) <= PAGE:
        return EvidencePage(shown, None)
    last = shown[-1]
    return EvidencePage(shown, "~".join((last.at.isoformat(), last.document_id, last.kind, last.item_id)))


def items_of_person(connection: Connection, person_id: str, since: datetime, until: datetime) -> Sequence[Item]:
    """Everything that a person recorded in a period, weak or not."""
    period = _in_period(since, until)
    statement = select(EvidenceRow).where(EvidenceRow.person_id == person_id, EvidenceRow.kind.in_(KINDS), *period)
    return [_item(row) for row in connection.execute(statement)]


def _in_period(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    after = [] if since is None else [EvidenceRow.at >= since]
    return after if until is None else [*after, EvidenceRow.at < until]


def _item(row: Any) -> Item:  # Any: a row of the table
    reasons = tuple(filter(None, row.reasons.split(",")))
    return Item(row.document_id, row.kind, row.item_id, row.person_id, row.at, row.state, reasons)


def _place(after: str | None) -> tuple[datetime, str, str, str] | None:
    parts = (after or "").split("~")
    if len(parts) != 4 or not is_id(parts[1]) or parts[2] not in KINDS or not is_id(parts[3]):
        return None
    at = asked.moment(parts[0])
    return None if at is None else (at, parts[1], parts[2], parts[3])
