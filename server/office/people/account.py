"""My account: one's own password, and where one is signed in. Everybody who signs in to the office has this page."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from server.database import reading, write
from server.office.shell import said
from server.office.shell.forms import BadForm
from server.problems import Problem
from server.services import services
from server.sync.operations import own_sessions
from server.web import known_browser, own_account
from server.web.browsers import browser_name
from server.web.security import client_address, send_cookie


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    blueprint.get("/account", endpoint="account")(account)
    blueprint.post("/account/password", endpoint="change_own_password")(change_own_password)
    blueprint.post("/account/sessions/others/ending", endpoint="end_other_sessions")(end_other_sessions)
    blueprint.post("/account/sessions/<uuid:known_id>/ending", endpoint="end_own_session")(end_own_session)


def account() -> ResponseReturnValue:
    """GET /office/account"""
    return _page()


def change_own_password() -> ResponseReturnValue:
    """POST /office/account/password: asks for the old one, and for the new one twice, which nobody sees."""
    try:
        asked = _change()
        changed = own_account.change_own(g.caller, asked)
    except BadForm as problem:
        return _page(g.reader.say(problem.message)), 422
    except Problem as problem:
        return _page(_sentence(problem, "office-problem-old-password")), problem.status, problem.headers
    response = redirect(url_for("office.account"), 303)
    send_cookie(response, changed.token, "office")
    known_browser.remember(request, response, g.caller.person_id, changed.sign_in_version)
    said.say("good", "office-said-own-password")
    return response


def end_own_session(known_id: object) -> ResponseReturnValue:
    """POST /office/account/sessions/<id>/ending: one phone's or browser's; asks for the password."""
    asking, now = _asking(), services().times().ended_by
    return _end("office-said-own-session-ended", lambda found: own_sessions.end_one(found, asking, str(known_id), now))


def end_other_sessions() -> ResponseReturnValue:
    """POST /office/account/sessions/others/ending: asks for the password."""
    asking, now = _asking(), services().times().ended_by
    return _end("office-said-own-sessions-ended", lambda found: own_sessions.end_others(found, asking, now))


def _end(message: str, ending: Callable[[Connection], None]) -> ResponseReturnValue:
    """What `ending` ends, once the password is right; `message` says that it has."""
    password = request.form.get("password", "")
    if not password:
        return _page(not_ended=g.reader.say("office-problem-not-ended-empty")), 422
    try:
        own_account.confirm(g.caller, password, client_address(request))
    except Problem as problem:
        return _page(not_ended=_sentence(problem, "office-problem-not-ended")), problem.status, problem.headers
    write(ending)
    said.say("good", message)
    return redirect(url_for("office.account"), 303)


def _change() -> own_account.Change:
    """What the form asks for; raises BadForm where a field is empty or the new password differs from its repetition."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    if not old or not new:
        raise BadForm("office-problem-password-empty")
    if new != request.form.get("again", ""):
        raise BadForm("office-problem-password-differs")
    browser = browser_name(request.user_agent.string)
    return own_account.Change(old, new, "office", client_address(request), browser)


def _page(problem: str | None = None, not_ended: str | None = None) -> str:
    """The page; `problem` says why the password is as it was, `not_ended` why the sessions are."""
    with reading() as connection:
        known = own_sessions.own_sessions(connection, _asking(), services().times().ended_by)
    others = any(one.is_signed_in and not one.is_present for one in known.items)
    return render_template("office/account.html", known=known, others=others, problem=problem, not_ended=not_ended)


def _sentence(problem: Problem, wrong_password: str) -> str:
    if problem.code == "bad_credentials":
        sentence: str = g.reader.say(wrong_password)
        return sentence
    told: str = g.reader.say(problem.message, **problem.sayable)
    return told


def _asking() -> own_sessions.Asking:
    return own_sessions.Asking(g.caller.person_id, g.caller.device_id, g.caller.token_id)
