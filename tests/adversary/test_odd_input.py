"""Input that no page and no phone of ours sends: somebody wants the server to stumble, or its log to tell."""

from __future__ import annotations

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from tests.adversary.results import result
from tests.conftest import People


@pytest.fixture
def wang(app: APIFlask, people: People) -> FlaskClient:
    """The supervisor's browser."""
    opened = app.test_client()
    sent = {"username": people.wang.username, "password": people.wang.password}
    assert opened.post("/office/sign-in", data=sent).status_code == 303
    return opened


@result("proven false")
def test_where_to_go_back_to_holds_a_line_end(wang: FlaskClient) -> None:
    answer = wang.post("/office/preferences", data={"back": "/office/\r\nSet-Cookie: a=b"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/office/")


@result("proven false")
def test_the_origin_is_no_address(wang: FlaskClient) -> None:
    answer = wang.post("/office/sign-out", headers={"Origin": "http://[::1"})
    assert answer.status_code == 403
    assert wang.get("/office/").status_code == 200


@result("proven false")
def test_a_day_is_asked_for_at_the_end_of_the_calendar(wang: FlaskClient) -> None:
    for day in ("0001-01-01", "9999-12-31"):
        assert wang.get("/office/", query_string={"day": day}).status_code == 200


@result("proven false")
def test_a_form_has_a_number_and_a_day_that_no_calendar_has(wang: FlaskClient) -> None:
    late = {"window_day": "9999-12-31", "window_start": "09:00", "window_end": "08:00", "was.window": "["}
    assert wang.post("/office/intake", data={"fault": "x", "seen": "9" * 5_000} | late).status_code == 422
