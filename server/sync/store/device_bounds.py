"""How many phones one person may have: more than any ordinary life needs, and not without end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, func, select

from server.models import Device, Person
from server.problems import Problem
from server.steady_clock import ALLOWED

# An installation becomes a new device after a fork, after it was shut out, and after its browser cleared what it kept.
NEW_AT_MOST: Final = 20
NEW_WITHIN: Final = timedelta(hours=24)
LIVING_AT_MOST: Final = 50
# Nothing was heard of it for as long as a session lasts: it cannot come back without the password.
LIVES: Final = timedelta(days=90)


def make_room(connection: Connection, person_id: str, now: datetime) -> None:
    """Let this person have one more phone; until the transaction ends nobody else gives them one.

    Raises Problem `too_many_devices` (`most`) where they have `LIVING_AT_MOST` that are not revoked and were heard of
    within `LIVES`, and `too_many_new_devices` (`most`, `hours`, `retry_after_s`) where `NEW_AT_MOST` are younger than
    `NEW_WITHIN`, revoked ones too.
    """
    # Not `for update`: everybody who writes a row that names the person would have to wait as well.
    connection.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)).all()
    # What only a file says to be theirs is no phone of theirs.
    theirs = and_(Device.person_id == person_id, Device.kind == "phone", Device.known_by != "file")
    heard_at = func.coalesce(Device.last_seen_at, Device.created_at)
    living = (theirs, Device.revoked_at.is_(None), heard_at > now - LIVES)
    if connection.execute(select(func.count()).where(*living)).scalar_one() >= LIVING_AT_MOST:
        raise Problem("too_many_devices", most=LIVING_AT_MOST)
    # What lies in the future was noted by a clock that was ahead, and would be new until then.
    new = select(Device.created_at).where(theirs, Device.created_at.between(now - NEW_WITHIN, now + ALLOWED))
    newest = connection.execute(new.order_by(Device.created_at.desc()).limit(NEW_AT_MOST)).scalars().all()
    if len(newest) == NEW_AT_MOST:
        wait = newest[-1] + NEW_WITHIN - now
        hours = NEW_WITHIN // timedelta(hours=1)
        raise Problem(
            "too_many_new_devices", most=NEW_AT_MOST, hours=hours, retry_after_s=int(wait.total_seconds()) + 1
        )
