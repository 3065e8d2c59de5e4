"""Taking a fault report in by telephone: find the customer while typing, choose site and asset, assign right away."""

from __future__ import annotations

from typing import Any, Final, cast

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from uuid_utils import uuid7

from server.database import reading
from server.documents.bodies import mark_of
from server.documents.work_order.shapes import KINDS, PRIORITIES
from server.office.queries import customer_queries, people_queries, queries
from server.office.queries.customer_queries import AssetRow, CustomerRow, SiteRow
from server.office.shell import forms, once, said
from server.office.shell.actions import tell_outcomes, write_after_reading
from server.office.shell.forms import BadForm
from server.office.shell.reasons import sentence
from server.rules.deadlines import Deadlines, deadlines
from server.rules.rule_set import RuleSet, contract_of, name_in
from server.rules.warranty import AssetFacts, Warranty, warranty
from server.services import services
from server.sync.exchange import office_ledger
from server.sync.exchange.office_ledger import NewOperation
from server.sync.store.finding import rule_set_of

CHANNELS: Final = ("phone", "wechat", "visit", "web")


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    blueprint.get("/intake", endpoint="intake")(intake)
    blueprint.get("/intake/customers", endpoint="find_customers")(find_customers)
    blueprint.post("/intake", endpoint="open_order")(open_order)


def find_customers() -> ResponseReturnValue:
    """GET /office/intake/customers?words=: the hits alone, for the search as it is typed."""
    words = request.args.get("words", "")[:100]
    with reading() as connection:
        found = customer_queries.find_customers(connection, words)
        rules = rule_set_of(connection)
    return render_template(
        "office/intake_customers.html",
        found=found,
        words=words.strip(),
        contract_name=lambda contract: contract_name(contract, rules),
    )


def intake() -> ResponseReturnValue:
    """GET /office/intake?words=&customer=: first the customer, then everything about the fault on one page. A search
    that finds one customer has chosen them."""
    words = request.args.get("words", "").strip()[:100]
    if words and "customer" not in request.args:
        with reading() as connection:
            found = customer_queries.find_customers(connection, words)
        if len(found) == 1:
            return redirect(url_for("office.intake", customer=found[0].id), 303)
    return _page({})


def _page(typed: forms.Form | dict[str, str], opened: queries.OrderRow | None = None) -> str:
    asked = request.args if request.method == "GET" else request.form
    words = asked.get("words", "").strip()[:100]
    with reading() as connection:
        customer = customer_queries.customer(connection, asked.get("customer", ""))
        sites = customer_queries.sites(connection, customer.id) if customer else []
        assets = [asset for site in sites for asset in site.assets]
        rules = rule_set_of(connection)
        found = customer_queries.find_customers(connection, words)
        jobs = queries.jobs_of_assets(connection, [asset.id for asset in assets])
        people = people_queries.people(connection).values()
    return render_template(
        "office/intake.html",
        words=words,
        customer=customer,
        sites=sites,
        typed=typed,
        opened=opened,
        found=found,
        # What was sent without a customer was typed on that page.
        without=asked.get("without") == "file" or request.method == "POST",
        jobs=jobs,
        warranties={asset.id: warranty_of(asset, customer, rules) for asset in assets},
        contract_name=lambda name: contract_name(name, rules),
        deadlines=deadlines_by_priority(customer.contract if customer else None, rules),
        why_equal=why_equal(customer.contract if customer else None, rules),
        technicians=[person for person in people if person.role == "technician" and person.active],
        sentence=lambda reason, room="reason": sentence(reason, g.reader, room),
        kinds=KINDS,
        priorities=PRIORITIES,
        channels=CHANNELS,
        only_site=_only(sites),
    )


def _only(sites: list[SiteRow]) -> str | None:
    """The site that needs no choosing."""
    return sites[0].id if len(sites) == 1 else None


def contract_name(contract: str | None, rules: RuleSet) -> str:
    """What was promised to the customer, by its name in the reader's language."""
    return name_in(contract_of(rules, contract)["name"], g.reader.language)


def deadlines_by_priority(contract: str | None, rules: RuleSet) -> dict[str, Deadlines]:
    """What each priority would promise, reported now: the words to say while the customer is on the line."""
    zone = services().settings.timezone
    return {word: deadlines(g.reader.now, contract, word, rules, zone) for word in PRIORITIES}


def why_equal(contract: str | None, rules: RuleSet) -> str | None:
    """Why priorities promise the same, where they do: the contract sets these limits for each of them."""
    agreed = contract_of(rules, contract)["limits"]
    limits = [limit for limit in (agreed.get("contact"), agreed.get("arrive"), agreed.get("repair")) if limit]
    alike: dict[tuple[int, ...], list[str]] = {}
    for word in PRIORITIES:
        minutes = tuple(limit.get("by_priority", {}).get(word, limit["minutes"]) for limit in limits)
        alike.setdefault(minutes, []).append(word)
    groups = [words for words in alike.values() if len(words) > 1]
    if not groups:
        return None
    name, say = contract_name(contract, rules), g.reader.say
    if len(alike) == 1:
        return str(say("office-priority-same", contract=name))
    listed = [say("office-list-sign").join(say(f"priority-{word}") for word in words) for words in groups]
    return str(say("office-priority-alike", contract=name, priorities=say("office-clause-sign").join(listed)))


def warranty_of(asset: AssetRow, customer: CustomerRow | None, rules: RuleSet) -> Warranty:
    """Whether the asset is under warranty today."""
    facts = {
        "category": asset.warranty_category,
        "accepted_on": asset.accepted_on.isoformat() if asset.accepted_on else None,
        "completed_on": asset.completed_on.isoformat() if asset.completed_on else None,
        "card": customer.warranty_card if customer else None,
    }
    contract = customer.contract if customer else None
    return warranty(cast(AssetFacts, facts), contract, rules, g.reader.today)


def open_order() -> ResponseReturnValue:
    """POST /office/intake: one order.open; then the order's own page. A form opens one order: who sends it again is led
    there, and who has changed it before is asked whether this is to be another one."""
    try:
        data = _opening(request.form)
    except BadForm as problem:
        said.say("bad", problem.message, **problem.figures)
        return _page(request.form), 422
    order_id = once.form_id() or str(uuid7())
    wish = once.named(NewOperation("order.open", order_id, data))

    def operations(connection: Connection) -> list[NewOperation]:
        # Who presses twice at once: the second waits here for the first.
        office_ledger.office_device(connection, services().pen, g.caller.person_id, services().now())
        return [] if queries.order(connection, order_id) else [wish]

    outcomes = write_after_reading(operations)
    if not outcomes:
        return _opened_before(order_id, wish.id)
    if outcomes[0].status == "held":
        tell_outcomes(outcomes, order_id)
        return _page(request.form), 422
    said.say("good", "office-said-opened", number=str(outcomes[0].detail.get("number", "")))
    return redirect(url_for("office.order", order_id=order_id), 303)


def _opened_before(order_id: str, wish: str) -> ResponseReturnValue:
    """The order that this form made when it was sent first, or the form once more where it says something else now."""
    with reading() as connection:
        opened = queries.order(connection, order_id)
    if opened is None or mark_of(wish) not in opened.body.get("contains", ()):
        return _page(request.form, opened), 409
    said.say("note", "office-said-already-opened", number=opened.body["number"])
    return redirect(url_for("office.order", order_id=order_id), 303)


def _opening(form: forms.Form) -> dict[str, Any]:  # Any: the data of order.open, JSON
    """The form as `order.open` takes it. Raises BadForm."""
    fault = form.get("fault", "").replace("\r\n", "\n").strip()
    if not fault:
        raise BadForm("office-problem-fault")
    site, _, asset = form.get("place", "").partition("/")
    if form.get("customer") and not site:
        raise BadForm("office-problem-site")
    assignees = form.getlist("assignees")
    return {
        "kind": form.get("kind", "repair"),
        "fault": fault,
        "requests": form.get("requests", "").strip() or None,
        "contact": {"name": form.get("contact.name", "").strip(), "phone": form.get("contact.phone", "").strip()},
        "customer": form.get("customer") or None,
        "site": site or None,
        "asset": asset or None,
        "reported_at": services().now().isoformat(),
        "channel": form.get("channel", "phone"),
        "priority": form.get("priority", "normal"),
        "assignees": assignees or None,
        "lead": assignees[0] if assignees else None,
        "window": forms.window(form, g.reader.zone),
        "instructions": form.get("instructions", "").strip() or None,
    }
