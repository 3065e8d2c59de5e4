"""Taking in an export file: a phone that can reach no server writes one, somebody brings it to the office."""

from __future__ import annotations

from collections import Counter
from typing import Final

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from server.database import reading
from server.export_files.taking import Imported, import_file
from server.export_files.wiring import this_server
from server.models import REVIEWER_ROLES
from server.office import queries
from server.office.held_words import because
from server.office.wording import kind_name
from server.problems import Problem

MAX_FILE_BYTES: Final = 200 << 20
# What a form adds around its file.
MAX_BODY_BYTES: Final = MAX_FILE_BYTES + (64 << 10)


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    blueprint.get("/import", endpoint="import_form")(form)
    blueprint.post("/import", endpoint="import_file")(take_in)


def form() -> ResponseReturnValue:
    """GET /office/import"""
    return _page(None, None)


def take_in() -> ResponseReturnValue:
    """POST /office/import: one file of at most 200 MiB, which comes to the disk and not into memory."""
    if g.caller.role not in REVIEWER_ROLES:
        raise Problem("not_permitted")
    request.max_content_length = MAX_BODY_BYTES
    try:
        sent = request.files.get("file")
    except RequestEntityTooLarge:
        return _page(None, Problem("export_too_large"))
    if sent is None or not sent.filename:
        return _page(None, Problem("export_damaged"))
    try:
        return _page(import_file(sent.stream, this_server()), None)
    except Problem as problem:
        return _page(None, problem)


def _page(imported: Imported | None, problem: Problem | None) -> ResponseReturnValue:
    operations = imported.operations if imported else []
    with reading() as connection:
        numbers = queries.numbers_of(connection, {came.target for came in operations if came.target is not None})
    page = render_template(
        "office/import.html",
        imported=imported,
        problem=problem,
        operations=operations,
        counts=Counter(came.outcome.status for came in operations),
        numbers=numbers,
        kind_name=lambda kind: kind_name(kind, g.reader),
        because=lambda outcome: because(outcome.reason, outcome.detail, g.reader),
    )
    return (page, problem.status, problem.headers) if problem else (page, 200, {})
