"""Figures for Prometheus: requests and exchanges, never by person.

With several processes they meet in the folder PROMETHEUS_MULTIPROC_DIR, which `undercroft serve` sets
before anything imports prometheus_client.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from flask import Blueprint, Flask, Response, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError

from server.disk import free_bytes
from server.loopback import is_loopback
from server.problems import Problem
from server.services import services

REQUESTS: Final = Counter("undercroft_requests", "Requests answered.", ["endpoint", "method", "status"])
LATENCY: Final = Histogram("undercroft_request_seconds", "Time to an answer.", ["endpoint"])
LINES: Final = Counter("undercroft_exchange_lines", "Lines that exchanges brought.")
OUTCOMES: Final = Counter("undercroft_exchange_outcomes", "Outcomes of operations.", ["status", "repeated"])
CHANGES: Final = Counter("undercroft_exchange_changes", "Feed entries that exchanges gave out.")
CLOCK: Final = Gauge(
    "undercroft_clock_apart_seconds",
    "By how much the clock is ahead of what is believed (negative: behind); 0 while it is believed.",
    multiprocess_mode="mostrecent",
)

ROOM: Final = Gauge(
    "undercroft_free_bytes", "Room that is left on the disk, of the data folder and of the photos.", ["place"],
    multiprocess_mode="mostrecent",
)  # fmt: skip

blueprint = Blueprint("metrics", __name__)
# A proxy says so in one of these.
FORWARDED: Final = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")
BEGUN: Final = "undercroft.begun"


@blueprint.get("/metrics")
def show_metrics() -> Response:
    """All figures of all processes, in Prometheus's text format; raises Problem `not_permitted`."""
    here = services()
    if not _may_ask(here.settings.metrics_token):
        raise Problem("not_permitted")
    if here.clock.apart_s(here.now()):
        with suppress(SQLAlchemyError):  # the figures are shown though the database does not answer
            here.times()  # a process that doubts asks whether somebody knows better by now
    CLOCK.set(here.clock.apart_s(here.now()))
    with suppress(OSError):
        ROOM.labels("data").set(free_bytes(here.settings.data))
    with suppress(OSError):
        ROOM.labels("photos").set(here.photos.free_bytes())
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # untyped upstream
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_ask(token: str) -> bool:
    """Who has the token; where there is none, whoever asks from this machine and not through a proxy on it."""
    if not token:
        return is_loopback(request.remote_addr or "") and not any(name in request.headers for name in FORWARDED)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(given.encode(), token.encode())


def install(app: Flask) -> None:
    """Count every request of the app."""
    app.register_blueprint(blueprint)
    app.before_request(_begin)
    app.after_request(_count)


def count_exchange(lines: int, outcomes: Iterable[tuple[str, bool]], changes: int) -> None:
    """Count an exchange that was answered; `outcomes` are (status, repeated)."""
    LINES.inc(lines)
    CHANGES.inc(changes)
    for status, repeated in outcomes:
        OUTCOMES.labels(status, str(repeated).lower()).inc()


def _begin() -> None:
    request.environ[BEGUN] = time.perf_counter()


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "unknown"
    REQUESTS.labels(endpoint, request.method if request.endpoint else "", response.status_code).inc()
    LATENCY.labels(endpoint).observe(time.perf_counter() - request.environ.get(BEGUN, time.perf_counter()))
    return response
