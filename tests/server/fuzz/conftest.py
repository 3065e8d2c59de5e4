"""One company for all that a file tries on it, with nothing that is slow on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from server.application import create_app
from server.database import db
from server.settings import Settings
from tests.conftest import PASSWORD, People, make_people
from tests.databases import Databases
from tests.quick import quick
from tests.server.office.scene import Scene


@pytest.fixture(scope="module")
def settings(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of a fresh, migrated, empty company."""
    with databases.migrated(tmp_path_factory.mktemp("fuzz") / "data") as made:
        yield made


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[APIFlask]:
    """The application on those settings."""
    made = create_app(settings)
    with quick(made):
        yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def people(app: APIFlask, password_hash: str) -> People:
    """The people of a small company."""
    return make_people(app, password_hash)


@pytest.fixture(scope="module")
def scene(app: APIFlask, password_hash: str) -> Iterator[Scene]:
    """The office's people and a technician with a phone, at half past seven in the morning."""
    with app.app_context():
        made = Scene(app, password_hash)
        made.person("chenhong", "陈红", "supervisor")
        made.person("zhangmin", "张敏", "service_desk")
        made.person("admin", "管理员", "admin")
        made.person("liwei", "李伟", "technician")
        yield made


@pytest.fixture(scope="module")
def order(scene: Scene) -> str:
    """An order that is open, with a site and a window."""
    place = scene.site("1", "客户", "小区")
    return scene.open("zhangmin", "水泵异响", place, "liwei", ("09:00", "11:00"))


@pytest.fixture
def browser(app: APIFlask) -> Callable[[str], FlaskClient]:
    """Opens a browser of its own for a username, signed in to the office."""

    def open_browser(username: str) -> FlaskClient:
        client = app.test_client()
        answer = client.post("/office/sign-in", data={"username": username, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    return open_browser
