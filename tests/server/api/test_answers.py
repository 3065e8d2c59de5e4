"""What every answer has in common: problems in the reader's language, headers, and the API's description."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from server.api.metrics import FORWARDED
from server.language import has_text, languages
from server.problems import CATALOGUE, Problem
from server.web.errors import render


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("code", CATALOGUE)
def test_every_problem_says_what_is_wrong_and_what_to_do(code: str, language: str) -> None:
    name = f"problem-{code.replace('_', '-')}"
    assert has_text(name, language) and has_text(f"{name}-detail", language)


@pytest.mark.parametrize(("header", "title"), [("en-GB,zh;q=0.5", "Not found"), ("zh-TW", "找不到"), ("", "找不到")])
def test_an_unknown_path_is_a_problem_in_the_readers_language(client: FlaskClient, header: str, title: str) -> None:
    answer = client.get("/api/v1/nowhere", headers={"Accept-Language": header})
    told = answer.get_json()
    assert answer.mimetype == "application/problem+json"
    assert (answer.status_code, told["code"], told["status"], told["title"]) == (404, "not_found", 404, title)
    assert told["type"] == "urn:undercroft:problem:not_found" and told["detail"]


def test_a_person_gets_a_page_where_there_is_none(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "en"})
    assert answer.status_code == 404 and answer.mimetype == "text/html" and b"Not found" in answer.data
    assert client.get("/api/nowhere", headers={"Accept": "text/html"}).mimetype == "application/problem+json"


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.put("/api/v1/session")
    assert (answer.status_code, answer.get_json()["code"]) == (405, "method_not_allowed")
    assert "DELETE" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/api/v1/work-orders/not-an-id", "/api/v1/work-orders/%00", "/api/v1/%ff"])
def test_a_strange_path_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_unforeseen_error_is_logged_by_number_and_gives_nothing_away(
    app: APIFlask, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> str:
        raise RuntimeError(f"the secret is {1200 + 34}")

    app.add_url_rule("/fails", view_func=fail)
    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/fails")
    told = answer.get_json()
    assert (answer.status_code, told["code"]) == (500, "internal_error")
    assert "1234" not in answer.text and "RuntimeError" not in answer.text
    assert told["incident"] in told["detail"]
    (entry,) = [each for each in caplog.records if told["incident"] in each.getMessage()]
    assert "RuntimeError" in entry.getMessage() and "1234" not in entry.getMessage()


def test_figures_stand_in_the_problem_and_in_its_sentence(app: APIFlask) -> None:
    with app.test_request_context("/api/x", headers={"Accept-Language": "en"}):
        answer = render(Problem("ledger_gap", acknowledged=57))
    assert answer.get_json()["acknowledged"] == 57
    assert "57" in answer.get_json()["detail"]


def test_every_answer_tells_the_browser_what_it_may_do(client: FlaskClient) -> None:
    for path in ("/healthz", "/nowhere", "/api/docs", "/office/sign-in", "/api/v1/session"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] and "camera=(self)" in headers["Permissions-Policy"]
    assert client.get("/api/v1/session").headers["Cache-Control"] == "no-store"


def test_the_api_describes_itself(client: FlaskClient) -> None:
    spec = client.get("/api/openapi.json").get_json()
    promised = {
        "/api/v1/session": {"get", "post", "delete"},
        "/api/v1/session/device": {"post"},
        "/api/v1/sync": {"post"},
        "/api/v1/work-orders": {"get"},
        "/api/v1/work-orders/{work_order_id}": {"get"},
        "/api/v1/work-orders/{work_order_id}/history": {"get"},
        "/api/v1/work-orders/{work_order_id}/report.pdf": {"get"},
        "/api/v1/held": {"get"},
        "/api/v1/people": {"get"},
        "/api/v1/customers": {"get"},
        "/api/v1/sites": {"get"},
        "/api/v1/assets": {"get"},
        "/api/v1/parts": {"get"},
    }
    assert {path: set(spec["paths"][path]) for path in promised} == promised
    assert not any(path.startswith(("/office", "/app")) for path in spec["paths"])
    schemas = spec["components"]["schemas"]
    assert {"protocol", "lines", "cursors"} <= schemas["SyncRequest"]["properties"].keys()
    assert set(schemas["Problem"]["properties"]["code"]["enum"]) == set(CATALOGUE)


def test_the_description_is_a_page_that_needs_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert "/api/v1/work-orders" in page.text and "ledger_gap" in page.text
    assert "http://" not in page.text and "https://" not in page.text and "<script" not in page.text
    assert client.get("/api/static/api_docs.css").status_code == 200


def test_the_server_says_whether_it_can_work(
    app: APIFlask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/healthz").get_json() == {"status": "up"}
    assert client.get("/readyz").get_json()["status"] == "ready"

    def refuse(_store: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(type(app.extensions["undercroft"].photos), "check_ready", refuse)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["code"], answer.get_json()["part"]) == (503, "not_ready", "photos")
    assert client.get("/healthz").status_code == 200


def test_figures_are_counted_and_name_nobody(client: FlaskClient) -> None:
    client.get("/healthz")
    client.get("/nowhere/zhang")
    figures = client.get("/metrics").text
    assert 'undercroft_requests_total{endpoint="health.is_up",method="GET",status="200"}' in figures
    assert 'endpoint="unknown"' in figures and "zhang" not in figures


@pytest.mark.parametrize(
    "request_", [{"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}, *({"headers": {name: "x"}} for name in FORWARDED)]
)
def test_figures_are_for_the_machine_itself_and_not_for_who_comes_from_outside(
    client: FlaskClient, request_: dict[str, Any]
) -> None:
    answer = client.get("/metrics", **request_)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "not_permitted")
    assert client.get("/metrics").status_code == 200


def test_who_has_the_token_gets_the_figures_from_anywhere(app: APIFlask, client: FlaskClient) -> None:
    known = app.extensions["undercroft"]
    token = "a-token-of-the-operator"
    app.extensions["undercroft"] = replace(known, settings=replace(known.settings, metrics_token=token))
    outside = {"REMOTE_ADDR": "203.0.113.9"}
    for given, status in ((f"Bearer {token}", 200), (f"Bearer {token}x", 403), ("Bearer 中", 403), ("", 403)):
        headers = {"Authorization": given} if given else {}
        assert client.get("/metrics", headers=headers, environ_base=outside).status_code == status, given
    assert client.get("/metrics").status_code == 403


def test_figures_say_how_much_room_is_left(client: FlaskClient) -> None:
    figures = client.get("/metrics").text
    for place in ("data", "photos"):
        found = re.search(rf'^undercroft_free_bytes{{.*place="{place}".*}} (\S+)$', figures, re.MULTILINE)
        assert found is not None and float(found[1]) > 0
