"""A ledger that comes as a file: taken in by the same function as an exchange, with the same outcomes.

The file may come any number of times. Its lines are signed by the device's key as those of an exchange are. Of a
device that the server does not know (a server restored to before it, or somebody's invention) only the file says
whose it is: its lines are held, for a person to decide. So is what a revoked device has written; where its ledger does
not continue the one that is known (a phone that was put back and revoked), it can never become a new device by itself:
the lines come in, held, as a branch.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update

from server.models import Device, JournalLine, Person
from server.problems import Problem
from server.sync.apply import Author
from server.sync.exchange.exchange import FromFile, Request, TakenIn, Write, take_in
from server.sync.ledgers.anchors import AnchorMint
from server.sync.ledgers.line import hash_of, prev_of
from server.sync.ledgers.signed_file import is_signed
from server.sync.operations.authorship import vouched_for
from server.sync.store.company import Company
from server.sync.store.device_bounds import make_room
from server.sync.store.former_ids import bearer_of

# Of a line's few milliseconds this makes less than half a second in which others wait to write.
PORTION: Final = 50


@dataclass(frozen=True)
class HandedIn:
    """A ledger's lines as a file holds them, from line `first` on, and what the file says of who wrote them.

    `public_key` is a JWK in the form in which devices keep it.
    """

    device_id: str
    device_name: str
    public_key: str
    person_id: str
    username: str
    first: int
    lines: list[bytes]
    signature: str | None


@dataclass(frozen=True)
class TakenFromFile:
    """What came of the lines; whose they are, or are said to be. `is_new`: the device was not known; `known_by` as of
    a Device: `file` where nobody but a file says whose it is, and its lines are held; `is_revoked`: what it brought
    that was not known is held. `fresh` is how many lines had not come before."""

    person_id: str
    person_name: str
    device_name: str
    is_new: bool
    known_by: str
    is_revoked: bool
    fresh: int
    taken: TakenIn


@dataclass(frozen=True)
class _Course:
    """The rest of a file on its way in: into whose ledger, and in which way. The file's numbers are `shift` ahead of
    that ledger's."""

    author: Author
    handed_in: HandedIn
    file: FromFile
    shift: int = 0

    @property
    def last(self) -> int:
        """The seq of its last line."""
        return self.handed_in.first + len(self.handed_in.lines) - 1

    def after(self, taken: TakenIn) -> _Course:
        """What is left once so much is durable."""
        lines = self.handed_in.lines[taken.acknowledged + 1 - self.handed_in.first :]
        rest = replace(self.handed_in, first=taken.acknowledged + 1, lines=lines)
        return replace(self, handed_in=rest, file=replace(self.file, batch_id=taken.batch_id))


def take_in_file(
    write: Write,
    handed_in: HandedIn,
    mint: AnchorMint,
    company: Company,
    clock: Callable[[], datetime],
    brought_by: str | None = None,
    portion: int = PORTION,
    vouched: bool = False,
) -> TakenFromFile:
    """Take the whole file in, at most `portion` lines in a transaction, so that nobody waits long for their turn to
    write; `brought_by` is the person who brought it. Where it breaks off the same file goes on from there. `vouched`:
    a session of the person whose the lines are says so.

    Raises Problem, and then nothing was taken in: export_unknown_person; export_unsigned where the device is unknown
    and the end not signed; export_other_device where the device is another person's or has another key; export_gap
    and export_fork as ledger_gap and ledger_fork in an exchange, but for a revoked device. Only where the device
    itself tells otherwise between two portions, export_fork comes after some of it was.
    """
    now = clock()
    signed = is_signed(handed_in.public_key, handed_in.signature, handed_in.lines)
    signed_from = handed_in.first + _first_signed(handed_in.lines) if signed else None
    file = FromFile(brought_by, signed_from, portion)
    result, course = write(lambda connection: _begin(connection, handed_in, file, mint, company, now, clock(), vouched))
    taken, outcomes = result.taken, list(result.taken.outcomes)
    before = taken.acknowledged - result.fresh
    while taken.acknowledged < course.last:
        course = course.after(taken)
        taken = _go_on(write, course, mint, company, now, clock)
        outcomes += taken.outcomes
    return replace(result, fresh=taken.acknowledged - before, taken=replace(taken, outcomes=outcomes))


def _begin(
    connection: Connection,
    handed_in: HandedIn,
    file: FromFile,
    mint: AnchorMint,
    company: Company,
    now: datetime,
    changed_at: datetime,
    vouched: bool,
) -> tuple[TakenFromFile, _Course]:
    known, person = whose(connection, handed_in)
    handed_in = replace(handed_in, person_id=person.id)
    if known is None:
        if vouched:
            make_room(connection, person.id, changed_at)
        _register(connection, handed_in, now, "session" if vouched else "file")
    elif vouched:
        vouched_for(connection, handed_in.device_id)
    known_by = "session" if vouched else "file" if known is None else known.known_by
    revoked = known is not None and known.revoked_at is not None
    name = handed_in.device_name if known is None else known.name
    before = 0 if known is None else known.acknowledged
    course = _Course(Author(person.id, person.role, handed_in.device_id), handed_in, file)
    try:
        taken = _take_in(connection, course, mint, company, now, changed_at)
    except Problem as problem:
        if not revoked:
            raise _in_plain_words(problem, handed_in) from problem
        before, course = _branch(connection, course, _branching_at(problem, handed_in), now, known_by)
        try:
            taken = _take_in(connection, course, mint, company, now, changed_at)
        except Problem as again:
            raise Problem("export_fork", seq=_branching_at(again, course.handed_in) + course.shift) from again
    fresh = taken.acknowledged - before
    return TakenFromFile(person.id, person.name, name, known is None, known_by, revoked, fresh, taken), course


def _go_on(
    write: Write, course: _Course, mint: AnchorMint, company: Company, now: datetime, clock: Callable[[], datetime]
) -> TakenIn:
    try:
        return write(lambda connection: _take_in(connection, course, mint, company, now, clock()))
    except Problem as problem:
        raise _in_plain_words(problem, course.handed_in) from problem


def whose(connection: Connection, handed_in: HandedIn) -> tuple[Any, Any]:  # Any: a row of device; of person
    """The device of the file as it is known here, None where it is not, and the person whose its lines are, or are
    said to be. An id that the person had before means them.

    Raises Problem: export_unknown_person; export_unsigned where the device is unknown and the end not signed;
    export_other_device where the device is another person's or has another key.
    """
    known = connection.execute(
        select(Device.person_id, Device.kind, Device.public_key, Device.name, Device.acknowledged, Device.known_by,
               Device.revoked_at)
        .where(Device.id == handed_in.device_id)
    ).first()  # fmt: skip
    named = bearer_of(connection, handed_in.person_id)
    if named is None:
        raise Problem("export_unknown_person", username=handed_in.username, person=handed_in.person_id)
    of_person = select(Person.id, Person.name, Person.role, Person.active).where(Person.id == named)
    person = connection.execute(of_person).one()
    if known is None:
        if not is_signed(handed_in.public_key, handed_in.signature, handed_in.lines):
            raise Problem("export_unsigned", lines=len(handed_in.lines), most=0)
        return None, person
    same_key = json.loads(known.public_key) == json.loads(handed_in.public_key)
    if known.kind != "phone" or not same_key or known.person_id != named:
        raise Problem("export_other_device")
    return known, person


def _take_in(
    connection: Connection, course: _Course, mint: AnchorMint, company: Company, now: datetime, changed_at: datetime
) -> TakenIn:
    """The next lines of the file; their outcomes bear its numbers."""
    handed_in = course.handed_in
    request = Request(course.author.device_id, None, handed_in.first, handed_in.lines, handed_in.signature, None)
    taken = take_in(connection, course.author, request, mint, company, now, changed_at, course.file)
    return replace(taken, outcomes=[replace(one, seq=one.seq + course.shift) for one in taken.outcomes])


def chain_leads_through(lines: list[bytes]) -> bool:
    """Whether the signature over the last line stands for all of them."""
    return _first_signed(lines) == 0


def _first_signed(lines: list[bytes]) -> int:
    """The index of the first line from which the chain leads to the last one without a break."""
    for index in range(len(lines) - 1, 0, -1):
        if prev_of(lines[index]) != hash_of(lines[index - 1]):
            return index
    return 0


def _branching_at(problem: Problem, handed_in: HandedIn) -> int:
    """The seq of the file's first line that does not continue what is known."""
    match problem.code:
        case "ledger_gap":
            return handed_in.first
        case "ledger_fork":
            seq = problem.figures["seq"]
            assert isinstance(seq, int)
            return seq
    raise problem


def _branch(connection: Connection, course: _Course, seq: int, now: datetime, known_by: str) -> tuple[int, _Course]:
    """The lines from `seq` on as a ledger of their own, known again by the first of them: the file may come again, and
    with more. Also how many were known before."""
    shift = seq - 1
    lines = course.handed_in.lines[seq - course.handed_in.first :]
    known = _known_branch(connection, course, hash_of(lines[0]))
    # By chance: an id that follows from what a file says could have been taken before.
    branch = str(uuid4()) if known is None else known.id
    own = replace(course.handed_in, device_id=branch, first=1, lines=lines)
    if known is None:
        _register(connection, own, now, known_by)
        connection.execute(update(Device).where(Device.id == branch).values(revoked_at=now))
    signed_from = course.file.signed_from and max(1, course.file.signed_from - shift)
    author, file = replace(course.author, device_id=branch), replace(course.file, signed_from=signed_from)
    return 0 if known is None else known.acknowledged, _Course(author, own, file, shift)


def _known_branch(connection: Connection, course: _Course, first: str) -> Any:  # Any: a row of device, or None
    """The ledger, shut out, that began with the line of this hash and has this author and the key of this file."""
    rows = connection.execute(
        select(Device.id, Device.acknowledged, Device.public_key)
        .join(JournalLine, JournalLine.device_id == Device.id)
        .where(Device.person_id == course.author.person_id, Device.revoked_at.is_not(None))
        .where(Device.id != course.author.device_id, JournalLine.seq == 1, JournalLine.hash == first)
        .order_by(Device.created_at, Device.id)
    )
    key = json.loads(course.handed_in.public_key)
    return next((row for row in rows if json.loads(row.public_key) == key), None)


def _register(connection: Connection, handed_in: HandedIn, now: datetime, known_by: str) -> None:
    connection.execute(
        insert(Device).values(
            id=handed_in.device_id,
            person_id=handed_in.person_id,
            kind="phone",
            name=handed_in.device_name,
            public_key=handed_in.public_key,
            known_by=known_by,
            created_at=now,
        )
    )


def _in_plain_words(problem: Problem, handed_in: HandedIn) -> Problem:
    """A problem of the exchange as somebody reads it who holds a file, and not a phone."""
    match problem.code:
        case "ledger_gap":
            return Problem("export_gap", first=handed_in.first, acknowledged=problem.figures["acknowledged"])
        case "ledger_fork":
            return Problem("export_fork", seq=problem.figures["seq"])
    return problem
