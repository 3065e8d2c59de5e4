"""Whom an id meant that nobody has any more: somebody who was added after the backup to which the server was restored,
and was added again since.

An administrator says so (`person.adopt`, with the person of today as target). From then on whatever names the former
id means that person: files and ledgers that phones hand in, lines, documents that phones give back, and those that are
here. The bytes of no line change; what an id was taken for stands beside the line in the journal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, or_, select

from server.documents import types
from server.documents.former import as_now
from server.documents.operation import Held
from server.models import Device, Document, FormerPerson, JournalLine, Person
from server.security_log import tell_once_committed
from server.sync.ledgers.line import Line
from server.sync.ledgers.outcome import Outcome
from server.sync.operations.accounts import check_administrator
from server.sync.operations.apply_document import Applied, Author, validated
from server.sync.operations.shapes import PersonAdopt
from server.sync.store.company import Company
from server.sync.store.document_store import stored, write_again
from server.sync.store.feeds import Publication
from server.sync.store.former_ids import bearer_before
from server.sync.store.locks import lock_documents, lock_former_people

# What stands under these names in a document is an id, and never a person's.
_OF_NO_PERSON: Final = ("id", "operation", "device", "line")


def adopt(connection: Connection, line: Line, author: Author, now: datetime, company: Company) -> Applied:
    """person.adopt, with the person as target: `former` was their id before the server was restored.

    Only an administrator's office ledger says so. Raises Held: not_permitted, unknown_target, invalid_data with the
    problem `is_known` (somebody here has that id), `no_person` (it is that of something else: to call that otherwise
    would change what the orders say) or `adopted` (it was somebody else's).
    """
    former = validated(PersonAdopt(), line)["former"]
    check_administrator(connection, author)
    if connection.execute(select(Person.id).where(Person.id == line.target)).first() is None:
        raise Held("unknown_target")
    lock_former_people(connection)
    if connection.execute(select(Person.id).where(Person.id == former)).first() is not None:
        raise Held("invalid_data", field="former", problem="is_known")
    if _is_no_persons(connection, former):
        raise Held("invalid_data", field="former", problem="no_person")
    before = bearer_before(connection, former)
    if before not in (None, line.target):
        raise Held("invalid_data", field="former", problem="adopted")
    told: list[Publication] = []
    if before is None:
        connection.execute(insert(FormerPerson).values(former=former, person_id=line.target))
        told = _name_anew(connection, {former: str(line.target)}, now, company)
        tell_once_committed(connection, "person_adopted", person=line.target, by=author.person_id)
    detail = {"already": True} if before is not None else {}
    return Applied(Outcome(line.id, line.seq, "applied", False, None, None, detail), {}, told)


def _is_no_persons(connection: Connection, identity: str) -> bool:
    """Whether a device, a document, a line, or what stands in a document has this id."""
    named = (Document.body.contains(f'"{name}":"{identity}"') for name in _OF_NO_PERSON)
    statements = (
        select(Device.id).where(Device.id == identity),
        select(Document.id).where(Document.id == identity),
        select(JournalLine.position).where(JournalLine.operation_id == identity),
        select(Document.id).where(types.is_target(), or_(*named)),
    )
    return any(connection.execute(statement.limit(1)).first() is not None for statement in statements)


def _name_anew(connection: Connection, people: Mapping[str, str], now: datetime, company: Company) -> list[Publication]:
    """Let the documents that are here name them as they are called now."""
    (former,) = people
    naming = (types.is_target(), Document.body.contains(f'"{former}"'))
    documents = connection.execute(select(Document.id).where(*naming)).scalars().all()
    lock_documents(connection, documents)
    told: list[Publication] = []
    for identity in sorted(documents):
        row = stored(connection, identity)
        anew = as_now(json.loads(row.body), people)
        told += write_again(connection, identity, anew, now, company.sealer, row.type, row.version)
    return told
