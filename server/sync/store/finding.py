"""Reading what operations need to know beside their document (server.documents.needs)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final, assert_never, cast

from sqlalchemy import Connection, bindparam, exists, select

from server.documents.document_type import DocumentType
from server.documents.needs import (
    ActiveTechnicians,
    Asked,
    Content,
    EditsOf,
    FirstDrawn,
    Found,
    FreeNumber,
    Latest,
    Need,
    OfCompany,
    OnFile,
    SeenOn,
    Sightings,
)  # fmt: skip
from server.models import OFFICE_ROLES, Asset, Customer, Document, JournalLine, Person, Site
from server.rules.defaults import default_rule_set
from server.rules.rule_set import RuleSet
from server.sync.store import evidence_store
from server.sync.store.facts_store import next_number
from server.sync.store.photo_lookups import of_content, stored_facts
from server.sync.store.visibility import sees_clause

FILE: Final = {"customer": Customer.__table__, "site": Site.__table__, "asset": Asset.__table__}
# Made once: to put a statement together costs more than to run it.
ON_FILE: Final = {room: select(table).where(table.c.id == bindparam("of_id")) for room, table in FILE.items()}
OF_COMPANY: Final = select(Document.id, Document.body).where(Document.type == bindparam("of_type"))
EDITS: Final = (
    select(JournalLine.bytes, JournalLine.received_at, Person.role)
    .outerjoin(Person, Person.id == JournalLine.person_id)
    .where(JournalLine.document_id == bindparam("document"), JournalLine.kind == bindparam("of_kind"))
    .where(JournalLine.status.in_(("applied", "merged", "conflict")))
    .order_by(JournalLine.position.desc())
)


def find(connection: Connection, kind: DocumentType, asked: Asked, needs: Iterable[Need]) -> Found:
    """What stands under each key, read in the order in which they are asked for, with the locks that it takes so that
    it stays true until the transaction ends."""
    return {need: _found(connection, kind, asked, need) for need in needs}


def rule_set_of(connection: Connection) -> RuleSet:
    """The company's rules; the defaults where none were loaded."""
    text = connection.execute(OF_COMPANY, {"of_type": "rules"}).first()
    return default_rule_set() if text is None else cast(RuleSet, json.loads(text.body))


def _found(connection: Connection, kind: DocumentType, asked: Asked, need: Need) -> Any:  # Any: as said at each key
    match need:
        case OnFile(room, identity):
            row = connection.execute(ON_FILE[room], {"of_id": identity}).first()
            return None if row is None else dict(row._mapping)
        case SeenOn():
            return _is_seen(connection, kind, asked.actor.id, need)
        case Latest():
            return _latest(connection, kind, need)
        case OfCompany(name):
            rows = connection.execute(OF_COMPANY, {"of_type": name})
            return {row.id: json.loads(row.body) for row in rows}
        case ActiveTechnicians(people):
            known = select(Person.id).where(Person.id.in_(people), Person.role == "technician", Person.active)
            return set(connection.execute(known).scalars())
        case FreeNumber():
            return _number(connection, kind, asked.target, need)
        case Content(sha256, person_id, with_facts):
            fields = of_content(connection, sha256, person_id)
            wanted = with_facts and fields.get("state") == "stored"
            return fields, stored_facts(connection, sha256) if wanted else None
        case Sightings(latitude, longitude):
            return evidence_store.earlier(connection, asked.actor.id, asked.actor.device, latitude, longitude)
        case EditsOf(name, field):
            return _edits(connection, asked.target, name, field)
        case FirstDrawn(digest):
            return evidence_store.first_drawn(connection, digest)
    assert_never(need)


def _is_seen(connection: Connection, kind: DocumentType, person_id: str, need: SeenOn) -> bool:
    assert kind.face is not None
    table = kind.face.table
    seen = select(table.c.id).where(table.c[need.column] == need.value, sees_clause(table.c.id, person_id))
    return connection.execute(seen.limit(1)).first() is not None


def _latest(connection: Connection, kind: DocumentType, need: Latest) -> list[tuple[dict[str, Any], Any]]:  # Any: JSON
    assert kind.face is not None
    table = kind.face.table
    rows = connection.execute(
        select(table, Document.body)
        .join(Document, (Document.type == kind.name) & (Document.id == table.c.id))
        .where(table.c[need.column] == need.value)
        .order_by(table.c[need.by].desc().nulls_last(), table.c.id.desc())
        .limit(need.most)
    )
    return [(dict(row._mapping), json.loads(row.body)) for row in rows]


def _number(connection: Connection, kind: DocumentType, target: str, need: FreeNumber) -> str | None:
    assert kind.face is not None
    table = kind.face.table

    def is_taken(number: str) -> bool:
        others = select(exists().where(kind_number == number, table.c.id != target))
        return bool(connection.execute(others).scalar_one())

    kind_number = kind.face.number
    if need.wanted is not None and not is_taken(need.wanted):
        return need.wanted
    if need.otherwise is None:
        return None
    while True:
        number = need.otherwise.form.format(next_number(connection, need.otherwise.counter))
        if not is_taken(number):
            return number


def _edits(connection: Connection, target: str, kind: str, field: str) -> Iterator[tuple[Any, bool, datetime]]:
    for row in connection.execute(EDITS, {"document": target, "of_kind": kind}):
        change = json.loads(row.bytes)["data"]["changes"].get(field)  # Any: JSON
        if change is not None:
            yield change, row.role is None or row.role in OFFICE_ROLES, row.received_at
