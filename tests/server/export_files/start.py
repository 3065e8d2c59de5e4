"""The company that the kept export file belongs to, at the moment before the file came."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypedDict

from apiflask import APIFlask
from sqlalchemy import insert

from server.clock_witness import load
from server.database import writing
from server.models import Person
from server.services import services
from server.steady_clock import SteadyClock
from server.sync.exchange.office_ledger import NewOperation, write
from server.sync.store.feeds import put_document

SECRET = "a secret for tests only, not for a server"
FOLDER = Path(__file__).resolve().parents[2] / "data" / "export"
EXPORT = FOLDER / "phone.undercroft.zip"


class Start(TypedDict):
    """start.json: ids of people and of the order, the data of its order.open, when it was opened."""

    technician: str
    supervisor: str
    order: str
    opened: dict[str, Any]  # Any: the data of order.open, JSON
    at: str


def start() -> Start:
    """start.json."""
    found: Start = json.loads((FOLDER / "start.json").read_text("utf-8"))
    return found


def make_company(app: APIFlask, password_hash: str) -> Start:
    """The same people and the same order in an empty database, an hour before the file comes; inside an app context."""
    known = start()
    opened_at = datetime.fromisoformat(known["at"])
    clock = SteadyClock(load, lambda: 0.0, "of the file")
    app.extensions["undercroft"] = dataclasses.replace(
        services(), now=lambda: opened_at + timedelta(hours=1), clock=clock
    )
    with writing() as connection:
        for identity, username, name, role in (
            (known["technician"], "liwei", "李伟", "technician"),
            (known["supervisor"], "chenhong", "陈红", "supervisor"),
        ):
            row = {"id": identity, "username": username, "name": name, "role": role}
            connection.execute(
                insert(Person).values(**row, password_hash=password_hash, active=True, created_at=opened_at)
            )
            put_document(connection, "person", identity, row, opened_at)
        opening = known["opened"] | {"assignees": [known["technician"]]}
        operation = NewOperation("order.open", known["order"], opening, None)
        outcome = write(connection, services().pen, known["supervisor"], [operation], opened_at)[0]
        assert outcome.status == "applied", outcome
    return known
