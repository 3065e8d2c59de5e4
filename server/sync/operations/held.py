"""Lines that were held: kept word for word, until a person decides or what they need has come.

The journal keeps the first outcome of such a line for good. What becomes of it stands in `held_line`, and in a
document for whoever wrote it (held_documents).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select, true, update
from sqlalchemy.orm import aliased

from server.documents import types
from server.documents.operation import Held
from server.models import REVIEWER_ROLES, SYSTEM, Batch, DocumentPerson, HeldLine, JournalLine, Person
from server.sync.ledgers.clocks import bounds_as_judged
from server.sync.ledgers.faults import TROUBLE, as_held, seeing_others
from server.sync.ledgers.kinds import DECIDES, OF_NO_DOCUMENT, REVOKES, never_from_a_file
from server.sync.ledgers.line import ANCHOR, Line, parse_line
from server.sync.ledgers.outcome import Outcome
from server.sync.operations.apply_document import Applied, Author, validated
from server.sync.operations.applying import apply_alone
from server.sync.operations.shapes import HeldDecide
from server.sync.store.company import Company
from server.sync.store.feeds import Publication
from server.sync.store.held_documents import HELD, settle, tell
from server.sync.store.locks import lock_documents

ID_TAKEN: Final = "id_taken"
# What can be applied once a supervisor says so; the rest cannot be read, or is no operation.
APPLICABLE: Final = frozenset(
    {"unknown_kind", "invalid_data", "unknown_target", "not_permitted", "broken_chain", "bad_signature",
     "device_revoked", "unknown_device"}
)  # fmt: skip


# What a supervisor lets in of what is about no document. The rest is for an administrator, or for oneself, to write
# where it can be seen that it is they: it can only be dismissed.
LETTABLE: Final = frozenset({REVOKES})


def can_be_let_in(
    kind: str | None, target: str | None, reason: str, detail: Mapping[str, Any], handed_in: bool
) -> bool:  # Any: JSON
    """Whether somebody can let a line in that waits for this reason. Only what belongs to a document, or revokes a
    device, has a place to come to, in the words of this version and under an id of its own: whoever meant anything
    else can do it again."""
    if reason not in APPLICABLE or kind is None or target is None or detail.get("problem") == ID_TAKEN:
        return False
    return (types.kind_named(kind) is not None or kind in LETTABLE) and not (handed_in and never_from_a_file(kind))


def took_effect() -> ColumnElement[bool]:
    """A condition on JournalLine: the operation is in a document, at once or after it was held.

    Of an operation that was held and came in again it is true of both lines; `line_of` tells them apart.
    """
    applied = exists().where(HeldLine.position == JournalLine.position, HeldLine.state == "applied")
    later = applied.correlate(JournalLine)  # not with a held_line that the statement around it joins
    return and_(JournalLine.status.is_not(None), or_(JournalLine.status != HELD, later))


def is_of_the_document() -> ColumnElement[bool]:
    """A condition on JournalLine: the line belongs to what it is about. Anybody can write to any document, so what
    is held there says nothing of it, and neither does a decision that let nothing in."""
    let_nothing_in = and_(JournalLine.kind == DECIDES, JournalLine.document_version.is_(None))
    return and_(took_effect(), ~let_nothing_in)


def seen_by(person_id: str, role: str) -> ColumnElement[bool]:
    """A condition on JournalLine: this person may read the line where they may read what it is about. What does not
    belong to that is for its author, and for those who decide."""
    return true() if role in REVIEWER_ROLES else or_(JournalLine.person_id == person_id, is_of_the_document())


def with_what_it_frees(
    connection: Connection, line: Line, applied: Applied, now: datetime, company: Company
) -> Applied:
    """What came of `line`, and of what had waited for it: a document that appears, or somebody who comes to be on it,
    takes in what came before they were known."""
    if line.kind not in types.freeing_kinds():
        return applied
    assert line.target is not None
    released, told = release_target(connection, line.target, now, company)
    return applied.followed_by(released).followed_by_telling(told)


def release_target(
    connection: Connection, target: str, now: datetime, company: Company
) -> tuple[list[Applied], list[Publication]]:
    """Apply what had waited for this document to appear, or for its author to be on it, in the order in which it
    came in. Returns what was applied, and what the feeds have to be told of what waits on, for another reason."""
    released: list[Applied] = []
    told: list[Publication] = []
    # Each with whether its author was on the order then: a line is tried twice at most, however many there are.
    tried: set[tuple[int, bool]] = set()
    while True:
        people = _people_on(connection, target)
        waiting = _could_fit(connection, target)
        could_fit = [each for each in waiting if (each.position, each.person_id in people) not in tried]
        if not could_fit:
            return released, told
        for position, kind, person_id in could_fit:
            tried.add((position, person_id in people))
            applied = _try(connection, position, now, company, let_in_by=None)
            if not isinstance(applied, Applied):
                told += applied.told
                continue
            released.append(applied.followed_by_telling(_applied(connection, position, applied, None, None, now)))
            if kind in types.freeing_kinds() and _people_on(connection, target) != people:
                break  # what came before it may fit now, and is tried before what came after


def _people_on(connection: Connection, target: str) -> set[str]:
    """Who is on a document, or was."""
    rows = select(DocumentPerson.person_id).where(DocumentPerson.document_id == target)
    return set(connection.execute(rows).scalars())


def try_again(
    connection: Connection, positions: list[int], applied: Applied, now: datetime, company: Company
) -> Applied:
    """`applied`, followed by what of these held lines can be applied now, in this order, and by what that frees."""
    for position in positions:
        state = connection.execute(
            select(HeldLine.state).where(HeldLine.position == position).with_for_update()
        ).scalar_one()
        if state != "waiting":
            continue  # what another of them freed is in already
        tried = _try(connection, position, now, company, let_in_by=None)
        if isinstance(tried, StillHeld):
            applied = applied.followed_by_telling(tried.told)
            continue
        told = _applied(connection, position, tried, None, None, now)
        applied = applied.followed_by([tried.followed_by_telling(told)])
        line = parse_line(_waiting_line(connection, position).bytes)
        if isinstance(line, Line):
            applied = with_what_it_frees(connection, line, applied, now, company)
    return applied


def _could_fit(connection: Connection, target: str) -> list[Any]:  # Any: rows of those columns
    """What waits for nothing that is still missing, as it came in."""
    is_on_it = exists().where(
        DocumentPerson.document_id == HeldLine.target, DocumentPerson.person_id == JournalLine.person_id
    )
    waiting = (
        select(HeldLine.position, JournalLine.kind, JournalLine.person_id)
        .join(JournalLine, JournalLine.position == HeldLine.position)
        .where(HeldLine.target == target, HeldLine.state == "waiting")
        .where(or_(HeldLine.reason == "unknown_target", and_(HeldLine.reason == "not_permitted", is_on_it)))
    )
    return list(connection.execute(waiting.order_by(HeldLine.position).with_for_update(of=HeldLine)))


def taken_in_again(connection: Connection, positions: list[int], applied: Applied, now: datetime) -> list[Publication]:
    """The operation was held before, at these places in the journal, and has now been applied from another ledger:
    it waits there no more."""
    if not positions:
        return []
    waiting = select(HeldLine.position).where(HeldLine.position.in_(positions), HeldLine.state == "waiting")
    publications: list[Publication] = []
    for position in connection.execute(waiting.order_by(HeldLine.position).with_for_update()).scalars().all():
        publications += _applied(connection, position, applied, None, None, now)
    return publications


def decide(connection: Connection, line: Line, author: Author, now: datetime, company: Company) -> Applied:
    """held.decide: a supervisor applies what waits, whoever wrote it, or dismisses it. The line stays either way.

    What still cannot be applied goes on waiting, and the outcome's detail says why: `still_held`. Raises Held:
    not_permitted, invalid_data (unknown_operation).
    """
    data = validated(HeldDecide(), line)
    if author.role not in REVIEWER_ROLES:
        raise Held("not_permitted")
    # Also where it is not there yet: nobody else changes or opens what the lines are about before they are read.
    lock_documents(connection, [row.target for row in _named(connection, data) if row.target is not None])
    found = _named(connection, data, locked=True)
    if not found:
        raise Held("invalid_data", field="operation", problem="unknown_operation")
    waiting = _one_operation([row for row in found if row.state == "waiting"])
    if not waiting:
        return _decided(line, {"already": found[0].state}, [])
    if data["decision"] == "dismiss":
        told = []
        for row in waiting:
            told += settle(connection, row.position, now, state="dismissed", decided_by=author.person_id,
                            comment=data["comment"])  # fmt: skip
        return _decided(line, {}, told)
    first = waiting[0]
    applied = _try(connection, first.position, now, company, let_in_by=author)
    if isinstance(applied, StillHeld):
        return _decided(line, {"still_held": {"reason": applied.reason, **applied.detail}}, applied.told)
    told = []
    for row in waiting:
        told += _applied(connection, row.position, applied, author.person_id, data["comment"], now)
    whole = applied.followed_by_telling(told)
    held_line = parse_line(_waiting_line(connection, first.position).bytes)
    if isinstance(held_line, Line):
        whole = with_what_it_frees(connection, held_line, whole, now, company)
    detail = {"status": applied.outcome.status, **applied.outcome.detail}
    outcome = Outcome(line.id, line.seq, "applied", False, applied.outcome.document, None, detail)
    return Applied(outcome, whole.inputs, whole.publications)


def _named(connection: Connection, data: dict[str, Any], locked: bool = False) -> list[Any]:  # Any: HeldDecide; rows
    """The held lines that a decision is about, rows of held_line: first the one that it names, if it names one by its
    place."""
    query = (
        select(HeldLine.position, HeldLine.state, HeldLine.operation_id, HeldLine.target, HeldLine.detail,
               JournalLine.person_id, JournalLine.kind)
        .join(JournalLine, JournalLine.position == HeldLine.position)
        .order_by(HeldLine.position)
    )  # fmt: skip
    if locked:
        query = query.with_for_update(of=HeldLine)
    operation, named = data["operation"], []
    if operation is None:
        place = data["line"]
        query_named = query.where(JournalLine.device_id == place["device"], JournalLine.seq == place["seq"])
        named = list(connection.execute(query_named))
        operation = named[0].operation_id if named and named[0].state == "waiting" else None
    if operation is None:
        return named
    same_id = connection.execute(query.where(HeldLine.operation_id == operation))
    return named + [row for row in same_id if row not in named]


def _one_operation(rows: list[Any]) -> list[Any]:  # Any: rows of _named
    """The first of them, and those that are the same operation: an id that somebody used twice names two."""
    if not rows or _has_anothers_id(rows[0].detail):
        return rows[:1]
    first = (rows[0].person_id, rows[0].kind, rows[0].target)
    alike = [row for row in rows if (row.person_id, row.kind, row.target) == first]
    return [row for row in alike if not _has_anothers_id(row.detail)]


def _has_anothers_id(detail: str) -> bool:
    return bool(json.loads(detail).get("problem") == ID_TAKEN)


def _decided(line: Line, detail: dict[str, Any], told: list[Publication]) -> Applied:  # Any: JSON
    return Applied(Outcome(line.id, line.seq, "applied", False, None, None, detail), {}, told)


@dataclass(frozen=True)
class StillHeld:
    """A line that waits on, why, and what the feeds have to be told where that is another reason than before."""

    reason: str
    detail: dict[str, Any]  # Any: JSON
    told: list[Publication]


def _try(
    connection: Connection, position: int, now: datetime, company: Company, let_in_by: Author | None
) -> Applied | StillHeld:
    """Apply a line that waits, as its author wrote it then; where that fails it waits on, with the new reason."""
    row = _waiting_line(connection, position)
    line = parse_line(row.bytes)
    try:
        refused = row.reason not in APPLICABLE or _has_anothers_id(row.detail)
        if not isinstance(line, Line) or line.kind == ANCHOR or refused:
            raise Held(row.reason, **json.loads(row.detail))
        refuse_from_file(line, row.handed_in)
        if line.kind in OF_NO_DOCUMENT and (let_in_by is None or line.kind not in LETTABLE):  # to be written again
            raise Held(row.reason, **json.loads(row.detail))
        return _apply(connection, position, row, line, now, company, let_in_by)
    except Held as still:
        detail = json.dumps(still.detail, ensure_ascii=False)
        if (still.reason, detail) == (row.reason, row.detail):
            return StillHeld(still.reason, still.detail, [])
        connection.execute(
            update(HeldLine).where(HeldLine.position == position).values(reason=still.reason, detail=detail)
        )
        return StillHeld(still.reason, still.detail, tell(connection, position, now))


def refuse_from_file(line: Line, handed_in: bool) -> None:
    """Raise Held (not_permitted) for what no file brings: it acts for the office, and the one who is said to have
    written it can do so again where it can be seen that it is they."""
    if handed_in and never_from_a_file(line.kind):
        raise Held("not_permitted", problem="from_a_file")


def _waiting_line(connection: Connection, position: int) -> Any:  # Any: a row of the columns below
    return connection.execute(
        select(JournalLine.bytes, JournalLine.device_id, JournalLine.person_id, JournalLine.inputs,
               JournalLine.received_at, Batch.sent, Batch.handed_in, Person.role, HeldLine.reason, HeldLine.detail)
        .join(Batch, Batch.id == JournalLine.batch_id)
        .outerjoin(Person, Person.id == JournalLine.person_id)
        .join(HeldLine, HeldLine.position == JournalLine.position)
        .where(JournalLine.position == position)
    ).one()  # fmt: skip


def _apply(
    connection: Connection,
    position: int,
    row: Any,
    line: Line,
    now: datetime,
    company: Company,
    let_in_by: Author | None,
) -> Applied:  # Any: as above
    """Raises Held, a fault of ours included: what it waited for must not wait for it."""
    bounds = bounds_as_judged(line, json.loads(row.inputs), row.sent, row.received_at)
    author = Author(row.person_id, row.role or SYSTEM, row.device_id)

    def work() -> Applied:
        with connection.begin_nested():
            _refuse_taken_id(connection, line)
            applied = apply_alone(connection, line, author, bounds, now, company, let_in_by)
            _take_id(connection, position, line)
            return applied

    try:
        applied = seeing_others(work)
    except (Held, *TROUBLE):
        raise
    except Exception as error:
        raise as_held(error, line) from error
    return Applied(applied.outcome, applied.as_released(position), applied.publications)


def _take_id(connection: Connection, position: int, line: Line) -> None:
    """From now on the id is this line's, unless the same operation came in from another ledger before and took it."""
    alike = aliased(JournalLine)
    has_it = exists().where(alike.operation_id == line.id, alike.took_id.is_(True))
    taking = update(JournalLine).where(JournalLine.position == position, ~has_it)
    connection.execute(taking.values(took_id=True))


def _refuse_taken_id(connection: Connection, line: Line) -> None:
    """Raise Held (invalid_data, id_taken) where another operation has taken effect with this line's id. What waits
    with it is locked first: of two that are let in at once the later sees the other."""
    alike = select(HeldLine.position).where(HeldLine.operation_id == line.id).order_by(HeldLine.position)
    connection.execute(alike.with_for_update())
    other = select(JournalLine.position).where(JournalLine.operation_id == line.id, took_effect())
    if connection.execute(other.where(JournalLine.document_id != line.target).limit(1)).first() is not None:
        raise Held("invalid_data", field="id", problem=ID_TAKEN)


def _applied(connection: Connection, position: int, applied: Applied, by: str | None, comment: str | None,
             now: datetime) -> list[Publication]:  # fmt: skip
    outcome = json.dumps(applied.outcome.as_json(), ensure_ascii=False)
    return settle(connection, position, now, state="applied", outcome=outcome, decided_by=by, comment=comment)
