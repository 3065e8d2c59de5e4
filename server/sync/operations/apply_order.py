"""Operations on a work order: what its document becomes by them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from marshmallow import ValidationError
from sqlalchemy import Connection, bindparam, select

from server.documents.operation import Actor, Body, Held, Operation, Relation, Result
from server.documents.work_order import brought
from server.documents.work_order.body import mark_of
from server.documents.work_order.derived import derive
from server.documents.work_order.former import as_now
from server.documents.work_order.orders import facts_meet_plans
from server.documents.work_order.registry import OPENING, REGISTRY, Kind, may
from server.documents.work_order.shapes import Shape
from server.evidence.reasons import utc_text
from server.evidence.time_bounds import TimeBounds
from server.models import OFFICE_ROLES, Document, DocumentPerson
from server.sync.ledgers.line import Line
from server.sync.ledgers.outcome import Outcome
from server.sync.operations.merge import merge_field
from server.sync.store import evidence_store, former_ids, lookups, photo_lookups
from server.sync.store.company import Company
from server.sync.store.feeds import Publication
from server.sync.store.work_order_store import write_work_order

OPENS: Final = "order.open"
RECALLS: Final = "order.recall"
# Made once: to put a statement together costs more than to run it.
LOCKED_ORDER: Final = (
    select(Document.version, Document.body)
    .where(Document.type == "work_order", Document.id == bindparam("work_order"))
    .with_for_update()
)
ON_ORDER: Final = select(DocumentPerson.sees, DocumentPerson.assignee).where(
    DocumentPerson.document_id == bindparam("work_order"), DocumentPerson.person_id == bindparam("person")
)


@dataclass(frozen=True)
class Author:
    """Whose ledger a line stands in."""

    person_id: str
    role: str
    device_id: str


@dataclass(frozen=True)
class Applied:
    """An outcome, what was looked up for it (for the journal), and what the feeds have to be told."""

    outcome: Outcome
    inputs: dict[str, Any]  # Any: JSON
    publications: list[Publication]

    def as_released(self, position: int) -> dict[str, Any]:  # Any: JSON
        """The inputs of the line that let the held line at `position` in, so that the journal can do it again."""
        return {"released": [{"position": position, "inputs": self.inputs}]}

    def followed_by(self, others: list[Applied]) -> Applied:
        """This, and what was applied because of it."""
        released = self.inputs.get("released", []) + [entry for each in others for entry in each.inputs["released"]]
        inputs = self.inputs | ({"released": released} if released else {})
        told = self.publications + [entry for each in others for entry in each.publications]
        return Applied(self.outcome, inputs, told)

    def followed_by_telling(self, publications: list[Publication]) -> Applied:
        """The same, with more to tell the feeds."""
        return Applied(self.outcome, self.inputs, self.publications + publications)


def apply_to_order(
    connection: Connection,
    line: Line,
    author: Author,
    bounds: TimeBounds,
    now: datetime,
    company: Company,
    admitted: bool = False,
) -> Applied:
    """Apply `line` inside the caller's transaction; `admitted` where a supervisor lets it in whoever wrote it.

    Raises Held where it cannot be; then nothing was changed that the caller's savepoint does not undo.
    """
    kind, data = understood(line)
    assert line.target is not None
    stored = _lock_document(connection, line.target)
    if stored is None and line.kind not in OPENING:
        raise Held("unknown_target")
    body: Body = {} if stored is None else json.loads(stored.body)
    if stored is not None and _has_been(body, line, data):
        return _already_in(line, stored.version)
    if stored is not None and line.kind == OPENS:
        raise Held("invalid_data", field="target", problem="target_exists")
    actor = Actor(author.person_id, author.role, _relation(connection, author, line.target), author.device_id)
    if admitted and actor.relation == "none":
        actor = replace(actor, relation="admitted")
    if not admitted and not may(actor, kind):
        raise Held("not_permitted")
    version = _next_version(0 if stored is None else stored.version, line.kind, data)
    people = former_ids.named_in(connection, line.kind, data)
    named = {"former_people": people} if people else {}
    meant = _resolved(line.kind, data, named)
    inputs = named | _look_up(connection, line, meant, body, actor, bounds, company, people)
    operation = operation_of(line, data, actor, bounds, version, inputs)
    result = run(kind, body, operation)
    publications: list[Publication] = []
    if result.changed:
        evidence_store.keep(connection, operation)
        note_contained(body, line)
        publications = write_work_order(
            connection, line.target, version, body, now, company.sealer, is_new=stored is None
        )
    reached = version if result.changed else stored.version
    document = {"type": "work_order", "id": line.target, "version": reached}
    outcome = Outcome(line.id, line.seq, result.status, False, document, None, result.detail)
    judged = {"actor": {"role": actor.role, "relation": actor.relation}, "version": version}
    return Applied(outcome, inputs | judged, publications)


def operation_of(
    line: Line,
    data: dict[str, Any],
    actor: Actor,
    bounds: TimeBounds,
    version: int,
    inputs: dict[str, Any],  # Any: JSON
) -> Operation:
    """The operation that a line with validated `data` is: `inputs["former_people"]` says whom former ids in it mean."""
    assert line.target is not None
    data = _resolved(line.kind, data, inputs)
    return Operation(
        line.id, line.kind, line.target, data, actor, line.seen, utc_text(bounds.best), line.at.wall, bounds, version,
        merge_field, inputs,
    )  # fmt: skip


def _resolved(kind: str, data: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
    """The data with today's ids of people. A copy that a phone gives back stays as it was sealed until it is opened."""
    people = inputs.get("former_people")
    resolved: dict[str, Any] = as_now(data, people) if people and kind != RECALLS else data
    return resolved


def note_contained(body: Body, line: Line) -> None:
    """Say in the document that it holds this line's effect: a document that comes back from a phone after the server
    lost it is thus not changed twice by lines that are sent again."""
    if line.kind != RECALLS:  # its effect is what came before
        body.setdefault("contains", []).append(mark_of(line.id))


def _has_been(body: Body, line: Line, data: dict[str, Any]) -> bool:  # Any: validated JSON
    return mark_of(line.id) in body.get("contains", ()) or brought.has_been(body, line.id, line.kind, data)


def _already_in(line: Line, version: int) -> Applied:
    document = {"type": "work_order", "id": line.target, "version": version}
    return Applied(Outcome(line.id, line.seq, "applied", False, document, None, {"already_in": True}), {}, [])


def _next_version(current: int, kind: str, data: dict[str, Any]) -> int:  # Any: validated JSON
    """One more; after a recall more than any version that a phone may have seen."""
    return max(current, data["version"] if kind == RECALLS else 0) + 1


def run(kind: Kind, body: Body, operation: Operation) -> Result:
    """Bring `operation` into `body`, in place, with what follows from it; no database, no clock."""
    before = {name: body.get(name) for name in ("stage", "disposition", "review")}
    before["stages"] = list(body.get("stages", []))
    result = kind.handler(body, operation)
    if result.changed:
        if operation.kind not in OPENING:
            facts_meet_plans(body, before, operation)
        derive(body)
    return result


def understood(line: Line) -> tuple[Kind, dict[str, Any]]:  # Any: validated JSON
    """What kind of operation on a work order a line is, and its data, validated. Raises Held."""
    kind = REGISTRY.get(line.kind)
    if kind is None:
        raise Held("unknown_kind", kind=line.kind)
    if line.target is None:
        raise Held("invalid_data", field="target", problem="missing")
    return kind, validated(kind.shape, line)


def validated(shape: Shape, line: Line) -> dict[str, Any]:  # Any: JSON of that shape
    """The line's data in this shape. Raises Held (invalid_data)."""
    try:
        data = shape.load(line.data)
    except ValidationError as error:
        raise Held("invalid_data", fields=error.messages) from error
    assert isinstance(data, dict)
    return data


def _lock_document(connection: Connection, work_order_id: str) -> Any:  # Any: a row with version and body
    """The document's row, locked until the transaction ends where the database has row locks."""
    return connection.execute(LOCKED_ORDER, {"work_order": work_order_id}).first()


def _relation(connection: Connection, author: Author, work_order_id: str) -> Relation:
    row = connection.execute(ON_ORDER, {"work_order": work_order_id, "person": author.person_id}).first()
    if row is not None and row.assignee:
        return "assignee"
    if author.role in OFFICE_ROLES:
        return "office"
    if row is None:
        return "none"
    return "opener" if row.sees else "former"


def _look_up(
    connection: Connection,
    line: Line,
    data: dict[str, Any],  # Any: validated JSON
    body: Body,
    actor: Actor,
    bounds: TimeBounds,
    company: Company,
    people: dict[str, str],
) -> dict[str, Any]:
    if line.kind == OPENS:
        return lookups.for_opening(connection, data, actor.id, actor.of_office, bounds.best, company)
    if line.kind == "order.stage":
        return {"ways_back": 4}  # as many as the rules of stages have; lines from before the third have it not
    if line.kind == "order.review":
        return {"answers_seen": True}  # lines from before it was asked what a reviewer had seen have it not
    if line.kind == "order.plan":
        return lookups.for_plan(connection, body, data["changes"], company)
    if line.kind == "arrival.record":
        return evidence_store.for_arrival(connection, data, actor.id, actor.device, str(line.target), body)
    if line.kind == "signature.record":
        return evidence_store.for_signature(connection, data)
    if line.kind == "photo.add":
        return photo_lookups.for_photo(connection, data, actor.id, body, bounds, company)
    if line.kind == RECALLS:
        return lookups.for_recall(connection, str(line.target), data, body, bounds.best, company, people)
    if line.kind == "conflict.settle":
        return lookups.for_settling(connection, body, data, company)
    return {}
