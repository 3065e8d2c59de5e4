"""Keeping the rows of a document's evidence as it says: written with it, compared by `undercroft check`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from server.documents.document_type import DocumentType
from server.documents.operation import Body
from server.models import EvidenceRow

VALUES: Final = ("person_id", "at", "state", "weak", "reasons")


class _Content(NamedTuple):
    """What a row says of an item, beside its name."""

    person_id: str
    at: datetime
    state: str
    weak: bool
    reasons: str


Rows = dict[tuple[str, str], _Content]

# Made once: to put a statement together costs more than to run it.
KEPT: Final = select(EvidenceRow).where(EvidenceRow.document_id == bindparam("document"))
NEW: Final = insert(EvidenceRow)
_THIS: Final = (
    EvidenceRow.document_id == bindparam("document"),
    EvidenceRow.kind == bindparam("its_kind"),
    EvidenceRow.item_id == bindparam("its_id"),
)
CHANGED: Final = update(EvidenceRow).where(*_THIS).values({name: bindparam(name) for name in VALUES})
GONE: Final = delete(EvidenceRow).where(*_THIS)


def rows_of(kind: DocumentType, body: Body) -> Rows:
    """What the rows of this document are, by kind and id."""
    found: Rows = {}
    for item in kind.evidence(body):
        values = asdict(item)
        found[(item.kind, item.item_id)] = _Content(*(values[name] for name in VALUES))
    return found


def kept_rows(connection: Connection, identity: str) -> Rows:
    """What the table holds of this document."""
    rows = connection.execute(KEPT, {"document": identity})
    return {(row.kind, row.item_id): _Content(*(getattr(row, name) for name in VALUES)) for row in rows}


def write_evidence(connection: Connection, kind: DocumentType, identity: str, body: Body, is_new: bool = False) -> None:
    """Bring the rows up to date; most lines of a job change none."""
    wanted = rows_of(kind, body)
    kept = {} if is_new else kept_rows(connection, identity)
    if wanted == kept:
        return
    fresh, changed = [], []
    for key, content in wanted.items():
        if key not in kept:
            fresh.append(_named(kind.name, identity, key) | content._asdict())
        elif kept[key] != content:
            changed.append(_this(identity, key) | content._asdict())
    gone = [_this(identity, key) for key in kept.keys() - wanted.keys()]
    for statement, rows in ((NEW, fresh), (CHANGED, changed), (GONE, gone)):
        if rows:
            connection.execute(statement, rows)


def _named(kind: str, identity: str, key: tuple[str, str]) -> dict[str, Any]:  # Any: column values
    return {"document_type": kind, "document_id": identity, "kind": key[0], "item_id": key[1]}


def _this(identity: str, key: tuple[str, str]) -> dict[str, Any]:  # Any: column values
    return {"document": identity, "its_kind": key[0], "its_id": key[1]}
