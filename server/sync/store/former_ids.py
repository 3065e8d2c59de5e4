"""Whose an id was that nobody has any more (server.sync.operations.former_people says how that comes)."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from server.documents import types
from server.documents.recalled import recalled_body
from server.models import FormerPerson, Person
from server.sync.store.locks import lock_former_people


def bearer_of(connection: Connection, person_id: str) -> str | None:
    """Who has this id, or had it before; None where nobody here is known by it."""
    known = connection.execute(select(Person.id).where(Person.id == person_id)).scalar_one_or_none()
    return known or bearer_before(connection, person_id)


def bearer_before(connection: Connection, former: str) -> str | None:
    """Who had this id before."""
    found = select(FormerPerson.person_id).where(FormerPerson.former == former)
    return connection.execute(found).scalar_one_or_none()


def named_in(connection: Connection, kind: str, data: dict[str, Any]) -> dict[str, str]:  # Any: validated JSON
    """Who they are now whose former ids an operation names, by the former id; nobody becomes another until the
    transaction ends. Only operations that name people are looked at."""
    if kind not in types.naming_kinds():
        return {}
    lock_former_people(connection, shared=True)
    everybody = connection.execute(select(FormerPerson.former, FormerPerson.person_id)).all()
    if not everybody:
        return {}
    text = json.dumps(recalled_body(data) if kind in types.recalling_kinds() else data)
    return {row.former: row.person_id for row in everybody if f'"{row.former}"' in text}
