"""A company for the office's pages, and browsers that are signed in to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from tests.conftest import PASSWORD
from tests.server.office.scene import Scene


@pytest.fixture
def scene(app: APIFlask, password_hash: str) -> Iterator[Scene]:
    """A supervisor, the service desk and a technician with a phone, at half past seven in the morning."""
    with app.app_context():
        made = Scene(app, password_hash)
        made.person("chenhong", "陈红", "supervisor")
        made.person("zhangmin", "张敏", "service_desk")
        made.person("liwei", "李伟", "technician")
        yield made


@pytest.fixture
def browser(app: APIFlask) -> Callable[..., FlaskClient]:
    """Opens a browser of its own for a username, signed in to the office and reading `language`."""

    def open_browser(username: str, language: str = "zh-CN") -> FlaskClient:
        client = app.test_client()
        client.set_cookie("undercroft_office_language", language, path="/office")
        answer = client.post("/office/sign-in", data={"username": username, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    return open_browser
