"""What the server does whatever is asked of it: methods, origins, headers, cookies, where a request ends."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from server.services import services
from server.settings import Settings
from tests.conftest import PASSWORD, People
from tests.real_server import RealServer
from tests.reference_client import Client, Refused
from tests.server.api.conftest import sign_in, zhang  # noqa: F401  # fixtures

A_YEAR_S = 31_536_000
PATHS = (
    "/", "/healthz", "/nowhere", "/api/docs", "/api/openapi.json", "/api/v1/session", "/office/", "/office/sign-in",
    "/app/", "/app/service-worker.js", "/app/static/styles/tokens.css", "/metrics", "/check/x/y",
)  # fmt: skip
OUTSIDE = (
    "/app/static/", "/app/static/app/", "/app/static/../__init__.py", "/app/static/%2e%2e/__init__.py",
    "/app/static//etc/passwd", "/api/static/", "/.git/config",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
def test_a_method_that_nobody_needs_is_refused(client: FlaskClient, path: str, method: str) -> None:
    assert client.open(path, method=method).status_code in (404, 405)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_says_its_type_and_what_a_browser_may_do(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Origin": "https://elsewhere.example"})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "base-uri 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    kind = answer.headers["Content-Type"]
    assert "charset=utf-8" in kind if kind.startswith("text/") else kind


@pytest.mark.parametrize("path", PATHS)
def test_over_https_a_browser_is_told_to_stay_there(client: FlaskClient, path: str) -> None:
    told = client.get(path, base_url="https://localhost").headers["Strict-Transport-Security"]
    assert told == f"max-age={A_YEAR_S}"
    assert "Strict-Transport-Security" not in client.get(path).headers


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_folder_is_listed_and_nothing_beside_the_static_files_given(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code == 200:
        assert answer.data == client.get("/app/").data, "the app's page, whatever screen is asked for"
    else:
        assert answer.status_code in (301, 308, 404)


@pytest.fixture
def over_https(app: APIFlask) -> Iterator[None]:
    """A server that people reach by HTTPS."""
    with app.app_context():
        known = services()
        settings = replace(known.settings, public_url="https://service.example.com")
        app.extensions["undercroft"] = replace(known, settings=settings)
        yield


def test_every_cookie_is_kept_from_scripts_other_sites_and_plain_http(
    client: FlaskClient, people: People, over_https: None
) -> None:
    base = {"base_url": "https://service.example.com"}
    signed_in = client.post("/office/sign-in", data={"username": "wang", "password": PASSWORD}, **base)
    chosen = client.post("/office/preferences", data={"theme": "dark", "language": "en"}, **base)
    cookies = [*signed_in.headers.getlist("Set-Cookie"), *chosen.headers.getlist("Set-Cookie")]
    assert len(cookies) == 4
    for cookie in cookies:
        assert "HttpOnly" in cookie and "Secure" in cookie, cookie
        assert "SameSite=Strict" in cookie or "SameSite=Lax" in cookie, cookie
        assert "Domain=" not in cookie, cookie


def test_a_new_sign_in_of_a_phone_ends_the_session_before(zhang: Client) -> None:  # noqa: F811
    before = zhang.token
    zhang.sign_in("zhang", PASSWORD)
    assert zhang.call("GET", "/api/v1/session").status_code == 200
    zhang.token = before
    with pytest.raises(Refused, match="not_signed_in"):
        zhang.call("GET", "/api/v1/session")


def test_a_new_sign_in_of_a_browser_ends_the_session_before_and_no_others(
    client: FlaskClient, people: People, app: APIFlask
) -> None:
    elsewhere, form = app.test_client(), {"username": "wang", "password": PASSWORD}
    for browser in (client, elsewhere):
        browser.post("/office/sign-in", data=form)
    cookie = client.get_cookie("undercroft_office", path="/office")
    assert cookie is not None
    client.post("/office/sign-in", data=form)
    assert [browser.get("/office/").status_code for browser in (client, elsewhere)] == [200, 200]
    client.set_cookie("undercroft_office", cookie.value, path="/office")
    assert client.get("/office/").status_code == 303


Answers = Callable[[bytes], bytes]


@pytest.fixture
def answers(settings: Settings) -> Iterator[Answers]:
    """All that a real server answers to bytes on one connection, until it hangs up."""
    with RealServer(settings) as server:
        where = urlsplit(server.address)

        def exchanged(sent: bytes) -> bytes:
            with socket.create_connection((where.hostname or "", where.port or 0), timeout=30) as connection:
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
                received = b""
                while piece := connection.recv(65536):
                    received += piece
            return received

        yield exchanged


HIDDEN = b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"


def test_where_a_request_ends_is_never_in_doubt(answers: Answers) -> None:
    head = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    length = f"Content-Length: {5 + len(HIDDEN)}\r\n".encode()
    doubtful = {
        "both": head + length + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
        "two lengths": head + length + b"Content-Length: 0\r\n\r\n" + HIDDEN,
        "a signed length": head + b"Content-Length: +0\r\n\r\n" + HIDDEN,
        "another coding": head + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
        "a space before the colon": head + b"Content-Length : 0\r\n\r\n" + HIDDEN,
    }
    for what, sent in doubtful.items():
        received = answers(sent)
        assert received.count(b"HTTP/1.1 ") <= 1 and b"ready" not in received, what
