"""What the phone promises on a link that hardly carries anything: what moves goes on, what does not comes in less."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from apiflask import APIFlask
from playwright.sync_api import Page, Request, Route

from tests.conftest import People
from tests.pwa.conftest import Job, Phone, Server, sign_in
from tests.pwa.keeping import noisy_jpeg, take
from tests.pwa.test_exchange import kinds_at_server, ledger_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MANY_NOTES = """([target, length]) => core.record(Array.from({length}, () => (
  {kind: 'note.add', target, data: {note: core.newId(), text: '检查了水泵和阀门'}})))"""


class Trickling:
    """The application, whose answers to exchanges come in pieces, each when it is let through."""

    def __init__(self, app: APIFlask, pieces: int) -> None:
        self._app = app
        self._pieces = pieces
        self.gate = threading.Semaphore(0)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/api/v1/sync":
            return self._app.wsgi_app(environ, start_response)
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # A piece of something compressed may be nothing yet.
        return self._in_pieces(b"".join(self._app.wsgi_app(environ, start_response)))

    def _in_pieces(self, whole: bytes) -> Iterator[bytes]:
        size = len(whole) // self._pieces + 1
        for start in range(0, len(whole), size):
            assert self.gate.acquire(timeout=30)
            yield whole[start : start + size]


def test_an_exchange_that_still_moves_is_not_given_up(
    app: APIFlask, server: Server, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate(MANY_NOTES, [job.id, 50])
    server.stop()
    thin = Trickling(app, 4)
    server.app = thin  # type: ignore[assignment]  # any WSGI application is served
    server.start()
    page.clock.install()
    page.evaluate(
        """() => {
          window.moved = 0;
          const {send} = XMLHttpRequest.prototype;
          XMLHttpRequest.prototype.send = function (body) {
            this.addEventListener('progress', () => (window.moved += 1));
            return send.call(this, body);
          };
          void core.sendNow();
        }"""
    )
    for piece in range(1, 4):
        thin.gate.release()
        page.wait_for_function(f"window.moved >= {piece}")
        page.clock.fast_forward(40_000)  # Two minutes in all, and never one without a byte.
    thin.gate.release(1000)
    page.wait_for_function("core.unsent.value.lines === 0 && core.contact.value.state === 'idle'")


def lines_in(request: Request) -> tuple[int, int]:
    """How many lines an exchange carries, and how many changes it asks for."""
    raw = request.post_data_buffer or b""
    body: dict[str, Any] = json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)  # Any: JSON
    return len(body["lines"]), body["limit"]


def fall_silent(page: Page) -> None:
    """Let the next exchange get no answer, and a minute go by."""
    page.route("**/api/v1/sync", lambda _route: None, times=1)
    with page.expect_request("**/api/v1/sync"):
        page.evaluate("void (window.sending = core.sendNow())")
    page.clock.fast_forward(61_000)
    page.evaluate("window.sending")


def test_after_silence_a_backlog_goes_in_smaller_pieces_that_grow_again(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate(MANY_NOTES, [job.id, 520])
    page.clock.install()
    fall_silent(page)
    assert page.evaluate("[core.contact.value.state, core.contact.value.code]") == ["waiting", "no_contact"]
    fall_silent(page)
    sizes: list[tuple[int, int]] = []
    page.on("request", lambda request: sizes.append(lines_in(request)) if "/sync" in request.url else None)
    page.evaluate("core.sendNow()")
    assert sizes[:4] == [(31, 31), (62, 62), (125, 125), (250, 250)]
    assert ledger_of(page)["acknowledged"] == 521
    assert len(kinds_at_server(app, ledger_of(page)["device"])) == 521


def test_what_a_proxy_calls_too_large_goes_in_smaller_parts(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate(
        """async (target) => {
          for (let count = 0; count < 8; count += 1) {
            const noise = crypto.getRandomValues(new Uint8Array(20_000));
            const text = Array.from(noise, (byte) => byte.toString(36)).join('');
            await core.record([{kind: 'note.add', target, data: {note: core.newId(), text}}]);
          }
        }""",
        job.id,
    )
    refused = []

    def proxy(route: Route) -> None:
        if len(route.request.post_data_buffer or b"") <= 100_000:
            route.continue_()
            return
        refused.append(1)
        route.fulfill(status=413, content_type="text/html", body="<html>Request Entity Too Large</html>")

    page.route("**/api/v1/sync", proxy)
    page.evaluate("core.sendNow()")
    ledger = ledger_of(page)
    assert ledger["acknowledged"] == ledger["seq"]
    assert 1 <= len(refused) <= 4
    assert page.evaluate("core.contact.value.state") == "idle"


def test_nobody_in_between_makes_the_phone_wait_for_hours(phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate(MANY_NOTES, [job.id, 1])
    ours = json.dumps({"code": "busy"})
    problem = "application/problem+json"
    for content_type, body, longest_s in (("text/html", "<h1>Sorry</h1>", 300), (problem, ours, 900)):
        headers = {"Retry-After": "7200", "Content-Type": content_type}
        page.route("**/api/v1/sync", partial(Route.fulfill, status=503, headers=headers, body=body))
        page.evaluate("core.sendNow()")
        page.unroute("**/api/v1/sync")
        wait_s = page.evaluate("(Date.parse(core.contact.value.next_try_at) - Date.now()) / 1000")
        assert longest_s - 20 < wait_s <= longest_s
    page.evaluate("core.sendNow()")
    take(page, job, noisy_jpeg(64))
    headers = {"Retry-After": "7200", "Tus-Resumable": "1.0.0", "Content-Type": problem}
    page.route("**/api/v1/uploads", lambda route: route.fulfill(status=503, headers=headers, body=ours))
    page.evaluate("core.sendNow()")
    assert page.evaluate("(Date.parse(core.contact.value.next_try_at) - Date.now()) / 1000") <= 900


def test_an_old_answer_that_comes_again_and_again_makes_no_loop(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    with page.expect_response("**/api/v1/sync") as old:
        page.evaluate("core.sendNow()")
    body = old.value.body()
    asked: list[str] = []

    def stale(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=200, content_type="application/json", body=body)

    page.evaluate(MANY_NOTES, [job.id, 3])
    page.route("**/api/v1/sync", stale)
    page.evaluate("core.sendNow()")
    assert 0 < len(asked) <= 4
    assert page.evaluate("[core.contact.value.state, core.contact.value.code]") == ["failed", "no_progress"]
    assert page.evaluate("core.unsent.value.lines") == 3
    waits = []
    for _ in range(4):
        page.evaluate("core.sendNow()")
        waits.append(page.evaluate("Date.parse(core.contact.value.next_try_at) - Date.now()"))
    assert waits[-1] > max(waits[0], 8_000), "each try waits for longer than the one before"
    page.unroute("**/api/v1/sync")
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.onlyHere.value") == 0
    assert kinds_at_server(app, ledger_of(page)["device"]).count("note.add") == 3
