"""A company with one order for Zhang, and phones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from apiflask import APIFlask

from server.database import writing
from server.services import services, utc_now
from server.sync.exchange.office_ledger import NewOperation, write
from server.sync.ledgers.outcome import Outcome
from tests.conftest import People
from tests.server.sync.phone import Phone, new_id


class Office:
    """Somebody in the office who writes operations."""

    def __init__(self, person_id: str) -> None:
        self.person_id = person_id

    def write(self, kind: str, target: str, data: dict[str, Any], seen: int | None = None) -> Outcome:
        """Write one operation; its outcome."""
        with writing() as connection:
            operation = NewOperation(kind, target, data, seen)
            return write(connection, services().pen, self.person_id, [operation], utc_now())[0]

    def open(self, *assignees: str, **more: Any) -> str:
        """Open a work order for these technicians; its id."""
        target = new_id()
        data = {"kind": "repair", "fault": "水泵漏水", "assignees": list(assignees)} | more
        outcome = self.write("order.open", target, data)
        assert outcome.status == "applied", outcome
        return target


@pytest.fixture(autouse=True)
def in_app(app: APIFlask, people: People) -> Iterator[None]:
    """Every test runs inside the app's context."""
    with app.app_context():
        yield


@pytest.fixture
def office(people: People) -> Office:
    """The supervisor's office ledger."""
    return Office(people.wang.id)


@pytest.fixture
def zhang(people: People) -> Phone:
    """Zhang's phone."""
    return Phone(people.zhang.id).register()


@pytest.fixture
def li(people: People) -> Phone:
    """Li's phone."""
    return Phone(people.li.id).register()
