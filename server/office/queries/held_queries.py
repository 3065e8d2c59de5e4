"""What the office's pages read of held lines: what waits, gathered by batch and reason, and what was decided.

`seen`: a condition on JournalLine, which lines the reader may read (server.sync.operations.held.seen_by).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from server.models import Device, HeldLine, JournalLine
from server.office.queries.journal_queries import JournalEntry, entry, journal
from server.office.shell import asked
from server.sync.operations.held import ID_TAKEN, can_be_let_in

GROUPS: Final = 20
"""Groups on one page of the inbox."""
FIRST: Final = 5
"""Lines of a group that are shown with it; the rest has a page of its own."""
LINES: Final = 50
"""Lines on a page that shows nothing else."""
MOST_AT_ONCE: Final = 500
"""Lines that one decision decides; the rest of a larger group goes on waiting for the next."""

WAITS: Final = HeldLine.state == "waiting"


@dataclass(frozen=True)
class Group:
    """Lines of one batch that wait for the same reason. `entries` are the first of its `count` lines, of which a
    supervisor can let `applicable` in; `head` is the hash of the last line of their ledger."""

    batch_id: int
    reason: str
    first: int
    count: int
    applicable: int
    kinds: list[tuple[str | None, int]]
    entries: list[JournalEntry]
    head: str


@dataclass(frozen=True)
class Groups:
    """A page of groups, what has waited longest first. `next` is the key of the next page, None at the end."""

    rows: list[Group]
    next: int | None


@dataclass(frozen=True)
class Lines:
    """A page of lines. `next` is the key of the next page, None at the end."""

    rows: list[JournalEntry]
    next: str | None


def count_waiting(connection: Connection, seen: ColumnElement[bool]) -> int:
    """How many lines wait for a decision."""
    lines = select(func.count()).select_from(HeldLine).join(JournalLine, JournalLine.position == HeldLine.position)
    return connection.execute(lines.where(WAITS, seen)).scalar_one()


def waiting_groups(connection: Connection, after: int, seen: ColumnElement[bool]) -> Groups:
    """The groups whose first line stands after position `after` in the journal."""
    statement = _grouped().where(seen).having(after < _FIRST).order_by(_FIRST).limit(GROUPS + 1)
    found = connection.execute(statement).all()
    rows = [_group(connection, row) for row in found[:GROUPS]]
    return Groups(rows, rows[-1].first if len(found) > GROUPS else None)


def waiting_group(connection: Connection, batch_id: int, reason: str, seen: ColumnElement[bool]) -> Group | None:
    """One group; None where nothing of it waits any more. A batch is one person's: it is seen wholly or not at all."""
    statement = _grouped().where(seen, JournalLine.batch_id == batch_id, HeldLine.reason == reason)
    row = connection.execute(statement).first()
    return None if row is None else _group(connection, row)


_FIRST: Final = func.min(HeldLine.position)


def _grouped() -> Any:  # Any: the column types of a joined Core select say nothing here
    return (
        select(JournalLine.batch_id, HeldLine.reason, _FIRST.label("first"), func.count().label("count"))
        .join(JournalLine, JournalLine.position == HeldLine.position)
        .where(WAITS)
        .group_by(JournalLine.batch_id, HeldLine.reason)
    )


def _group(connection: Connection, row: Any) -> Group:  # Any: a row of a group's columns
    in_group = (WAITS, JournalLine.batch_id == row.batch_id, HeldLine.reason == row.reason)
    # The text is our own JSON: within what somebody wrote, quotation marks look otherwise.
    has_anothers_id = HeldLine.detail.contains(f'"problem": "{ID_TAKEN}"')
    looks = (JournalLine.kind, HeldLine.target.is_not(None).label("of_order"), has_anothers_id.label("id_taken"))
    kinds = (
        select(*looks, func.count().label("times"))
        .join(HeldLine, HeldLine.position == JournalLine.position)
        .where(*in_group)
        .group_by(*looks)
        .order_by(func.count().desc(), JournalLine.kind)
    )
    entries = lines_of(connection, row.batch_id, row.reason, 0, FIRST)
    counted: Counter[str | None] = Counter()
    applicable = 0
    for look in connection.execute(kinds):
        counted[look.kind] += look.times
        detail = {"problem": ID_TAKEN} if look.id_taken else {}
        target = "an order" if look.of_order else None
        if can_be_let_in(look.kind, target, row.reason, detail, entries[0].handed_in):
            applicable += look.times
    ledger = select(Device.head_hash).where(Device.id == entries[0].device_id)
    head = connection.execute(ledger).scalar_one()
    return Group(row.batch_id, row.reason, row.first, row.count, applicable, counted.most_common(), entries, head)


def lines_of(connection: Connection, batch_id: int, reason: str, after: int, limit: int) -> list[JournalEntry]:
    """The first `limit` waiting lines of a group after position `after`."""
    statement = (
        journal()
        .where(WAITS, JournalLine.batch_id == batch_id, HeldLine.reason == reason, JournalLine.position > after)
        .order_by(JournalLine.position)
        .limit(limit)
    )
    return [entry(row) for row in connection.execute(statement)]


def page_of(connection: Connection, batch_id: int, reason: str, after: int) -> Lines:
    """A page of a group."""
    found = lines_of(connection, batch_id, reason, after, LINES + 1)
    rows = found[:LINES]
    return Lines(rows, str(rows[-1].position) if len(found) > LINES else None)


def waiting_lines(connection: Connection, positions: Sequence[int]) -> list[JournalEntry]:
    """Those of these lines that still wait, in the order of the journal."""
    statement = journal().where(WAITS, JournalLine.position.in_(positions)).order_by(JournalLine.position)
    return [entry(row) for row in connection.execute(statement)]


def decided(connection: Connection, after: str | None, limit: int, seen: ColumnElement[bool]) -> Lines:
    """What no longer waits, last decided first. A key that is not understood begins from the start."""
    place = _place(after)
    # The second says nothing more to people; it lets an index be read from its end on, which begins with nulls.
    statement = journal().where(HeldLine.state != "waiting", HeldLine.decided_at.is_not(None), seen)
    if place is not None:
        statement = statement.where(tuple_(HeldLine.decided_at, HeldLine.position) < place)
    ordered = statement.order_by(HeldLine.decided_at.desc(), HeldLine.position.desc()).limit(limit + 1)
    found = [entry(row) for row in connection.execute(ordered)]
    rows = found[:limit]
    last = rows[-1] if len(found) > limit else None
    at = last.held.at if last is not None and last.held is not None else None
    return Lines(rows, f"{at.isoformat()}~{last.position}" if last is not None and at is not None else None)


def _place(after: str | None) -> tuple[datetime, int] | None:
    moment, _, position = (after or "").partition("~")
    at = asked.moment(moment)
    return (at, int(position)) if at is not None and position.isdecimal() and len(position) < 18 else None
