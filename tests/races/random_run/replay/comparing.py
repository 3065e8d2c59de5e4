"""Documents as both sides have them: what the replay computes, in one form, and where two of them differ."""

from __future__ import annotations

import copy
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from tests.races.random_run.replay.merging import alike
from tests.races.random_run.replay.order import Body

Json = Any  # Any: JSON
WHOLE: Final = (
    "number", "kind", "disposition", "assignees", "lead", "window", "priority", "instructions", "stage", "fault",
    "requests", "contact", "cause", "diagnosis", "work_done", "rating", "wishes", "contains",
)  # fmt: skip
PARTS: Final = {
    "plans": ("version", "by", "assignees", "window", "disposition"),
    "stages": ("to", "by", "reason", "operation", "device", "review"),
    "arrivals": ("id", "by", "position", "why_none"),
    "departures": ("id", "by", "position", "why_none"),
    "photos": ("id", "by", "sha256", "size", "media_type", "purpose", "caption", "taken_at", "removed"),
    "materials": (
        "line", "by", "part", "name", "unit", "quantity", "unit_price", "source", "serial", "removed", "flags",
        "touched",
    ),
    "labour": ("line", "by", "name", "method", "unit", "quantity", "unit_price", "removed", "flags", "touched"),
    "signatures": ("id", "by", "sha256", "signer", "report"),
    "refusals": ("id", "by", "reason", "comment"),
    "notes": ("id", "by", "text"),
}  # fmt: skip
REVIEW: Final = ("state", "by", "comment", "version")
FACTS: Final = {
    "arrivals": "id", "departures": "id", "photos": "id", "materials": "line", "labour": "line", "signatures": "id",
    "refusals": "id", "notes": "id",
}  # fmt: skip


def plain(body: Body) -> Body:
    """The parts of a body that the replay computes."""
    body = copy.deepcopy(body)
    made = {name: body.get(name) for name in WHOLE}
    made |= {part: [some(each, names) for each in body[part]] for part, names in PARTS.items()}
    for step in made["stages"]:
        step["review"] = some(step["review"], REVIEW)
    made["opened"] = some(body["opened"], ("by", "channel"))
    made["review"] = some(body["review"], REVIEW)
    made["checklist"] = {"answers": {n: some(a, ("value", "by")) for n, a in body["checklist"]["answers"].items()}}
    made["edits"] = {n: some(e, ("by", "version", "device", "operation")) for n, e in body["edits"].items()}
    made["flags"] = [
        some(each, ("code", "by", "line")) | {"settled": some(each.get("settled"), ("decision", "by", "comment"))}
        for each in body["flags"]
    ]
    made["conflicts"] = [_conflict(each) for each in body["conflicts"]]
    return made


def some(record: Json, names: tuple[str, ...]) -> Json:
    """These members of a record, null where there is none."""
    return record and {name: record.get(name) for name in names}


def _conflict(conflict: Body) -> Body:
    return {name: conflict[name] for name in ("id", "field", "base")} | {
        "kept": some(conflict["kept"], ("value", "by")),
        "other": some(conflict["other"], ("value", "by", "operation", "device")),
        "settled": some(conflict["settled"], ("value", "by", "operation")),
    }


def differing(one: Body, other: Body) -> dict[str, tuple[Json, Json]]:
    """Where two bodies of `plain` differ: both sides by the name of the part. What is null may be absent. Of the
    questions on an order that a copy brought back only matters which there are: the same one may stand twice."""
    return {
        name: (one.get(name), other.get(name))
        for name in sorted(one.keys() | other.keys())
        if not alike(_shape(name, one.get(name)), _shape(name, other.get(name)))
    }


def _shape(name: str, value: Json) -> Json:
    if name != "flags" or not value:
        return value
    of_a_copy = any(each["code"] == "recalled_from_phone" for each in value)
    names = ("code", "by", "line") if of_a_copy else ("code", "by", "line", "settled")
    return sorted({repr(some(each, names)) for each in value})


def state_of(body: Body) -> str:
    """One word for lists."""
    ended = body["stage"] in ("finished", "unable")
    if ended and body["review"]["state"] in ("approved", "returned"):
        return str(body["review"]["state"])
    if ended:
        return str(body["stage"])
    if body["disposition"] in ("cancelled", "on_hold"):
        return str(body["disposition"])
    if body["stage"] == "new":
        return "planned" if body["assignees"] else "unplanned"
    return str(body["stage"])


def facts_of(body: Body) -> list[tuple[str, str]]:
    """Every fact in a body, as part and id, as often as it is there."""
    return sorted((part, each[key]) for part, key in FACTS.items() for each in body[part])


def sums_of(body: Body) -> tuple[int, int]:
    """What materials and labour cost, in minor units, where no warranty and no contract is known."""
    if body["cause"] == "supplier":
        return 0, 0
    materials = [each for each in body["materials"] if each["source"] != "customer"]
    return _sum(materials), _sum(body["labour"])


def _sum(lines: list[Body]) -> int:
    exact = (Decimal(each["quantity"]) * each["unit_price"] for each in lines if not each["removed"])
    return sum(int(each.quantize(Decimal(1), rounding=ROUND_HALF_UP)) for each in exact)
