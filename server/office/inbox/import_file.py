"""Taking in an export file: a phone that can reach no server writes one, somebody brings it to the office."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from typing import Final

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from server.database import reading
from server.export_files.parking import park, parked
from server.export_files.taking import NAMED, Imported, import_file, look_at_file
from server.export_files.wiring import this_server
from server.models import REVIEWER_ROLES
from server.office.inbox.held_words import because
from server.office.queries import people_queries, queries
from server.office.shell import kept, said, session
from server.office.shell.actions import tell_outcomes, write
from server.office.shell.wording import kind_name
from server.problems import Problem
from server.services import services
from server.sync.exchange.office_ledger import NewOperation
from server.web.refusals import tell_refusal

MAX_FILE_BYTES: Final = 200 << 20
# What a form adds around its file.
MAX_BODY_BYTES: Final = MAX_FILE_BYTES + (64 << 10)
# A click is answered after so long at most, and by then a portion more.
CLAIMING_S: Final = 15.0


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    blueprint.get("/import", endpoint="import_form")(form)
    blueprint.post("/import", endpoint="import_file")(look_at)
    blueprint.post("/ledgers/<uuid:ledger_id>/claim", endpoint="claim_ledger")(claim)
    blueprint.post("/import/<token>", endpoint="import_parked")(take_in)


def form() -> ResponseReturnValue:
    """GET /office/import"""
    return _page(None, None)


def look_at() -> ResponseReturnValue:
    """POST /office/import: one file of at most 200 MiB, which comes to the disk and not into memory. Nothing of it is
    written before somebody has seen whose it says to be."""
    if g.caller.role not in REVIEWER_ROLES:
        raise Problem("not_permitted")
    request.max_content_length = MAX_BODY_BYTES
    try:
        sent = request.files.get("file")
    except RequestEntityTooLarge:
        return _page(None, Problem("export_too_large"))
    typed_by = kept.writer_beside_a_file()
    if typed_by != g.caller.person_id:
        return session.sign_in_again(replace(kept.of_request(), writer=typed_by))
    if sent is None or not sent.filename:
        return _page(None, Problem("export_damaged"))
    try:
        claimed = look_at_file(sent.stream, this_server())
        here = services()
        token = park(here.settings.data, g.caller.person_id, sent.stream, here.times().steady, here.free_bytes)
    except Problem as problem:
        return _page(None, problem)
    return render_template(
        "office/import_look.html", claimed=claimed, token=token, kind_name=lambda kind: kind_name(kind, g.reader)
    )


def take_in(token: str) -> ResponseReturnValue:
    """POST /office/import/<token>: what was looked at is taken in."""
    if g.caller.role not in REVIEWER_ROLES:
        raise Problem("not_permitted")
    try:
        file = parked(services().settings.data, g.caller.person_id, token, services().times().steady)
        with file.open("rb") as content:
            imported = import_file(content, this_server(), g.caller.person_id)
    except Problem as problem:
        return _page(None, problem)
    file.unlink(missing_ok=True)
    return _page(imported, None)


def claim(ledger_id: object) -> ResponseReturnValue:
    """POST /office/ledgers/<id>/claim: whom a file names says that what it brought is theirs. Each portion is an
    operation, in a transaction of its own; what is left after a while is for the next click."""
    data = {"head": request.form.get("head", "")}
    until = time.monotonic() + CLAIMING_S
    while True:
        outcomes = write([NewOperation("ledger.claim", str(ledger_id), data)])
        left = outcomes[0].detail.get("left")
        if not left or time.monotonic() > until:
            break
    if left:
        said.say("note", "office-said-claimed-left", count=left)
    else:
        tell_outcomes(outcomes, "", "office-said-claimed")
    return redirect(url_for("office.inbox"), 303)


def _page(imported: Imported | None, problem: Problem | None) -> ResponseReturnValue:
    if problem is not None:
        tell_refusal(problem)
    operations = imported.operations if imported else []
    telling = imported.telling if imported else []
    with reading() as connection:
        people = people_queries.people(connection) if problem and problem.code == "export_unknown_person" else {}
        numbers = queries.numbers_of(
            connection,
            {came.target for came in telling if came.target is not None},
        )
    page = render_template(
        "office/import.html",
        imported=imported,
        problem=problem,
        operations=operations,
        telling=telling,
        most=NAMED,
        people=list(people.values()),
        counts=Counter(came.outcome.status for came in operations),
        numbers=numbers,
        kind_name=lambda kind: kind_name(kind, g.reader),
        because=lambda outcome: because(outcome.reason, outcome.detail, g.reader),
    )
    return (page, problem.status, problem.headers) if problem else (page, 200, {})
