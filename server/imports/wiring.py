"""Putting a load together inside an app: the database, the ledger of the person who loads, the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, case, select

from server.database import reading, write
from server.imports.findings import FileProblem
from server.imports.load import Loading
from server.models import OFFICE_ROLES, Person
from server.services import Services
from server.sync.exchange import office_ledger
from server.sync.exchange.office_ledger import NewOperation
from server.sync.ledgers.outcome import Outcome

# Whose ledger orders are opened in where nobody is named.
USUAL_OPENERS = ("service_desk", "supervisor", "manager", "admin")


def loading_as(services: Services, username: str | None, now: datetime | None = None) -> Loading:
    """A Loading that opens orders as `username`, or as the service desk's oldest account.

    Where there is no such account yet, files without work orders can still be taken in. Raises FileProblem:
    unknown_person, may_not_open_orders. Needs an app context.
    """
    services.times()  # so that a process that has just begun knows whether its clock is believed
    pen = services.pen
    now = now or services.now()
    with reading() as connection:
        person_id = _named(connection, username) if username else _usual(connection)
    loading = Loading(write, pen.company.zone, now)
    if person_id is None:
        return loading
    opener = person_id

    def open_orders(connection: Connection, operations: list[NewOperation]) -> list[Outcome]:
        return office_ledger.write(connection, pen, opener, operations, now)

    return replace(loading, open_orders=open_orders)


def _named(connection: Connection, username: str) -> str:
    person = connection.execute(
        select(Person.id, Person.role).where(Person.username == username.strip().lower(), Person.active)
    ).first()
    if person is None:
        raise FileProblem("", "unknown_person", username=username)
    if person.role not in OFFICE_ROLES:
        raise FileProblem("", "may_not_open_orders", username=username)
    return str(person.id)


def _usual(connection: Connection) -> str | None:
    rank = case({role: place for place, role in enumerate(USUAL_OPENERS)}, value=Person.role)
    return connection.execute(
        select(Person.id)
        .where(Person.role.in_(USUAL_OPENERS), Person.active)
        .order_by(rank, Person.created_at, Person.id)
        .limit(1)
    ).scalar_one_or_none()
