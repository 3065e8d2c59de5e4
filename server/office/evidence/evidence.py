"""What is contradicted or unproven, newest first; and what one person's evidence has been over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from server.database import reading
from server.documents.parts.evidence_items import KINDS
from server.language import has_text
from server.office.evidence import evidence_counts, evidence_queries
from server.office.evidence.evidence_queries import EvidenceFilter, Item
from server.office.queries import people_queries, queries
from server.office.queries.queries import OrderRow
from server.office.shell import asked
from server.office.shell.reader import Reader
from server.office.shell.reasons import rejection, sentences
from server.office.shell.wording import field_name
from server.problems import Problem

REVIEWERS_ONLY: Final = frozenset({"office.evidence", "office.person_evidence"})
"""Nobody else is told that these pages are there."""


@dataclass(frozen=True)
class WeakRow:
    """One row of the list with the order that it belongs to, its reasons in words and a supervisor's ruling, if any."""

    item: Item
    order: OrderRow
    reasons: list[str]
    ruling: dict[str, Any] | None  # Any: JSON of the document


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    blueprint.get("/evidence", endpoint="evidence")(evidence)
    blueprint.get("/evidence/people/<uuid:person_id>", endpoint="person_evidence")(person_evidence)


def evidence() -> ResponseReturnValue:
    """GET /office/evidence?person=&kind=&since=2026-11-01&until=2026-11-30&after="""
    query, reader = request.args, g.reader
    since, until = asked.day(query.get("since")), asked.day(query.get("until"))
    kind = query.get("kind", "")
    wanted = EvidenceFilter(
        person=query.get("person", ""),
        kind=kind if kind in KINDS else "",
        since=_midnight(since, reader),
        until=_midnight(until + timedelta(days=1), reader) if until else None,
    )
    with reading() as connection:
        page = evidence_queries.weak_items(connection, wanted, query.get("after"))
        orders = queries.orders_by_id(connection, {item.document_id for item in page.rows})
        people = people_queries.people(connection)
    return render_template(
        "office/evidence.html",
        rows=[_row(item, orders[item.document_id], reader) for item in page.rows if item.document_id in orders],
        next=page.next,
        people=people,
        wanted=wanted,
        since=since,
        until=until,
        kept={name: value for name, value in query.items() if name != "after" and value},
        kinds=KINDS,
    )


def person_evidence(person_id: object) -> ResponseReturnValue:
    """GET /office/evidence/people/<id>?by=month|week"""
    reader: Reader = g.reader
    by = (
        evidence_counts.By(request.args["by"])
        if request.args.get("by") in ("month", "week")
        else evidence_counts.By.MONTH
    )
    periods = evidence_counts.periods(by, reader.today)
    since, until = _midnight(periods[-1].first, reader), _midnight(periods[0].next, reader)
    with reading() as connection:
        people = people_queries.people(connection)
        person = people.get(str(person_id))
        if person is None or since is None or until is None:
            raise Problem("not_found")
        items = evidence_queries.items_of_person(connection, person.id, since, until)
    return render_template(
        "office/evidence_person.html",
        person=person,
        by=by.value,
        counts=evidence_counts.counted(items, periods, reader.zone),
        doubts=[(doubt(code, reader), count) for code, count in evidence_counts.doubts(items)],
        total=evidence_counts.totals(items),
    )


def doubt(code: str, reader: Reader) -> str:
    """A reason's code as a few words that can be counted."""
    message = f"office-doubt-{code.replace('_', '-')}"
    return reader.say(message) if has_text(message) else reader.say("office-code-unknown", code=code)


def _row(item: Item, order: OrderRow, reader: Reader) -> WeakRow:
    records = order.body[{"refusal": "refusals"}.get(item.kind, f"{item.kind}s")]
    record: dict[str, Any] = next((one for one in records if one["id"] == item.item_id), {})
    return WeakRow(item, order, _reasons(item, record, reader), record.get("ruling"))


def _reasons(item: Item, record: dict[str, Any], reader: Reader) -> list[str]:  # Any: JSON of the document
    """Why, in sentences with their figures."""
    match item.kind:
        case "arrival":
            said = sentences((one for one in record.get("reasons", []) if one["code"] in item.reasons), reader)
            return said or [doubt(code, reader) for code in item.reasons]
        case "photo" if item.state == "rejected":
            return [rejection(record, reader), reader.say("rejected-helps-office")]
        case "signature" if item.reasons:
            changed = reader.say("office-list-sign").join(field_name(name, reader) for name in item.reasons)
            return [reader.say("office-evidence-differs", fields=changed)]
        case "refusal" if record.get("comment"):
            return [str(record["comment"])]
    return []


def _midnight(day: date | None, reader: Reader) -> datetime | None:
    """The beginning of a day of the company; None for none."""
    return None if day is None else datetime.combine(day, time(), reader.zone)
