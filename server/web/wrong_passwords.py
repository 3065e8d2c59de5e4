"""Wrong passwords that were tried for an account: told to its owner at the next sign-in, and to the office.

Kept per account and address. Of the address only an HMAC with the server's secret is kept: it tells how many there
are, and not which.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.models import WrongPassword
from server.services import services

# What the office is shown as going on now.
RECENT: Final = timedelta(hours=1)
# What nobody signed in to be told of is forgotten then.
KEPT: Final = timedelta(days=90)


@dataclass(frozen=True)
class Hammered:
    """An account for which wrong passwords were tried within `RECENT`; `tries` and `since` count from the addresses'
    first one, `last_at` is the newest."""

    person_id: str
    tries: int
    addresses: int
    since: datetime
    last_at: datetime


def note(connection: Connection, person_id: str, address: str, now: datetime) -> None:
    """One wrong password more."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    first = {"person_id": person_id, "address_hash": hash_of(address), "tries": 1, "untold": 1}
    statement = insert(WrongPassword).values(**first, first_at=now, last_at=now)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[WrongPassword.person_id, WrongPassword.address_hash],
            set_={"tries": WrongPassword.tries + 1, "untold": WrongPassword.untold + 1, "last_at": now},
        )
    )


def hash_of(address: str) -> str:
    """The address as it is kept, 64 hexadecimal digits."""
    secret = services().settings.secret_key.encode()
    return hmac.new(secret, b"address\0" + address.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def take_untold(connection: Connection, person_id: str, now: datetime) -> int:
    """How many wrong passwords this person was not told of yet; they count as told. What is old is forgotten."""
    own = WrongPassword.person_id == person_id
    untold = connection.execute(
        select(WrongPassword.untold).where(own).order_by(WrongPassword.address_hash).with_for_update()
    ).scalars()
    count = sum(untold)
    connection.execute(update(WrongPassword).where(own).values(untold=0))
    connection.execute(delete(WrongPassword).where(own, WrongPassword.last_at <= now - RECENT))
    connection.execute(delete(WrongPassword).where(WrongPassword.last_at <= now - KEPT))
    return count


def hammered(connection: Connection, now: datetime) -> list[Hammered]:
    """Accounts for which wrong passwords were tried lately, the newest first."""
    newest = func.max(WrongPassword.last_at)
    wanted = (
        select(
            WrongPassword.person_id,
            func.sum(WrongPassword.tries),
            func.count(),
            func.min(WrongPassword.first_at),
            newest,
        )
        .where(WrongPassword.last_at > now - RECENT)
        .group_by(WrongPassword.person_id)
        .order_by(newest.desc())
    )
    return [Hammered(*row) for row in connection.execute(wanted)]
