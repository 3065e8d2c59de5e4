"""Applying one operation, whatever it is about and whether it comes in or has waited; not what it frees."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from server.evidence.time_bounds import TimeBounds
from server.sync.ledgers.kinds import ADOPTS, REVOKES
from server.sync.ledgers.line import Line
from server.sync.operations import accounts, former_people, revoking
from server.sync.operations.apply_document import Applied, Author, apply_to_document
from server.sync.store.company import Company


def apply_alone(
    connection: Connection,
    line: Line,
    author: Author,
    bounds: TimeBounds,
    now: datetime,
    company: Company,
    let_in_by: Author | None = None,
) -> Applied:
    """Apply `line` inside the caller's transaction; `let_in_by` a supervisor, whoever wrote it. On what is no document
    that counts as if they had done it: they let nothing happen that they may not do themselves.

    Raises Held where it cannot be; then nothing was changed that the caller's savepoint does not undo.
    """
    match line.kind:
        case kind if kind == REVOKES:
            return revoking.revoke(connection, line, let_in_by or author, now)
        case kind if kind == ADOPTS:
            return former_people.adopt(connection, line, author, now, company)
        case kind if kind in accounts.MEANS:
            return accounts.change_account(connection, line, author, now)
    return apply_to_document(connection, line, author, bounds, now, company, admitted=let_in_by is not None)
