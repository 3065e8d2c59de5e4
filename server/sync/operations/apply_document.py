"""Operations on documents: what a document becomes by them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from marshmallow import Schema, ValidationError
from sqlalchemy import Connection, bindparam, select

from server.documents import types
from server.documents.bodies import mark_of
from server.documents.document_type import DocumentType, Kind
from server.documents.former import as_now
from server.documents.needs import Asked
from server.documents.operation import Actor, Body, Held, Operation, Relation
from server.evidence.reasons import utc_text
from server.evidence.time_bounds import TimeBounds
from server.models import OFFICE_ROLES, SYSTEM, Document, DocumentPerson
from server.sync.ledgers.line import Line
from server.sync.ledgers.outcome import Outcome
from server.sync.operations.merge import merge_field
from server.sync.store import evidence_store, finding, former_ids
from server.sync.store.company import Company
from server.sync.store.document_store import write_document
from server.sync.store.feeds import Publication

# Made once: to put a statement together costs more than to run it.
LOCKED: Final = (
    select(Document.type, Document.version, Document.body)
    .where(types.is_target(), Document.id == bindparam("document"))
    .with_for_update()
)
ON_DOCUMENT: Final = select(DocumentPerson.sees, DocumentPerson.assignee).where(
    DocumentPerson.document_id == bindparam("document"), DocumentPerson.person_id == bindparam("person")
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


class _Target(NamedTuple):
    """What an operation is about: the document that is here, or version 0 of one that it opens."""

    type: DocumentType
    kind: Kind
    version: int
    body: Body

    @property
    def is_new(self) -> bool:
        """Whether there was no document."""
        return self.version == 0


def apply_to_document(
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
    known, data = understood(line)
    assert line.target is not None
    target = _target(connection, line, known)
    body = target.body
    if not target.is_new and _has_been(target, line, data):
        return _already_in(line, target)
    if not target.is_new and line.kind in target.type.opening and line.kind != target.type.recalls:
        raise Held("invalid_data", field="target", problem="target_exists")
    actor = Actor(author.person_id, author.role, _relation(connection, author, line.target), author.device_id)
    if admitted and actor.relation == "none":
        actor = replace(actor, relation="admitted")
    if not admitted and not target.type.may(actor, target.kind):
        raise Held("not_permitted")
    version = _next_version(target, line.kind, data)
    people = former_ids.named_in(connection, line.kind, data)
    named = {"former_people": people} if people else {}
    asked = _asked(line, _resolved(line.kind, data, named), target, actor, bounds, company, people)
    found = finding.find(connection, target.type, asked, target.type.needs(asked))
    inputs = named | target.type.inputs(asked, found)
    operation = operation_of(line, data, actor, bounds, version, inputs)
    result = target.type.apply(target.kind, body, operation)
    publications: list[Publication] = []
    if result.changed:
        evidence_store.keep(connection, target.type.name, operation)
        note_contained(body, line)
        publications = write_document(
            connection, target.type, line.target, version, body, now, company.sealer, is_new=target.is_new
        )
    document = {"type": target.type.name, "id": line.target, "version": version if result.changed else target.version}
    outcome = Outcome(line.id, line.seq, result.status, False, document, None, result.detail)
    judged = {"actor": {"role": actor.role, "relation": actor.relation}, "version": version}
    return Applied(outcome, inputs | judged, publications)


def _target(connection: Connection, line: Line, known: Kind) -> _Target:
    """The document that the line names, locked until the transaction ends where the database has row locks.

    Raises Held: unknown_target; unknown_kind where documents of its type have no such operation; invalid_data
    (target_exists) where the line opens what is here as a document of another type.
    """
    stored = _lock_document(connection, str(line.target))
    opened = types.opened_by(line.kind)
    if stored is None:
        if opened is None:
            raise Held("unknown_target")
        return _Target(opened, known, 0, {})
    its_type = types.TYPES.get(stored.type)
    if its_type is not None and (opened is None or opened is its_type) and line.kind in its_type.kinds:
        return _Target(its_type, its_type.kinds[line.kind], stored.version, json.loads(stored.body))
    if opened is not None:
        raise Held("invalid_data", field="target", problem="target_exists")
    raise Held("unknown_kind", kind=line.kind, type=stored.type)


def _lock_document(connection: Connection, document_id: str) -> Any:  # Any: a row with type, version and body
    """The document's row, locked until the transaction ends where the database has row locks; None without one."""
    return connection.execute(LOCKED, {"document": document_id}).first()


def _asked(
    line: Line,
    data: dict[str, Any],  # Any: validated JSON
    target: _Target,
    actor: Actor,
    bounds: TimeBounds,
    company: Company,
    people: dict[str, str],
) -> Asked:
    identity, name = str(line.target), target.type.name

    def seal_fits(seal: str, version: int, body: Body) -> bool:
        return company.sealer.fits(seal, name, identity, version, body, target.type.sealed_before_types)

    return Asked(
        line.kind, identity, data, target.body, actor, bounds, company.timezone, company.currency, people, seal_fits
    )


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
    resolved: dict[str, Any] = as_now(data, people) if people and kind not in types.recalling_kinds() else data
    return resolved


def note_contained(body: Body, line: Line) -> None:
    """Say in the document that it holds this line's effect: a document that comes back from a phone after the server
    lost it is thus not changed twice by lines that are sent again."""
    if line.kind not in types.recalling_kinds():  # its effect is what came before
        body.setdefault("contains", []).append(mark_of(line.id))


def _has_been(target: _Target, line: Line, data: dict[str, Any]) -> bool:  # Any: validated JSON
    if mark_of(line.id) in target.body.get("contains", ()):
        return True
    return target.type.has_been_brought(target.body, line.id, line.kind, data)


def _already_in(line: Line, target: _Target) -> Applied:
    document = {"type": target.type.name, "id": line.target, "version": target.version}
    return Applied(Outcome(line.id, line.seq, "applied", False, document, None, {"already_in": True}), {}, [])


def _next_version(target: _Target, kind: str, data: dict[str, Any]) -> int:  # Any: validated JSON
    """One more; after a recall more than any version that a phone may have seen."""
    return max(target.version, data["version"] if kind == target.type.recalls else 0) + 1


def understood(line: Line) -> tuple[Kind, dict[str, Any]]:  # Any: validated JSON
    """What kind of operation on a document a line is, and its data, validated. Raises Held."""
    kind = types.kind_named(line.kind)
    if kind is None:
        raise Held("unknown_kind", kind=line.kind)
    if line.target is None:
        raise Held("invalid_data", field="target", problem="missing")
    return kind, validated(kind.shape, line)


def validated(shape: Schema, line: Line) -> dict[str, Any]:  # Any: JSON of that shape
    """The line's data in this shape. Raises Held (invalid_data)."""
    try:
        data = shape.load(line.data)
    except ValidationError as error:
        raise Held("invalid_data", fields=error.messages) from error
    assert isinstance(data, dict)
    return data


def _relation(connection: Connection, author: Author, document_id: str) -> Relation:
    row = connection.execute(ON_DOCUMENT, {"document": document_id, "person": author.person_id}).first()
    if row is not None and row.assignee:
        return "assignee"
    if author.role in OFFICE_ROLES or author.role == SYSTEM:
        return "office"
    if row is None:
        return "none"
    return "opener" if row.sees else "former"
