"""Documents made again from the journal alone: what a document must be, whatever happened to the stored one.

Nothing is looked up but the journal: every line is applied with the inputs that were kept beside it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, select, union
from sqlalchemy.orm import aliased

from server.documents import types
from server.documents.document_type import DocumentType
from server.documents.former import as_now
from server.documents.operation import Actor, Body, Held
from server.models import Batch, FormerPerson, JournalLine
from server.sync.ledgers.clocks import bounds_as_judged, judged_by
from server.sync.ledgers.kinds import ADOPTS, CLAIMS, DECIDES, is_about
from server.sync.ledgers.line import Line, parse_line
from server.sync.operations.apply_document import note_contained, operation_of, understood
from server.sync.store import document_store

# What the server knows of a photo's content is not in the journal: it follows from the content that is there.
_OF_CONTENT: Final = ("state", "hints", "rejected_because")


class NotReplayable(Exception):
    """A line whose effect cannot be made again: `position` in the journal, and why."""

    def __init__(self, position: int, why: str) -> None:
        super().__init__(f"{position}: {why}")
        self.position = position
        self.why = why


@dataclass
class _Made:
    """A document as far as it has been made again; its type is that of the operation which made it."""

    type: DocumentType | None = None
    body: Body = field(default_factory=dict)


def replayed(connection: Connection, document_id: str) -> Body:
    """The body that follows from the journal, as `comparable` gives it; empty where no line made one.

    Raises NotReplayable.
    """
    made = _Made()
    # Each by its index: PostgreSQL takes none where a subquery stands beside an `or`.
    kinds = (is_about(document_id), _claims_of(document_id), _adoptions())
    lines = _rows().where(JournalLine.position.in_(union(*(select(JournalLine.position).where(one) for one in kinds))))
    for row in connection.execute(lines.order_by(JournalLine.position)):
        inputs = json.loads(row.inputs)
        taken = row.status in ("applied", "merged", "conflict") and not row.repeated
        if taken and row.kind == ADOPTS:
            _name_anew(made, row)
        elif taken and row.kind not in (DECIDES, CLAIMS):
            _apply(made, row, inputs)
        for released in inputs.get("released", []):
            held = connection.execute(_rows().where(JournalLine.position == released["position"])).one()
            if held.document_id != document_id:
                continue  # a claimed ledger is about several documents
            _apply(made, held, released["inputs"] | judged_by(json.loads(held.inputs)))
    return comparable(made.type, made.body)


def stored(connection: Connection, document_id: str) -> Body:
    """The body that the server holds, as `comparable` gives it; empty where it holds none."""
    row = document_store.stored(connection, document_id)
    return {} if row is None else comparable(types.TYPES.get(row.type), json.loads(row.body))


def comparable(kind: DocumentType | None, body: Body) -> Body:
    """The body without what does not come from the journal: the state of photos' content, initials for search."""
    plain: Body = json.loads(json.dumps(body))
    plain.pop("initials", None)
    for photo in plain.get("photos", []):
        for name in _OF_CONTENT:
            photo.pop(name, None)
    for part, members in (kind.later if kind is not None else {}).items():
        for record in plain.get(part, []):
            for name, value in members.items():
                record.setdefault(name, value)
    return plain


def differing(one: Body, other: Body) -> list[str]:
    """The names of the parts in which two bodies differ."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _rows() -> Any:  # Any: the column types of a joined Core select say nothing here
    columns = (
        JournalLine.position, JournalLine.kind, JournalLine.bytes, JournalLine.person_id, JournalLine.device_id,
        JournalLine.status, JournalLine.repeated, JournalLine.inputs, JournalLine.detail, JournalLine.received_at,
        Batch.sent, JournalLine.document_id,
    )  # fmt: skip
    return select(*columns).join(Batch, Batch.id == JournalLine.batch_id)


def _claims_of(document_id: str) -> ColumnElement[bool]:
    """Lines by which somebody said that a ledger with lines on this document is theirs."""
    on_it = aliased(JournalLine)
    ledgers = select(on_it.device_id).where(is_about(document_id, on_it), on_it.status == "held")
    return and_(JournalLine.kind == CLAIMS, JournalLine.document_type == "device", JournalLine.document_id.in_(ledgers))


def _adoptions() -> ColumnElement[bool]:
    """Lines by which somebody on the document may have come to be called otherwise."""
    people = select(FormerPerson.person_id)  # by whom the lines are found: kinds have no index
    return and_(JournalLine.kind == ADOPTS, JournalLine.document_type == "person", JournalLine.document_id.in_(people))


def _name_anew(made: _Made, row: Any) -> None:  # Any: a row of _rows
    line = parse_line(row.bytes)
    if not isinstance(line, Line):
        raise NotReplayable(row.position, "unreadable")
    made.body = as_now(made.body, {line.data["former"]: str(line.target)})


def _apply(made: _Made, row: Any, inputs: dict[str, Any]) -> None:  # Any: a row of _rows; JSON
    if "version" not in inputs:
        return  # the document held its effect already
    line = parse_line(row.bytes)
    if not isinstance(line, Line):
        raise NotReplayable(row.position, "unreadable")
    try:
        known, data = understood(line)
        if made.type is None:
            made.type = types.opened_by(line.kind)
        if made.type is None:
            raise NotReplayable(row.position, "unknown_target")
        judged = inputs["actor"]
        actor = Actor(row.person_id, judged["role"], judged["relation"], row.device_id)
        bounds = bounds_as_judged(line, inputs, row.sent, row.received_at)
        result = made.type.apply(
            made.type.kinds.get(line.kind, known),
            made.body,
            operation_of(line, data, actor, bounds, inputs["version"], inputs),
        )
    except Held as held:
        raise NotReplayable(row.position, held.reason) from held
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise NotReplayable(row.position, type(error).__name__) from error
    if result.changed:
        note_contained(made.body, line)
