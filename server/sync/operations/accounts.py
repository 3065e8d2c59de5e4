"""Accounts: closing and opening them, a new password, an end to all sessions.

A line says what was done to whom, by whom and why; a password stands in none. Whatever is done, every session that
the person had ends for good: nothing that was given out before comes back to life with an account opened again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Connection, select, update

from server.documents.operation import Held
from server.models import Device, Person, SessionToken
from server.security_log import Event, tell_once_committed
from server.sync.ledgers.kinds import CLOSES, ENDS_SESSIONS, NEW_PASSWORD, OPENS
from server.sync.ledgers.line import Line
from server.sync.ledgers.outcome import Outcome
from server.sync.operations.apply_document import Applied, Author, validated
from server.sync.operations.shapes import AccountChange

Ended = Literal["password_changed", "account_closed", "ended", "ended_by_self"]
# By the person, from another phone or browser of theirs (server/sync/operations/own_sessions.py).
BY_SELF: Final[Ended] = "ended_by_self"

# What each says to a client whose session it ended. A closed account that is opened has none left to end.
MEANS: Final[dict[str, Ended]] = {
    CLOSES: "account_closed",
    OPENS: "account_closed",
    ENDS_SESSIONS: "ended",
    NEW_PASSWORD: "password_changed",
}

EVENTS: Final[dict[str, Event]] = {
    CLOSES: "account_closed",
    OPENS: "account_opened",
    ENDS_SESSIONS: "sessions_ended",
    NEW_PASSWORD: "password_set",
}


def change_account(connection: Connection, line: Line, author: Author, now: datetime) -> Applied:
    """person.close, .open, .end_sessions or .password, with the person as target.

    Only an administrator's office ledger says so: a phone and an export file never do. Nobody closes their own
    account, so that one administrator always remains. Raises Held: not_permitted, unknown_target, invalid_data.
    """
    validated(AccountChange(), line)
    check_administrator(connection, author)
    active = _locked(connection, line.target)
    if line.kind == CLOSES and line.target == author.person_id:
        raise Held("not_permitted")
    already = line.kind in (CLOSES, OPENS) and active is (line.kind == OPENS)
    if not already:
        if line.kind in (CLOSES, OPENS):
            connection.execute(update(Person).where(Person.id == line.target).values(active=line.kind == OPENS))
        end_sessions(connection, str(line.target), MEANS[line.kind])
        tell_once_committed(connection, EVENTS[line.kind], person=line.target, by=author.person_id)
    return Applied(
        Outcome(line.id, line.seq, "applied", False, None, None, {"already": True} if already else {}), {}, []
    )


def end_sessions(connection: Connection, person_id: str, why: Ended) -> None:
    """End every session of a person; a sign-in whose password was looked at before this begins none any more.

    The rows stay until they would have expired, so that a client that comes back hears why. What expired already is
    ended as well: a clock that is put right would give it back.
    """
    connection.execute(update(Person).where(Person.id == person_id).values(sign_in_version=Person.sign_in_version + 1))
    theirs = (SessionToken.person_id == person_id) & SessionToken.ended.is_(None)
    connection.execute(update(SessionToken).where(theirs).values(ended=why))


def put_password(connection: Connection, person_id: str, password_hash: str) -> None:
    """Give a person another password, which ends every session of theirs."""
    connection.execute(update(Person).where(Person.id == person_id).values(password_hash=password_hash))
    end_sessions(connection, person_id, "password_changed")


def check_administrator(connection: Connection, author: Author) -> None:
    """Raises Held (not_permitted) for whoever is no administrator with an open account, in an office ledger.

    All administrators' rows are locked: of two who close each other at once, the second is closed by then.
    """
    kind = connection.execute(select(Device.kind).where(Device.id == author.device_id)).scalar_one_or_none()
    admins = select(Person.id, Person.active).where(Person.role == "admin").order_by(Person.id)
    locked = admins.with_for_update(key_share=True)
    if kind != "office" or author.role != "admin":
        raise Held("not_permitted")
    if author.person_id not in [row.id for row in connection.execute(locked) if row.active]:
        raise Held("not_permitted")


def _locked(connection: Connection, person_id: str | None) -> bool:
    """Whether the person's account is open; their row stays locked. Raises Held (unknown_target)."""
    row = select(Person.active).where(Person.id == person_id).with_for_update(key_share=True)
    active: bool | None = connection.execute(row).scalar_one_or_none()
    if active is None:
        raise Held("unknown_target")
    return active
