"""The company in which two write at once, on either database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from server import password_hashes
from tests.adversary.test_passwords import Plain
from tests.races.clock import Clock
from tests.server.conftest import beside, on_postgresql  # noqa: F401  # fixtures
from tests.server.imports.conftest import make_workbook  # noqa: F401  # a fixture
from tests.server.sync.conftest import in_app, li, office, zhang  # noqa: F401  # fixtures
from tests.server.sync.lost_history import findings


@pytest.fixture(autouse=True)
def all_fits_in_the_end(in_app: None) -> Iterator[None]:  # noqa: F811
    """Whatever a test did, ledgers, documents and feeds hold together."""
    yield
    assert findings() == []


@pytest.fixture
def clock(app: APIFlask) -> Clock:
    """The server's clocks."""
    return Clock(app)


@pytest.fixture
def client(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Passwords are looked at quickly: how they are hashed is not judged here."""
    monkeypatch.setattr(password_hashes, "HASHER", Plain())
    return app.test_client(use_cookies=False)
