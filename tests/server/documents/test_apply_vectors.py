"""What operations mean, by the cases that the phone's apply.js runs too."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from server.documents.operation import Actor, Body, Held, Operation, Result
from server.documents.work_order.registry import REGISTRY
from server.documents.work_order.type import WORK_ORDER
from server.evidence.time_bounds import Anchor, Reading, Receipt, TimeBounds, time_bounds
from server.sync.operations.merge import merge_field

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "apply.json").read_text(encoding="utf-8"))
TARGET = "0190e000-0000-7000-8000-000000000001"


def bounds_at(at: str) -> TimeBounds:
    """Bounds of a line whose clocks all agree."""
    moment = datetime.fromisoformat(at)
    reading = Reading(moment, 1_000_000.0, "run")
    earlier = Anchor(moment - timedelta(minutes=1), Reading(moment - timedelta(minutes=1), 940_000.0, "run"))
    later = Receipt(moment + timedelta(minutes=1), Reading(moment + timedelta(minutes=1), 1_060_000.0, "run"))
    return time_bounds(reading, earlier, [later], moment + timedelta(minutes=1))


def apply(body: Body, version: int, entry: dict[str, Any], inputs: dict[str, Any]) -> Result:
    """Bring one operation of the vectors into `body`."""
    kind = REGISTRY[entry["kind"]]
    operation = Operation(
        entry["id"],
        entry["kind"],
        TARGET,
        kind.shape.load(entry["data"]),
        Actor(**entry["actor"]),
        entry.get("seen"),
        entry["at"],
        datetime.fromisoformat(entry["at"]),
        bounds_at(entry["at"]),
        version,
        merge_field,
        inputs,
    )
    return WORK_ORDER.apply(kind, body, operation)


def opened(case: dict[str, Any]) -> Body:
    """The order as it was opened, by the office where the case names nobody else."""
    body: Body = {}
    entry = {
        "id": str(uuid5(UUID(TARGET), "open")),
        "kind": "order.open",
        "data": case["input"]["open"],
        "at": VECTORS["opened_at"],
        "actor": case["input"].get("opener", VECTORS["opener"]),
    }
    inputs = {
        "number": "WX2611-0001",
        "deadlines": {"contact_by": None, "arrive_by": None, "repair_by": None},
        "terms": {"contract": "standard", "price_rule": VECTORS["price_rule"], "currency": "CNY"},
    }
    apply(body, 1, entry, inputs)
    return body


def at_path(body: Any, path: str) -> Any:
    """The value at a dotted name; `length` counts a list."""
    for part in path.split("."):
        if part == "length" and isinstance(body, list):
            return len(body)
        body = body[int(part)] if isinstance(body, list) else body[part]
    return body


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_operations_mean_the_same_here_and_on_the_phone(case: dict[str, Any]) -> None:
    body, version, statuses, changed = opened(case), 1, [], []
    for entry in case["input"]["operations"]:
        try:
            result = apply(body, version + 1, entry, {"ways_back": 4, "answers_seen": True})
        except Held:
            statuses.append("held")
            changed.append(False)
            continue
        version += result.changed
        changed.append(result.changed)
        statuses.append(result.status)
    # Lines keyed by an id with dots in conflict names make paths ambiguous; none of ours has any.
    found = {path: at_path(body, path) for path in case["expected"]["paths"]}
    assert found == case["expected"]["paths"]
    assert statuses == case["expected"].get("statuses", statuses)
    assert changed == case["expected"]["changed"]


def test_a_body_is_json_through_and_through() -> None:
    body = opened({"input": {"open": VECTORS["cases"][0]["input"]["open"]}})
    assert json.loads(json.dumps(body)) == body
