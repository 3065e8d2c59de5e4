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

from sqlalchemy import Connection, insert, select

from server.models import Document, FormerPerson, Person
from server.security_log import tell_once_committed
from server.sync.accounts import check_administrator
from server.sync.apply_order import Applied, Author, validated
from server.sync.company import Company
from server.sync.feeds import Publication
from server.sync.former_ids import bearer_before
from server.sync.line import Line
from server.sync.locks import lock_former_people, lock_work_orders
from server.sync.outcome import Outcome
from server.sync.work_order_store import write_work_order
from server.work.former import as_now
from server.work.operation import Held
from server.work.shapes import PersonAdopt


def adopt(connection: Connection, line: Line, author: Author, now: datetime, company: Company) -> Applied:
    """person.adopt, with the person as target: `former` was their id before the server was restored.

    Only an administrator's office ledger says so. Raises Held: not_permitted, unknown_target, invalid_data with the
    problem `is_known` (somebody here has that id) or `adopted` (it was somebody else's).
    """
    former = validated(PersonAdopt(), line)["former"]
    check_administrator(connection, author)
    if connection.execute(select(Person.id).where(Person.id == line.target)).first() is None:
        raise Held("unknown_target")
    lock_former_people(connection)
    if connection.execute(select(Person.id).where(Person.id == former)).first() is not None:
        raise Held("invalid_data", field="former", problem="is_known")
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


def _name_anew(connection: Connection, people: Mapping[str, str], now: datetime, company: Company) -> list[Publication]:
    """Let the work orders that are here name them as they are called now."""
    (former,) = people
    naming = (Document.type == "work_order", Document.body.contains(f'"{former}"'))
    orders = connection.execute(select(Document.id).where(*naming)).scalars().all()
    lock_work_orders(connection, orders)
    told: list[Publication] = []
    for identity in sorted(orders):
        kept = select(Document.version, Document.body).where(Document.type == "work_order", Document.id == identity)
        version, body = connection.execute(kept).one()
        anew = as_now(json.loads(body), people)
        told += write_work_order(connection, identity, version + 1, anew, now, company.sealer)
    return told
