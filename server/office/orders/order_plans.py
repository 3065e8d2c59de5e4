"""Planning several orders of the list at once: first what is chosen and how it stands, then, once it is confirmed, one
operation for each order, and what came of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from server.database import reading
from server.office.orders.order_list import PAGE
from server.office.queries import people_queries, queries
from server.office.queries.people_queries import PersonRow
from server.office.queries.queries import OrderRow
from server.office.shell import forms
from server.office.shell.actions import came_before, not_taken, write
from server.office.shell.forms import BadForm, Changes
from server.office.shell.wording import field_name
from server.rules.ids import is_id
from server.sync.exchange.office_ledger import NewOperation
from server.sync.ledgers.outcome import Outcome

PLANNED: Final = ("assignees", "lead", "window")


@dataclass(frozen=True)
class Came:
    """What came of an order: `how` names the sentence; `why` is a held operation's reason, `fields` are those in which
    somebody else had been quicker."""

    order: OrderRow
    how: str
    why: str = ""
    fields: str = ""


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    blueprint.get("/orders/plans", endpoint="choose_plans")(choose_plans)
    blueprint.post("/orders/plans", endpoint="change_plans")(change_plans)


def choose_plans() -> ResponseReturnValue:
    """GET /office/orders/plans?order=…: how the chosen orders stand, and the form for what is to be changed."""
    chosen = [identity for identity in dict.fromkeys(request.args.getlist("order")) if is_id(identity)][:PAGE]
    with reading() as connection:
        found = queries.orders_by_id(connection, chosen)
        people = people_queries.people(connection)
    orders = [found[identity] for identity in chosen if identity in found]
    return render_template(
        "office/order_plans.html",
        orders=orders,
        people=people,
        technicians=_technicians(people),
        planned=lambda order: forms.shown({name: order.body[name] for name in PLANNED}),
    )


def change_plans() -> ResponseReturnValue:
    """POST /office/orders/plans: asks for a confirmation; one order.plan for each order that it changes."""
    try:
        shown = _shown(request.form)
        wanted = _wanted(request.form)
        changes = {identity: _changes(was, wanted) for identity, (_, was) in shown.items()}
        if request.form.get("confirmed") != "yes":
            raise BadForm("office-problem-unconfirmed")
    except BadForm as problem:
        return not_taken(problem)
    with reading() as connection:
        known = queries.orders_by_id(connection, shown)
    wishes = [
        NewOperation("order.plan", identity, {"changes": change}, shown[identity][0])
        for identity, change in changes.items()
        if change and identity in known
    ]
    outcomes = dict(zip((wish.target for wish in wishes), write(wishes), strict=True)) if wishes else {}
    with reading() as connection:
        now = queries.orders_by_id(connection, known)
        people = people_queries.people(connection)
    came = [_came(now[identity], outcomes.get(identity)) for identity in shown if identity in now]
    return render_template("office/order_plans_done.html", came=came, people=people)


def _technicians(people: dict[str, PersonRow]) -> list[PersonRow]:
    return [person for person in people.values() if person.role == "technician" and person.active]


def _shown(form: forms.Form) -> dict[str, tuple[int | None, dict[str, Any]]]:  # Any: JSON
    """Of each chosen order the version and the plan that the form showed. Raises BadForm."""
    shown: dict[str, tuple[int | None, dict[str, Any]]] = {}
    for identity in form.getlist("order")[:PAGE]:
        try:
            was = json.loads(form.get(f"was.{identity}", ""))
        except (ValueError, RecursionError) as error:
            raise BadForm("office-problem-form") from error
        version = form.get(f"seen.{identity}", "")
        if not is_id(identity) or not _is_plan(was):
            raise BadForm("office-problem-form")
        shown[identity] = (int(version) if version.isdecimal() and len(version) < 10 else None, was)
    if not shown:
        raise BadForm("office-problem-none-chosen")
    return shown


def _is_plan(was: object) -> bool:
    """Whether this is what the form showed of a plan, and not something made by hand."""
    if not isinstance(was, dict) or set(was) != set(PLANNED):
        return False
    assignees, lead, window = (was[name] for name in PLANNED)
    return (
        (assignees is None or (isinstance(assignees, list) and all(isinstance(each, str) for each in assignees)))
        and (lead is None or isinstance(lead, str))
        and (window is None or isinstance(window, dict))
    )


def _wanted(form: forms.Form) -> dict[str, Any]:  # Any: JSON
    """What is to stand in every order: whoever is ticked, and the window where one is given. Raises BadForm."""
    wanted: dict[str, Any] = {}
    assignees = form.getlist("assignees")
    if assignees:
        wanted |= {"assignees": assignees, "lead": assignees[0]}
    window = forms.window(form, g.reader.zone)
    if window is not None:
        wanted["window"] = window
    if not wanted:
        raise BadForm("office-problem-nothing-planned")
    return wanted


def _changes(was: dict[str, Any], wanted: dict[str, Any]) -> Changes:  # Any: JSON
    """What of it is another than the form showed; somebody who leads already goes on leading."""
    now = dict(wanted)
    if was["lead"] in now.get("assignees", ()):
        now["lead"] = was["lead"]
    if "assignees" in now and set(now["assignees"]) == set(was["assignees"] or ()):
        now["assignees"] = was["assignees"]
    if "window" in now and forms.has_same_minutes(was["window"], now["window"]):
        now["window"] = was["window"]
    return {name: {"was": was[name], "now": value} for name, value in now.items() if was[name] != value}


def _came(order: OrderRow, outcome: Outcome | None) -> Came:
    if outcome is None:
        return Came(order, "unchanged")
    if outcome.status == "held":
        return Came(order, "held", why=f"held-{(outcome.reason or '').replace('_', '-')}")
    if outcome.status == "conflict":
        wanted = set(outcome.detail.get("conflicts", []))
        names = [field_name(each["field"], g.reader) for each in order.body["conflicts"] if each["id"] in wanted]
        return Came(order, "conflict", fields=g.reader.say("office-list-sign").join(names))
    if came_before(outcome):
        return Came(order, "already-sent")
    return Came(order, outcome.status)
