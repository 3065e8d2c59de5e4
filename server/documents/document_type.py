"""What a type of document is: the one interface by which `sync/` knows it.

A type is a room under `documents/` that makes one `DocumentType` of what it has; what it does not need it leaves out.
There is no class to inherit from, and nothing registers itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from marshmallow import Schema
from sqlalchemy import ColumnElement, Table

from server.documents.needs import Asked, Found, Need
from server.documents.operation import Actor, Body, Handler, Operation, Result
from server.documents.parts.evidence_items import EvidenceItem

Who = Literal["field", "field_or_office", "office", "reviewer", "opener", "holder"]
# Why it leaves: it is somebody else's now, and whoever had it is told whose.
REASSIGNED: Final = "reassigned"
Data = dict[str, Any]  # JSON, validated


@dataclass(frozen=True)
class Kind:
    """A kind of operation. `who`: which relations and roles may write it (the type's page, "Operations")."""

    shape: Schema
    handler: Handler
    who: Who


@dataclass(frozen=True)
class Audience:
    """Who sees a document now. `opener` sees it too unless they are of the office, who see everything; `assignees` are
    those whose it is; `left_because` is why it leaves a feed of somebody who does not see it any more."""

    sees: frozenset[str]
    opener: str | None
    assignees: tuple[str, ...]
    left_because: str


@dataclass(frozen=True)
class Face:
    """The columns that lists, searches and counts need: one table, whose key is `id`, with `changed_at`. `number` is
    what people call a document, `closed` a condition on the table: nobody works on it any more."""

    table: Table
    columns: Callable[[Body, datetime], dict[str, Any]]  # Any: column values
    number: ColumnElement[str]
    closed: ColumnElement[bool]


def nothing_more(body: Body) -> None:
    """Of a type that keeps no values that are made of others."""


def never_brought(body: Body, operation_id: str, kind: str, data: Data) -> bool:
    """Of a type whose copies bring nothing but what they contain."""
    return False


def nothing_needed(asked: Asked) -> Sequence[Need]:
    """Of a type whose operations need nothing but the document."""
    return ()


def no_inputs(asked: Asked, found: Found) -> Data:
    """The same."""
    return {}


def no_evidence(body: Body) -> Iterable[EvidenceItem]:
    """Of a type without arrivals, photos and signatures."""
    return ()


@dataclass(frozen=True)
class DocumentType:
    """A type of document.

    `kinds` are its operations, `opening` those that make a document where there is none; of these `recalls` gives one
    back that the server lost. `frees`: after these somebody may be on the document who was not. `names_people`: what
    may name somebody by an id of before. `apply` brings an operation into a body, in place, with what follows from it;
    no database, no clock. `needs` says what must be known beside the document, `inputs` what of it is kept in the
    journal and given to `apply`.
    """

    name: str
    kinds: Mapping[str, Kind]
    opening: frozenset[str]
    may: Callable[[Actor, Kind], bool]
    apply: Callable[[Kind, Body, Operation], Result]
    audience: Callable[[Body], Audience]
    recalls: str | None = None
    frees: frozenset[str] = frozenset()
    names_people: frozenset[str] = frozenset()
    needs: Callable[[Asked], Sequence[Need]] = nothing_needed
    inputs: Callable[[Asked, Found], Data] = no_inputs
    has_been_brought: Callable[[Body, str, str, Data], bool] = never_brought
    complete: Callable[[Body], None] = nothing_more
    evidence: Callable[[Body], Iterable[EvidenceItem]] = no_evidence
    face: Face | None = None
    # Whether phones hold seals of it from before seals bound the type.
    sealed_before_types: bool = False
    # What a later version says of what an earlier one made: by the part of the body, members and their values.
    later: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # Any: JSON
