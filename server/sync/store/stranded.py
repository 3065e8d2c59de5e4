"""Ledgers that a phone has and cannot bring in: it tells whose they are and why, so that somebody goes and signs in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import Connection, delete, insert, select, update

from server.models import Person, StrandedLedger
from server.sync.ledgers.faults import seeing_others
from server.sync.store.former_ids import bearer_of

State = Literal["nothing", "told", "asked", "refused"]
# What one person's phones tell of: more people than share any phone. The oldest gives way.
TOLD_AT_MOST: Final = 20
# A phone tells it at every start: what was not told again for so long is on no phone that is in use.
TOLD_FOR: Final = timedelta(days=30)


@dataclass(frozen=True)
class Stranded:
    """What a phone tells of a ledger; `is_mine`: who is signed in says that it is theirs, from before."""

    device_id: str
    device_name: str
    person_id: str
    username: str
    why: str
    lines: int
    photos: int
    orders: int
    is_mine: bool = False

    @property
    def is_nothing(self) -> bool:
        """Everything of it is here."""
        return self.lines + self.photos + self.orders == 0


def tell(connection: Connection, told: Stranded, by: str, now: datetime) -> State:
    """Note what a phone of `by` tells, or that nothing is left of it; what is asked of an administrator about it.
    Nobody is asked whose an id was that somebody here has."""
    return seeing_others(lambda: _told(connection, told, by, now))


def _told(connection: Connection, told: Stranded, by: str, now: datetime) -> State:
    with connection.begin_nested():
        return _tell(connection, told, by, now)


def _tell(connection: Connection, told: Stranded, by: str, now: datetime) -> State:
    known = connection.execute(
        select(StrandedLedger.claimed_by, StrandedLedger.refused_at, StrandedLedger.person_id)
        .where(StrandedLedger.device_id == told.device_id)
        .with_for_update()
    ).first()
    if told.is_nothing:
        forget(connection, told.device_id)
        return "nothing"
    facts = {name: value for name, value in vars(told).items() if name != "is_mine"} | {"told_by": by, "told_at": now}
    before = known if known is not None and known.person_id == told.person_id else None
    if before is None:  # what was asked and answered was about another id
        facts |= {"claimed_by": None, "claimed_at": None, "refused_at": None}
    is_mine = told.is_mine and bearer_of(connection, told.person_id) is None
    if is_mine:
        facts |= {"claimed_by": by, "claimed_at": now, "refused_at": None}
    if known is None:
        _make_room(connection, by)
        connection.execute(insert(StrandedLedger).values(facts))
    else:
        connection.execute(update(StrandedLedger).where(StrandedLedger.device_id == told.device_id).values(facts))
    if is_mine or (before is not None and before.claimed_by is not None):
        return "asked"
    return "refused" if before is not None and before.refused_at is not None else "told"


def forget(connection: Connection, device_id: str) -> None:
    """The ledger waits no more."""
    connection.execute(delete(StrandedLedger).where(StrandedLedger.device_id == device_id))


def refuse(connection: Connection, former: str, now: datetime) -> bool:
    """An administrator says that nobody who asks had this id before; whether anybody had asked."""
    asked = (StrandedLedger.person_id == former, StrandedLedger.claimed_by.is_not(None))
    answered = {"claimed_by": None, "claimed_at": None, "refused_at": now}
    return connection.execute(update(StrandedLedger).where(*asked).values(answered)).rowcount > 0


def waiting(connection: Connection, now: datetime) -> list[StrandedRow]:
    """What phones have told lately, the newest first."""
    rows = connection.execute(
        select(StrandedLedger.__table__, Person.name.label("told_by_name"))
        .join(Person, Person.id == StrandedLedger.told_by)
        .where(StrandedLedger.told_at > now - TOLD_FOR)
        .order_by(StrandedLedger.told_at.desc(), StrandedLedger.device_id)
    )
    return [
        StrandedRow(
            row.device_id, row.device_name, row.person_id, row.username, row.why, row.lines, row.photos, row.orders,
            row.told_by_name, row.told_at, row.claimed_by,
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class StrandedRow:
    """One ledger that waits on a phone; `claimed_by` is who says that it was theirs, until that is answered."""

    device_id: str
    device_name: str
    person_id: str
    username: str
    why: str
    lines: int
    photos: int
    orders: int
    told_by_name: str
    told_at: datetime
    claimed_by: str | None


def _make_room(connection: Connection, by: str) -> None:
    # Nobody else tells for them meanwhile: two at once would each see room for the last.
    connection.execute(select(Person.id).where(Person.id == by).with_for_update(key_share=True)).all()
    theirs = select(StrandedLedger.device_id).where(StrandedLedger.told_by == by)
    newest = theirs.order_by(StrandedLedger.told_at.desc(), StrandedLedger.device_id)
    too_many = connection.execute(newest.offset(TOLD_AT_MOST - 1)).scalars().all()
    connection.execute(delete(StrandedLedger).where(StrandedLedger.device_id.in_(too_many)))
