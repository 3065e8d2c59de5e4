"""Gates: what would otherwise take luck happens every time.

A transaction stays open until another waits for it. On PostgreSQL that can be seen; on SQLite, where one writes at a
time, the other stands at the door of its transaction, and a moment is given for it to come there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection

from server.database import db, writing
from server.services import services, utc_now
from server.sync.apply import Author
from server.sync.exchange import office_ledger
from server.sync.exchange.exchange import TakenIn, take_in
from server.sync.exchange.office_ledger import NewOperation
from server.sync.ledgers.outcome import Outcome
from tests.databases import wait_until_somebody_waits
from tests.server.sync.phone import Phone, new_id

A_MOMENT_S: Final = 0.1


@contextmanager
def not_yet_committed(work: Callable[[Connection], Any]) -> Iterator[None]:
    """What `work` does is committed as soon as another transaction waits for it."""
    with writing() as connection:
        work(connection)
        yield
        somebody_waits()


def somebody_waits() -> None:
    """Returns when another transaction waits for this one."""
    if db.engine.dialect.name == "sqlite":
        time.sleep(A_MOMENT_S)
    else:
        wait_until_somebody_waits()


def hand_in(phone: Phone) -> Callable[[Connection], TakenIn]:
    """Takes the phone's next batch in."""
    here, author, request = services(), Author(phone.person_id, phone.role, phone.id), phone.request()
    return lambda connection: take_in(connection, author, request, here.anchors, here.company, utc_now(), utc_now())


def written_by(person_id: str, kind: str, target: str | None, data: dict[str, Any]) -> Callable[[Connection], Outcome]:
    """Writes one operation into a person's office ledger."""
    operation = NewOperation(kind, target, data)
    return lambda connection: office_ledger.write(connection, services().pen, person_id, [operation], utc_now())[0]


def decided_by(person_id: str, operation: str, decision: str) -> Callable[[Connection], Outcome]:
    """Decides upon a held line from the inbox, where no order is named."""
    data = {"operation": operation, "decision": decision, "comment": None}
    return written_by(person_id, "held.decide", None, data)


def opening(**more: Any) -> dict[str, Any]:
    """The data of an opening."""
    return {"kind": "repair", "fault": "水泵漏水"} | more


def note(text: str = "看过了") -> dict[str, Any]:
    """The data of a note."""
    return {"note": new_id(), "text": text}
