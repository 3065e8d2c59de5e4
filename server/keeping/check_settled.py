"""Whether what a person has settled on an order still stands, or was changed by somebody who knew of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from server.documents.bodies import find
from server.documents.former import as_now
from server.documents.operation import Body
from server.documents.parts.edits import comparable
from server.documents.parts.photos import PHOTOS
from server.documents.work_order import fields
from server.keeping.finding import Finding
from server.models import FormerPerson, HeldLine, JournalLine
from server.rules.values import same
from server.sync.ledgers.line import Line, parse_line
from server.sync.operations.held import took_effect

SETTLES: Final = ("conflict.settle", "flag.settle", "arrival.rule", "photo.settle")
WRITES: Final = ("conflict.settle", "order.edit", "order.plan", "checklist.answer", "material.change", "labour.change",
                         "photo.edit")  # fmt: skip
RECALLS: Final = "order.recall"
# These end without a decision, by a plan.
MAY_GO: Final = "opened_in_field"
CHARGES: Final = ("waive", "charge")

_OF_ORDER: Final = (
    select(JournalLine.bytes, JournalLine.kind, JournalLine.person_id, JournalLine.device_id, JournalLine.status,
           JournalLine.detail, JournalLine.document_version, HeldLine.outcome)
    .outerjoin(HeldLine, HeldLine.position == JournalLine.position)
    .where(JournalLine.document_id == bindparam("work_order"), JournalLine.repeated.is_(False))
    .where(JournalLine.kind.in_(bindparam("kinds", expanding=True)), took_effect())
    .order_by(JournalLine.position)
)  # fmt: skip

_FORMER: Final = select(FormerPerson.former, FormerPerson.person_id)


@dataclass(frozen=True)
class _Effect:
    """A line that took effect, as `version` of the document, with what its outcome said; `data` names people as they
    are called now."""

    line: Line
    data: dict[str, Any]  # Any: JSON
    person_id: str
    device_id: str
    status: str
    detail: dict[str, Any]  # Any: JSON
    version: int


def check_settled(connection: Connection, order: str, body: Body) -> Iterator[Finding]:
    """What was settled on this order and does not stand in its document, though nobody changed it who knew that.

    A copy that a phone gave back later may have brought what came after a decision, and nobody's line says so any more:
    what was settled before that is not looked at.
    """
    effects = list(_effects(connection, order, (*SETTLES, RECALLS)))
    recalled = max((each.version for each in effects if each.line.kind == RECALLS), default=0)
    settled = [each for each in effects if each.line.kind in SETTLES and each.version > recalled]
    if not settled:
        return
    lost = [*_flags(body, settled), *_arrivals(body, settled), *_photos(body, settled)]
    for each in settled:
        lost += _conflict(connection, order, body, each)
    for what in dict.fromkeys(lost):
        yield Finding("settled-changed", {"order": order, "what": what})


def _effects(connection: Connection, order: str, kinds: tuple[str, ...]) -> Iterator[_Effect]:
    """The order's lines of these kinds that are in its document, in the order in which they came to be so."""
    found = []
    people = {row.former: row.person_id for row in connection.execute(_FORMER)}
    for row in connection.execute(_OF_ORDER, {"work_order": order, "kinds": kinds}):
        line = parse_line(row.bytes)
        outcome = {} if row.outcome is None else json.loads(row.outcome)
        version = row.document_version or (outcome.get("document") or {}).get("version")
        if isinstance(line, Line) and version is not None:
            status, detail = outcome.get("status", row.status), outcome.get("detail") or json.loads(row.detail)
            data = as_now(line.data, people) if people and line.kind != RECALLS else line.data
            found.append(_Effect(line, data, row.person_id, row.device_id, status, detail, version))
    yield from sorted(found, key=lambda each: each.version)


def _flags(body: Body, settled: list[_Effect]) -> Iterator[str]:
    decided: dict[tuple[str, Any, Any], set[str]] = {}
    for each in settled:
        if each.line.kind == "flag.settle":
            key = (each.data["code"], each.data.get("by"), each.data.get("line"))
            decided.setdefault(key, set()).add(each.data["decision"])
    for key, decisions in decided.items():
        flags = [each for each in body["flags"] if (each["code"], each.get("by"), each.get("line")) == key]
        stand = any((each.get("settled") or {}).get("decision") in decisions for each in flags)
        if not stand and (flags or key[0] != MAY_GO):
            yield str(key[0])
        elif decisions & set(CHARGES) and body["settled_charge"] is None:
            yield "charge"


def _arrivals(body: Body, settled: list[_Effect]) -> Iterator[str]:
    """The last ruling on each arrival is what counts."""
    last = {each.data["arrival"]: each for each in settled if each.line.kind == "arrival.rule"}
    for identity, each in last.items():
        ruling = (find(body["arrivals"], "id", identity) or {}).get("ruling") or {}
        if (ruling.get("decision"), ruling.get("by")) != (each.data["decision"], each.person_id):
            yield f"arrival {identity}"


def _photos(body: Body, settled: list[_Effect]) -> Iterator[str]:
    for each in settled:
        if each.line.kind == "photo.settle" and not (find(body["photos"], "id", each.data["photo"]) or {}).get("lost"):
            yield f"photo {each.data['photo']}"


def _conflict(connection: Connection, order: str, body: Body, each: _Effect) -> Iterator[str]:
    """The field of a conflict that this line settled, where another value stands now."""
    if each.line.kind != "conflict.settle" or each.data["conflict"] not in each.detail.get("settled", ()):
        return
    conflict = find(body["conflicts"], "id", each.data["conflict"])
    if conflict is None or conflict["settled"] is None:
        yield f"conflict {each.data['conflict']}" if conflict is None else conflict["field"]
        return
    field, chosen = conflict["field"], conflict["settled"]["value"]
    place = fields.place_of(body, field)
    if place is None or same(comparable(field, place.value), chosen):
        return
    later = [one for one in _effects(connection, order, WRITES) if one.version > each.version]
    if not any(_knew(body, one, field, chosen, each) for one in later):
        yield field


def _knew(body: Body, later: _Effect, field: str, chosen: Any, settling: _Effect) -> bool:  # Any: JSON
    """Whether a later line changed the field and had been written by somebody who knew what was chosen, or could take
    over from there: an edit says what it was made of, and a text may be merged with what stands."""
    if field == "lead" and "assignees" in _changes(body, later):
        return True  # the lead is one of them
    if field not in _changes(body, later):
        return False
    if later.line.seen is not None and later.line.seen >= settling.version:
        return True
    if later.line.kind == "conflict.settle":
        return later.line.seen is None or later.device_id == settling.device_id
    return later.status == "merged" or same(comparable(field, _changes(body, later)[field]), chosen)


def _changes(body: Body, effect: _Effect) -> dict[str, Any]:  # Any: JSON
    """The full names of the fields that a line is about, with what each was for whoever wrote it."""
    data = effect.data
    match effect.line.kind:
        case "order.edit" | "order.plan":
            return {name: change.get("was") for name, change in data["changes"].items()}
        case "checklist.answer":
            return {f"{fields.CHECKLIST}.{data['item']}": data.get("was")}
        case "material.change" | "labour.change":
            room = "materials" if effect.line.kind == "material.change" else "labour"
            return {f"{room}.{data['line']}.{name}": change.get("was") for name, change in data["changes"].items()}
        case "photo.edit":
            room = f"{PHOTOS}.{data['photo']}"
            return {f"{room}.{name}": change.get("was") for name, change in data["changes"].items()}
    conflict = find(body["conflicts"], "id", data["conflict"])
    return {} if conflict is None else {conflict["field"]: None}
