"""What the API's tests share: people who are signed in with the reference client over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from apiflask import APIFlask

from server.services import Services, services
from tests.conftest import People, TestPerson
from tests.reference_client import Client, Ledger, uuid7
from tests.server.api.photo_help import Uploads

SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(live_server: str) -> SignIn:
    """Sign a person in with a fresh device, or with `ledger`'s."""

    def signed_in(person: TestPerson, ledger: Ledger | None = None) -> Client:
        client = Client(live_server, ledger)
        client.sign_in(person.username, person.password)
        return client

    return signed_in


@pytest.fixture
def wang(sign_in: SignIn, people: People) -> Client:
    """The supervisor."""
    return sign_in(people.wang)


@pytest.fixture
def zhang(sign_in: SignIn, people: People) -> Client:
    """A technician."""
    return sign_in(people.zhang)


@pytest.fixture
def li(sign_in: SignIn, people: People) -> Client:
    """Another technician."""
    return sign_in(people.li)


@pytest.fixture
def order(wang: Client, people: People) -> str:
    """An order for Zhang."""
    return open_order(wang, [people.zhang.id])


@pytest.fixture
def uploads(zhang: Client) -> Uploads:
    """Zhang's tus requests."""
    return Uploads(zhang)


@pytest.fixture
def kept(app: APIFlask) -> Iterator[Services]:
    """The parts of the server, to look at what it has kept."""
    with app.app_context():
        yield services()


def open_order(office: Client, assignees: list[str], **more: Any) -> str:
    """A work order that the office opened for `assignees`; its id."""
    order = uuid7()
    office.write("order.open", order, {"kind": "repair", "fault": "水泵异响", "assignees": assignees, **more})
    office.sync()
    return order
