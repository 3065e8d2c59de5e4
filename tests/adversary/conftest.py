"""A company with one site, a supervisor who looks, and technicians who cheat with the reference client."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from tests.adversary.day import Supervisor, Technician
from tests.conftest import People
from tests.reference_client import Client
from tests.server.office.scene import Scene

Opens = Callable[..., str]
Place = tuple[str, str, str]


@pytest.fixture
def scene(app: APIFlask, people: People, password_hash: str) -> Iterator[Scene]:
    """The company at half past seven in the morning; the server's clock is `scene.now`."""
    with app.app_context():
        made = Scene(app, password_hash)
        made.ids |= {person.username: person.id for person in (people.zhang, people.li, people.wang, people.chen)}
        yield made


@pytest.fixture
def opens(scene: Scene) -> Opens:
    """Opens an order at a new site with a circle of 80 m, or at `place`; for Zhang, or for the named."""

    def open_order(*technicians: str, place: Place | None = None, contract: str = "on-site") -> str:
        if place is None:
            number = str(len(scene.heard) + 1)
            scene.heard[number] = {}
            place = scene.site(number, f"客户{number}", f"小区{number}", contract)
        names = [scene.ids[name] for name in technicians or ("zhang",)]
        return scene.open("chen", "水泵异响", place, None, None, assignees=names)

    return open_order


@pytest.fixture
def supervisor(app: APIFlask, live_server: str, people: People, scene: Scene) -> Supervisor:
    """Wang, at the office's pages in Chinese and in English."""
    client = Client(live_server)
    client.sign_in(people.wang.username, people.wang.password)

    def browser() -> FlaskClient:
        opened = app.test_client()
        sent = {"username": people.wang.username, "password": people.wang.password}
        assert opened.post("/office/sign-in", data=sent).status_code == 303
        return opened

    return Supervisor(client, browser)


@pytest.fixture
def order(opens: Opens) -> str:
    """Zhang's order, reported at half past seven: by its contract somebody has to be there at half past nine."""
    return opens()


@pytest.fixture
def zhang(live_server: str, scene: Scene, people: People, order: str) -> Technician:
    """Signed in at half past seven; last in contact at 8:44, with the order on the phone."""
    technician = Technician(live_server, scene, people.zhang)
    scene.at("8:44")
    technician.sync()
    return technician


@pytest.fixture
def li(live_server: str, scene: Scene, people: People) -> Technician:
    """A colleague, with a phone of their own."""
    return Technician(live_server, scene, people.li)
