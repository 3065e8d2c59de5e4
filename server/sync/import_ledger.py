"""A ledger that comes as a file: taken in by the same function as an exchange, with the same outcomes.

The file may come any number of times. Its lines are signed by the device's key as those of an exchange are. A
device that the server does not know (a server restored to before it) is made known for the person whom the file
names; what a revoked device has written is held.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from server.models import Device, Person
from server.problems import Problem
from server.sync.anchors import AnchorMint
from server.sync.apply import Author
from server.sync.company import Company
from server.sync.exchange import Request, TakenIn, take_in


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
    """What came of the lines; whose they are. `is_new`: the device was not known; `is_revoked`: what it brought that
    was not known is held. `fresh` is how many lines had not come before."""

    person_id: str
    person_name: str
    device_name: str
    is_new: bool
    is_revoked: bool
    fresh: int
    taken: TakenIn


def take_in_file(
    connection: Connection, handed_in: HandedIn, mint: AnchorMint, company: Company, now: datetime
) -> TakenFromFile:
    """Take the whole file in inside the caller's transaction.

    Raises Problem, and then nothing was taken in: export_unknown_person; export_other_device where the device is
    another person's or has another key; export_gap and export_fork as ledger_gap and ledger_fork in an exchange.
    """
    known = connection.execute(
        select(Device.person_id, Device.kind, Device.public_key, Device.name, Device.acknowledged, Device.revoked_at)
        .where(Device.id == handed_in.device_id)
    ).first()  # fmt: skip
    person_id = handed_in.person_id if known is None else known.person_id
    person = connection.execute(select(Person.name, Person.role).where(Person.id == person_id)).first()
    if person is None:
        raise Problem("export_unknown_person", username=handed_in.username)
    if known is None:
        _register(connection, handed_in, now)
    elif known.kind != "phone" or json.loads(known.public_key) != json.loads(handed_in.public_key):
        raise Problem("export_other_device")
    acknowledged = 0 if known is None else known.acknowledged
    author = Author(person_id, person.role, handed_in.device_id)
    request = Request(handed_in.device_id, None, handed_in.first, handed_in.lines, handed_in.signature, None)
    try:
        taken = take_in(connection, author, request, mint, company, now, now, handed_in=True)
    except Problem as problem:
        raise _in_plain_words(problem, handed_in) from problem
    name = handed_in.device_name if known is None else known.name
    revoked = known is not None and known.revoked_at is not None
    fresh = taken.acknowledged - acknowledged
    return TakenFromFile(person_id, person.name, name, known is None, revoked, fresh, taken)


def _register(connection: Connection, handed_in: HandedIn, now: datetime) -> None:
    connection.execute(
        insert(Device).values(
            id=handed_in.device_id,
            person_id=handed_in.person_id,
            kind="phone",
            name=handed_in.device_name,
            public_key=handed_in.public_key,
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
