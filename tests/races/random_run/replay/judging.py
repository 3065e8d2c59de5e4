"""What the stored documents must be, and where they are something else."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from tests.races.random_run.replay.comparing import differing, facts_of, plain, state_of, sums_of
from tests.races.random_run.replay.journal import ROWS, Replay
from tests.races.random_run.replay.order import Body, Order
from tests.races.random_run.replay.recall import recalled_body

Json = Any  # Any: JSON
DOCUMENTS: Final = "SELECT id, version, body FROM document WHERE type = 'work_order' ORDER BY id"
PEOPLE: Final = "SELECT document_id, person_id, sees, assignee FROM document_person"
FACT_OF: Final = {
    "arrival.record": ("arrivals", "arrival"), "departure.record": ("departures", "departure"),
    "photo.add": ("photos", "photo"), "material.add": ("materials", "line"), "labour.add": ("labour", "line"),
    "signature.record": ("signatures", "signature"), "note.add": ("notes", "note"),
}  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """What was found, and how many orders were compared whole and how many in their facts only; `sees`: which orders
    each person must see."""

    found: list[str]
    whole: int
    in_part: int
    sees: dict[str, set[str]]


def judge(connection: Connection) -> Judged:
    """Replay the journal and compare everything with it, inside one transaction of the caller's."""
    rows = connection.execute(text(ROWS)).all()
    roles = {row.id: row.role for row in connection.execute(text("SELECT id, role FROM person"))}
    replay = Replay(roles).run(rows)
    stored = {row.id: (row.version, json.loads(row.body)) for row in connection.execute(text(DOCUMENTS))}
    found = list(replay.found)
    for identity in sorted(stored.keys() | replay.orders.keys()):
        there, must = stored.get(identity), replay.orders.get(identity)
        if there is None or must is None:
            found.append(f"order {identity}: stored {there is not None}, made by the journal {must is not None}")
        elif must.in_part:
            found += _facts_differ(identity, there[1], rows)
        else:
            found += _differ(identity, *there, must)
    parts = sum(each.in_part for each in replay.orders.values())
    on_orders = connection.execute(text(PEOPLE)).all()
    found += _people_differ(on_orders, replay)
    sees: dict[str, set[str]] = {}
    for row in on_orders:
        if row.sees:
            sees.setdefault(row.person_id, set()).add(row.document_id)
    return Judged(found, len(replay.orders) - parts, parts, sees)


def _differ(identity: str, version: int, body: Body, must: Order) -> list[str]:
    parts = differing(plain(must.body), plain(body))
    if version != must.version:
        parts["version"] = must.version, version
    if body["state"] != state_of(body):
        parts["state"] = state_of(body), body["state"]
    charge, rule = body["charge"], body["terms"].get("price_rule") or {"materials_percent": 100, "labour_percent": 100}
    if body["warranty"]["covered"] is None and rule["materials_percent"] == rule["labour_percent"] == 100:
        sums = sums_of(body)
        if (charge["materials"], charge["labour"], charge["total"]) != (*sums, sum(sums)):
            parts["charge"] = sums, charge
    return [f"order {identity}: {name} must be {one!r}\n    and is {other!r}" for name, (one, other) in parts.items()]


def _facts_differ(identity: str, body: Body, rows: Iterable[Json]) -> list[str]:
    """Every fact that a line or a copy brought is there once, and no other is."""
    must: set[tuple[str, str]] = set()
    for row in rows:
        if row.status is None or (row.status == "held" and row.state != "applied"):
            continue
        line = json.loads(bytes(row.bytes))
        if line.get("target") != identity:
            continue
        if line["kind"] in FACT_OF:
            part, key = FACT_OF[line["kind"]]
            must.add((part, line["data"][key]))
        elif line["kind"] == "signature.refuse":
            must.add(("refusals", line["id"]))
        elif line["kind"] == "order.recall":
            must |= set(facts_of(recalled_body(line["data"])))
    there = Counter(facts_of(body))
    wrong = [fact for fact in must | there.keys() if there[fact] != (1 if fact in must else 0)]
    return [f"order {identity}: {fact} is there {there[fact]} times" for fact in sorted(wrong)]


def _people_differ(rows: Iterable[Json], replay: Replay) -> list[str]:
    stored = {(row.document_id, row.person_id): (bool(row.sees), bool(row.assignee)) for row in rows}
    must = {
        (identity, person): each
        for identity, order in replay.orders.items()
        for person, each in order.people.items()
        if not order.in_part
    }
    stored = {key: each for key, each in stored.items() if not replay.orders.get(key[0], Order()).in_part}
    return [
        f"order {order}: {person} must be {must.get((order, person))} on it and is {stored.get((order, person))}"
        for order, person in sorted(stored.keys() | must.keys())
        if stored.get((order, person)) != must.get((order, person))
    ]
