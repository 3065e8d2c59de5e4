"""The one function that applies an operation, whoever wrote it: phone, office, or another program."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from server.evidence.time_bounds import TimeBounds
from server.sync.ledgers import kinds
from server.sync.ledgers.line import Line
from server.sync.operations import authorship, held
from server.sync.operations.apply_document import Applied, Author
from server.sync.operations.applying import apply_alone
from server.sync.store.company import Company

__all__ = ["Applied", "Author", "apply_operation"]


def apply_operation(
    connection: Connection, line: Line, author: Author, bounds: TimeBounds, now: datetime, company: Company
) -> Applied:
    """Apply `line` inside the caller's transaction, with what it lets happen: a document that appears, or somebody who
    comes to be on it, takes in what had waited for that.

    Raises Held where it cannot be applied; then nothing was changed that the caller's savepoint does not undo.
    """
    match line.kind:
        case kinds.DECIDES:
            return held.decide(connection, line, author, now, company)
        case kinds.CLAIMS:
            return authorship.claim(connection, line, author, now, company)
    applied = apply_alone(connection, line, author, bounds, now, company)
    return held.with_what_it_frees(connection, line, applied, now, company)
