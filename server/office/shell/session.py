"""Signing in to the office's pages and out again: a session of its own beside the app's in the same browser."""

from __future__ import annotations

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from server.database import reading, write, writing
from server.demo.public import public_accounts
from server.models import OFFICE_ROLES
from server.office.shell import kept, said
from server.office.shell.kept import Kept
from server.office.shell.preferences import inside
from server.problems import Problem
from server.security_log import tell
from server.services import services
from server.steady_clock import Times
from server.sync.exchange import office_ledger
from server.web import addresses, known_browser
from server.web.browsers import browser_name
from server.web.refusals import tell_refusal
from server.web.security import Begun, KnownPerson, forget_cookie, send_cookie, sign_in_office
from server.web.security import begin_session as begin
from server.web.security import end_session as end_token


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    blueprint.get("/sign-in", endpoint="sign_in")(sign_in)
    blueprint.post("/sign-in", endpoint="begin_session")(begin_session)
    blueprint.post("/sign-out", endpoint="end_session")(end_session)


def sign_in() -> ResponseReturnValue:
    """GET /office/sign-in: the form; whoever is signed in already goes on."""
    if g.caller is not None and g.caller.role in OFFICE_ROLES:
        return redirect(inside(request.args.get("back")), 303)
    return _form(g.ended)


def sign_in_again(typed: Kept) -> ResponseReturnValue:
    """The form, for somebody whose session ended before they sent `typed`."""
    return _form(g.ended, typed), 401


def begin_session() -> ResponseReturnValue:
    """POST /office/sign-in: only people of the office; a technician is told where their work is. What was typed before
    the session ended comes back to whoever typed it."""
    try:
        person = sign_in_office(request.form.get("username", ""), request.form.get("password", ""))
    except Problem as problem:
        tell_refusal(problem)
        return _form(problem), problem.status, problem.headers
    if person.role not in OFFICE_ROLES:
        tell("sign_in_refused", reason="no_entry", person=person.id, address=addresses.as_told())
        return render_template("office/no_entry.html", name=person.name), 403
    times = services().times()
    try:
        begun = write(lambda connection: _start(connection, person, times))
    except Problem as problem:
        return _form(problem), problem.status, problem.headers
    typed = kept.carried()
    if typed is not None and _typed_by(typed) not in (None, person.id):
        said.say("note", "office-said-kept-from-others")
        typed = None
    if typed is None:
        response = make_response(redirect(inside(request.form.get("back")), 303))
    else:
        response = make_response(render_template("office/kept.html", kept=typed, reader=person.id))
    send_cookie(response, begun.token, "office")
    known_browser.remember(request, response, person.id, person.sign_in_version)
    if begun.wrong_passwords:
        said.say("note", "office-said-wrong-passwords", count=begun.wrong_passwords)
    return response


def _typed_by(typed: Kept) -> str | None:
    """Who typed it: as its form says, else who last signed in with this browser; None where neither is known."""
    if typed.writer is not None:
        return typed.writer
    known = known_browser.read(request)
    return None if known is None else known.person_id


def _start(connection: Connection, person: KnownPerson, times: Times) -> Begun:
    device_id = office_ledger.office_device(connection, services().pen, person.id, times.wall)
    return begin(connection, person, device_id, "office", times.steady, browser_name(request.user_agent.string))


def end_session() -> ResponseReturnValue:
    """POST /office/sign-out."""
    with writing() as connection:
        end_token(connection, g.caller)
    response = redirect(url_for("office.sign_in"), 303)
    forget_cookie(response, "office")
    return response


def _form(problem: Problem | None, typed: Kept | None = None) -> str:
    values = request.form if request.method == "POST" else request.args
    with reading() as connection:
        is_demonstration = bool(public_accounts(connection))
    return render_template(
        "office/sign_in.html",
        problem=problem,
        back=values.get("back", "") if typed is None else typed.page,
        username=request.form.get("username", "") if request.endpoint == "office.begin_session" else "",
        is_demonstration=is_demonstration,
        kept=typed or kept.carried(),
    )
