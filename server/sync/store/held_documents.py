"""What a person's phones are told of lines of theirs that are held: a document of type `held` in their feed for each,
with what it waits for and what was decided."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, insert, select, update

from server.models import SYSTEM, Document, HeldLine, JournalLine
from server.sync.ledgers.line import Line
from server.sync.ledgers.outcome import Outcome
from server.sync.store.feeds import Publication, person_feed

HELD: Final = "held"


def keep_waiting(connection: Connection, position: int, outcome: Outcome, line: Line | None, person_id: str,
                 now: datetime) -> list[Publication]:  # fmt: skip
    """Let a line that was just held wait. Returns what its person's feed has to be told."""
    connection.execute(
        insert(HeldLine).values(
            position=position,
            operation_id=outcome.id,
            target=line.target if line else None,
            state="waiting",
            reason=outcome.reason,
            detail=json.dumps(outcome.detail, ensure_ascii=False),
        )
    )
    return tell(connection, position, now)


def settle(connection: Connection, position: int, now: datetime, **values: str | None) -> list[Publication]:
    """Write down what was decided of a held line, and tell. Returns what its person's feed has to be told."""
    row = update(HeldLine).where(HeldLine.position == position)
    connection.execute(row.values(decided_at=now, **values))
    return tell(connection, position, now)


def tell(connection: Connection, position: int, now: datetime) -> list[Publication]:
    """Write the document by which a person's phones know what waits and what was decided. A line without a readable
    id has none, nor has one under an id that had come from somebody else: that document is theirs. The server itself
    has no phone."""
    row = connection.execute(
        select(HeldLine, JournalLine.kind, JournalLine.person_id, JournalLine.device_id, JournalLine.received_at)
        .join(JournalLine, JournalLine.position == HeldLine.position)
        .where(HeldLine.position == position)
    ).one()
    if row.operation_id is None or row.person_id == SYSTEM or _is_somebody_elses(connection, row):
        return []
    decided = None
    if row.decided_at is not None:
        decided = {"by": row.decided_by, "at": row.decided_at.isoformat(), "comment": row.comment}
    body = {
        "kind": row.kind,
        "target": row.target,
        "device": row.device_id,
        "reason": row.reason,
        "detail": json.loads(row.detail),
        "received_at": row.received_at.isoformat(),
        "state": row.state,
        "decided": decided,
        "outcome": None if row.outcome is None else json.loads(row.outcome),
    }
    _put(connection, row.operation_id, json.dumps(body, ensure_ascii=False, separators=(",", ":")), now)
    return [Publication(person_feed(row.person_id), HELD, row.operation_id)]


def _is_somebody_elses(connection: Connection, row: Any) -> bool:  # Any: a row with operation_id and person_id
    first = (
        select(JournalLine.person_id)
        .join(HeldLine, HeldLine.position == JournalLine.position)
        .where(HeldLine.operation_id == row.operation_id)
        .order_by(HeldLine.position)
        .limit(1)
    )
    return bool(connection.execute(first).scalar_one() != row.person_id)


def _put(connection: Connection, operation_id: str, text: str, now: datetime) -> None:
    same = and_(Document.type == HELD, Document.id == operation_id)
    done = connection.execute(
        update(Document).where(same).values(version=Document.version + 1, body=text, changed_at=now)
    )
    if done.rowcount == 0:
        connection.execute(insert(Document).values(type=HELD, id=operation_id, version=1, body=text, changed_at=now))
