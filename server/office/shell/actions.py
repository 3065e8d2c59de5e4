"""What the office does to a work order: each form becomes operations in the ledger of whoever sent it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from server import database
from server.database import reading
from server.models import REVIEWER_ROLES
from server.office.queries import queries
from server.office.shell import forms, kept, once, said
from server.office.shell.forms import BadForm, Changes
from server.office.shell.wording import field_name
from server.problems import Problem
from server.services import services
from server.sync.exchange import office_ledger
from server.sync.exchange.office_ledger import NewOperation
from server.sync.ledgers.line import MAX_LINE_BYTES
from server.sync.ledgers.outcome import Outcome

# Of a line, what is left beside its ids, clocks and the hash of the line before.
MOST_BYTES: Final = MAX_LINE_BYTES - 1024
# A review that did not fit: what has happened to the order since it was looked at.
NOT_REVIEWED: Final = {
    "not_finished": "office-said-review-not-finished",
    "stage_unseen": "office-said-review-stage-unseen",
    "review_unseen": "office-said-review-review-unseen",
}


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    for path, endpoint, view in (
        ("plan", "change_plan", change_plan),
        ("disposition", "dispose", dispose),
        ("edits", "add_edit", add_edit),
        ("notes", "add_note", add_note),
        ("reviews", "add_review", add_review),
    ):
        blueprint.post(f"/orders/<uuid:order_id>/{path}", endpoint=endpoint)(view)


def change_plan(order_id: object) -> ResponseReturnValue:
    """POST …/plan: assignees, lead, window, priority, instructions."""
    return _change(str(order_id), "order.plan", lambda: forms.plan(request.form, g.reader.zone))


def dispose(order_id: object) -> ResponseReturnValue:
    """POST …/disposition: whether the job is still wanted; asks for a confirmation."""
    return _change(str(order_id), "order.plan", lambda: forms.disposition(request.form))


def add_edit(order_id: object) -> ResponseReturnValue:
    """POST …/edits: the shared descriptions."""
    return _change(str(order_id), "order.edit", lambda: forms.edits(request.form))


def add_note(order_id: object) -> ResponseReturnValue:
    """POST …/notes"""
    text = request.form.get("text", "").replace("\r\n", "\n").strip()
    if not text:
        said.say("bad", "office-problem-empty-note")
        return _back(str(order_id))
    return _write(str(order_id), "note.add", {"note": once.identity("note", text), "text": text})


def add_review(order_id: object) -> ResponseReturnValue:
    """POST …/reviews: approve, or return to the field with a comment that says why."""
    if g.caller.role not in REVIEWER_ROLES:
        raise Problem("not_permitted")
    verdict, comment = request.form.get("verdict", ""), request.form.get("comment", "").strip()
    if verdict == "returned" and not comment:
        said.say("bad", "office-problem-comment")
        return _back(str(order_id))
    return _write(str(order_id), "order.review", {"verdict": verdict, "comment": comment or None})


def _change(order_id: str, kind: str, read: Any) -> ResponseReturnValue:  # Any: () -> Changes
    try:
        changes: Changes = read()
    except BadForm as problem:
        return not_taken(problem)
    if not changes:
        said.say("note", "office-said-unchanged")
        return _back(order_id)
    return _write(order_id, kind, {"changes": changes})


def not_taken(problem: BadForm) -> ResponseReturnValue:
    """Why a form was not taken in; what was filled in comes back to it."""
    said.say("bad", problem.message, **problem.figures)
    return render_template("office/kept.html", kept=kept.of_request(), reader=g.caller.person_id), 422


def _write(order_id: str, kind: str, data: dict[str, Any]) -> ResponseReturnValue:  # Any: an operation's data
    with reading() as connection:
        if queries.order(connection, order_id) is None:
            raise Problem("not_found")
    tell_outcomes(write([NewOperation(kind, order_id, data, forms.seen(request.form))]), order_id)
    return _back(order_id)


def write(operations: Sequence[NewOperation]) -> list[Outcome]:
    """Append the operations to the caller's office ledger and apply them, in one transaction."""
    return write_after_reading(lambda connection: operations)


def write_after_reading(operations: Callable[[Connection], Sequence[NewOperation]]) -> list[Outcome]:
    """The same for operations that depend on what stands now: they are made in the transaction that writes them.

    Raises Problem (text_too_long), and then nothing was written, where one fits into no line.
    """

    def work(connection: Connection) -> list[Outcome]:
        made = [once.named(each, place) for place, each in enumerate(operations(connection))]
        if any(len(json.dumps(each.data, ensure_ascii=False).encode("utf-8", "replace")) > MOST_BYTES for each in made):
            raise Problem("text_too_long")
        if not made:
            return []
        return office_ledger.write(connection, services().pen, g.caller.person_id, made, services().now())

    return database.write(work)


def tell_outcomes(outcomes: Sequence[Outcome], order_id: str, good: str = "office-said-applied") -> None:
    """Say on the next page what became of what was sent; `good` where it simply was applied."""
    for outcome in outcomes:
        problem = outcome.detail.get("problem")  # what is wrong with a field may be a list, or an object
        if outcome.status == "held" and isinstance(problem, str) and problem in NOT_REVIEWED:
            said.say("bad", NOT_REVIEWED[problem])
        elif outcome.status == "held":
            said.say("bad", "office-said-held", reason=f"held-{(outcome.reason or '').replace('_', '-')}")
        elif outcome.status == "conflict":
            names = g.reader.say("office-list-sign").join(
                field_name(name, g.reader) for name in _conflicting(order_id, outcome)
            )
            said.say("bad", "office-said-conflict", fields=names)
        elif came_before(outcome):
            said.say("note", "office-said-already-sent")
        else:
            said.say("good", good if outcome.status == "applied" else "office-said-merged")


def came_before(outcome: Outcome) -> bool:
    """Whether the same form had been sent, as it was, and nothing was done now."""
    return outcome.repeated or bool(outcome.detail.get("already_in"))


def _conflicting(order_id: str, outcome: Outcome) -> list[str]:
    """The fields in which somebody else had been quicker."""
    wanted = set(outcome.detail.get("conflicts", []))
    with reading() as connection:
        found = queries.order(connection, order_id)
    return [conflict["field"] for conflict in (found.body["conflicts"] if found else []) if conflict["id"] in wanted]


def _back(order_id: str) -> ResponseReturnValue:
    return redirect(url_for("office.order", order_id=order_id), 303)
