"""Writing a work order: its document, its searchable face, who sees it, its photo links, its evidence and its feeds."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from pypinyin import Style, lazy_pinyin
from sqlalchemy import Connection, bindparam, insert, select, update

from server.documents.operation import Body
from server.documents.work_order.derived import needs_decision
from server.documents.work_order.facts import awaits_content
from server.models import Document, DocumentPerson, Person, PhotoLink, WorkOrder
from server.rules.search import findable, texts_of_order
from server.sync.ledgers.seal import Sealer
from server.sync.store.evidence_rows import write_evidence
from server.sync.store.feeds import REASSIGNED, Publication, person_feed

# Made once: to put a statement together costs more than to run it.
NEW_DOCUMENT: Final = insert(Document)
NEW_ORDER: Final = insert(WorkOrder)
CHANGED_DOCUMENT: Final = (
    update(Document)
    .where(Document.type == "work_order", Document.id == bindparam("work_order"))
    .values({name: bindparam(name) for name in ("version", "body", "changed_at", "seal")})
)
FACE: Final = tuple(column.name for column in WorkOrder.__table__.columns if column.name != "id")
CHANGED_ORDER: Final = (
    update(WorkOrder).where(WorkOrder.id == bindparam("work_order")).values({name: bindparam(name) for name in FACE})
)
LINKS_OF: Final = select(PhotoLink.photo_id, PhotoLink.awaited_since).where(
    PhotoLink.document_id == bindparam("work_order")
)
CHANGED_LINK: Final = (
    update(PhotoLink)
    .where(PhotoLink.document_id == bindparam("work_order"), PhotoLink.photo_id == bindparam("photo"))
    .values(awaited_since=bindparam("since"))
)
PEOPLE_OF: Final = select(DocumentPerson.person_id, DocumentPerson.sees, DocumentPerson.assignee).where(
    DocumentPerson.document_id == bindparam("work_order")
)


def write_work_order(
    connection: Connection,
    work_order_id: str,
    version: int,
    body: Body,
    now: datetime,
    sealer: Sealer,
    is_new: bool = False,
) -> list[Publication]:
    """Store `body` as `version` of the work order, sealed.

    Returns what the feeds of everybody who sees, or saw, it have to be told: the caller publishes that at the
    end of its transaction.
    """
    body["initials"] = initials(body)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    face = _face(body, now)
    content = {"version": version, "body": text, "changed_at": now, "seal": sealer.seal(work_order_id, version, body)}
    if is_new:
        connection.execute(NEW_DOCUMENT, {"type": "work_order", "id": work_order_id} | content)
        connection.execute(NEW_ORDER, {"id": work_order_id} | face)
    else:
        connection.execute(CHANGED_DOCUMENT, {"work_order": work_order_id} | content)
        connection.execute(CHANGED_ORDER, {"work_order": work_order_id} | face)
    _link_photos(connection, work_order_id, body, now)
    write_evidence(connection, work_order_id, body, is_new)
    return _share(connection, work_order_id, body)


def initials(body: Body) -> str:
    """Pinyin initials of what people search by: number, fault, customer and site ("dxssb")."""
    site, customer = body["site"] or {}, body["customer"] or {}
    names = (body["fault"], customer.get("name", ""), site.get("name", ""), site.get("address", ""))
    return " ".join(map(_initials, names)).strip()


@lru_cache(maxsize=4096)
def _initials(name: str) -> str:
    """Of one name; kept, because the same names come with every line of a job."""
    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    return "".join(letter for letter in letters.lower() if letter.isalnum())


def _face(body: Body, now: datetime) -> dict[str, Any]:  # Any: column values
    window = body["window"] or {}
    return {
        "number": body["number"],
        "kind": body["kind"],
        "state": body["state"],
        "stage": body["stage"],
        "disposition": body["disposition"],
        "priority": body["priority"],
        "review": body["review"]["state"],
        "customer_id": (body["customer"] or {}).get("id"),
        "site_id": (body["site"] or {}).get("id"),
        "asset_id": (body["asset"] or {}).get("id"),
        "reported_at": _moment(body["reported_at"]),
        "window_start": _moment(window.get("start")),
        "window_end": _moment(window.get("end")),
        "arrive_by": _moment(body["deadlines"]["arrive_by"]),
        "needs_decision": needs_decision(body),
        "changed_at": now,
        "words": findable(texts_of_order(body)),
    }


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _share(connection: Connection, work_order_id: str, body: Body) -> list[Publication]:
    """Bring the order's people up to date and say what each of their feeds shows."""
    known = {row.person_id: row for row in connection.execute(PEOPLE_OF, {"work_order": work_order_id})}
    seeing = _who_sees(connection, body)
    publications = []
    for person_id in sorted(_existing(connection, seeing - known.keys()) | known.keys()):
        sees, assignee = person_id in seeing, person_id in body["assignees"]
        row = known.get(person_id)
        if row is None:
            connection.execute(
                insert(DocumentPerson).values(
                    document_type="work_order",
                    document_id=work_order_id,
                    person_id=person_id,
                    sees=sees,
                    assignee=assignee,
                )
            )
        elif (row.sees, row.assignee) != (sees, assignee):
            connection.execute(
                update(DocumentPerson)
                .where(DocumentPerson.document_id == work_order_id, DocumentPerson.person_id == person_id)
                .values(sees=sees, assignee=assignee)
            )
        if sees or (row is not None and row.sees):
            reason = None if sees else ("cancelled" if body["disposition"] == "cancelled" else REASSIGNED)
            publications.append(Publication(person_feed(person_id), "work_order", work_order_id, not sees, reason))
    return publications


def _existing(connection: Connection, people: set[str]) -> set[str]:
    """Those whom the database knows: a recalled order may name somebody who was lost with the server."""
    if not people:
        return set()
    return set(connection.execute(select(Person.id).where(Person.id.in_(people))).scalars())


def _who_sees(connection: Connection, body: Body) -> set[str]:
    """Assignees, but for an order cancelled before anybody set off; the opener until the office plans it."""
    if body["disposition"] == "cancelled" and body["stage"] in ("new", "accepted"):
        return set()
    if body["assignees"]:
        return set(body["assignees"])
    opener = body["opened"]["by"]
    role = connection.execute(select(Person.role).where(Person.id == opener)).scalar_one_or_none()
    planned = len(body["plans"]) > 1 and any(plan["assignees"] for plan in body["plans"])
    return {opener} if role == "technician" and not planned else set()


def _link_photos(connection: Connection, work_order_id: str, body: Body, now: datetime) -> None:
    """Bring the links up to date with the records, and since when each waits for its content."""
    if not body["photos"]:
        return
    known = {row.photo_id: row.awaited_since for row in connection.execute(LINKS_OF, {"work_order": work_order_id})}
    photographers = _existing(connection, {photo["by"] for photo in body["photos"] if photo["id"] not in known})
    for photo in body["photos"]:
        awaited = awaits_content(photo)
        if photo["id"] in known:
            if (known[photo["id"]] is not None) != awaited:
                since = now if awaited else None
                connection.execute(CHANGED_LINK, {"work_order": work_order_id, "photo": photo["id"], "since": since})
        elif photo["by"] in photographers:
            connection.execute(
                insert(PhotoLink).values(
                    photo_id=photo["id"],
                    document_type="work_order",
                    document_id=work_order_id,
                    sha256=photo["sha256"],
                    person_id=photo["by"],
                    awaited_since=now if awaited else None,
                )
            )
