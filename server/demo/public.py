"""Which accounts have the password that everybody knows. Looked up at the start and by load-demo: hashing is slow."""

from __future__ import annotations

import json
from typing import Final

from sqlalchemy import Connection, func, select

from server.demo.people import ACCOUNTS, PASSWORD
from server.models import Person
from server.password_hashes import matches
from server.sync.store.facts_store import fact, remember

# The hashes themselves: an account whose password is changed is at once none of them any more.
FACT: Final = "public_password_hashes"


def remember_public_accounts(connection: Connection) -> None:
    """Try the public password on the accounts that are called as the demonstration company's, and keep what fits."""
    names = [account.username for account in ACCOUNTS]
    hashes = connection.execute(select(Person.password_hash).where(Person.username.in_(names))).scalars().all()
    fitting = sorted(kept for kept in hashes if matches(kept, PASSWORD))
    if fitting or fact(connection, FACT) is not None:
        remember(connection, FACT, json.dumps(fitting))


def public_accounts(connection: Connection) -> list[str]:
    """The usernames of the active accounts with the public password, in order."""
    hashes = json.loads(fact(connection, FACT) or "[]")
    if not hashes:
        return []
    wanted = select(Person.username).where(Person.password_hash.in_(hashes), Person.active).order_by(Person.username)
    return list(connection.execute(wanted).scalars())


def stands_beside_real_ones(connection: Connection, public: list[str]) -> bool:
    """Whether somebody can sign in who is none of `public`."""
    active = connection.execute(select(func.count()).select_from(Person).where(Person.active)).scalar_one()
    return bool(public) and active > len(public)
