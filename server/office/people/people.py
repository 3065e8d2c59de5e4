"""People and their devices: who was heard when; a phone that was lost is revoked here. Whoever may do that also sees
for which accounts wrong passwords are being tried; an administrator, when the server's clock is in doubt."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from server import clock_witness
from server.database import reading, write
from server.models import REVIEWER_ROLES
from server.office.queries import people_queries
from server.office.queries.people_queries import DeviceRow
from server.office.shell import said
from server.office.shell.actions import tell_outcomes, write_after_reading
from server.office.shell.forms import BadForm
from server.office.today import contacts
from server.problems import Problem
from server.services import services
from server.sync.exchange.office_ledger import NewOperation
from server.sync.ledgers.kinds import CLOSES, ENDS_SESSIONS, OPENS
from server.sync.store import stranded
from server.web import own_account, wrong_passwords


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    blueprint.get("/people", endpoint="people")(people)
    blueprint.post("/people/<uuid:person_id>/account", endpoint="change_account")(change_account)
    blueprint.post("/people/<uuid:person_id>/password", endpoint="set_password")(set_password)
    blueprint.post("/clock", endpoint="believe_clock")(believe_clock)
    blueprint.post("/devices/<uuid:device_id>/revocation", endpoint="revoke_device")(revoke_device)


def people() -> ResponseReturnValue:
    """GET /office/people"""
    times = services().times()
    with reading() as connection:
        everybody = people_queries.people(connection)
        devices = people_queries.devices(connection)
        traces = people_queries.traces(connection)
        revocations = people_queries.revocations(connection)
        left = stranded.waiting(connection, times.wall)
        hammered = wrong_passwords.hammered(connection, times.steady) if g.caller.role in REVIEWER_ROLES else []
    by_person: dict[str, list[DeviceRow]] = {}
    for device in devices:
        by_person.setdefault(device.person_id, []).append(device)
    return render_template(
        "office/people.html",
        people=everybody.values(),
        names={person.id: person.name for person in everybody.values()},
        devices=by_person,
        traces=traces,
        revocations=revocations,
        hammered=hammered,
        stranded=left,
        times=times,
        contacts=contacts(everybody.values(), devices, g.reader.now),
    )


def revoke_device(device_id: object) -> ResponseReturnValue:
    """POST /office/devices/<id>/revocation: asks for a reason and a confirmation."""
    if g.caller.role not in REVIEWER_ROLES:
        raise Problem("not_permitted")

    def operations(connection: Connection) -> list[NewOperation]:
        device = next((one for one in people_queries.devices(connection) if one.id == str(device_id)), None)
        if device is None:
            raise Problem("not_found")
        if device.revoked_at is not None:
            raise BadForm("office-problem-decided")
        return [NewOperation("device.revoke", device.id, {"reason": _confirmed_reason("office-problem-revoke-reason")})]

    return _do(operations, "office-said-revoked")


def change_account(person_id: object) -> ResponseReturnValue:
    """POST /office/people/<id>/account: an administrator closes or opens it, or ends its sessions, with a reason."""
    _refuse_others()
    kind = request.form.get("kind", "")

    def operations(connection: Connection) -> list[NewOperation]:
        person = people_queries.people(connection).get(str(person_id))
        if person is None:
            raise Problem("not_found")
        if kind not in (CLOSES, OPENS, ENDS_SESSIONS):
            raise Problem("bad_request")
        return [NewOperation(kind, person.id, {"reason": _confirmed_reason("office-problem-account-reason")})]

    return _do(operations, "office-said-account")


def set_password(person_id: object) -> ResponseReturnValue:
    """POST /office/people/<id>/password: an administrator gives somebody a new one."""
    _refuse_others()
    if request.form.get("confirmed") != "yes":
        said.say("bad", "office-problem-unconfirmed")
        return redirect(url_for("office.people"), 303)
    with reading() as connection:
        found = people_queries.people(connection).get(str(person_id))
    if found is None:
        raise Problem("not_found")
    try:
        hashed = own_account.hash_new(found.username, request.form.get("password", ""))
    except Problem as problem:
        said.say("bad", problem.message, **problem.sayable)
        return redirect(url_for("office.people"), 303)
    author = g.caller.person_id
    tell_outcomes(
        [write(lambda connection: own_account.set_password(connection, author, str(person_id), hashed))],
        "",
        "office-said-account",
    )
    return redirect(url_for("office.people"), 303)


def _do(operations: Callable[[Connection], list[NewOperation]], good: str) -> ResponseReturnValue:
    """Write them and say on the page what came of it: `good`, or what the form lacked."""
    try:
        tell_outcomes(write_after_reading(operations), "", good)
    except BadForm as problem:
        said.say("bad", problem.message)
    return redirect(url_for("office.people"), 303)


def _confirmed_reason(missing: str) -> str:
    """Why it is done; raises BadForm with `missing` where nobody says that, or where it is not confirmed."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise BadForm(missing)
    if request.form.get("confirmed") != "yes":
        raise BadForm("office-problem-unconfirmed")
    return reason


def believe_clock() -> ResponseReturnValue:
    """POST /office/clock: an administrator says that the server's clock is right, whatever is known of the time."""
    _refuse_others()
    if request.form.get("confirmed") != "yes":
        said.say("bad", "office-problem-unconfirmed")
        return redirect(url_for("office.people"), 303)
    here = services()
    known = here.clock.confirm(here.now())
    write(lambda connection: clock_witness.keep(connection, known))
    said.say("note", "office-said-clock")
    return redirect(url_for("office.people"), 303)


def _refuse_others() -> None:
    """Raises Problem `not_permitted` for whoever is no administrator."""
    if g.caller.role != "admin":
        raise Problem("not_permitted")
