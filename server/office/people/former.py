"""Ledgers that wait on phones, and whose they were before the server was restored: an administrator says that."""

from __future__ import annotations

from flask import Blueprint, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from server.database import write
from server.office.queries import people_queries
from server.office.shell import said
from server.office.shell.actions import tell_outcomes, write_after_reading
from server.office.shell.forms import BadForm
from server.problems import Problem
from server.rules.ids import is_id
from server.services import services
from server.sync.exchange.office_ledger import NewOperation
from server.sync.ledgers.kinds import ADOPTS
from server.sync.store import stranded


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    blueprint.post("/former/<uuid:former_id>/adoption", endpoint="adopt_person")(adopt)
    blueprint.post("/former/<uuid:former_id>/refusal", endpoint="refuse_person")(refuse)


def adopt(former_id: object) -> ResponseReturnValue:
    """POST /office/former/<id>/adoption: what is recorded under this id is, and was, one of the people here."""
    _refuse_others()
    person = request.form.get("person", "")

    def operations(connection: Connection) -> list[NewOperation]:
        if not is_id(person) or person not in people_queries.people(connection):
            raise BadForm("office-problem-adopt-whom")
        if request.form.get("confirmed") != "yes":
            raise BadForm("office-problem-unconfirmed")
        reason = request.form.get("reason", "").strip() or None
        return [NewOperation(ADOPTS, person, {"former": str(former_id), "reason": reason})]

    try:
        tell_outcomes(write_after_reading(operations), "", "office-said-adopted")
    except BadForm as problem:
        said.say("bad", problem.message)
    return redirect(url_for("office.people"), 303)


def refuse(former_id: object) -> ResponseReturnValue:
    """POST /office/former/<id>/refusal: it was not theirs who asks."""
    _refuse_others()
    asked = write(lambda connection: stranded.refuse(connection, str(former_id), services().now()))
    said.say("note", "office-said-adoption-refused" if asked else "office-said-adoption-unasked")
    return redirect(url_for("office.people"), 303)


def _refuse_others() -> None:
    """Raises Problem `not_permitted` for whoever is no administrator."""
    if g.caller.role != "admin":
        raise Problem("not_permitted")
