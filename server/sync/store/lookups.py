"""What applying an operation needs beside the line and the document, looked up once and kept in the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, cast

from sqlalchemy import Connection, func, select

from server.documents.operation import Body, Held
from server.documents.work_order.recall import recalled_body
from server.documents.work_order.shapes import PRIORITIES
from server.evidence.datum import interpretations
from server.models import (
    Asset,
    Customer,
    Document,
    Person,
    Site,
    WorkOrder,
)
from server.rules.deadlines import deadlines
from server.rules.defaults import default_rule_set
from server.rules.rule_set import RuleSet, contract_of, price_rule_of
from server.rules.warranty import AssetFacts, warranty
from server.sync.store.company import Company
from server.sync.store.facts_store import next_number
from server.sync.store.photo_lookups import of_content
from server.sync.store.visibility import sees_clause

Inputs = dict[str, Any]  # JSON
EARLIER_JOBS: Final = 5


def for_opening(
    connection: Connection,
    data: dict[str, Any],
    person_id: str,
    by_office: bool,
    at: datetime,
    company: Company,  # Any: JSON
) -> Inputs:
    """Everything that a new work order takes over from the customer's file and the rules.

    A technician gets only what they can see already: an id alone opens nobody's file. Other ids stay a wish.
    """
    rule_set = rule_set_of(connection)
    unseen = {} if by_office else _not_theirs(connection, data, person_id)
    data = data | dict.fromkeys(unseen)
    customer = _customer(connection, data)
    site = _site(connection, data, customer)
    asset = _asset(connection, data, site)
    contract = customer["contract"] if customer else None
    reported_at = datetime.fromisoformat(data["reported_at"]) if data["reported_at"] else at
    priority = (data["priority"] if by_office else None) or "normal"
    if data["assignees"] and by_office:
        check_technicians(connection, data["assignees"])
    number = data["number"] if by_office else None
    return {
        "number": _free_number(connection, number, at, company),
        "wishes": unseen,
        "customer": customer,
        "site": site,
        "asset": asset,
        "checklists": _checklists(connection, data["kind"]),
        "deadlines": deadlines(reported_at, contract, priority, rule_set, company.timezone),
        "terms": {
            "contract": contract_of(rule_set, contract)["id"],
            "price_rule": price_rule_of(rule_set, contract),
            "currency": company.currency,
            "warranty": _warranty(asset, customer, contract, rule_set, reported_at.astimezone(company.zone).date()),
        },
    }


def _not_theirs(connection: Connection, data: dict[str, Any], person_id: str) -> dict[str, str]:  # Any: JSON
    """Which of the named customer, site and asset are on no order that this person sees."""
    columns = {"customer": WorkOrder.customer_id, "site": WorkOrder.site_id, "asset": WorkOrder.asset_id}
    return {
        name: data[name]
        for name, column in columns.items()
        if data[name] is not None
        and connection.execute(
            select(WorkOrder.id).where(column == data[name], sees_clause(person_id)).limit(1)
        ).first()
        is None
    }


def for_plan(connection: Connection, body: Body, changes: dict[str, Any], company: Company) -> Inputs:  # Any: JSON
    """The people named in a plan exist; the deadlines that each priority would set."""
    if "assignees" in changes:
        named = changes["assignees"].get("now") or []
        if isinstance(named, list):
            fresh = [name for name in named if isinstance(name, str) and name not in body["assignees"]]
            check_technicians(connection, fresh)
    if "priority" not in changes:
        return {}
    contract = body["terms"].get("contract")
    reported_at = datetime.fromisoformat(body["reported_at"])
    rule_set = rule_set_of(connection)
    return {
        "deadlines_by_priority": {
            word: deadlines(reported_at, contract, word, rule_set, company.timezone) for word in PRIORITIES
        }
    }


def for_recall(
    connection: Connection,
    work_order_id: str,
    data: dict[str, Any],
    body: Body,
    at: datetime,
    company: Company,  # Any: JSON
    people: Mapping[str, str],
) -> Inputs:
    """Whether the recalled document is one of ours, which number it has from now on, and what the server has of its
    photos. `body` is what the server holds of the order, empty where it holds nothing; `people`: whom former ids
    mean."""
    recalled = recalled_body(data)
    if recalled is None or not company.sealer.fits(data["seal"], work_order_id, data["version"], recalled):
        return {"recall": {"sealed": False}}
    number = recalled["number"]
    taken = select(WorkOrder.id).where(WorkOrder.number == number, WorkOrder.id != work_order_id)
    if connection.execute(taken).first():
        number = body["number"] if body else _free_number(connection, None, at, company)
    photos = {
        photo["id"]: of_content(connection, photo["sha256"], people.get(photo["by"], photo["by"]))
        for photo in recalled["photos"]
    }
    states = {identity: found for identity, found in photos.items() if found}
    known = {"contained": True, "authors": True, "positions": True}
    return {"recall": {"sealed": True, "number": number, "photos": states, **known}}


def for_settling(connection: Connection, body: Body, data: dict[str, Any], company: Company) -> Inputs:  # Any: JSON
    """What settling a conflict of the plan needs: the same as changing the plan to that value."""
    conflict = next((each for each in body["conflicts"] if each["id"] == data["conflict"]), None)
    if conflict is None or conflict["field"] not in ("assignees", "priority"):
        return {}
    return for_plan(connection, body, {conflict["field"]: {"now": data["value"]}}, company)


def rule_set_of(connection: Connection) -> RuleSet:
    """The company's rules; the defaults where none were loaded."""
    text = connection.execute(select(Document.body).where(Document.type == "rules")).scalars().first()
    return default_rule_set() if text is None else cast(RuleSet, json.loads(text))


def check_technicians(connection: Connection, people: list[str]) -> None:
    """Raise Held(invalid_data) unless all are active technicians."""
    if not people:
        return
    known = connection.execute(
        select(func.count())
        .select_from(Person)
        .where(Person.id.in_(people), Person.role == "technician", Person.active)
    ).scalar_one()
    if known != len(set(people)):
        raise Held("invalid_data", field="assignees", problem="not_a_technician")


def _free_number(connection: Connection, wanted: str | None, at: datetime, company: Company) -> str:
    month = at.astimezone(company.zone).strftime("%y%m")
    if wanted is not None:
        if connection.execute(select(WorkOrder.id).where(WorkOrder.number == wanted)).first():
            raise Held("invalid_data", field="number", problem="number_taken")
        return wanted
    while True:
        number = f"WX{month}-{next_number(connection, f'work_order:{month}'):04}"
        if not connection.execute(select(WorkOrder.id).where(WorkOrder.number == number)).first():
            return number


def _customer(connection: Connection, data: dict[str, Any]) -> dict[str, Any] | None:  # Any: JSON
    if data["customer"] is None:
        return None
    row = connection.execute(select(Customer.__table__).where(Customer.id == data["customer"])).first()
    if row is None:
        raise Held("invalid_data", field="customer", problem="unknown_customer")
    return {
        "id": row.id,
        "number": row.number,
        "name": row.name,
        "contract": row.contract,
        "warranty_card": row.warranty_card,
    }


def _site(
    connection: Connection,
    data: dict[str, Any],
    customer: dict[str, Any] | None,  # Any: JSON
) -> dict[str, Any] | None:
    if data["site"] is None:
        return None
    row = connection.execute(select(Site.__table__).where(Site.id == data["site"])).first()
    if row is None or customer is None or row.customer_id != customer["id"]:
        raise Held("invalid_data", field="site", problem="unknown_site")
    placed = row.latitude is not None and row.longitude is not None
    position: dict[str, Any] | None = None  # Any: JSON
    if placed:
        position = {"latitude": row.latitude, "longitude": row.longitude, "datum": row.datum}
        position["wgs84"] = interpretations(position)
    return {
        "id": row.id,
        "number": row.number,
        "name": row.name,
        "address": row.address or "",
        "position": position,
        "radius_m": row.radius_m,
        "access": row.access or "",
    }


def _asset(
    connection: Connection,
    data: dict[str, Any],
    site: dict[str, Any] | None,  # Any: JSON
) -> dict[str, Any] | None:
    if data["asset"] is None:
        return None
    row = connection.execute(select(Asset.__table__).where(Asset.id == data["asset"])).first()
    if row is None or site is None or row.site_id != site["id"]:
        raise Held("invalid_data", field="asset", problem="unknown_asset")
    return {
        "id": row.id,
        "number": row.number,
        "name": row.name,
        "brand": row.brand or "",
        "model": row.model or "",
        "serial": row.serial or "",
        "category": row.warranty_category,
        "completed_on": _day(row.completed_on),
        "accepted_on": _day(row.accepted_on),
        "jobs": _earlier_jobs(connection, row.id),
    }


def _earlier_jobs(connection: Connection, asset_id: str) -> list[dict[str, Any]]:  # Any: JSON
    rows = connection.execute(
        select(WorkOrder.id, WorkOrder.number, WorkOrder.kind, WorkOrder.reported_at, Document.body)
        .join(Document, (Document.type == "work_order") & (Document.id == WorkOrder.id))
        .where(WorkOrder.asset_id == asset_id)
        .order_by(WorkOrder.reported_at.desc().nulls_last(), WorkOrder.id.desc())
        .limit(EARLIER_JOBS)
    )
    return [
        {
            "number": row.number,
            "kind": row.kind,
            "fault": json.loads(row.body)["fault"],
            "reported_at": None if row.reported_at is None else row.reported_at.astimezone(UTC).isoformat(),
        }
        for row in rows
    ]


def _warranty(
    asset: dict[str, Any] | None,  # Any: JSON
    customer: dict[str, Any] | None,
    contract: str | None,
    rule_set: RuleSet,
    on: date,
) -> Any:  # Any: JSON of the warranty's answer
    facts: AssetFacts | None = None
    if asset is not None:
        facts = {
            "category": asset["category"],
            "accepted_on": asset["accepted_on"],
            "completed_on": asset["completed_on"],
            "card": "lost" if (customer or {}).get("warranty_card") == "lost" else None,
        }
    return warranty(facts, contract, rule_set, on)


def _checklists(connection: Connection, kind: str) -> list[str]:
    rows = connection.execute(select(Document.id, Document.body).where(Document.type == "checklist"))
    lists = [(row.id, json.loads(row.body)) for row in rows]
    return sorted(identity for identity, body in lists if kind in body.get("kinds", []))


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
