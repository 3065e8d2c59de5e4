"""Every error as one answer: application/problem+json (RFC 9457) in the reader's language."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from typing import Final

from apiflask import APIFlask, HTTPError
from flask import Response, json, request
from markupsafe import escape
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from server import disk
from server.database import is_away, is_no_text, is_out_of_room, was_too_busy
from server.language import negotiate, text
from server.problems import BUSY_S, Problem
from server.services import services
from server.traces import kind, trace
from server.web.bodies import wrong_fields
from server.web.refusals import tell_refusal

log = logging.getLogger(__name__)

FULL_TOLD_EVERY_S: Final = 60.0


class _NowAndThen:
    """Says once in `every_s` seconds that something is due."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._next = 0.0
        self._lock = threading.Lock()

    def is_due(self) -> bool:
        with self._lock:
            now = time.monotonic()
            if now < self._next:
                return False
            self._next = now + self._every_s
            return True


_full_told: Final = _NowAndThen(FULL_TOLD_EVERY_S)

BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type"}


def install(app: APIFlask) -> None:
    """Make every error of the app answer as this module says."""
    app.register_error_handler(Problem, render)
    app.register_error_handler(HTTPError, _render_input_error)
    app.register_error_handler(HTTPException, _render_http_error)
    app.register_error_handler(OSError, _render_system_error)
    app.register_error_handler(SQLAlchemyError, _render_database_error)
    app.register_error_handler(Exception, _render_unexpected)


def reader_language() -> str:
    """The language of whoever sent this request."""
    return negotiate(request.headers.get("Accept-Language"), services().settings.language)


def render(problem: Problem, status: int | None = None) -> Response:
    """`problem` as an answer; a page instead of JSON where a browser asks for a page outside of the API."""
    tell_refusal(problem)
    language = reader_language()
    title = text(language, problem.message.removesuffix("-detail"))
    detail = text(language, problem.message, **problem.sayable)
    number = status or problem.status
    if _wants_page():
        response = Response(_page(language, title, detail), number, mimetype="text/html")
    else:
        body = {
            "type": f"urn:undercroft:problem:{problem.code}",
            "title": title,
            "status": number,
            "detail": detail,
            "code": problem.code,
        }
        response = Response(json.dumps({**problem.figures, **body}), number, mimetype="application/problem+json")
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language"
    if number == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    response.headers.update(problem.headers)
    return response


def _wants_page() -> bool:
    best = request.accept_mimetypes.best_match(["application/problem+json", "application/json", "text/html"])
    return best == "text/html" and not request.path.startswith("/api/")


def _page(language: str, title: str, detail: str) -> str:
    return (
        f'<!doctype html><html lang="{escape(language)}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<h1>{escape(title)}</h1><p>{escape(detail)}</p></html>"
    )


def _render_input_error(error: HTTPError) -> Response:
    """What APIFlask says of a query that does not fit its schema."""
    if error.status_code == 422:
        places = error.detail if isinstance(error.detail, dict) else {}
        fields = [field for messages in places.values() for field in wrong_fields(messages)]
        return render(Problem("invalid_request", fields=fields))
    return render(_problem_for(error.status_code), error.status_code)


def _render_http_error(error: HTTPException) -> AnyResponse:
    """What Flask and Werkzeug say: unknown paths, methods, redirects."""
    code = error.code or 500
    if code < 400 or error.response is not None:
        return error.get_response(request.environ)
    response = render(_problem_for(code), code)
    for name, value in error.get_headers(request.environ):
        if name.lower() != "content-type":
            response.headers.setdefault(name, value)
    return response


def _problem_for(status: int) -> Problem:
    if status >= 500:
        return Problem("internal_error", incident=secrets.token_hex(6))
    return Problem(BY_STATUS.get(status, "bad_request"))


def _render_database_error(error: SQLAlchemyError) -> Response:
    """What the database could not do just now comes again by itself; anything else is a fault of ours."""
    if is_out_of_room(error):
        return _render_full_disk(error)
    if was_too_busy(error):
        problem = Problem("busy", retry_after_s=BUSY_S)
    elif is_away(error):
        problem = Problem("not_ready", part="database", retry_after_s=BUSY_S)
    elif is_no_text(error):
        problem = Problem("bad_request")
    else:
        return _render_unexpected(error)
    log.warning("%s: %s %r: %s", problem.code, request.method, request.path, kind(error))
    return render(problem)


def _render_system_error(error: OSError) -> Response:
    return _render_full_disk(error) if disk.is_full(error) else _render_unexpected(error)


def _render_full_disk(error: Exception) -> Response:
    """What has not been written was not acknowledged. Told to the log at most once in FULL_TOLD_EVERY_S seconds:
    the log may be on the same disk."""
    if _full_told.is_due():
        log.error("the disk is full: %s %s: %s", request.method, request.path, _without_parameters(error))
    return render(Problem("disk_full", retry_after_s=disk.RETRY_AFTER_S))


def _without_parameters(error: Exception) -> object:
    return error.orig if isinstance(error, DBAPIError) else error


def _render_unexpected(error: Exception) -> Response:
    """The one edge that turns an unforeseen error into an answer: logged with its trace, told by number only."""
    incident = secrets.token_hex(6)
    log.error("incident %s: %s %r\n%s", incident, request.method, request.path, trace(error))
    return render(Problem("internal_error", incident=incident))
