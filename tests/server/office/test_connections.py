"""A page never holds one connection while it asks for another: PostgreSQL has few, and each would wait for the rest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from server import database
from server.application import create_app
from server.database import db
from server.settings import Settings
from tests.conftest import PASSWORD
from tests.server.office.scene import Scene

ONE = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 1}


@pytest.fixture
def narrow(scene: Scene, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """A browser in the office of a server that has one connection."""
    monkeypatch.setattr(database, "engine_options", lambda _url: ONE)
    app = create_app(settings)
    browser = app.test_client()
    answer = browser.post("/office/sign-in", data={"username": "chenhong", "password": PASSWORD})
    assert answer.status_code == 303
    yield browser
    with app.app_context():
        db.engine.dispose()


def test_every_page_needs_one_connection_at_a_time(scene: Scene, narrow: FlaskClient) -> None:
    place = scene.site("0001", "王先生", "漓江花园", phone="13900001111")
    order = scene.open("zhangmin", "水泵漏水", place, "liwei", ("09:00", "11:00"))
    pages = ["", "orders", "inbox", "people", "intake", f"intake?customer={place[0]}", "intake/customers?words=1"]
    for page in [*pages, f"orders/{order}"]:
        assert narrow.get(f"/office/{page}").status_code == 200, page
