"""What hostile values once made the server stumble over, each by its name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.conftest import PASSWORD
from tests.server.office.scene import Scene

Browser = Callable[..., FlaskClient]
DAYS = ("0001-01-01", "9999-12-31")
MOMENTS = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")


@pytest.fixture
def office(scene: Scene, browser: Browser) -> FlaskClient:
    """The supervisor's browser."""
    return browser("chenhong")


@pytest.mark.parametrize(
    "back", ["/office/\r\nx", "/office/\nSet-Cookie: a=b", "/office/\0", "/office/\x7f", "/office/\t/x"]
)
def test_a_line_end_in_where_to_go_back_leads_to_today(office: FlaskClient, back: str) -> None:
    answer = office.post("/office/preferences", data={"back": back, "theme": "dark"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/office/")


@pytest.mark.parametrize("back", ["/office/\r\nx", "/office/\nSet-Cookie: a=b"])
def test_a_line_end_in_where_to_go_after_signing_in_leads_to_today(
    client: FlaskClient, scene: Scene, back: str
) -> None:
    sent = {"username": "chenhong", "password": PASSWORD, "back": back}
    answer = client.post("/office/sign-in", data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/office/")
    again = client.get("/office/sign-in", query_string={"back": back})
    assert (again.status_code, again.headers["Location"]) == (303, "/office/")


@pytest.mark.parametrize("origin", ["http://[::1", "http://[x]", "http://\uff03.example"])
@pytest.mark.parametrize("path", ["/office/preferences", "/office/sign-in", "/office/orders/x/notes", "/office/intake"])
def test_an_origin_that_is_no_address_is_another_origin(office: FlaskClient, origin: str, path: str) -> None:
    path = path.replace("/x/", "/00000000-0000-7000-8000-000000000000/")
    headers = {"Origin": origin.encode().decode("latin-1")}
    assert office.post(path, data={}, headers=headers).status_code == 403


@pytest.mark.parametrize("path", ["/api/v1/session", "/api/v1/sync"])
def test_an_origin_that_is_no_address_is_another_origin_to_the_api(client: FlaskClient, path: str) -> None:
    client.set_cookie("undercroft_app", "x", path="/api")
    method = client.delete if path.endswith("session") else client.post
    answer = method(path, headers={"Origin": "http://[::1"})
    assert (answer.status_code, answer.json["code"]) == (403, "cross_origin")


@pytest.mark.parametrize("day", DAYS)
def test_a_day_at_the_end_of_the_calendar_shows_today(office: FlaskClient, day: str) -> None:
    assert office.get("/office/", query_string={"day": day}).status_code == 200
    assert office.get("/office/", query_string={"day": day, "part": "live"}).status_code == 200
    assert office.get("/office/evidence", query_string={"since": day, "until": day}).status_code == 200


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("path", ["/office/orders", "/office/evidence", "/office/inbox"])
def test_a_page_after_a_moment_of_no_calendar_is_the_first(office: FlaskClient, path: str, moment: str) -> None:
    identity = "00000000-0000-7000-8000-000000000000"
    for after in (f"{moment}~{identity}", f"{moment}~{identity}~arrival~{identity}", f"{moment}~7"):
        answer = office.get(path, query_string={"after": after, "decided": after})
        assert answer.status_code == 200


@pytest.mark.parametrize("order", ["\0", "\ud800"])
def test_a_page_after_an_order_that_no_database_can_be_asked_for_is_the_first(office: FlaskClient, order: str) -> None:
    after = f"2026-11-24T09:00:00+00:00~{order}".encode("utf-8", "surrogatepass")
    assert office.get("/office/orders", query_string={"after": after}).status_code == 200


WINDOW = {"window_day": "2026-11-24", "window_start": "09:00", "window_end": "11:00"}


@pytest.mark.parametrize(
    "odd",
    [
        {"window_day": "9999-12-31", "window_end": "08:00"},
        {"was.window": "{"},
        {"was.window": "[" * 5_000},
        {"was.window": f'{{"start": "{MOMENTS[0]}", "end": "{MOMENTS[1]}"}}'},
        {"seen": "9" * 5_000},
        {"seen": "²"},
    ],
    ids=lambda odd: next(iter(odd)),
)
def test_a_form_that_no_page_of_ours_made_is_told_so(office: FlaskClient, order: str, odd: dict[str, str]) -> None:
    assert office.post(f"/office/orders/{order}/plan", data=WINDOW | odd).status_code in (303, 422)
    assert office.post("/office/intake", data=WINDOW | {"fault": "x"} | odd).status_code in (303, 422)
