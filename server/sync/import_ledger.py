"""A ledger that comes as a file: taken in by the same function as an exchange, with the same outcomes.

The file may come any number of times. Its lines are signed by the device's key as those of an exchange are. Of a
device that the server does not know (a server restored to before it, or somebody's invention) only the file says
whose it is: its lines are held, for a person to decide. So is what a revoked device has written; where its ledger does
not continue the one that is known (a phone that was put back and revoked), it can never become a new device by itself:
the lines come in, held, as a branch.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, insert, select, update

from server.models import Device, Person
from server.problems import Problem
from server.sync.anchors import AnchorMint
from server.sync.apply import Author
from server.sync.company import Company
from server.sync.exchange import Request, TakenIn, take_in
from server.sync.line import hash_of
from server.sync.signed_file import is_signed


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


def take_in_file(
    connection: Connection,
    handed_in: HandedIn,
    mint: AnchorMint,
    company: Company,
    now: datetime,
    brought_by: str | None = None,
) -> TakenFromFile:
    """Take the whole file in inside the caller's transaction; `brought_by` is the person who brought it.

    Raises Problem, and then nothing was taken in: export_unknown_person; export_unsigned where the device is unknown
    and the end not signed; export_other_device where the device is another person's or has another key; export_gap
    and export_fork as ledger_gap and ledger_fork in an exchange, but for a revoked device.
    """
    known, person = whose(connection, handed_in)
    if known is None:
        _register(connection, handed_in, now, "file")
    author = Author(person.id, person.role, handed_in.device_id)
    known_by = "file" if known is None else known.known_by
    revoked = known is not None and known.revoked_at is not None
    name = handed_in.device_name if known is None else known.name
    before = 0 if known is None else known.acknowledged
    try:
        taken = _take_in(connection, author, handed_in, mint, company, now, brought_by)
    except Problem as problem:
        if not revoked:
            raise _in_plain_words(problem, handed_in) from problem
        before, taken = _take_in_branch(
            connection, author, handed_in, _branching_at(problem, handed_in), mint, company, now, brought_by, known_by
        )
    fresh = taken.acknowledged - before
    return TakenFromFile(person.id, person.name, name, known is None, known_by, revoked, fresh, taken)


def whose(connection: Connection, handed_in: HandedIn) -> tuple[Any, Any]:  # Any: a row of device; of person
    """The device of the file as it is known here, None where it is not, and the person whose its lines are, or are
    said to be.

    Raises Problem: export_unknown_person; export_unsigned where the device is unknown and the end not signed;
    export_other_device where the device is another person's or has another key.
    """
    known = connection.execute(
        select(Device.person_id, Device.kind, Device.public_key, Device.name, Device.acknowledged, Device.known_by,
               Device.revoked_at)
        .where(Device.id == handed_in.device_id)
    ).first()  # fmt: skip
    person_id = handed_in.person_id if known is None else known.person_id
    person = connection.execute(select(Person.id, Person.name, Person.role).where(Person.id == person_id)).first()
    if person is None:
        raise Problem("export_unknown_person", username=handed_in.username)
    if known is None:
        if not is_signed(handed_in.public_key, handed_in.signature, handed_in.lines):
            raise Problem("export_unsigned", lines=len(handed_in.lines), most=0)
        return None, person
    named_alike = known.known_by != "file" or known.person_id == handed_in.person_id
    same_key = json.loads(known.public_key) == json.loads(handed_in.public_key)
    if known.kind != "phone" or not same_key or not named_alike:
        raise Problem("export_other_device")
    return known, person


def _take_in(
    connection: Connection,
    author: Author,
    handed_in: HandedIn,
    mint: AnchorMint,
    company: Company,
    now: datetime,
    brought_by: str | None,
) -> TakenIn:
    request = Request(author.device_id, None, handed_in.first, handed_in.lines, handed_in.signature, None)
    return take_in(connection, author, request, mint, company, now, now, handed_in=True, brought_by=brought_by)


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


def _take_in_branch(
    connection: Connection,
    author: Author,
    handed_in: HandedIn,
    seq: int,
    mint: AnchorMint,
    company: Company,
    now: datetime,
    brought_by: str | None,
    known_by: str,
) -> tuple[int, TakenIn]:
    """Take the lines from `seq` on in as a ledger of their own, whose name follows from the first of them: the file
    may come again, and with more. Their outcomes bear the numbers of the file. Also how many were known before."""
    lines = handed_in.lines[seq - handed_in.first :]
    branch = str(uuid5(UUID(author.device_id), hash_of(lines[0])))
    known = connection.execute(select(Device.acknowledged).where(Device.id == branch)).scalar_one_or_none()
    own = replace(handed_in, device_id=branch, first=1, lines=lines)
    if known is None:
        _register(connection, own, now, known_by)
        connection.execute(update(Device).where(Device.id == branch).values(revoked_at=now))
    try:
        taken = _take_in(connection, replace(author, device_id=branch), own, mint, company, now, brought_by)
    except Problem as problem:
        raise Problem("export_fork", seq=_branching_at(problem, own) + seq - 1) from problem
    outcomes = [replace(outcome, seq=outcome.seq + seq - 1) for outcome in taken.outcomes]
    return known or 0, replace(taken, outcomes=outcomes)


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
