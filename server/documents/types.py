"""The types of documents there are. Whoever takes lines in asks here and knows no type by its name."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, literal_column

from server.documents.document_type import DocumentType, Kind
from server.documents.work_order.type import WORK_ORDER
from server.models import NO_TARGETS, Document

TYPES: Final[dict[str, DocumentType]] = {each.name: each for each in (WORK_ORDER,)}


def opened_by(kind: str) -> DocumentType | None:
    """The type of which an operation of this kind makes a document; None of what is about a document that is there."""
    return next((each for each in TYPES.values() if kind in each.opening), None)


def kind_named(kind: str) -> Kind | None:
    """The kind of operation of this name in the first type that has it: a part's operations are the same in every type
    that includes it."""
    return next((each.kinds[kind] for each in TYPES.values() if kind in each.kinds), None)


def opening_kinds() -> frozenset[str]:
    """What makes a document where there is none."""
    return frozenset().union(*(each.opening for each in TYPES.values()))


def freeing_kinds() -> frozenset[str]:
    """After these a document may be there that was not, or somebody be on one who was not."""
    return frozenset().union(*(each.opening | each.frees for each in TYPES.values()))


def naming_kinds() -> frozenset[str]:
    """Operations that name people, and so may name somebody by an id that they had before."""
    return frozenset().union(*(each.names_people for each in TYPES.values()))


def recalling_kinds() -> frozenset[str]:
    """Operations by which a phone gives back what the server has lost."""
    return frozenset(each.recalls for each in TYPES.values() if each.recalls is not None)


def office_kinds() -> frozenset[str]:
    """What only the office writes."""
    kinds = ((name, kind) for each in TYPES.values() for name, kind in each.kinds.items())
    return frozenset(name for name, kind in kinds if kind.who in ("office", "reviewer"))


def is_target() -> ColumnElement[bool]:
    """A condition on Document: operations may name it. Said word by word as the index of targets says it, without which
    neither database takes that index."""
    condition: ColumnElement[bool] = Document.type.op("NOT IN", is_comparison=True)(literal_column(str(NO_TARGETS)))
    return condition
