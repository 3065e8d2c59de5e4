"""What operations on a work order need to know beside it, and what of it stands in the journal as their inputs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, cast

from server.documents.needs import (
    ActiveTechnicians,
    Asked,
    Content,
    Found,
    FreeNumber,
    Latest,
    Need,
    OfCompany,
    OnFile,
    SeenOn,
    Series,
)  # fmt: skip
from server.documents.operation import Held
from server.documents.parts import needs as parts
from server.documents.work_order.shapes import PRIORITIES
from server.evidence.datum import interpretations
from server.rules.deadlines import deadlines
from server.rules.defaults import default_rule_set
from server.rules.rule_set import RuleSet, contract_of, price_rule_of
from server.rules.warranty import AssetFacts, warranty

Inputs = dict[str, Any]  # JSON
EARLIER_JOBS: Final = 5
EDITS: Final = "order.edit"
FILE: Final = ("customer", "site", "asset")
RULES: Final = OfCompany("rules")
CHECKLISTS: Final = OfCompany("checklist")


def needs(asked: Asked) -> Sequence[Need]:
    """What must be read before the operation is applied."""
    match asked.kind:
        case "order.open":
            return _of_opening(asked)
        case "order.plan":
            return _of_plan(asked, asked.data["changes"])
        case "conflict.settle":
            return _of_plan(asked, _settled_plan(asked))
        case "order.recall":
            return _of_recall(asked)
        case "arrival.record":
            return parts.of_arrival(asked, EDITS)
        case "signature.record":
            return parts.of_signature(asked)
        case "photo.add":
            return parts.of_photo(asked)
    return ()


def inputs(asked: Asked, found: Found) -> Inputs:
    """What applying it uses, for the journal. Raises Held where what was found forbids it."""
    match asked.kind:
        case "order.open":
            return _opening(asked, found)
        case "order.stage":
            return {"ways_back": 4}  # as many as the rules of stages have; lines from before the third have it not
        case "order.review":
            return {"answers_seen": True}  # lines from before it was asked what a reviewer had seen have it not
        case "order.plan":
            return _plan(asked, asked.data["changes"], found)
        case "conflict.settle":
            return _plan(asked, _settled_plan(asked), found)
        case "order.recall":
            return _recall(asked, found)
        case "arrival.record":
            return parts.arrival_inputs(asked, found, EDITS)
        case "signature.record":
            return parts.signature_inputs(asked, found)
        case "photo.add":
            return parts.photo_inputs(asked, found)
    return {}


def _of_opening(asked: Asked) -> Sequence[Need]:
    data, by_office = asked.data, asked.actor.of_office
    named = [name for name in FILE if data[name] is not None]
    file: list[Need] = [OnFile(name, data[name]) for name in named]
    if not by_office:
        file += [SeenOn(f"{name}_id", data[name]) for name in named]
    if data["asset"] is not None:
        file.append(_jobs(data["asset"]))
    if data["assignees"] and by_office:
        file.append(ActiveTechnicians(frozenset(data["assignees"])))
    return [RULES, CHECKLISTS, *file, _number(asked)]


def _number(asked: Asked) -> FreeNumber:
    wanted = asked.data["number"] if asked.actor.of_office else None
    return FreeNumber(wanted, None if wanted is not None else _series(asked))


def _series(asked: Asked) -> Series:
    month = asked.at.astimezone(asked.zone).strftime("%y%m")
    return Series(f"work_order:{month}", f"WX{month}-{{:04}}")


def _jobs(asset_id: str) -> Latest:
    return Latest("asset_id", asset_id, "reported_at", EARLIER_JOBS)


def _opening(asked: Asked, found: Found) -> Inputs:
    """Everything that a new work order takes over from the customer's file and the rules.

    A technician gets only what they can see already: an id alone opens nobody's file. Other ids stay a wish.
    """
    by_office = asked.actor.of_office
    unseen = {} if by_office else _not_theirs(asked, found)
    data = asked.data | dict.fromkeys(unseen)
    rule_set = _rule_set(found)
    customer = _customer(data, found)
    site = _site(data, customer, found)
    asset = _asset(data, site, found)
    contract = customer["contract"] if customer else None
    reported_at = datetime.fromisoformat(data["reported_at"]) if data["reported_at"] else asked.at
    priority = (data["priority"] if by_office else None) or "normal"
    if data["assignees"] and by_office:
        _check_technicians(frozenset(data["assignees"]), found)
    number = found[_number(asked)]
    if number is None:
        raise Held("invalid_data", field="number", problem="number_taken")
    return {
        "number": number,
        "wishes": unseen,
        "customer": customer,
        "site": site,
        "asset": asset,
        "checklists": sorted(each for each, body in found[CHECKLISTS].items() if data["kind"] in body.get("kinds", [])),
        "deadlines": deadlines(reported_at, contract, priority, rule_set, asked.timezone),
        "terms": {
            "contract": contract_of(rule_set, contract)["id"],
            "price_rule": price_rule_of(rule_set, contract),
            "currency": asked.currency,
            "warranty": _warranty(asset, customer, contract, rule_set, reported_at.astimezone(asked.zone).date()),
        },
    }


def _not_theirs(asked: Asked, found: Found) -> dict[str, str]:
    """Which of the named customer, site and asset are on no order that this person sees."""
    named = {name: asked.data[name] for name in FILE if asked.data[name] is not None}
    return {name: value for name, value in named.items() if not found[SeenOn(f"{name}_id", value)]}


def _rule_set(found: Found) -> RuleSet:
    """The company's rules; the defaults where none were loaded."""
    loaded = next(iter(found[RULES].values()), None)
    return default_rule_set() if loaded is None else cast(RuleSet, loaded)


def _check_technicians(people: frozenset[str], found: Found) -> None:
    """Raise Held(invalid_data) unless all are active technicians."""
    if found[ActiveTechnicians(people)] != people:
        raise Held("invalid_data", field="assignees", problem="not_a_technician")


def _settled_plan(asked: Asked) -> Inputs:
    """The change of the plan that settling a conflict of it is; empty where it is about something else."""
    conflict = next((each for each in asked.body["conflicts"] if each["id"] == asked.data["conflict"]), None)
    if conflict is None or conflict["field"] not in ("assignees", "priority"):
        return {}
    return {conflict["field"]: {"now": asked.data["value"]}}


def _fresh(asked: Asked, changes: Inputs) -> frozenset[str]:
    """Who is named for the order and was not before."""
    named = (changes["assignees"].get("now") or []) if "assignees" in changes else []
    if not isinstance(named, list):
        return frozenset()
    return frozenset(each for each in named if isinstance(each, str) and each not in asked.body["assignees"])


def _of_plan(asked: Asked, changes: Inputs) -> Sequence[Need]:
    fresh = _fresh(asked, changes)
    people: list[Need] = [ActiveTechnicians(fresh)] if fresh else []
    return [*people, RULES] if "priority" in changes else people


def _plan(asked: Asked, changes: Inputs, found: Found) -> Inputs:
    """The people named in a plan exist; the deadlines that each priority would set."""
    fresh = _fresh(asked, changes)
    if fresh:
        _check_technicians(fresh, found)
    if "priority" not in changes:
        return {}
    contract = asked.body["terms"].get("contract")
    reported_at = datetime.fromisoformat(asked.body["reported_at"])
    rule_set = _rule_set(found)
    by_priority = {word: deadlines(reported_at, contract, word, rule_set, asked.timezone) for word in PRIORITIES}
    return {"deadlines_by_priority": by_priority}


def _of_recall(asked: Asked) -> Sequence[Need]:
    recalled = asked.sealed
    if recalled is None:
        return ()
    return [_recalled_number(asked, recalled), *(_recalled_content(asked, photo) for photo in recalled["photos"])]


def _recalled_number(asked: Asked, recalled: Inputs) -> FreeNumber:
    return FreeNumber(recalled["number"], None if asked.body else _series(asked))


def _recalled_content(asked: Asked, photo: Inputs) -> Content:
    return Content(photo["sha256"], asked.people.get(photo["by"], photo["by"]))


def _recall(asked: Asked, found: Found) -> Inputs:
    """Whether the recalled document is one of ours, which number it has from now on, and what the server has of its
    photos."""
    recalled = asked.sealed
    if recalled is None:
        return {"recall": {"sealed": False}}
    number = found[_recalled_number(asked, recalled)] or asked.body["number"]
    photos = {photo["id"]: dict(found[_recalled_content(asked, photo)][0]) for photo in recalled["photos"]}
    states = {identity: content for identity, content in photos.items() if content}
    known = {"contained": True, "authors": True, "positions": True}
    return {"recall": {"sealed": True, "number": number, "photos": states, **known}}


def _customer(data: Inputs, found: Found) -> Inputs | None:
    if data["customer"] is None:
        return None
    row = found[OnFile("customer", data["customer"])]
    if row is None:
        raise Held("invalid_data", field="customer", problem="unknown_customer")
    return {name: row[name] for name in ("id", "number", "name", "contract", "warranty_card")}


def _site(data: Inputs, customer: Inputs | None, found: Found) -> Inputs | None:
    if data["site"] is None:
        return None
    row = found[OnFile("site", data["site"])]
    if row is None or customer is None or row["customer_id"] != customer["id"]:
        raise Held("invalid_data", field="site", problem="unknown_site")
    position: Inputs | None = None
    if row["latitude"] is not None and row["longitude"] is not None:
        position = {name: row[name] for name in ("latitude", "longitude", "datum")}
        position["wgs84"] = interpretations(position)
    return {
        "id": row["id"],
        "number": row["number"],
        "name": row["name"],
        "address": row["address"] or "",
        "position": position,
        "radius_m": row["radius_m"],
        "access": row["access"] or "",
    }


def _asset(data: Inputs, site: Inputs | None, found: Found) -> Inputs | None:
    if data["asset"] is None:
        return None
    row = found[OnFile("asset", data["asset"])]
    if row is None or site is None or row["site_id"] != site["id"]:
        raise Held("invalid_data", field="asset", problem="unknown_asset")
    return {
        "id": row["id"],
        "number": row["number"],
        "name": row["name"],
        "brand": row["brand"] or "",
        "model": row["model"] or "",
        "serial": row["serial"] or "",
        "category": row["warranty_category"],
        "completed_on": _day(row["completed_on"]),
        "accepted_on": _day(row["accepted_on"]),
        "jobs": [_job(face, body) for face, body in found[_jobs(data["asset"])]],
    }


def _job(face: Inputs, body: Inputs) -> Inputs:
    at = face["reported_at"]
    reported_at = None if at is None else at.astimezone(UTC).isoformat()
    return {"number": face["number"], "kind": face["kind"], "fault": body["fault"], "reported_at": reported_at}


def _warranty(
    asset: Inputs | None, customer: Inputs | None, contract: str | None, rule_set: RuleSet, on: date
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


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
