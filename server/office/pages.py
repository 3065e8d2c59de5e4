"""The office's pages put together: each registers itself; who comes in, and the headers of all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from uuid_utils import uuid7

from pwa.assets import STATIC, content_hash
from server.database import reading
from server.language import languages
from server.models import OFFICE_ROLES, REVIEWER_ROLES
from server.office import intake, today
from server.office.evidence import evidence
from server.office.inbox import decisions, held, import_file
from server.office.orders import order, order_plans, orders, photos
from server.office.people import account, former, people
from server.office.queries import queries
from server.office.shell import actions, kept, preferences, said, session
from server.office.shell.reader import THEMES
from server.problems import Problem
from server.room import room_left
from server.rules.stages import ENDS
from server.services import services
from server.sync.operations.held import seen_by
from server.web.refusals import tell_refusal
from server.web.security import Caller, office_caller, refuse_cross_origin

ROOT: Final = Path(__file__).resolve().parents[2]
OPEN_TO_ALL: Final = frozenset({"office.sign_in", "office.begin_session", "office.change_preferences"})

# Pages carry customers' names: no cache keeps them. Nothing but this server's own files is loaded or run.
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

blueprint = Blueprint("office", __name__, url_prefix="/office", template_folder=str(ROOT / "pwa" / "templates"))

for page in (
    session,
    preferences,
    today,
    orders,
    order_plans,
    order,
    actions,
    photos,
    intake,
    held,
    decisions,
    evidence,
    people,
    former,
    import_file,
    account,
):
    page.register(blueprint)


@blueprint.before_request
def _let_in() -> ResponseReturnValue | None:
    """Only people of the office come in; others are told so, and nobody is shown anything before that."""
    g.reader = preferences.reader()
    g.caller, g.ended = _who_asks()
    if request.endpoint in OPEN_TO_ALL:
        return None
    # Somebody else may have signed in with this browser since: what was typed is not theirs to send.
    is_others = g.caller is not None and kept.writer() != g.caller.person_id
    if (g.caller is None or is_others) and request.method == "POST" and request.endpoint != "office.end_session":
        refuse_cross_origin(request)
        return session.sign_in_again(kept.of_request())
    if g.caller is None:
        wanted = request.full_path if request.method == "GET" else url_for("office.today")
        return redirect(url_for("office.sign_in", back=wanted.rstrip("?")), 303)
    if request.endpoint in evidence.REVIEWERS_ONLY and g.caller.role not in REVIEWER_ROLES:
        raise Problem("not_found")
    if g.caller.role not in OFFICE_ROLES and request.endpoint != "office.end_session":
        tell_refusal(Problem("not_permitted"))
        return render_template("office/no_entry.html"), 403
    return None


def _who_asks() -> tuple[Caller | None, Problem | None]:
    """Who is signed in; or nobody, and why their session was ended where it is known."""
    try:
        return office_caller(), None
    except Problem as problem:
        if problem.code != "session_ended":
            raise
        g.caller = None
        tell_refusal(problem)
        return None, problem


@blueprint.after_request
def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return said.keep(response)


@blueprint.errorhandler(Problem)
def _problem(problem: Problem) -> ResponseReturnValue:
    """A problem as a page, in the reader's language."""
    tell_refusal(problem)
    return render_template("office/problem.html", problem=problem), problem.status, problem.headers


@blueprint.context_processor
def _for_templates() -> dict[str, object]:
    """What every template can use: the reader `r`, texts `t`, who is signed in, and what waits for a decision."""
    reader, caller = g.reader, g.get("caller")
    return {
        "r": reader,
        "t": reader.say,
        "caller": caller,
        "of_office": caller is not None and caller.role in OFFICE_ROLES,
        "may_review": caller is not None and caller.role in REVIEWER_ROLES,
        "ended_stages": ENDS,
        "asset": _asset,
        "all_languages": languages(),
        "all_themes": THEMES,
        "said_now": said.take,
        "typed_before": said.typed,
        "to_decide": _to_decide,
        "room_left": lambda: room_left(services()),
        "local_minute": lambda at: f"{reader.local(at):%Y-%m-%dT%H:%M}" if at else "",
        "new_form": lambda: str(uuid7()),
    }


def _asset(file: str) -> str:
    """The address of a static file, which may be kept for as long as the file is the same."""
    return url_for("pwa.static", file=file, v=content_hash(STATIC / file)[:16])


def _to_decide() -> int:
    with reading() as connection:
        return queries.count_to_decide(connection, seen_by(g.caller.person_id, g.caller.role), g.reader.now)
