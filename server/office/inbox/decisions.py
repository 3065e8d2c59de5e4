"""Decisions: settling a conflict, a flag or a lost photo, ruling on an arrival, applying or dismissing what was held.

What the decision is about is read in the transaction that writes it: what somebody else has decided meanwhile is
said, and never becomes a held operation of the office's own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Blueprint, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from server.documents.operation import Held
from server.documents.parts.edits import checked
from server.documents.parts.photos import awaits_content
from server.documents.parts.shapes import PHOTO_DECISIONS, RULINGS
from server.documents.work_order import fields
from server.documents.work_order.shapes import FLAG_DECISIONS
from server.models import REVIEWER_ROLES
from server.office.inbox.cases import flag_name
from server.office.inbox.held_words import because
from server.office.queries import held_queries, people_queries, queries
from server.office.queries.journal_queries import JournalEntry
from server.office.queries.queries import OrderRow
from server.office.shell import forms, said
from server.office.shell.actions import not_taken, tell_outcomes, write_after_reading
from server.office.shell.forms import BadFigure, BadForm
from server.office.shell.preferences import inside
from server.office.shell.values import SHORT, TYPED, Input, input_for, typed
from server.problems import Problem
from server.rules.figures import LONGEST
from server.sync.exchange.office_ledger import NewOperation
from server.sync.ledgers.outcome import Outcome
from server.sync.operations.shapes import HELD_DECISIONS

Data = dict[str, Any]  # Any: an operation's data, JSON


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    for path, endpoint, view in (
        ("settlements", "settle_conflict", settle_conflict),
        ("flag-settlements", "settle_flag", settle_flag),
        ("rulings", "rule_arrival", rule_arrival),
        ("photo-settlements", "settle_photo", settle_photo),
    ):
        blueprint.post(f"/orders/<uuid:order_id>/{path}", endpoint=endpoint)(view)
    blueprint.post("/inbox/decisions", endpoint="decide_held")(decide_held)


def settle_conflict(order_id: object) -> ResponseReturnValue:
    """POST …/settlements: one of both values stands, or a third."""

    def operations(connection: Connection) -> list[NewOperation]:
        order = _order(connection, str(order_id))
        conflict = _find(order.body["conflicts"], "id", request.form.get("conflict"))
        value = _chosen(connection, order, conflict["field"], conflict["kept"]["value"])
        data = {"conflict": conflict["id"], "value": value}
        return [NewOperation("conflict.settle", order.id, data, forms.seen(request.form))]

    return _decide_on_order(str(order_id), operations, "office-said-settled")


def _chosen(connection: Connection, order: OrderRow, field: str, kept: Any) -> Any:  # Any: JSON
    """The value that was chosen, as it may stand in the field. Raises BadForm."""
    form = request.form
    if form.get("choice") == "third":
        items = queries.checklist_items(connection, order.body["checklist"]["lists"])
        people = people_queries.people(connection).values()
        value = _third(field, input_for(field, kept, people, items, g.reader, order.body))
    else:
        try:
            value = json.loads(form.get("value", ""))
        except (ValueError, RecursionError) as error:
            raise BadForm("office-problem-form") from error
    place = fields.place_of(order.body, field)
    try:
        return value if place is None else checked({field: place.check}, field, value)
    except Held as error:
        raise BadForm("office-problem-value") from error


def _third(field: str, wanted: Input) -> Any:  # Any: JSON
    """What was typed into the form of a third value; what is not taken is shown there again. Raises BadForm."""
    form = request.form
    try:
        return typed(field, wanted, form, g.reader)
    except BadForm as problem:
        if wanted.look in SHORT:
            kept = {name: form[name][:LONGEST] for name in TYPED if name in form}
            why = {"wrong": problem.field, "why": problem.why} if isinstance(problem, BadFigure) else {}
            said.keep_typed(form.get("conflict", ""), kept | why)
        raise


def settle_flag(order_id: object) -> ResponseReturnValue:
    """POST …/flag-settlements: confirmed, or after a cancellation charged or waived; flags of one meaning together."""
    form = request.form

    def operations(connection: Connection) -> list[NewOperation]:
        order = _order(connection, str(order_id))
        named = form.getlist("flag")
        flags = [one for one in order.body["flags"] if not one.get("settled") and flag_name(one) in named]
        if form.get("decision") not in FLAG_DECISIONS:
            raise BadForm("office-problem-form")
        if not flags:
            raise BadForm("office-problem-decided")
        decided = {"decision": form["decision"], "comment": _comment()}
        return [
            NewOperation("flag.settle", order.id, json.loads(flag_name(one)) | decided, forms.seen(form))
            for one in flags
        ]

    return _decide_on_order(str(order_id), operations, "office-said-decided")


def rule_arrival(order_id: object) -> ResponseReturnValue:
    """POST …/rulings: whether an arrival counts that the evidence contradicts."""
    _reviewers_only()
    form = request.form

    def operations(connection: Connection) -> list[NewOperation]:
        order = _order(connection, str(order_id))
        arrival = _find(order.body["arrivals"], "id", form.get("arrival"))
        if form.get("decision") not in RULINGS:
            raise BadForm("office-problem-form")
        data = {"arrival": arrival["id"], "decision": form["decision"], "comment": _comment()}
        return [NewOperation("arrival.rule", order.id, data, forms.seen(form))]

    return _decide_on_order(str(order_id), operations, "office-said-decided")


def settle_photo(order_id: object) -> ResponseReturnValue:
    """POST …/photo-settlements: photos whose content does not come are lost; nobody is asked for them any more."""
    form = request.form

    def operations(connection: Connection) -> list[NewOperation]:
        order = _order(connection, str(order_id))
        named = form.getlist("photo")
        lacking = [one for one in order.body["photos"] if one["id"] in named and awaits_content(one)]
        if form.get("decision") not in PHOTO_DECISIONS:
            raise BadForm("office-problem-form")
        if not lacking:
            raise BadForm("office-problem-decided")
        decided = {"decision": form["decision"], "comment": _comment()}
        return [
            NewOperation("photo.settle", order.id, {"photo": one["id"]} | decided, forms.seen(form)) for one in lacking
        ]

    return _decide_on_order(str(order_id), operations, "office-said-decided")


def decide_held() -> ResponseReturnValue:
    """POST /office/inbox/decisions: lines by their positions, or all of a batch that wait for one reason."""
    _reviewers_only()
    decision, comment = request.form.get("decision", ""), _comment()
    back = redirect(inside(request.form.get("back")), 303)
    if decision not in HELD_DECISIONS:
        raise Problem("bad_request")
    if decision == "dismiss" and comment is None:
        said.say("bad", "office-problem-dismiss")
        return back
    entries: list[JournalEntry] = []
    left: list[JournalEntry] = []

    def operations(connection: Connection) -> list[NewOperation]:
        # Once more where the transaction has given way to another.
        entries.clear()
        left.clear()
        for one in _named_lines(connection):
            (entries if decision == "dismiss" or one.applicable else left).append(one)
        targets = [one.target for one in entries if one.target is not None]
        known = queries.numbers_of(connection, targets)
        return [_decision(one, decision, comment, one.target if one.target in known else None) for one in entries]

    outcomes = write_after_reading(operations)
    if outcomes:
        _tell_decisions(decision, entries, outcomes)
    elif left:
        _tell_waiting(because(one.held.reason, one.held.detail, g.reader) for one in left if one.held is not None)
    else:
        said.say("note", "office-said-already-decided")
    return back


def _named_lines(connection: Connection) -> list[JournalEntry]:
    form = request.form
    most = held_queries.MOST_AT_ONCE
    if "position" in form:
        positions = [int(text) for text in form.getlist("position")[:most] if text.isdecimal() and len(text) < 18]
        return held_queries.waiting_lines(connection, positions)
    batch, reason = form.get("batch", ""), form.get("reason", "")
    if not batch.isdecimal() or len(batch) > 17 or not reason.isidentifier():
        raise Problem("bad_request")
    return held_queries.lines_of(connection, int(batch), reason, 0, most)


def _decision(entry: JournalEntry, decision: str, comment: str | None, target: str | None) -> NewOperation:
    """held.decide about one line, on the order that it is about; named by its place, since two may have one id."""
    named = {"line": {"device": entry.device_id, "seq": entry.seq}}
    return NewOperation("held.decide", target, named | {"decision": decision, "comment": comment})


def _tell_decisions(decision: str, entries: Sequence[JournalEntry], outcomes: Sequence[Outcome]) -> None:
    """Say how many were decided, and for what reasons others still wait."""
    still = [outcome.detail["still_held"] for outcome in outcomes if "still_held" in outcome.detail]
    already = sum(1 for outcome in outcomes if "already" in outcome.detail)
    refused = [outcome for outcome in outcomes if outcome.status == "held"]
    done = len(outcomes) - len(still) - already - len(refused)
    if done:
        said.say("good", f"office-said-{'applied' if decision == 'apply' else 'dismissed'}-held", count=done)
    _tell_waiting(because(one["reason"], one, g.reader) for one in still)
    if already:
        said.say("note", "office-said-already-decided")
    if refused:
        tell_outcomes(refused[:1], "")
    if len(entries) == held_queries.MOST_AT_ONCE:
        said.say("note", "office-said-more-wait", count=held_queries.MOST_AT_ONCE)


def _tell_waiting(reasons: Iterable[str]) -> None:
    for reason, count in Counter(reasons).most_common(3):
        said.say("bad", "office-said-still-held", count=count, why=reason)


def _reviewers_only() -> None:
    if g.caller.role not in REVIEWER_ROLES:
        raise Problem("not_permitted")


def _order(connection: Connection, order_id: str) -> OrderRow:
    found = queries.order(connection, order_id)
    if found is None:
        raise Problem("not_found")
    return found


def _find(records: list[Data], key: str, value: str | None) -> Data:
    found = next((one for one in records if one[key] == value), None)
    if found is None:
        raise BadForm("office-problem-form")
    return found


def _comment() -> str | None:
    return request.form.get("comment", "").replace("\r\n", "\n").replace("\0", "").strip() or None


def _decide_on_order(order_id: str, operations: Any, good: str) -> ResponseReturnValue:
    """Write, say what became of it, and go back to where the decision was made. `operations`: as
    write_after_reading takes it, or raises BadForm (Any: a callable)."""
    try:
        outcomes = write_after_reading(operations)
    except BadForm as problem:
        if not said.has_typed():
            return not_taken(problem)
        said.say("bad", problem.message, **problem.figures)
    else:
        tell_outcomes(outcomes[:1], order_id, good)
    back = request.form.get("back")
    address = inside(back) if back else url_for("office.order", order_id=order_id)
    return redirect(f"{address}#order-{order_id}" if address.startswith(url_for("office.inbox")) else address, 303)
